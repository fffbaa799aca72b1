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

// quota is a quota of a user or group. VirusTotal sends Allowed and Used; the rest is derived.
type quota struct {
	Allowed     *int64  `json:"allowed" doc:"Maximum. [1000000000] and [60000000000] mean no individual limit, [0] can mean that the quota is the group's."`
	Used        *int64  `json:"used" doc:"Amount used. It can exceed [allowed], for example in [intelligence_hunting_rules], which counts existing rules."`
	Remaining   *int64  `json:"-" derived:"remaining" doc:"[allowed] minus [used], at least 0. Null if either is null."`
	Utilization *number `json:"-" derived:"utilization" doc:"[used] divided by [allowed]. If [allowed] is 0: 1 after any use, otherwise 0. Null if either is null."`
}

func (q *quota) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	type plain quota // Without this method, so that decoding does not recurse.
	if err := json.UnmarshalDecode(dec, (*plain)(q)); err != nil {
		return err
	}
	q.derive()
	return nil
}

// derive sets Remaining and Utilization.
func (q *quota) derive() {
	if q.Allowed == nil || q.Used == nil {
		return
	}
	remaining := *q.Allowed - *q.Used
	switch {
	case *q.Used >= *q.Allowed:
		remaining = 0
	case remaining < 0: // Overflow: Used is negative.
		remaining = math.MaxInt64
	}
	q.Remaining = &remaining
	switch {
	case *q.Used == 0: // First: 0 / -1 would be -0.
		q.Utilization = ratio(0, 1)
	case *q.Allowed != 0:
		q.Utilization = ratio(*q.Used, *q.Allowed)
	default:
		q.Utilization = ratio(1, 1)
	}
}

// allows reports whether the quota allows anything: a quota of 0 cannot be used up.
func (q *quota) allows() bool { return q != nil && q.Allowed != nil && *q.Allowed > 0 }

// known reports whether Allowed and Used are known. If nothing is allowed, Used is not needed.
func (q *quota) known() bool {
	return q != nil && q.Allowed != nil && (*q.Allowed <= 0 || q.Used != nil)
}

// allKnown reports whether all quotas are known. It returns false for nil.
func allKnown(quotas map[string]*quota) bool {
	for _, q := range quotas {
		if !q.known() {
			return false
		}
	}
	return quotas != nil
}

// exhausted returns the names of the quotas that are used up, or nil if not all quotas are known.
func exhausted(quotas map[string]*quota) set {
	if !allKnown(quotas) {
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

// highestUtilization returns the highest utilization of the quotas that allow something. It returns nil if not all quotas
// are known, or if none allows anything.
func highestUtilization(quotas map[string]*quota) *number {
	if !allKnown(quotas) {
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

// quotaFields is quota without its UnmarshalJSONFrom, which would be promoted to inheritedQuota and ignore
// InheritedFrom.
type quotaFields quota

func (q *inheritedQuota) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	type plain inheritedQuota // Without this method, so that decoding does not recurse.
	if err := json.UnmarshalDecode(dec, (*plain)(q)); err != nil {
		return err
	}
	q.quota().derive()
	return nil
}

// quota returns q without InheritedFrom, or nil for nil.
func (q *inheritedQuota) quota() *quota {
	if q == nil {
		return nil
	}
	return (*quota)(&q.quotaFields)
}

// overallQuota has a quota of a user, and that of the group whose quota the user consumes.
type overallQuota struct {
	User      *inheritedQuota `json:"user" doc:"Quota of the user. Null if VirusTotal sends none."`
	Group     *inheritedQuota `json:"group" doc:"Quota of the group, which its members share. Null if VirusTotal sends none."`
	Effective *inheritedQuota `json:"-" derived:"effective" doc:"Whichever of [user] and [group] runs out first. Null if a hidden value could change it."`
}

func (q *overallQuota) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	type plain overallQuota // Without this method, so that decoding does not recurse.
	if err := json.UnmarshalDecode(dec, (*plain)(q)); err != nil {
		return err
	}
	if q.User != nil {
		q.User.InheritedFrom = nil
	}
	q.Effective = q.effective()
	return nil
}

// effective returns the quota that runs out first, or nil if that is not known.
func (q *overallQuota) effective() *inheritedQuota {
	effective, least := cmp.Or(q.User, q.Group), int64(math.MaxInt64)
	for _, candidate := range []*inheritedQuota{q.Group, q.User} { // The user's is last, so that it wins a tie.
		switch {
		case candidate == nil:
		case !candidate.quota().known():
			return nil
		case candidate.quota().allows() && *candidate.Remaining <= least:
			effective, least = candidate, *candidate.Remaining
		}
	}
	return effective
}

// overallQuotas has the computed attributes of virustotal_user_overall_quotas.
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
