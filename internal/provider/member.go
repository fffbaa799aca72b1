// SPDX-License-Identifier: MPL-2.0

package provider

import "github.com/virustotal/terraform-provider-virustotal/internal/virustotal"

// membership has the context attributes of an account in a group's relationship.
type membership struct {
	Roles       set                            `json:"roles" doc:"Roles in the group, such as [USER_ROLE_GROUP_ADMIN]. Null if VirusTotal sends none."`
	QuotaLimits virustotal.ByName[*quotaLimit] `json:"quota_limits" doc:"The account's own limits within the group's quotas. Null if VirusTotal sends none."`
}

// quotaLimit is an account's own limit within a quota of its group.
type quotaLimit struct {
	Allowed *int64 `json:"allowed" doc:"Maximum amount of the group's quota that the account may use."`
}

// member is a user as a member of a group.
type member struct {
	user
	membership `json:"-"`
}

func (m *member) Derive(identity virustotal.Identity) error {
	if err := identity.Context(&m.membership); err != nil {
		return err
	}
	return m.user.Derive(identity)
}

// serviceMember is a service account as a member of a group.
type serviceMember struct {
	account
	membership `json:"-"`
}

func (m *serviceMember) Derive(identity virustotal.Identity) error {
	if err := identity.Context(&m.membership); err != nil {
		return err
	}
	return m.account.Derive(identity)
}

// consumption has the context attribute of a user in users_consuming_quota.
type consumption struct {
	QuotaConsumedFromGroup *int64 `json:"quota_consumed_from_group" doc:"How much of the quota the user consumed. Null if VirusTotal does not say."`
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
