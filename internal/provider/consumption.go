// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// consumption has the context attribute of a user in users_consuming_quota.
type consumption struct {
	QuotaConsumedFromGroup *int64 `json:"quota_consumed_from_group" doc:"How much of the quota the account consumed. Null if VirusTotal does not say."`
}

// consumer is a user who consumed a group's quota.
type consumer struct {
	user
	consumption `json:"-"`
}

func (c *consumer) Derive(identity virustotal.Identity) error {
	if err := identity.Context(&c.consumption); err != nil {
		return err
	}
	return c.user.Derive(identity)
}
