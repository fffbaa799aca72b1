// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// quota is how much of something may be done in a period, and how much was. VirusTotal sends what is
// allowed and used; the rest follows.
type quota struct {
	Allowed     *int64  `json:"allowed" doc:"Maximum. [1000000000] and [60000000000] mean no cap of its own. If it is [0] for a user, the group may have the quota. Of [api_requests_hourly], 60 times the rate per minute."`
	Used        *int64  `json:"used" doc:"Amount used. It can exceed [allowed]: [intelligence_hunting_rules] counts existing rules."`
	Remaining   *int64  `json:"-" tfsdk:"remaining" doc:"[allowed] minus [used], at least 0. Null if either is null. Derived by the provider."`
	Utilization *number `json:"-" tfsdk:"utilization" doc:"[used] divided by [allowed]. It can exceed 1. If [allowed] is 0, it is 0 or, with something used, 1. Null if either is null. Derived by the provider."`
}

func (q *quota) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	type sent quota // Without this method.
	if err := json.UnmarshalDecode(dec, (*sent)(q)); err != nil {
		return err
	}
	q.derive()
	return nil
}

// derive sets what follows from what is allowed and used.
func (q *quota) derive() {
	if q.Allowed == nil || q.Used == nil {
		return
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
}

// allows reports whether the quota allows anything at all, and so can come to an end.
func (q *quota) allows() bool { return q != nil && q.Allowed != nil && *q.Allowed > 0 }

// judgeable reports whether it is known how much of the quota is left, as far as that matters: nothing is left of one
// that allows nothing.
func (q *quota) judgeable() bool {
	return q != nil && q.Allowed != nil && (*q.Allowed <= 0 || q.Used != nil)
}

// judgeable reports whether there are quotas and each can be judged.
func judgeable(quotas map[string]*quota) bool {
	for _, q := range quotas {
		if !q.judgeable() {
			return false
		}
	}
	return quotas != nil
}

// exhausted names the quotas of which nothing remains; nil where one cannot be judged, or there are none to judge.
func exhausted(quotas map[string]*quota) set {
	if !judgeable(quotas) {
		return nil
	}
	names := set{}
	for name, q := range quotas {
		if q.allows() && *q.Remaining == 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// highestUtilization is the largest share that is used of any quota; nil where one cannot be judged, or none allows
// anything.
func highestUtilization(quotas map[string]*quota) *number {
	if !judgeable(quotas) {
		return nil
	}
	var highest *number
	for _, q := range quotas {
		if q.allows() && (highest == nil || q.Utilization.float() > highest.float()) {
			highest = q.Utilization
		}
	}
	return highest
}

// inheritedQuota is a quota that may come from a group.
type inheritedQuota struct {
	quotaFields
	InheritedFrom *string `json:"inherited_from" doc:"Group that the quota is inherited from. Null for the user's own quota."`
}

// quotaFields are a quota's without its method, which would be promoted and leave out what the quota is extended by.
type quotaFields quota

// UnmarshalJSONFrom decodes the quota and what it is extended by.
func (q *inheritedQuota) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	type sent inheritedQuota // Without this method.
	if err := json.UnmarshalDecode(dec, (*sent)(q)); err != nil {
		return err
	}
	q.quota().derive()
	return nil
}

// quota is the quota that is extended; nil where there is none.
func (q *inheritedQuota) quota() *quota {
	if q == nil {
		return nil
	}
	return (*quota)(&q.quotaFields)
}

// overallQuota is a user's quota beside the one of the group that the user draws from.
type overallQuota struct {
	User      *inheritedQuota `json:"user" doc:"Quota of the user. Null if VirusTotal names none."`
	Group     *inheritedQuota `json:"group" doc:"Quota of the group, which its members share. Null if VirusTotal names none."`
	Effective *inheritedQuota `json:"-" tfsdk:"effective" doc:"The one of [user] and [group] that runs out first: of those that allow something, the one with less remaining. Null if it cannot be told which. Derived by the provider."`
}

func (q *overallQuota) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	type sent overallQuota // Without this method.
	if err := json.UnmarshalDecode(dec, (*sent)(q)); err != nil {
		return err
	}
	if q.User != nil {
		q.User.InheritedFrom = nil
	}
	q.Effective = q.effective()
	return nil
}

// effective is the half that ends first, nil where that cannot be told.
func (q *overallQuota) effective() *inheritedQuota {
	effective, least := cmp.Or(q.User, q.Group), int64(math.MaxInt64)
	for _, half := range []*inheritedQuota{q.Group, q.User} { // The user's last, since it wins when equal.
		switch {
		case half == nil:
		case !half.quota().judgeable():
			return nil
		case half.quota().allows() && *half.Remaining <= least:
			effective, least = half, *half.Remaining
		}
	}
	return effective
}

// overallQuotas is what virustotal_user_overall_quotas shows.
type overallQuotas struct {
	Quotas virustotal.ByName[*overallQuota] `tfsdk:"quotas" doc:"Quotas by name."`
}

func readOverallQuotas(ctx context.Context, client *virustotal.Client, id string) (*overallQuotas, error) {
	quotas, err := virustotal.Data[virustotal.ByName[*overallQuota]](ctx, client, ofUser.path(id, "overall_quotas")...)
	if err != nil {
		return nil, err
	}
	return &overallQuotas{*quotas}, nil
}
