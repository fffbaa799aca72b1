// SPDX-License-Identifier: MPL-2.0

package vttest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A filter returns a function that reports whether an item of a list meets a condition. It fails on invalid conditions.
type filter func(s *Server, condition string) (func(item object) bool, error)

var twoFactorFilter = regexp.MustCompile(`^2fa_enabled:(true|false)$`)

// byTwoFactor filters by has_2fa, which group administrators cannot see. A user without it is in neither list.
func byTwoFactor(s *Server, condition string) (func(object) bool, error) {
	match := twoFactorFilter.FindStringSubmatch(condition)
	if match == nil {
		return nil, fmt.Errorf("Invalid filter %q", condition) //nolint:staticcheck // These are VirusTotal's words.
	}
	return func(item object) bool {
		user, ok := s.fixtures[pathOf(item)].(object)
		return ok && attribute(user, "has_2fa") == (match[1] == "true")
	}, nil
}

// byActivity filters by action, as in action:ADD_GROUP_USER, by the account that acted, as in user:marit, and by the
// affected account, as in target:yuki.
func byActivity(_ *Server, condition string) (func(object) bool, error) {
	name, value, _ := strings.Cut(condition, ":")
	if !slices.Contains([]string{"action", "user", "target"}, name) || value == "" {
		return nil, fmt.Errorf("Invalid filter %q", condition) //nolint:staticcheck // These are VirusTotal's words.
	}
	return func(item object) bool {
		info, _ := attribute(item, "info").(object)
		relationships, _ := item["relationships"].(object)
		actor, _ := relationships["user"].(object)
		actor, _ = actor["data"].(object)
		return value == map[string]any{"action": attribute(item, "action"), "target": info["user"], "user": actor["id"]}[name]
	}, nil
}
