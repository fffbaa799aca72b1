// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"golang.org/x/text/unicode/norm"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// consumed is the attribute with everybody's consumption, also that of accounts without attributes. If VirusTotal lists
// an account with two different numbers, neither is believed.
var consumed = summary[consumer]{
	name: "consumed", typ: reflect.TypeFor[map[string]*int64](),
	doc: "How much of the quota each account consumed, by ID. It has all accounts in `ids`, also those in `unavailable_ids`. The value is " +
		"null if VirusTotal does not say. Derived by the provider.",
	of: func(objects []*virustotal.Object[consumer]) any {
		byID := make(map[string]*int64, len(objects))
		for _, o := range objects {
			id, n := norm.NFC.String(o.ID), o.Attributes.QuotaConsumedFromGroup
			if earlier, listed := byID[id]; listed && !equal(earlier, n) {
				n = nil
			}
			byID[id] = n
		}
		return byID
	},
}

func equal(a, b *int64) bool { return a != nil && b != nil && *a == *b }

// quotaName is the argument quota.
var quotaName = argument{
	name: "quota", required: true, segment: true,
	example: func(time.Time) string { return "intelligence_downloads_monthly" },
	doc: "Name of the quota, as in `quotas` of `virustotal_group`, such as `intelligence_downloads_monthly`. VirusTotal documents: `" +
		strings.Join(documentedQuotas(), "`, `") + "`.",
	validators: []validator.String{check(func(value string) string {
		if problem := segmentProblem(value); problem != "" {
			return fmt.Sprintf("%s is not the name of a quota: %s. A name is, for example, intelligence_downloads_monthly.", quote(value), problem)
		}
		return ""
	})},
}

// order is the argument order. It is always sent, because VirusTotal documents no order without it.
var order = argument{
	name: "order", fallback: "desc",
	example: func(time.Time) string { return "desc" },
	doc:     "`desc` for the highest consumption first, or `asc` for the lowest first. Defaults to `desc`.",
	validators: []validator.String{check(func(value string) string {
		if value != "asc" && value != "desc" {
			return fmt.Sprintf("%s is neither asc nor desc.", quote(value))
		}
		return ""
	})},
}

// period is the argument period.
var period = argument{
	name:    "period",
	example: func(now time.Time) string { return now.Format(monthFormat) },
	doc: "Month (`2026-11`) or day (`2026-11-20`) to read, in UTC. VirusTotal keeps the current month and the two before it. " +
		"Defaults to the current month. Only `api_requests_daily` and `api_requests_monthly` can be read by day. " +
		"`intelligence_hunting_rules` has no period: it counts the rules that exist now.",
	validators: []validator.String{periodValidator{}},
}

// A granularity is which periods a quota's consumption can be read for.
type granularity int

const (
	byMonth granularity = iota
	byMonthOrDay
	withoutPeriod
)

// periods has the quotas that VirusTotal breaks down by account, and their periods:
// https://docs.virustotal.com/reference/groups-users-consuming-quota.
var periods = []struct {
	quota string
	granularity
}{
	{"api_requests_daily", byMonthOrDay},
	{"api_requests_monthly", byMonthOrDay},
	{"intelligence_downloads_monthly", byMonth},
	{"intelligence_searches_monthly", byMonth},
	{"intelligence_retrohunt_jobs_monthly", byMonth},
	{"intelligence_vtdiff_creation_monthly", byMonth},
	{"private_scans_monthly", byMonth},
	{"private_urlscans_monthly", byMonth},
	{"intelligence_hunting_rules", withoutPeriod},
}

func documentedQuotas() []string {
	var names []string
	for _, p := range periods {
		names = append(names, p.quota)
	}
	return names
}

// periodValidator validates a period, also for its quota. VirusTotal may add quotas, so it takes any period for others.
type periodValidator struct{}

func (periodValidator) Description(context.Context) string         { return "" }
func (periodValidator) MarkdownDescription(context.Context) string { return "" }

func (periodValidator) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	value := req.ConfigValue.ValueString()
	_, notMonth := time.Parse(monthFormat, value)
	at, notDay := time.Parse(dayFormat, value)
	if notMonth != nil && notDay != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid period",
			fmt.Sprintf("%s is neither a month in the form 2026-11 nor a day in the form 2026-11-20.", quote(value)))
		return
	}
	var of types.String
	if diags := req.Config.GetAttribute(ctx, path.Root(quotaName.name), &of); diags.HasError() {
		resp.Diagnostics.Append(diags...)
		return
	}
	for _, p := range periods {
		switch {
		case p.quota != of.ValueString():
		case p.granularity == withoutPeriod:
			resp.Diagnostics.AddAttributeError(req.Path, "Invalid period", fmt.Sprintf("The quota %s has no period. Leave period out.", p.quota))
		case p.granularity == byMonth && notDay == nil:
			resp.Diagnostics.AddAttributeError(req.Path, "Invalid period",
				fmt.Sprintf("VirusTotal has the consumption of %s by month only. Use a month, such as %s.", p.quota, at.Format(monthFormat)))
		}
	}
}
