// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// quota is a quota of a user or group. VirusTotal sends Allowed and Used; the rest is derived.
type quota struct {
	Allowed     *int64  `json:"allowed" doc:"Limit of the quota. [1000000000] and [60000000000] stand for no individual limit; [0] can mean that the group's quota applies."`
	Used        *int64  `json:"used" doc:"Amount used. It can exceed [allowed], for example in [intelligence_hunting_rules], which counts existing rules."`
	Remaining   *int64  `json:"-" derived:"remaining" doc:"[allowed] minus [used], at least 0. Null if either is null or negative."`
	Utilization *number `json:"-" derived:"utilization" doc:"Share of the quota that is used: [used] divided by [allowed]. If [allowed] is 0, it is 1 if anything was used, otherwise 0. Null if either is null or negative."`
}

func (q *quota) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	type plain quota // Without this method, so that decoding does not recurse.
	if err := json.UnmarshalDecode(dec, (*plain)(q)); err != nil {
		return err
	}
	q.derive()
	return nil
}

// derive sets Remaining and Utilization. A negative number cannot be judged, so they stay null.
func (q *quota) derive() {
	if q.Allowed == nil || q.Used == nil || *q.Allowed < 0 || *q.Used < 0 {
		return
	}
	remaining := max(*q.Allowed-*q.Used, 0)
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

// allows reports whether the quota allows anything: a quota of 0 cannot be used up.
func (q *quota) allows() bool { return q != nil && q.Allowed != nil && *q.Allowed > 0 }

// known reports whether it is known how much is left. If nothing is allowed, Used is not needed.
func (q *quota) known() bool {
	return q != nil && (q.Remaining != nil || q.Allowed != nil && *q.Allowed == 0)
}

// isBudget reports whether a quota can be used up until it is reset. The others are a number of existing rules, and
// rates, whose use comes and goes within minutes.
func isBudget(name string) bool {
	return name != "intelligence_hunting_rules" && name != "api_requests_hourly" && !strings.HasSuffix(name, "_per_minute")
}

// budgets returns the quotas that are budgets. It reports false if there are no quotas, or if a budget is not known.
func budgets(quotas map[string]*quota) (map[string]*quota, bool) {
	found := map[string]*quota{}
	for name, q := range quotas {
		switch {
		case !isBudget(name):
		case !q.known():
			return nil, false
		default:
			found[name] = q
		}
	}
	return found, quotas != nil
}

// exhausted returns the names of the budgets that are used up, or nil if not all are known.
func exhausted(quotas map[string]*quota) set {
	known, ok := budgets(quotas)
	if !ok {
		return nil
	}
	names := set{}
	for name, q := range known {
		if q.allows() && *q.Remaining == 0 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// highestUtilization returns the highest utilization of the budgets that allow something. It returns nil if not all
// budgets are known, or if none allows anything.
func highestUtilization(quotas map[string]*quota) *number {
	known, ok := budgets(quotas)
	if !ok {
		return nil
	}
	var highest *number
	for _, q := range known {
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
	Effective *inheritedQuota `json:"-" derived:"effective" doc:"The quota that runs out first, the user's or the group's. Null if hidden values make that unknown."`
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
