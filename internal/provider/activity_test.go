// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/url"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestActivityLog reads entries with actor and affected account, including an admin who appointed himself.
func TestActivityLog(t *testing.T) {
	t.Parallel()
	const all, appointed = "data.virustotal_group_activity_log_entries.all", "data.virustotal_group_activity_log_entries.appointed"
	fake := serve(t, vttest.SecurityHead)
	fake.Now = fixedNow
	entry := func(id string, days int, action, ip string, user, by, targetType, target knownvalue.Check) knownvalue.Check {
		return knownvalue.ObjectExact(fields{
			"id": words(id), "date": ago(days), "action": words(action), "ip": words(ip), "user": user, "performed_by": by,
			"target_type": targetType, "target_id": target,
		})
	}
	himself := entry("5629499534213120", 2, "ADD_GROUP_ADMIN", "192.0.2.17", words("tobias"), words("tobias"), null, null)
	fake.apply(t, `
			data "virustotal_group_activity_log_entries" "all" { group_id = "puffin_ferries" }
			data "virustotal_group_activity_log_entries" "appointed" {
				group_id = "puffin_ferries"
				filter   = "action:ADD_GROUP_ADMIN"
			}`,
		has(all, knownvalue.ListSizeExact(7), "ids"),
		statecheck.ExpectKnownValue(all, tfjsonpath.New("activity_log_entries").AtSliceIndex(0), himself),
		statecheck.ExpectKnownValue(all, tfjsonpath.New("activity_log_entries").AtSliceIndex(6),
			entry("5629499534213126", 300, "CREATE_TENANT", "192.0.2.1", null, null, words("tenant"), words("puffin_harbour"))),
		statecheck.ExpectKnownValue(appointed, tfjsonpath.New("activity_log_entries"), knownvalue.ListExact([]knownvalue.Check{
			himself, entry("5629499534213124", 40, "ADD_GROUP_ADMIN", "192.0.2.4", words("yuki"), words("marit"), null, null),
		})),
	)
	for _, request := range fake.Requests() {
		if request.Query.Get("relationships") != "user,target" {
			t.Errorf("requested %s", request.Query.Encode())
		}
	}
}

// TestOddActivityLogs reads entries that VirusTotal's documentation allows for: with dates in two formats, and with
// missing parts.
func TestOddActivityLogs(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		`{"id":"a","attributes":{"date":1594718163,"info":{"user":"joe"}},"relationships":` +
			`{"user":{"data":{"id":"jim","type":"user"}}}}`: "2020-07-14T09:16:03Z joe jim",
		`{"id":"a","attributes":{"date":"1594718163"}}`:                                         "2020-07-14T09:16:03Z - -",
		`{"id":"a","attributes":{"date":"2020-07-14T11:16:03+02:00","info":null}}`:              "2020-07-14T09:16:03Z - -",
		`{"id":"a","attributes":{"date":"2020-07-14 09:16:03","info":{}},"relationships":null}`: "2020-07-14T09:16:03Z - -",
		`{"id":"a","attributes":{"date":"2020-07-14T09:16:03.5","info":{"user":null}}}`:         "2020-07-14T09:16:03Z - -",
		`{"id":"a","attributes":{"info":{"user":"` + strings.Repeat("x ", 257) + `"}}}`:         "an ID of 514 bytes, and the maximum is 512",
		`{"id":"a","attributes":{"date":null},"relationships":{"user":{"data":null}}}`:          "- - -",
		`{"id":"a","attributes":{},"relationships":{"other":[1]}}`:                              "- - -",
		`{"id":"a","attributes":{"date":"yesterday"}}`: `"attributes.date" of "a" has the wrong type: ` +
			`a string instead of a date`,
		`{"id":"a","attributes":{"date":true}}`: `"attributes.date" of "a" has the wrong type: ` +
			`true or false instead of a date`,
		`{"id":"a","attributes":{"info":5}}`:                                                 `"attributes.info" of "a" has the wrong type`,
		`{"id":"a","attributes":{},"relationships":{"user":5}}`:                              `"relationships.user" of "a" has the wrong type`,
		`{"id":"a","attributes":{"info":{"user":"` + aKey + `"}}}`:                           "an ID that looks like an API key",
		`{"id":"a","attributes":{},"relationships":{"user":{"data":{"id":"` + aKey + `"}}}}`: "an ID that looks like an API key",
	} {
		client := &virustotal.Client{BaseURL: &url.URL{Scheme: "https", Host: "vt.example"}, Transport: body(`{"data":` + sent + `}`)}
		found, err := virustotal.Get[activityLogEntry](t.Context(), client, nil, "x")
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			e := found.Attributes
			for _, part := range []*string{(*string)(e.Date), e.User, e.PerformedBy} {
				if part == nil {
					part = new(string)
					*part = "-"
				}
				got += " " + *part
			}
		}
		if !strings.Contains(got, want) {
			t.Errorf("%s:%s, want %s", sent, got, want)
		}
	}
}
