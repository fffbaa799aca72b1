// SPDX-License-Identifier: MPL-2.0

package vttest

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// A filter reports whether an item of a list meets a condition. It fails on invalid conditions.
type filter func(s *Server, item object, condition string) (bool, error)

// filtered returns the items that meet the condition, or a handler for an invalid condition.
func (r *reading) filtered(items []any, condition string) ([]any, http.Handler) {
	kept := []any{}
	for _, item := range items {
		reference, _ := item.(object)
		meets, err := r.filter(r.Server, reference, condition)
		if err != nil {
			return nil, badRequest("InvalidArgumentError", err.Error())
		}
		if meets {
			kept = append(kept, item)
		}
	}
	return kept, nil
}

var twoFactorFilter = regexp.MustCompile(`^2fa_enabled:(true|false)$`)

// bySecondFactor filters by has_2fa, which group admins cannot see.
func bySecondFactor(s *Server, item object, condition string) (bool, error) {
	match := twoFactorFilter.FindStringSubmatch(condition)
	if match == nil {
		return false, fmt.Errorf("Invalid filter %q", condition) //nolint:staticcheck // It is VirusTotal's words.
	}
	user, ok := s.fixtures[pathOf(item)].(object)
	return ok && (attribute(user, "has_2fa") == true) == (match[1] == "true"), nil
}

// byActivity filters by action, as in action:ADD_GROUP_USER, by the account that acted, as in user:marit, and by the
// affected account, as in target:yuki.
func byActivity(_ *Server, item object, condition string) (bool, error) {
	name, value, _ := strings.Cut(condition, ":")
	info, _ := attribute(item, "info").(object)
	relationships, _ := item["relationships"].(object)
	actor, _ := relationships["user"].(object)
	actor, _ = actor["data"].(object)
	is := map[string]any{"action": attribute(item, "action"), "target": info["user"], "user": actor["id"]}
	if !slices.Contains([]string{"action", "user", "target"}, name) || value == "" {
		return false, fmt.Errorf("Invalid filter %q", condition) //nolint:staticcheck // It is VirusTotal's words.
	}
	return is[name] == value, nil
}
