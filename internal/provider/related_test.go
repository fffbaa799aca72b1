// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// ago returns the date that a fixture writes as "now-12d", for a fake with the clock of fixedNow.
func ago(days int) knownvalue.Check {
	return knownvalue.StringExact(fixedNow().AddDate(0, 0, -days).Format(time.RFC3339))
}

func fixedNow() time.Time { return time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC) }

var (
	null  = knownvalue.Null()
	whole = func(n int64) knownvalue.Check { return knownvalue.Int64Exact(n) }
	words = knownvalue.StringExact
	yes   = knownvalue.Bool(true)
	no    = knownvalue.Bool(false)
)

func list(of ...string) knownvalue.Check {
	checks := []knownvalue.Check{}
	for _, s := range of {
		checks = append(checks, words(s))
	}
	return knownvalue.ListExact(checks)
}

type fields = map[string]knownvalue.Check

// TestRelated reads all lists of the fake's owner and checks every attribute of the items.
func TestRelated(t *testing.T) {
	t.Parallel()
	digest := func(seed string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(seed))) }
	crane, gangway := digest("harbour-crane"), digest("gangway")
	sha1sum, md5sum := sha1.Sum([]byte("harbour-crane")), md5.Sum([]byte("harbour-crane"))
	for _, test := range []struct {
		source, list string
		items        []fields // All fields of an item. nil is not checked.
		unavailable  []string
	}{
		{"groups_managed", "groups", []fields{nil, nil, nil}, nil},
		{"comments", "comments", []fields{
			{
				"id": words("f-" + crane + "-7c1d9a2e"), "date": ago(12), "text": words("Dropper for #harbourcrane.\nDrops a second stage into %TEMP%."),
				"html": words(`Dropper for <a href="/gui/search/harbourcrane">#harbourcrane</a>.<br />Drops a second stage into %TEMP%.`),
				"tags": list("harbourcrane"), "votes": knownvalue.ObjectExact(fields{"positive": whole(7), "negative": whole(1), "abuse": whole(0)}),
			},
			{
				"id": words("d-ticket-puffin-ferries.example-0b44e1f7"), "date": ago(90), "text": words("Phishes our passengers. #phishing #typosquat"),
				"html": words("Phishes our passengers. #phishing #typosquat"), "tags": list("phishing", "typosquat"),
				"votes": knownvalue.ObjectExact(fields{"positive": whole(15), "negative": whole(0), "abuse": whole(2)}),
			},
		}, []string{"i-198.51.100.23-5f6e7d8c"}},
		{"mentions", "comments", []fields{{
			"id": words("u-" + digest("http://ferry.example/login") + "-91ab02cd"), "date": ago(3), "text": words("@marit have you seen this one?"),
			"html": words(`<a href="/gui/user/marit">@marit</a> have you seen this one?`), "tags": list(),
			"votes": knownvalue.ObjectExact(fields{"positive": whole(2), "negative": whole(0), "abuse": whole(0)}),
		}}, nil},
		{"graphs", "graphs", []fields{
			{
				"id":          words("g4f1b2c3d4e5f60718293a4b5c6d7e8f901234567890abcdef1234567890abcdef"),
				"description": words("Harbour crane campaign"), "version": words("5.0.0"),
				"private": yes, "creation_date": ago(200), "last_modified_date": ago(2), "views_count": whole(412), "comments_count": whole(3),
				"nodes_count": whole(3), "links_count": whole(2),
			},
			{
				"id": words("g0a1b2c3d4e5f60718293a4b5c6d7e8f901234567890abcdef1234567890fedcba"), "description": words(""), "version": words("5.0.0"),
				"private": null, "creation_date": ago(30), "last_modified_date": ago(30), "views_count": whole(1), "comments_count": whole(0),
				"nodes_count": whole(0), "links_count": whole(0),
			},
		}, nil},
		{"hunting_rulesets", "hunting_rulesets", []fields{
			{
				"id": words("4610277836881920"), "name": words("harbour"), "enabled": yes, "limit": whole(100),
				"rules": words("rule crane : dropper\n{\n  strings:\n    $a = \"harbour crane\" nocase\n  condition:\n    $a\n}\n\n" +
					"rule gangway { condition: filesize < 10KB }\n"),
				"rule_names": list("crane", "gangway"), "number_of_rules": whole(2),
				"notification_emails": list("soc@puffinferries.example", "marit@puffinferries.example"),
				"match_object_type":   words("file"), "creation_date": ago(300), "modification_date": ago(8), "scheduled_disable_date": ago(-14),
				"scheduled_disable_reason": words("high_rate"), "rate_limited": yes, "rate_limited_ratio": knownvalue.Float64Exact(0.35), "tags": list("campaign"),
			},
			{
				"id": words("0098765432109876"), "name": words("old ferries"), "enabled": no, "limit": whole(20), "rules": words("rule none { condition: false }"),
				"rule_names": list("none"), "number_of_rules": whole(1), "notification_emails": list(), "match_object_type": words("url"),
				"creation_date": ago(900), "modification_date": ago(900), "scheduled_disable_date": null, "scheduled_disable_reason": null,
				"rate_limited": no, "rate_limited_ratio": whole(0), "tags": list(),
			},
		}, nil},
		{"hunting_notifications", "hunting_notifications", []fields{
			{
				"id": words("5817401623937024-4610277836881920-" + crane), "date": ago(1), "rule_name": words("crane"), "rule_tags": list("dropper"),
				"tags": list("harbour", "crane", crane), "snippet": words("68 61 72 62 6F 75 72 20  harbour \n63 72 61 6E 65 00 00 00  crane...\n"),
				"match_in_subfile": yes, "source_country": words("NO"), "source_key": words("9c2f1e08"),
			},
			{
				"id": words("5817401623937025-4610277836881920-" + gangway), "date": ago(4), "rule_name": words("gangway"), "rule_tags": list(),
				"tags": list("harbour", "gangway"), "snippet": words(""), "match_in_subfile": no, "source_country": null, "source_key": null,
			},
		}, nil},
		{"hunting_notification_files", "files", []fields{
			{
				"id": words(crane), "sha256": words(crane), "sha1": words(hex.EncodeToString(sha1sum[:])), "md5": words(hex.EncodeToString(md5sum[:])),
				"size": whole(7340032), "meaningful_name": words("harbour-crane.exe"), "names": list("harbour-crane.exe", "invoice.scr"),
				"type_tag": words("peexe"), "type_description": words("Win32 EXE"), "tags": list("peexe", "overlay"), "reputation": whole(-17),
				"last_analysis_stats": knownvalue.MapExact(fields{
					"malicious": whole(58), "suspicious": whole(1), "undetected": whole(9), "harmless": whole(0),
					"timeout": whole(0), "failure": whole(1), "type-unsupported": whole(4), "confirmed-timeout": whole(0),
				}),
				"first_submission_date": ago(2), "last_submission_date": ago(1), "times_submitted": whole(5), "unique_sources": whole(4),
				"notification_id": words("5817401623937024"), "notification_date": ago(1), "notification_snippet": words("68 61 72 62  harb\n6F 75 72 20  our \n"),
				"notification_source_country": words("NO"), "notification_source_key": words("9c2f1e08"), "notification_tags": list("harbour", "crane"),
				"match_in_subfile": yes, "rule_name": words("crane"), "rule_tags": list("dropper"), "ruleset_id": words("4610277836881920"),
				"ruleset_name": words("harbour"),
			},
			nil, // The same file, under another notification.
			nil,
		}, nil},
		{"retrohunt_jobs", "retrohunt_jobs", []fields{
			{
				"id": words("marit-1748521843"), "corpus": words("main"), "status": words("running"), "rules": words("rule crane { condition: true }"),
				"notification_email": words("marit@puffinferries.example"), "num_matches": whole(117), "num_matches_outside_time_range": whole(12),
				"progress": knownvalue.Float64Exact(41.30000000000001), "scanned_bytes": whole(562949953421313), "eta_seconds": whole(5400),
				"creation_date": words("2026-01-31T07:00:00Z"), "start_date": words("2026-01-31T08:00:00Z"), "finish_date": null,
				"time_range": knownvalue.ObjectExact(fields{"start": ago(90), "end": words("2026-01-31T07:00:00Z")}),
			},
			{
				"id": words("marit-1748435443"), "corpus": words("goodware"), "status": words("finished"), "rules": words("rule gangway { condition: false }"),
				"notification_email": null, "num_matches": whole(0), "num_matches_outside_time_range": whole(0),
				"progress": whole(100), "scanned_bytes": whole(1099511627776), "eta_seconds": null,
				"creation_date": ago(30), "start_date": ago(30), "finish_date": ago(29), "time_range": null,
			},
			{
				"id": words("marit-1748608243"), "corpus": words("main"), "status": words("queued"), "rules": words("rule queued { condition: true }"),
				"notification_email": null, "num_matches": whole(0), "num_matches_outside_time_range": null, "progress": whole(0), "scanned_bytes": whole(0),
				"eta_seconds": null, "creation_date": words("2026-01-31T11:00:00Z"), "start_date": null, "finish_date": null, "time_range": null,
			},
		}, nil},
		{"votes", "votes", []fields{
			{"id": words("f-" + crane + "-marit"), "date": ago(12), "value": whole(-7), "verdict": words("malicious")},
			{"id": words("d-puffinferries.example-marit"), "date": ago(400), "value": whole(1), "verdict": words("harmless")},
		}, nil},
	} {
		t.Run(test.source, func(t *testing.T) {
			t.Parallel()
			address := "data.virustotal_user_" + test.source + ".me"
			fake := serve(t, vttest.SecurityHead)
			fake.Now = fixedNow
			checks := []statecheck.StateCheck{
				has(address, words(vttest.SecurityHead), "user_id"),
				has(address, knownvalue.ListSizeExact(len(test.items)+len(test.unavailable)), "ids"),
				has(address, knownvalue.ListSizeExact(len(test.items)), test.list),
				has(address, list(test.unavailable...), "unavailable_ids"),
				has(address, yes, "complete"),
			}
			for i, item := range test.items {
				if item != nil {
					checks = append(checks, statecheck.ExpectKnownValue(address, tfjsonpath.New(test.list).AtSliceIndex(i), knownvalue.ObjectExact(item)))
				}
			}
			fake.apply(t, `data "virustotal_user_`+test.source+`" "me" {}`, checks...)
		})
	}
}

// TestUnavailableItemsCountForTheLimit reads a list in which some items have no attributes.
func TestUnavailableItemsCountForTheLimit(t *testing.T) {
	t.Parallel()
	const me = "data.virustotal_user_comments.me"
	fake := serve(t, vttest.SecurityHead)
	fake.Inject("*", -1, vttest.Body(200, "application/json", `{"data":[
		{"id":"a","type":"comment","error":{"code":"NotFoundError","message":"gone"}},
		{"id":"b","type":"comment","attributes":{"text":null,"tags":["x",null]}},
		{"id":"b","type":"comment","attributes":null},
		{"id":"c","type":"comment","attributes":{}}]}`))
	fake.apply(t, `data "virustotal_user_comments" "me" {
			user_id = "x"
			limit   = 3
		}`,
		has(me, list("a", "b", "b"), "ids"),
		has(me, list("a", "b"), "unavailable_ids"),
		has(me, no, "complete"),
		has(me, knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(fields{
			"id": words("b"), "date": null, "text": null, "html": null, "votes": null, "tags": knownvalue.ListExact([]knownvalue.Check{words("x"), null}),
		})}), "comments"),
	)
}

// TestRelatedOne reads quota groups that VirusTotal answers with an object, null, 404 and a deleted group, and the one
// of an unknown user.
func TestRelatedOne(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		user, config string
		checks       func(address string) []statecheck.StateCheck
		fails        string
	}{
		"a group": {config: "", checks: func(address string) []statecheck.StateCheck {
			return []statecheck.StateCheck{
				has(address, words(vttest.SecurityHead), "user_id"),
				has(address, words(vttest.Company), "group_id"),
				has(address, words(vttest.Company), "group", "id"),
				has(address, knownvalue.NotNull(), "group", "organization"),
				has(address, knownvalue.NotNull(), "group", "quotas"),
				has(address, null, "group", "role"),
			}
		}},
		"null": {config: `user_id = "henrik"`, checks: func(address string) []statecheck.StateCheck {
			return []statecheck.StateCheck{has(address, null, "group_id"), has(address, null, "group"), has(address, words("henrik"), "user_id")}
		}},
		"404": {config: `user_id = "OKonkwo"`, checks: func(address string) []statecheck.StateCheck {
			return []statecheck.StateCheck{has(address, null, "group_id"), has(address, null, "group")}
		}},
		"no such user": {config: `user_id = "nobody"`, fails: `Cannot read the API quota group of VirusTotal user "nobody" … GET /users/nobody returned HTTP 404`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := serve(t, vttest.SecurityHead)
			config := "data \"virustotal_user_api_quota_group\" \"x\" {\n" + test.config + "\n}"
			if test.fails != "" {
				fake.fails(t, config, test.fails)
			} else {
				fake.apply(t, config, test.checks("data.virustotal_user_api_quota_group.x")...)
			}
		})
	}
	const gone = "data.virustotal_user_intelligence_quota_group.gone"
	fake := serve(t, vttest.SecurityHead)
	fake.apply(t, `data "virustotal_user_intelligence_quota_group" "gone" { user_id = "anne-lise.moreau" }`,
		has(gone, words("puffin_legacy"), "group_id"),
		has(gone, null, "group"),
	)
}

// TestAudienceInErrors checks that the error for a stranger says who may read the relationship.
func TestAudienceInErrors(t *testing.T) {
	t.Parallel()
	for _, s := range sources() {
		if s.argument() != "user_id" || s.audience == everyone || s.name == "user_quotas" {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			fake := serve(t, vttest.Stranger)
			fake.fails(t, `data "virustotal_`+s.name+`" "x" { user_id = "`+vttest.SecurityHead+`" }`,
				`Cannot read `+s.subject+` of VirusTotal user "marit" … ForbiddenError: … VirusTotal shows `+s.subject+` to: `+s.audience+`.`)
		})
	}
}
