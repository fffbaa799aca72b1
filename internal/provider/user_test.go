// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// has checks an attribute of a data source at a path: has(address, value, "quotas", "x", "used").
func has(address string, value knownvalue.Check, path ...string) statecheck.StateCheck {
	at := tfjsonpath.New(path[0])
	for _, key := range path[1:] {
		at = at.AtMapKey(key)
	}
	return statecheck.ExpectKnownValue(address, at, value)
}

func names(of ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, 0, len(of))
	for _, name := range of {
		checks = append(checks, knownvalue.StringExact(name))
	}
	return knownvalue.SetExact(checks)
}

// A hiding checks hidden_attributes. It names some attributes, since a new attribute of the provider is hidden in all
// fixtures that lack it.
type hiding struct {
	hidden bool
	names  []string
}

// hides checks that all of these attributes are hidden, or that none is.
func hides(hidden bool, names ...string) knownvalue.Check { return hiding{hidden, names} }

func (h hiding) String() string { return fmt.Sprintf("%v hidden: %v", h.names, h.hidden) }

func (h hiding) CheckValue(value any) error {
	list, ok := value.([]any)
	if !ok {
		return fmt.Errorf("%v is not a set", value)
	}
	for _, name := range h.names {
		if slices.Contains(list, any(name)) != h.hidden {
			return fmt.Errorf("%s is hidden: %v, among %v", name, !h.hidden, list)
		}
	}
	return nil
}

// TestUserOfTheReference reads the sample user of VirusTotal's API reference as its owner, and checks every attribute.
func TestUserOfTheReference(t *testing.T) {
	t.Parallel()
	const me = "data.virustotal_user.me"
	fake := serve(t, vttest.Stranger)
	null := knownvalue.Null()
	fake.apply(t, `data "virustotal_user" "me" {}`,
		has(me, knownvalue.StringExact("spellman"), "id"),
		has(me, knownvalue.StringExact("spellman"), "username"),
		has(me, knownvalue.StringExact("[email\u00a0protected]"), "email"),
		has(me, knownvalue.StringExact("Sabrina"), "first_name"),
		has(me, knownvalue.StringExact("Spellman"), "last_name"),
		has(me, knownvalue.Bool(true), "has_2fa"),
		has(me, knownvalue.StringExact("2020-07-14T09:16:03Z"), "last_login"),
		has(me, knownvalue.StringExact("2019-05-07T07:35:25Z"), "user_since"),
		has(me, knownvalue.StringExact("It's witching hour!"), "profile_phrase"),
		has(me, knownvalue.Int64Exact(1), "reputation"),
		has(me, knownvalue.StringExact("active"), "status"),
		has(me, knownvalue.MapExact(map[string]knownvalue.Check{
			"graph": knownvalue.StringExact(`{"dashboard_walkthrough_version_seen":"1.0.0","last_visit":1594136453392,` +
				`"main_walkthrough_version_seen":"1.0.0","search_tooltip_version_seen":"1.0.0"}`),
			"ui": knownvalue.StringExact(`{"last_read_notification_date":1594640566}`),
		}), "preferences"),
		has(me, knownvalue.MapSizeExact(5), "privileges"),
		has(me, knownvalue.ObjectExact(map[string]knownvalue.Check{
			"granted":         knownvalue.Bool(true),
			"expiration_date": knownvalue.StringExact("2020-10-01T00:00:00Z"),
			"inherited_from":  knownvalue.StringExact("blablabla_group"),
			"inherited_via":   knownvalue.StringExact("api_quota_group"),
		}), "privileges", "big-files"),
		has(me, knownvalue.ObjectExact(map[string]knownvalue.Check{
			"granted": knownvalue.Bool(false), "expiration_date": null, "inherited_from": null, "inherited_via": null,
		}), "privileges", "click_to_accept"),
		has(me, names("big-files", "cases"), "granted_privileges"),
		has(me, knownvalue.MapSizeExact(5), "quotas"),
		has(me, knownvalue.ObjectExact(map[string]knownvalue.Check{
			"allowed": knownvalue.Int64Exact(60000000000), "used": knownvalue.Int64Exact(4),
			"remaining": knownvalue.Int64Exact(59999999996), "utilization": knownvalue.Float64Exact(4. / 60000000000),
		}), "quotas", "api_requests_hourly"),
		has(me, knownvalue.ObjectExact(map[string]knownvalue.Check{
			"allowed": knownvalue.Int64Exact(0), "used": knownvalue.Int64Exact(5),
			"remaining": knownvalue.Int64Exact(0), "utilization": knownvalue.Int64Exact(1),
		}), "quotas", "intelligence_downloads_monthly"),
		has(me, hides(false, "email", "has_2fa", "preferences", "privileges", "quotas"), "hidden_attributes"),
	)
	for _, request := range fake.Requests() {
		if request.Path != "/users/"+fake.Key(vttest.Stranger) {
			t.Errorf("requested %s", request.Path)
		}
	}
}

// TestUserVisibility reads one user as an admin of its group, and as a stranger.
func TestUserVisibility(t *testing.T) {
	t.Parallel()
	const yuki = "data.virustotal_user.yuki"
	config := `data "virustotal_user" "yuki" { id = "` + vttest.Member + `" }`

	fake := serve(t, vttest.SecurityHead)
	fake.apply(t, config,
		has(yuki, hides(true, "has_2fa", "preferences", "privileges"), "hidden_attributes"),
		has(yuki, hides(false, "email", "last_login", "quotas", "status"), "hidden_attributes"),
		has(yuki, knownvalue.Null(), "has_2fa"),
		has(yuki, knownvalue.Null(), "preferences"),
		has(yuki, knownvalue.Null(), "privileges"),
		has(yuki, knownvalue.Null(), "granted_privileges"),
		has(yuki, knownvalue.NotNull(), "last_login"),
		has(yuki, knownvalue.NotNull(), "quotas"),
	)

	fake = serve(t, vttest.Stranger)
	fake.apply(t, config,
		has(yuki, hides(true, "email", "has_2fa", "last_login", "preferences", "privileges", "quotas"), "hidden_attributes"),
		has(yuki, hides(false, "first_name", "status"), "hidden_attributes"),
		has(yuki, knownvalue.Null(), "quotas"),
		has(yuki, knownvalue.StringExact("Yuki"), "first_name"),
	)
}

func TestUserByEmailKeepsItsID(t *testing.T) {
	t.Parallel()
	const tobias = "data.virustotal_user.tobias"
	fake := serve(t, vttest.SecurityHead)
	fake.apply(t, `data "virustotal_user" "tobias" { id = "tobias@puffinferries.example" }`,
		has(tobias, knownvalue.StringExact("tobias@puffinferries.example"), "id"),
		has(tobias, knownvalue.StringExact("tobias"), "username"),
	)
}

// TestUserWithUnusualAttributes reads users with missing, null and unusual attributes.
func TestUserWithUnusualAttributes(t *testing.T) {
	t.Parallel()
	const odd = "data.virustotal_user.odd"
	attributesOfUsers := len(sentNames(reflect.TypeFor[user]()))
	for _, test := range []struct {
		attributes string
		checks     []statecheck.StateCheck
	}{
		{`{}`, []statecheck.StateCheck{has(odd, knownvalue.SetSizeExact(attributesOfUsers), "hidden_attributes")}},
		{`{"quotas":null,"has_2fa":null,"privileges":{},"preferences":{}}`, []statecheck.StateCheck{
			has(odd, knownvalue.SetSizeExact(attributesOfUsers-2), "hidden_attributes"),
			has(odd, knownvalue.Null(), "quotas"),
			has(odd, knownvalue.Null(), "has_2fa"),
			has(odd, knownvalue.MapSizeExact(0), "privileges"),
			has(odd, knownvalue.SetExact(nil), "granted_privileges"),
			has(odd, knownvalue.MapSizeExact(0), "preferences"),
		}},
		{
			`{"has_2fa":false,"first_name":"","last_login":0,"reputation":-9223372036854775808,` +
				`"quotas":{"none":null,"odd":{"allowed":9223372036854775807,"used":-1},"half":{"allowed":3,"used":null},"most":{"allowed":10,"used":9,"unit":"request"}},` +
				`"privileges":{"none":null,"odd":{"granted":null}}}`,
			[]statecheck.StateCheck{
				has(odd, knownvalue.Bool(false), "has_2fa"),
				has(odd, knownvalue.StringExact(""), "first_name"),
				has(odd, knownvalue.StringExact("1970-01-01T00:00:00Z"), "last_login"),
				has(odd, knownvalue.Int64Exact(-9223372036854775808), "reputation"),
				has(odd, knownvalue.Null(), "quotas", "none"),
				has(odd, knownvalue.Null(), "quotas", "odd", "remaining"),
				has(odd, knownvalue.Null(), "quotas", "half", "remaining"),
				has(odd, knownvalue.Null(), "quotas", "half", "utilization"),
				has(odd, knownvalue.Float64Exact(0.9), "quotas", "most", "utilization"),
				has(odd, knownvalue.SetExact(nil), "granted_privileges"),
			},
		},
		{`{"preferences":{"b":{"z":1,"a":{"y":12345678901234567890.10,"x":"<&>"}},"a":[true,null]}}`, []statecheck.StateCheck{
			has(odd, knownvalue.StringExact(`{"a":{"x":"<&>","y":12345678901234567890.10},"z":1}`), "preferences", "b"),
			has(odd, knownvalue.StringExact(`[true,null]`), "preferences", "a"),
		}},
	} {
		fake := serve(t, vttest.SecurityHead)
		fake.Set("/users/odd", `{"id":"odd","type":"user","attributes":`+test.attributes+`}`)
		// The fake would hide some attributes from an admin.
		fake.Inject("/users/odd", -1, vttest.Body(200, "application/json", `{"data":{"id":"odd","type":"user","attributes":`+test.attributes+`}}`))
		fake.apply(t, `data "virustotal_user" "odd" { id = "odd" }`, test.checks...)
	}
}

func TestUserQuotas(t *testing.T) {
	t.Parallel()
	const devraj, me = "data.virustotal_user_quotas.devraj", "data.virustotal_user_quotas.me"
	fake := serve(t, vttest.SecurityHead)
	fake.apply(t, `
			data "virustotal_user_quotas" "me" {}
			data "virustotal_user_quotas" "devraj" { user_id = "devraj" }
		`,
		has(me, knownvalue.StringExact(vttest.SecurityHead), "user_id"),
		has(me, knownvalue.Int64Exact(243), "quotas", "intelligence_downloads_monthly", "used"),
		has(me, knownvalue.Float64Exact(0.972), "highest_utilization"),
		has(me, knownvalue.SetExact(nil), "exhausted"),
		has(devraj, knownvalue.StringExact("devraj"), "user_id"),
		has(devraj, knownvalue.NotNull(), "exhausted"),
	)

	fake = serve(t, vttest.Stranger)
	fake.apply(t, `data "virustotal_user_quotas" "devraj" { user_id = "devraj" }`,
		has(devraj, knownvalue.Null(), "quotas"),
		has(devraj, knownvalue.Null(), "exhausted"),
		has(devraj, knownvalue.Null(), "highest_utilization"),
	)
}

// TestUtilizationIsDecimal compares a utilization with 0.9, which no float64 equals.
func TestUtilizationIsDecimal(t *testing.T) {
	t.Parallel()
	fake := serve(t, vttest.SecurityHead)
	fake.Inject("*", -1, vttest.Body(200, "application/json", `{"data":{"id":"x","attributes":{"quotas":{"q":{"allowed":10,"used":9}}}}}`))
	fake.apply(t, `
		data "virustotal_user_quotas" "x" {
			lifecycle {
				postcondition {
					condition     = self.quotas["q"].utilization == 0.9 && self.highest_utilization <= 0.9
					error_message = "not nine tenths"
				}
			}
		}`)
}

// TestConditions checks that the most common preconditions pass and fail.
func TestConditions(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, user, condition, fails string }{
		{"2FA", vttest.SecurityHead, `data.virustotal_user.x.has_2fa == true`, ""},
		{"no 2FA", vttest.Member, `data.virustotal_user.x.has_2fa == true`, "the condition does not hold"},
		{"logged in lately", vttest.SecurityHead, `timecmp(data.virustotal_user.x.last_login, timeadd(plantimestamp(), "-2160h")) > 0`, ""},
		{"dormant", vttest.Stranger, `timecmp(data.virustotal_user.x.last_login, timeadd(plantimestamp(), "-2160h")) > 0`, "the condition does not hold"},
		{"quota left", vttest.SecurityHead, `data.virustotal_user_quotas.x.quotas["intelligence_searches_monthly"].remaining > 100`, ""},
		{
			"quota near its end", vttest.SecurityHead,
			`data.virustotal_user_quotas.x.quotas["intelligence_downloads_monthly"].remaining > 100`, "the condition does not hold",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			fake := serve(t, test.user)
			config := `
				data "virustotal_user" "x" {}
				data "virustotal_user_quotas" "x" {}
				output "gate" {
					value = "open"
					precondition {
						condition     = ` + test.condition + `
						error_message = "the condition does not hold"
					}
				}`
			if test.fails != "" {
				fake.fails(t, config, test.fails)
			} else {
				fake.apply(t, config)
			}
		})
	}
}
