// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// quota is how much of something may be done in a period, and how much was. VirusTotal sends what is
// allowed and used; the rest follows.
type quota struct {
	Allowed     *int64  `json:"allowed" tfsdk:"allowed" doc:"The most that may be used. 1000000000 and 60000000000 mean that there is no cap of its own. 0 on a user can be a feature that comes through a group."`
	Used        *int64  `json:"used" tfsdk:"used" doc:"What is used so far. It can be more than is allowed."`
	Remaining   *int64  `json:"-" tfsdk:"remaining" doc:"What is left: allowed less used, and never below 0. Derived by the provider."`
	Utilization *number `json:"-" tfsdk:"utilization" doc:"The share that is used: 0.5 is half, and it may pass 1. Where nothing is allowed it is 0 as long as nothing is used, else 1. Derived by the provider."`
}

func (q *quota) UnmarshalJSON(b []byte) error {
	type sent quota // Without this method.
	if err := json.Unmarshal(b, (*sent)(q)); err != nil {
		return err
	}
	if q.Allowed == nil || q.Used == nil {
		return nil
	}
	remaining := *q.Allowed - *q.Used
	switch {
	case *q.Used >= *q.Allowed:
		remaining = 0
	case remaining < 0: // A negative use that passes 64 bits.
		remaining = math.MaxInt64
	}
	q.Remaining = &remaining
	switch {
	case *q.Allowed != 0:
		q.Utilization = ratio(*q.Used, *q.Allowed)
	case *q.Used == 0:
		q.Utilization = ratio(0, 1)
	default:
		q.Utilization = ratio(1, 1)
	}
	return nil
}

// capped reports whether the quota allows anything at all, and so can come to an end.
func (q *quota) capped() bool { return q != nil && q.Allowed != nil && *q.Allowed > 0 }

// exhausted names the quotas of which nothing remains; nil where there are no quotas to tell from.
func exhausted(quotas map[string]*quota) set {
	if quotas == nil {
		return nil
	}
	names := set{}
	for name, q := range quotas {
		if q.capped() && q.Remaining != nil && *q.Remaining == 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// highestUtilization is the largest share that is used of any quota; nil where there is none.
func highestUtilization(quotas map[string]*quota) *number {
	var highest *number
	for _, q := range quotas {
		if q.capped() && q.Utilization != nil && (highest == nil || q.Utilization.cmp(highest) > 0) {
			highest = q.Utilization
		}
	}
	return highest
}

// inheritedQuota is a quota that may come from a group.
type inheritedQuota struct {
	quota
	InheritedFrom *string `json:"inherited_from" tfsdk:"inherited_from" doc:"Name of the group that it comes from. Null at the user's own."`
}

// UnmarshalJSON decodes the quota and what it is extended by: the quota's own method, promoted, would leave that out.
func (q *inheritedQuota) UnmarshalJSON(b []byte) error {
	var sent struct {
		InheritedFrom *string `json:"inherited_from"`
	}
	if err := json.Unmarshal(b, &sent); err != nil {
		return err
	}
	q.InheritedFrom = sent.InheritedFrom
	return q.quota.UnmarshalJSON(b)
}

// overallQuota is a user's quota beside the one of the group that the user draws from.
type overallQuota struct {
	User      *inheritedQuota `json:"user" tfsdk:"user" doc:"The user's own quota. Null where VirusTotal names none."`
	Group     *inheritedQuota `json:"group" tfsdk:"group" doc:"The group's quota, which its members share. Null where VirusTotal names none."`
	Effective *inheritedQuota `json:"-" tfsdk:"effective" doc:"The one of both that ends first: of those that allow something, the one with the least remaining. Derived by the provider."`
}

func (q *overallQuota) UnmarshalJSON(b []byte) error {
	type sent overallQuota // Without this method.
	if err := json.Unmarshal(b, (*sent)(q)); err != nil {
		return err
	}
	if q.User != nil {
		q.User.InheritedFrom = nil
	}
	q.Effective = cmp.Or(q.User, q.Group)
	least := int64(math.MaxInt64)
	for _, half := range []*inheritedQuota{q.Group, q.User} { // The user's last, since it wins when equal.
		if half != nil && half.capped() && half.Remaining != nil && *half.Remaining <= least {
			q.Effective, least = half, *half.Remaining
		}
	}
	return nil
}

// overallQuotas is what virustotal_user_overall_quotas shows.
type overallQuotas struct {
	Quotas map[string]*overallQuota `tfsdk:"quotas" doc:"Quotas by name."`
}

func readOverallQuotas(ctx context.Context, client *virustotal.Client, id string) (*overallQuotas, error) {
	quotas, err := virustotal.Data[map[string]*overallQuota](ctx, client, nil, ofUser.path(id, "overall_quotas")...)
	if err != nil {
		return nil, err
	}
	return &overallQuotas{*quotas}, nil
}
