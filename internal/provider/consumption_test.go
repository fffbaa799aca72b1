// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestWhoConsumedMost asks for the highest and the lowest consumption. The fake, like VirusTotal, promises no order
// unless it is told to.
func TestWhoConsumedMost(t *testing.T) {
	t.Parallel()
	const most, least = "data.virustotal_group_users_consuming_quota.most", "data.virustotal_group_users_consuming_quota.least"
	fake := serve(t, vttest.SecurityHead)
	fake.Now = fixedNow
	fake.apply(t, `
			data "virustotal_group_users_consuming_quota" "most" {
				group_id = "puffin_ferries"
				quota    = "intelligence_downloads_monthly"
				limit    = 1
			}
			data "virustotal_group_users_consuming_quota" "least" {
				group_id = "puffin_ferries"
				quota    = "intelligence_downloads_monthly"
				order    = "asc"
				limit    = 1
			}`,
		has(most, list("devraj"), "ids"),
		has(most, null, "order"),
		has(least, list("henrik"), "ids"),
	)
}

// TestConsumed checks that everybody's consumption is known by ID, also that of accounts without attributes, and that
// an account with two numbers has none.
func TestConsumed(t *testing.T) {
	t.Parallel()
	const who = "data.virustotal_group_users_consuming_quota.who"
	fake := serve(t, vttest.SecurityHead)
	fake.Inject("/groups/acme/users_consuming_quota/q", -1, vttest.Body(200, "application/json", `{"data":[
		{"id":"here","type":"user","attributes":{},"context_attributes":{"quota_consumed_from_group":9223372036854775807}},
		{"id":"gone","type":"user","error":{"code":"NotFoundError"},"context_attributes":{"quota_consumed_from_group":7}},
		{"id":"bot","type":"service_account","context_attributes":{"quota_consumed_from_group":0}},
		{"id":"silent","type":"user","attributes":{}},
		{"id":"twice","type":"user","attributes":{},"context_attributes":{"quota_consumed_from_group":1}},
		{"id":"twice","type":"user","attributes":{},"context_attributes":{"quota_consumed_from_group":2}},
		{"id":"e\u0301","type":"user","attributes":{},"context_attributes":{"quota_consumed_from_group":3}},
		{"id":"\u00e9","type":"user","attributes":{},"context_attributes":{"quota_consumed_from_group":3}}]}`))
	fake.apply(t, `data "virustotal_group_users_consuming_quota" "who" {
			group_id = "acme"
			quota    = "q"
		}`,
		has(who, knownvalue.MapExact(fields{
			"here": whole(9223372036854775807), "gone": whole(7), "bot": whole(0), "silent": null, "twice": null, "é": whole(3),
		}), "consumed"),
		has(who, list("gone", "bot"), "unavailable_ids"),
	)
}

// TestPeriods checks which periods a quota can be read for.
func TestPeriods(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ quota, arguments, says string }{
		{"api_requests_daily", `period = "2026-01-30"`, ""},
		{"api_requests_monthly", `period = "2026-01-30"`, ""},
		{"api_requests_monthly", `period = "2026-01"`, ""},
		{"private_scans_monthly", `period = "2026-01"`, ""},
		{"a_new_quota", `period = "2026-01-30"`, ""},
		{"private_scans_monthly", `period = "2026-01-30"`, "consumption of private_scans_monthly by month only. Use a month, such as 2026-01."},
		{"intelligence_hunting_rules", `period = "2026-01"`, "The quota intelligence_hunting_rules has no period. Leave period out."},
		{"api_requests_monthly", `period = "January"`, `"January" is neither a month`},
		{"api_requests_monthly", `period = ""`, `"" is neither a month`},
		{"api_requests_monthly", `order = "down"`, `"down" is neither asc nor desc.`},
		{"api_requests_monthly", `order = ""`, `"" is neither asc nor desc.`},
	} {
		fake := serve(t, vttest.SecurityHead)
		fake.Inject("*", -1, vttest.Body(200, "application/json", `{"data":[]}`))
		config := `data "virustotal_group_users_consuming_quota" "x" {
			group_id = "acme"
			quota    = "` + test.quota + `"
			` + test.arguments + `
		}`
		if test.says == "" {
			fake.apply(t, config)
		} else {
			fake.fails(t, config, test.says)
		}
	}
}
