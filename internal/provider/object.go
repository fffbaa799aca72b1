// SPDX-License-Identifier: MPL-2.0

package provider

import "github.com/virustotal/terraform-provider-virustotal/internal/virustotal"

// identified has the attribute that all objects share.
type identified struct {
	ID *string `json:"-" tfsdk:"id" doc:"ID."`
}

// Derive sets the ID. Types with more derived attributes have their own Derive, which calls this one.
func (o *identified) Derive(identity virustotal.Identity) error {
	id := identity.ID // A copy: a pointer into identity would keep the whole raw object in memory.
	o.ID = &id
	return nil
}
