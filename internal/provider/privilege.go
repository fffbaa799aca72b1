// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"slices"
	"time"
)

// privilege is a privilege of a user or group.
type privilege struct {
	Granted        *bool   `json:"granted" doc:"Whether the privilege is granted."`
	ExpirationDate *date   `json:"expiration_date" doc:"When the privilege expires or expired. Null if it does not expire."`
	InheritedFrom  *string `json:"inherited_from" doc:"Group or privilege that the privilege is inherited from."`
	InheritedVia   *string `json:"inherited_via" doc:"How the privilege is inherited, such as [api_quota_group] or [privilege]."`
}

// granted returns the names of the granted privileges, or nil for nil.
func granted(privileges map[string]*privilege) set {
	return namesOf(privileges, func(p *privilege) bool { return p.Granted != nil && *p.Granted })
}

// active returns the names of the privileges that are granted and have not expired, or nil for nil.
func active(privileges map[string]*privilege) set {
	now := date(time.Now().UTC().Format(time.RFC3339))
	return namesOf(privileges, func(p *privilege) bool {
		return p.Granted != nil && *p.Granted && (p.ExpirationDate == nil || *p.ExpirationDate > now)
	})
}

// namesOf returns the sorted names of the privileges that meet a condition.
func namesOf(privileges map[string]*privilege, condition func(*privilege) bool) set {
	if privileges == nil {
		return nil
	}
	names := set{}
	for name, p := range privileges {
		if p != nil && condition(p) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
