// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"net/http"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// membership has the context attributes of an account in a group's relationship.
type membership struct {
	Roles       set                            `json:"roles" doc:"Roles in the group, such as [USER_ROLE_GROUP_ADMIN]. Null if VirusTotal sends none."`
	QuotaLimits virustotal.ByName[*quotaLimit] `json:"quota_limits" doc:"The account's own limits within the group's quotas. Null if VirusTotal sends none."`
}

// quotaLimit is an account's own limit within a quota of its group.
type quotaLimit struct {
	Allowed *int64 `json:"allowed" doc:"Maximum amount of the group's quota that the account may use."`
}

// inGroup returns m. It tells types with a membership from others.
func (m *membership) inGroup() *membership { return m }

// sent reports whether VirusTotal sent any of it.
func (m *membership) sent() bool { return m.Roles != nil || m.QuotaLimits != nil }

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
	serviceAccount
	membership `json:"-"`
}

func (m *serviceMember) Derive(identity virustotal.Identity) error {
	if err := identity.Context(&m.membership); err != nil {
		return err
	}
	return m.serviceAccount.Derive(identity)
}

// membershipOf returns the membership in an item, or nil if its type has none.
func membershipOf(item any) *membership {
	if m, ok := item.(interface{ inGroup() *membership }); ok {
		return m.inGroup()
	}
	return nil
}

// hasMemberships reports whether any item has a membership that VirusTotal sent.
func hasMemberships[Item any](objects []*virustotal.Object[Item]) bool {
	for _, o := range objects {
		if m := membershipOf(o.Attributes); m != nil && m.sent() {
			return true
		}
	}
	return false
}

// addMemberships returns the objects with the memberships of their descriptors, which VirusTotal documents to have
// them. It reads the first page of descriptors, and the others only if that has any. Descriptors that the key is not
// allowed to read count as having none.
func addMemberships[Item any](
	ctx context.Context, client *virustotal.Client, objects []*virustotal.Object[Item], path []string,
) ([]*virustotal.Object[Item], error) {
	missing := make(map[string]bool, len(objects))
	for _, o := range objects {
		missing[o.ID] = true
	}
	found := map[string]*membership{}
	for page, err := range virustotal.Pages[Item](ctx, client, nil, path...) {
		if e, ok := errors.AsType[*virustotal.Error](err); ok && (e.Status == http.StatusForbidden || e.Status == http.StatusNotFound) {
			return objects, nil
		}
		if err != nil {
			return nil, err
		}
		for _, d := range page.Objects {
			if m := membershipOf(d.Attributes); m.sent() {
				found[d.ID] = m
			}
			delete(missing, d.ID)
		}
		if len(found) == 0 || len(missing) == 0 {
			break
		}
	}
	joined := make([]*virustotal.Object[Item], len(objects))
	for i, o := range objects {
		copied, item := *o, *o.Attributes // The client caches the originals.
		if m := membershipOf(&item); !m.sent() && found[o.ID] != nil {
			*m = *found[o.ID]
		}
		copied.Attributes = &item
		joined[i] = &copied
	}
	return joined, nil
}
