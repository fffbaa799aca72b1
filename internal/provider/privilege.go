// SPDX-License-Identifier: MPL-2.0

package provider

import "slices"

// privilege is something that a user or a group may do.
type privilege struct {
	Granted        *bool   `json:"granted" tfsdk:"granted" doc:"Whether it is granted."`
	ExpirationDate *date   `json:"expiration_date" tfsdk:"expiration_date" doc:"When it ends or ended, in RFC 3339. Null where no end is set."`
	InheritedFrom  *string `json:"inherited_from" tfsdk:"inherited_from" doc:"Name of the group that it comes from."`
	InheritedVia   *string `json:"inherited_via" tfsdk:"inherited_via" doc:"Quota group, or other way, that it comes by."`
}

// granted names the privileges that are granted; nil where there are no privileges to tell from.
func granted(privileges map[string]*privilege) set {
	if privileges == nil {
		return nil
	}
	names := set{}
	for name, p := range privileges {
		if p != nil && p.Granted != nil && *p.Granted {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}
