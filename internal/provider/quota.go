// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"math"
	"slices"
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
