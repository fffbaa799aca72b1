// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

func TestUserGroups(t *testing.T) {
	t.Parallel()
	const me = "data.virustotal_user_groups.me"
	fake := serve(t, vttest.SecurityHead)
	fake.apply(t, `data "virustotal_user_groups" "me" {}`,
		has(me, knownvalue.StringExact(vttest.SecurityHead), "user_id"),
		has(me, knownvalue.ListSizeExact(6), "ids"),
		has(me, knownvalue.ListSizeExact(5), "groups"),
		has(me, knownvalue.ListSizeExact(1), "unavailable_ids"),
		has(me, knownvalue.Bool(true), "complete"),
		statecheck.ExpectKnownValue(me, tfjsonpath.New("groups").AtSliceIndex(0), knownvalue.ObjectPartial(map[string]knownvalue.Check{
			"id":           knownvalue.StringExact(vttest.Company),
			"organization": knownvalue.NotNull(),
			"role":         knownvalue.StringExact("admin"),
			"quotas":       knownvalue.NotNull(),
			"privileges":   knownvalue.NotNull(),
		})),
	)
}

// TestUserGroupsOverPages reads 95 groups, in three pages.
func TestUserGroupsOverPages(t *testing.T) {
	t.Parallel()
	const all, some = "data.virustotal_user_groups.all", "data.virustotal_user_groups.some"
	fake := serve(t, vttest.SecurityHead)
	fake.AddGroups(vttest.SecurityHead, 95)
	fake.apply(t, `data "virustotal_user_groups" "all" { user_id = "`+vttest.SecurityHead+`" }`,
		has(all, knownvalue.ListSizeExact(95), "groups"),
		has(all, knownvalue.ListSizeExact(95), "ids"),
		has(all, knownvalue.Bool(true), "complete"),
	)
	if n := len(fake.Requests()); n != 3 {
		t.Errorf("%d requests for 3 pages", n)
	}

	for limit, complete := range map[string]bool{"1": false, "40": false, "94": false, "95": true, "96": true} {
		fake.apply(t, `data "virustotal_user_groups" "some" { limit = `+limit+` }`,
			has(some, knownvalue.Bool(complete), "complete"),
			has(some, knownvalue.StringExact(vttest.SecurityHead), "user_id"),
		)
	}
}

func TestGroup(t *testing.T) {
	t.Parallel()
	const company = "data.virustotal_group.company"
	fake := serve(t, vttest.SecurityHead)
	fake.Set("/groups/all", `{"id":"all","type":"group","attributes":{
		"organization":"Puffin","organization_legal_name":"Puffin AS","domain_name":"puffin.example","country":"Norway","country_iso":"NO","industry":"Ferries",
		"agreement_signed_date":1594718163,"auto_add_users":["@puffin.example"],"contact_emails":["soc@puffin.example"],"preferences":{"ui":{"b":1,"a":2}},
		"privileges":{"cases":{"granted":true},"admin":{"granted":false}},"quotas":{"q":{"allowed":4,"used":3}},
		"group_token":"secret","apikey":"secret","agreement_name":"secret"}}`)
	fake.Set("/groups/all/users", `[{"type":"user","id":"`+vttest.SecurityHead+`"}]`)
	fake.apply(t, `data "virustotal_group" "company" { id = "all" }`,
		has(company, words("all"), "id"),
		has(company, words("Puffin"), "organization"),
		has(company, words("Puffin AS"), "organization_legal_name"),
		has(company, words("puffin.example"), "domain_name"),
		has(company, words("Norway"), "country"),
		has(company, words("NO"), "country_iso"),
		has(company, words("Ferries"), "industry"),
		has(company, words("2020-07-14T09:16:03Z"), "agreement_signed_date"),
		has(company, list("@puffin.example"), "auto_add_users"),
		has(company, list("soc@puffin.example"), "contact_emails"),
		has(company, words(`{"a":2,"b":1}`), "preferences", "ui"),
		has(company, yes, "privileges", "cases", "granted"),
		has(company, names("cases"), "granted_privileges"),
		has(company, whole(1), "quotas", "q", "remaining"),
	)
}

// TestGroupUsers reads members with different visibility: the API key's owner in full, the others in part.
func TestGroupUsers(t *testing.T) {
	t.Parallel()
	const all, without = "data.virustotal_group_users.all", "data.virustotal_group_users.without"
	fake := serve(t, vttest.SecurityHead)
	member := func(i int, value knownvalue.Check, field string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(all, tfjsonpath.New("users").AtSliceIndex(i).AtMapKey(field), value)
	}
	fake.apply(t, `
			data "virustotal_group_users" "all" { group_id = "`+vttest.Company+`" }
			data "virustotal_group_users" "without" {
				group_id = "`+vttest.Company+`"
				filter   = "2fa_enabled:false"
			}`,
		has(all, words(vttest.Company), "group_id"),
		has(all, list("marit", "tobias", "yuki", "henrik", "anne-lise.moreau", "devraj", "lotte_guest", "OKonkwo"), "ids"),
		has(all, yes, "complete"),
		member(0, words("marit"), "id"),
		member(0, yes, "has_2fa"),
		member(0, hides(false, "has_2fa", "preferences", "privileges"), "hidden_attributes"),
		member(0, names("big-files", "cases", "intelligence", "livehunt", "private-scanning", "retrohunt"), "granted_privileges"),
		member(1, null, "has_2fa"),
		member(1, null, "privileges"),
		member(1, hides(true, "has_2fa", "preferences", "privileges"), "hidden_attributes"),
		member(1, knownvalue.NotNull(), "quotas"),
		member(1, names("USER_ROLE_FILE_DOWNLOADS", "USER_ROLE_GROUP_ADMIN"), "roles"),
		member(1, knownvalue.MapExact(fields{"intelligence_downloads_monthly": knownvalue.ObjectExact(fields{"allowed": whole(300)})}), "quota_limits"),
		member(3, knownvalue.MapExact(nil), "quota_limits"),
		member(4, knownvalue.SetExact(nil), "roles"),
		member(6, null, "roles"),
		member(6, null, "quota_limits"),
		has(without, list("yuki", "anne-lise.moreau"), "ids"),
	)
	filtered := 0
	for _, request := range fake.Requests() {
		if request.Query.Get("limit") != "40" {
			t.Errorf("requested %v", request.Query)
		}
		if request.Query.Get("filter") == "2fa_enabled:false" {
			filtered++
		}
	}
	if filtered == 0 || filtered*2 != len(fake.Requests()) {
		t.Errorf("%d of %d requests had the filter", filtered, len(fake.Requests()))
	}
}

func TestGroupAdministrators(t *testing.T) {
	t.Parallel()
	const admins = "data.virustotal_group_administrators.company"
	fake := serve(t, vttest.SecurityHead)
	fake.apply(t, `data "virustotal_group_administrators" "company" { group_id = "`+vttest.Company+`" }`,
		has(admins, list("marit", "tobias"), "ids"),
		has(admins, knownvalue.ListSizeExact(2), "users"),
	)
	fake = serve(t, vttest.Member)
	fake.fails(t, `data "virustotal_group_administrators" "company" { group_id = "`+vttest.Company+`" }`,
		`Cannot read the administrators of VirusTotal group "puffin_ferries" … VirusTotal shows the administrators to: the group's administrators.`)
}

// TestServiceAccounts reads a service account by ID and in its group's list, and checks that neither has its API key.
func TestServiceAccounts(t *testing.T) {
	t.Parallel()
	const all, one = "data.virustotal_group_service_accounts.all", "data.virustotal_service_account.one"
	fake := serve(t, vttest.SecurityHead)
	fake.Now = fixedNow
	fake.Set("/service_accounts/"+vttest.ServiceAccount, `{"id":"`+vttest.ServiceAccount+`","type":"service_account","attributes":{
		"apikey":"`+aKey+`","email":"ci@puffin.example","first_name":"CI","privileges":{"cases":{"granted":true}},
		"quotas":{"api_requests_daily":{"allowed":2000,"used":1940}},"status":"active","user_since":1594718163}}`)
	fake.Set("/groups/"+vttest.Company+"/service_accounts", `[{"type":"service_account","id":"`+vttest.ServiceAccount+`",
		"context_attributes":{"roles":["USER_ROLE_FILE_DOWNLOADS"],"quota_limits":{"api_requests_daily":{"allowed":100}}}}]`)
	account := fields{
		"id": words(vttest.ServiceAccount), "email": words("ci@puffin.example"), "first_name": words("CI"),
		"privileges": knownvalue.MapExact(fields{
			"cases": knownvalue.ObjectExact(fields{"granted": yes, "expiration_date": null, "inherited_from": null, "inherited_via": null}),
		}),
		"granted_privileges": names("cases"), "active_privileges": names("cases"),
		"quotas": knownvalue.MapExact(fields{"api_requests_daily": knownvalue.ObjectExact(fields{
			"allowed": whole(2000), "used": whole(1940), "remaining": whole(60), "utilization": knownvalue.Float64Exact(0.97),
		})}),
		"reputation": null, "status": words("active"), "user_since": words("2020-07-14T09:16:03Z"), "hidden_attributes": hides(true, "reputation"),
	}
	var checks []statecheck.StateCheck
	for name, value := range account {
		checks = append(checks, has(one, value, name))
	}
	account["roles"] = names("USER_ROLE_FILE_DOWNLOADS")
	account["quota_limits"] = knownvalue.MapExact(fields{"api_requests_daily": knownvalue.ObjectExact(fields{"allowed": whole(100)})})
	checks = append(checks,
		has(all, list(vttest.ServiceAccount), "ids"),
		has(all, knownvalue.ListExact([]knownvalue.Check{knownvalue.ObjectExact(account)}), "service_accounts"),
	)
	fake.apply(t, `
			data "virustotal_group_service_accounts" "all" { group_id = "`+vttest.Company+`" }
			data "virustotal_service_account" "one" { id = "`+vttest.ServiceAccount+`" }`, checks...)
}

// TestExpiredPrivileges checks that an expired privilege is granted but not active.
func TestExpiredPrivileges(t *testing.T) {
	t.Parallel()
	fake := serve(t, vttest.SecurityHead)
	fake.Set("/groups/acme", `{"id":"acme","type":"group","attributes":{"privileges":{
		"endless":{"granted":true},"ahead":{"granted":true,"expiration_date":253402300799},"past":{"granted":true,"expiration_date":1594718163},
		"null":{"granted":true,"expiration_date":null},"not":{"granted":false},"odd":null}}}`)
	fake.Set("/groups/acme/administrators", `[{"type":"user","id":"marit"}]`)
	const acme = "data.virustotal_group.acme"
	fake.apply(t, `data "virustotal_group" "acme" { id = "acme" }`,
		has(acme, names("endless", "ahead", "past", "null"), "granted_privileges"),
		has(acme, names("endless", "ahead", "null"), "active_privileges"),
		has(acme, hides(true, "organization", "quotas"), "hidden_attributes"),
		has(acme, null, "quotas"),
	)
}
