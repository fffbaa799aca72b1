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

// privilegeNames are names of an account's or group's privileges.
type privilegeNames struct {
	GrantedPrivileges set `derived:"granted_privileges" from:"privileges" doc:"Names of the granted privileges, including expired ones. Null if [privileges] is null."`
	ActivePrivileges  set `derived:"active_privileges" from:"privileges" doc:"Names of the privileges that are granted and not expired. Null if [privileges] is null."`
}

// namesOfPrivileges returns the names of privileges, and which are active at a time.
func namesOfPrivileges(privileges map[string]*privilege, at time.Time) privilegeNames {
	now := date(at.UTC().Format(time.RFC3339))
	granted := func(p *privilege) bool { return p.Granted != nil && *p.Granted }
	return privilegeNames{
		GrantedPrivileges: namesWhere(privileges, granted),
		ActivePrivileges: namesWhere(privileges, func(p *privilege) bool {
			return granted(p) && (p.ExpirationDate == nil || *p.ExpirationDate > now)
		}),
	}
}

// namesWhere returns the sorted names of the privileges that meet a condition, or nil for nil.
func namesWhere(privileges map[string]*privilege, condition func(*privilege) bool) set {
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
