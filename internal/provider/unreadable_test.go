// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestUnreadable checks, for every data source, that allow_unreadable tolerates a refusal and that nothing else is read
// then, and that without it the same answer is an error.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	for _, s := range sources() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			for want, answer := range map[string]http.Handler{
				"ForbiddenError: You may not":  vttest.Error(403, "ForbiddenError", "You may not"),
				"NotFoundError: " + maskedLong: vttest.Error(404, "NotFoundError", aKey+" "+strings.Repeat("x ", 1000)),
				"SomeOtherError":               vttest.Error(403, "SomeOtherError", ""),
			} {
				for _, allowed := range []bool{true, false} {
					fake, r := start(t)
					fake.Inject("*", -1, answer)
					arguments := map[string]any{s.argument(): "someone"}
					for _, a := range s.arguments {
						if a.required {
							arguments[a.name] = a.example(fixedNow())
						}
					}
					if allowed {
						arguments[allowUnreadable] = true
					}
					state, diags := r.read(s.name, arguments)
					if diags.HasError() == allowed {
						t.Fatalf("with allow_unreadable %v: %v", allowed, diags)
					}
					if !allowed {
						continue
					}
					var reason, id *string
					state.GetAttribute(t.Context(), path.Root(unreadable), &reason)
					state.GetAttribute(t.Context(), path.Root(s.argument()), &id)
					if reason == nil || !strings.HasPrefix(*reason, want) || len(*reason) > 1100 || strings.Contains(*reason, aKey) || id == nil || *id != "someone" {
						t.Errorf("unreadable is %v, want %q, of %v", reason, want, id)
					}
					if left := notNull(t, state); len(left) != 0 {
						t.Errorf("not null: %v", left)
					}
				}
			}
		})
	}
}

// maskedLong is how the provider shows the beginning of a text that begins with aKey.
const maskedLong = "[API key] x x"

// TestOnlyRefusalsAreTolerated checks which answers are errors in spite of allow_unreadable.
func TestOnlyRefusalsAreTolerated(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]http.Handler{
		"a wrong key":            vttest.Error(401, "WrongCredentialsError", "no"),
		"an unauthorized reader": vttest.Error(401, "ForbiddenError", "no"),
		"an inactive account":    vttest.Error(403, "UserNotActiveError", "no"),
		"a proxy's 403":          vttest.Body(403, "text/html", "<html>denied</html>"),
		"a wrong base URL":       vttest.Body(404, "text/html", "<html>not found</html>"),
		"an empty 404":           vttest.Body(404, "application/json", "{}"),
		"a rate limit":           vttest.Error(429, "TooManyRequestsError", "slow"),
		"a quota":                vttest.Error(429, "QuotaExceededError", "done"),
		"an outage":              vttest.Error(503, "TransientError", "down"),
		"a bad request":          vttest.Error(400, "BadRequestError", "no"),
		"a broken answer":        vttest.Body(200, "application/json", `{"data":[{"id":"a","attributes":{"email":5}}]}`),
		"a refusal with 200":     vttest.Error(200, "ForbiddenError", "no"),
	} {
		fake, r := start(t)
		fake.Inject("*", -1, answer)
		if _, diags := r.read("group_users", map[string]any{"group_id": "acme", allowUnreadable: true}); !diags.HasError() {
			t.Errorf("%s is tolerated", name)
		}
	}
	fake, r := start(t)
	fake.Inject("*", -1, vttest.Error(404, "NotFoundError", "no user has this key"))
	if _, diags := r.read("user_groups", map[string]any{allowUnreadable: true}); !diags.HasError() {
		t.Error("an unknown API key is tolerated")
	}
}

// TestLeaverInAList reads people of whom one has left, and thirty groups of which one refuses, as a policy would.
func TestLeaverInAList(t *testing.T) {
	t.Parallel()
	fake := serve(t, vttest.SecurityHead)
	fake.Inject("/groups/puffin_soc/users", -1, vttest.Error(403, "ForbiddenError", "no"))
	fake.apply(t, `
		data "virustotal_user" "team" {
			for_each         = toset(["marit", "tobias", "left_in_spring"])
			id               = each.key
			allow_unreadable = true
		}
		data "virustotal_group_users" "all" {
			for_each         = toset(["puffin_ferries", "puffin_soc"])
			group_id         = each.key
			allow_unreadable = true
		}
		output "inactive" { value = sort([for u in data.virustotal_user.team : u.id if u.status != "active"]) }
		output "unread"   { value = [for g in data.virustotal_group_users.all : g.group_id if g.ids == null] }`,
		statecheck.ExpectKnownOutputValue("inactive", list("left_in_spring")),
		statecheck.ExpectKnownOutputValue("unread", list("puffin_soc")))
}

// TestSelectedAttributes checks, for every data source with the argument attributes, that only these are requested and
// stored, even if VirusTotal sends more, that what is derived from them comes too, and that the rest is not hidden.
func TestSelectedAttributes(t *testing.T) {
	t.Parallel()
	for source, arguments := range map[string]map[string]any{
		"user":                          {"id": "tobias"},
		"user_groups":                   {"user_id": "marit"},
		"user_groups_managed":           {"user_id": "marit"},
		"user_api_quota_group":          {"user_id": "marit"},
		"user_intelligence_quota_group": {"user_id": "marit"},
		"group":                         {"id": vttest.Company},
		"group_users":                   {"group_id": vttest.Company},
		"group_administrators":          {"group_id": vttest.Company},
		"group_service_accounts":        {"group_id": vttest.Company},
		"group_users_consuming_quota":   {"group_id": vttest.Company, "quota": "api_requests_monthly"},
		"service_account":               {"id": vttest.ServiceAccount},
	} {
		t.Run(source, func(t *testing.T) {
			t.Parallel()
			fake, r := start(t)
			arguments["attributes"] = []string{"privileges", "quotas"}
			state, diags := r.read(source, arguments)
			if diags.HasError() {
				t.Fatal(diags)
			}
			for _, request := range fake.Requests() {
				if request.Query.Get("attributes") != "privileges,quotas" {
					t.Errorf("requested %s?%s", request.Path, request.Query.Encode())
				}
			}
			text := state.Raw.String()
			for _, personal := range []string{"@puffinferries", "Ferries AS", "Norway", "Europe"} {
				if strings.Contains(text, personal) {
					t.Errorf("the state has %q", personal)
				}
			}
			if !strings.Contains(text, `"allowed":tftypes.Number<"`) {
				t.Errorf("the state has neither quotas nor privileges: %s", text)
			}
		})
	}
	selecting := 0
	for _, s := range sources() {
		if selectable, ok := schemaOf(t, s).Attributes["attributes"]; ok && selectable.IsOptional() {
			selecting++
		}
	}
	if selecting != 11 {
		t.Errorf("%d data sources have the argument attributes, and 11 are tested", selecting)
	}
}

// TestSelectedAttributesOfAUser checks each attribute of a user of whom one attribute is selected.
func TestSelectedAttributesOfAUser(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		id       string
		selected []string
		requests int
		notNull  []string
		hidden   []string
	}{
		"visible":      {"tobias", []string{"last_login"}, 1, []string{"last_login", "username"}, nil},
		"hidden":       {"tobias", []string{"has_2fa", "last_login"}, 1, []string{"last_login", "username"}, []string{"has_2fa"}},
		"with derived": {"marit", []string{"privileges"}, 1, []string{"active_privileges", "granted_privileges", "privileges", "username"}, nil},
		"of the owner": {"", []string{"email"}, 1, []string{"email", "username"}, nil},
		"none visible": {"tobias", []string{"preferences"}, 1, []string{"username"}, []string{"preferences"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake, r := start(t)
			arguments := map[string]any{"attributes": test.selected}
			if test.id != "" {
				arguments["id"] = test.id
			}
			state, diags := r.read("user", arguments)
			if diags.HasError() {
				t.Fatal(diags)
			}
			var concealed []string
			state.GetAttribute(t.Context(), path.Root(hiddenName), &concealed)
			if got, want := strings.Join(notNull(t, state), " "), strings.Join(test.notNull, " "); got != want {
				t.Errorf("not null are %s, want %s", got, want)
			}
			if got, want := strings.Join(concealed, " "), strings.Join(test.hidden, " "); got != want {
				t.Errorf("hidden are %q, want %q", got, want)
			}
			if got := len(fake.Requests()); got != test.requests {
				t.Errorf("%d requests, want %d", got, test.requests)
			}
			// The cached owner is still whole.
			if whole, diags := r.read("user", nil); diags.HasError() || len(notNull(t, whole)) < 10 {
				t.Errorf("the owner has only %v, %v", notNull(t, whole), diags)
			}
		})
	}
}

// TestItemsWithoutSelectedAttributes checks that an account that lacks what was selected is there, and that only an
// error makes it unavailable.
func TestItemsWithoutSelectedAttributes(t *testing.T) {
	t.Parallel()
	fake, r := start(t)
	fake.Inject("/groups/acme/users", -1, vttest.Body(200, "application/json", `{"data":[
		{"id":"here","type":"user","attributes":{"last_login":1594718163,"email":"x@example.com"},"context_attributes":{"roles":[]}},
		{"id":"bare","type":"user"},
		{"id":"gone","type":"user","error":{"code":"NotFoundError","message":"gone"}}]}`))
	for _, test := range []struct {
		selected    []string
		unavailable string
	}{
		{[]string{"last_login"}, "gone"},
		{nil, "bare gone"},
	} {
		arguments := map[string]any{"group_id": "acme"}
		if test.selected != nil {
			arguments["attributes"] = test.selected
		}
		state, diags := r.read("group_users", arguments)
		var ids, unavailable []string
		state.GetAttribute(t.Context(), path.Root("ids"), &ids)
		state.GetAttribute(t.Context(), path.Root("unavailable_ids"), &unavailable)
		if diags.HasError() || len(ids) != 3 || strings.Join(unavailable, " ") != test.unavailable {
			t.Errorf("selecting %v: unavailable are %v, want %s, %v", test.selected, unavailable, test.unavailable, diags)
		}
		if selects, has := test.selected != nil, strings.Contains(state.Raw.String(), "x@example.com"); selects == has {
			t.Errorf("selecting %v: the e-mail address is stored: %v", test.selected, has)
		}
	}
}

// TestWrongSelections checks the errors at the argument attributes.
func TestWrongSelections(t *testing.T) {
	t.Parallel()
	for selected, says := range map[string]string{
		`["emial"]`:              `"emial" is not an attribute that VirusTotal sends here. The attributes are:`,
		`["id"]`:                 `"id" is not an attribute`,
		`["granted_privileges"]`: `"granted_privileges" is not an attribute`,
		`["apikey"]`:             `apikey is a secret, which no data source reads.`,
		`["group_token"]`:        `group_token is a secret`,
		`[]`:                     `at least 1`,
		`[null]`:                 `null`,
	} {
		fake := serve(t, vttest.SecurityHead)
		printed := fake.fails(t, `data "virustotal_user" "x" { attributes = `+selected+` }`, says)
		if !strings.Contains(printed, "attributes = ") || len(fake.Requests()) != 0 {
			t.Errorf("%s: not at the argument, or after %d requests: %s", selected, len(fake.Requests()), printed)
		}
	}
}

// TestMemberships counts the requests for the roles of members, wherever VirusTotal has them.
func TestMemberships(t *testing.T) {
	t.Parallel()
	const members = 85 // Three pages.
	for name, test := range map[string]struct {
		contexts  vttest.Contexts
		arguments map[string]any
		requests  int
		roles     bool
	}{
		"in objects":                {vttest.InObjects, nil, 3, true},
		"in descriptors":            {vttest.InDescriptors, nil, 6, true},
		"nowhere":                   {vttest.Nowhere, nil, 4, false},
		"with a filter":             {vttest.InDescriptors, map[string]any{"filter": "2fa_enabled:true"}, 2, false},
		"with selected attributes":  {vttest.InDescriptors, map[string]any{"attributes": []string{"email"}}, 6, true},
		"filter, in objects":        {vttest.InObjects, map[string]any{"filter": "2fa_enabled:true"}, 2, true},
		"selected, in objects":      {vttest.InObjects, map[string]any{"attributes": []string{"email"}}, 3, true},
		"selected, hidden from all": {vttest.Nowhere, map[string]any{"attributes": []string{"preferences"}}, 4, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake, r := start(t)
			fake.AddTeam(vttest.Crew, members)
			fake.AddRoles(vttest.Crew, "USER_ROLE_FILE_DOWNLOADS")
			fake.Contexts = test.contexts
			arguments := map[string]any{"group_id": vttest.Crew}
			for name, value := range test.arguments {
				arguments[name] = value
			}
			state, diags := r.read("group_users", arguments)
			if diags.HasError() {
				t.Fatal(diags)
			}
			want := 0
			if test.roles {
				var ids []string
				state.GetAttribute(t.Context(), path.Root("ids"), &ids)
				want = len(ids)
			}
			if got := strings.Count(state.Raw.String(), "USER_ROLE_FILE_DOWNLOADS"); got != want {
				t.Errorf("%d members have the role, want %d", got, want)
			}
			if got := len(fake.Requests()); got != test.requests {
				t.Errorf("%d requests, want %d", got, test.requests)
			}
		})
	}
}

// TestRefusedDescriptors checks that descriptors that the key is not allowed to read are as if they had no context, and
// that any other failure of theirs fails the read.
func TestRefusedDescriptors(t *testing.T) {
	t.Parallel()
	for fails, answer := range map[bool]http.Handler{
		false: vttest.Error(403, "ForbiddenError", "no"),
		true:  vttest.Error(400, "BadRequestError", "no"),
	} {
		fake, r := start(t)
		fake.Contexts = vttest.InDescriptors
		fake.Inject("/groups/"+vttest.Company+"/relationships/users", -1, answer)
		state, diags := r.read("group_users", map[string]any{"group_id": vttest.Company})
		if diags.HasError() != fails || strings.Contains(state.Raw.String(), "USER_ROLE") {
			t.Errorf("fails: %v, want %v; %s", diags, fails, state.Raw)
		}
	}
}

// TestSharedMembershipsAreCopied checks that the roles of descriptors are not written into items that other blocks read
// at the same time. The race detector sees it.
func TestSharedMembershipsAreCopied(t *testing.T) {
	t.Parallel()
	fake, r := start(t)
	fake.Contexts = vttest.InDescriptors
	done := make(chan bool)
	for range 4 {
		go func() {
			_, diags := r.read("group_users", map[string]any{"group_id": vttest.Company})
			done <- diags.HasError()
		}()
	}
	for range 4 {
		if <-done {
			t.Error("the read failed")
		}
	}
}

// TestRejectedKeyIsExplainedOnce checks that of many blocks with a wrong key, one has the whole error.
func TestRejectedKeyIsExplainedOnce(t *testing.T) {
	t.Parallel()
	fake, r := start(t)
	fake.Inject("*", -1, vttest.Error(401, "WrongCredentialsError", "Wrong API key"))
	long := 0
	for _, id := range []string{"a", "b", "c"} {
		_, diags := r.read("user", map[string]any{"id": id})
		if !diags.HasError() {
			t.Fatal("the key is accepted")
		}
		if strings.Contains(diags[0].Detail(), "The provider took") {
			long++
		} else if !strings.Contains(diags[0].Detail(), "Another error has the details.") {
			t.Errorf("got %q", diags[0].Detail())
		}
	}
	if long != 1 {
		t.Errorf("%d errors have the details, want 1", long)
	}
}
