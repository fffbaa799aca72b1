// SPDX-License-Identifier: MPL-2.0

package vttest_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

func TestGoneReferences(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	key := s.Key("marit")
	_, content := get(t, s, key, "/users/marit/groups")
	groups := content["data"].(list)
	if len(groups) != 6 {
		t.Fatalf("got %d groups, want 6", len(groups))
	}
	gone := at(t, groups, 5).(object)
	if gone["id"] != "puffin_legacy" || gone["type"] != "group" || code(gone) != "NotFoundError" || gone["attributes"] != nil {
		t.Errorf("got %v", gone)
	}
	for i := range 5 {
		if code(at(t, groups, i).(object)) != "" {
			t.Errorf("got %v", at(t, groups, i))
		}
	}
	_, content = get(t, s, key, "/users/anne-lise.moreau/intelligence_quota_group")
	if data := content["data"].(object); data["id"] != "puffin_legacy" || code(data) != "NotFoundError" {
		t.Errorf("got %v", data)
	}
	_, content = get(t, s, s.Key("tobias"), "/users/marit/groups_managed")
	if item := at(t, content, "data", 1).(object); item["id"] != "puffin_soc" || code(item) != "ForbiddenError" || item["attributes"] != nil {
		t.Errorf("a group that is hidden from the caller: got %v", item)
	}
	s.Set("/users/marit/comments", `[{"id":"c","type":"comment","error":{"code":"NotFoundError","message":"gone"}}]`)
	_, content = get(t, s, key, "/users/marit/comments")
	if got, want := asJSON(t, content["data"]), `[{"error":{"code":"NotFoundError","message":"gone"},"id":"c","type":"comment"}]`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestToOne(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	_, content := get(t, s, s.Key("marit"), "/users/marit/intelligence_quota_group")
	if id, names := at(t, content, "data", "id"), names(content["data"]); id != "puffin_soc" || !slices.Contains(names, "organization") {
		t.Errorf("got %v with %v", id, names)
	}
	status, content := get(t, s, s.Key("henrik"), "/users/henrik/api_quota_group")
	if data, ok := content["data"]; status != 200 || !ok || data != nil {
		t.Errorf("got %d %v, want a data of null", status, content)
	}
}

func TestAddGroups(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	s.AddGroups(vttest.SecurityHead, 2)
	_, content := get(t, s, s.Key(vttest.SecurityHead), "/users/marit/groups")
	if got := len(content["data"].(list)); got != 2 {
		t.Errorf("got %d groups, want the 2 generated ones alone", got)
	}
	if status, _ := get(t, s, s.Key(vttest.SecurityHead), "/groups/marit_group_002"); status != 200 {
		t.Errorf("a generated group: got %d", status)
	}
	if status, _ := get(t, s, s.Key(vttest.Stranger), "/groups/marit_group_002"); status != 403 {
		t.Errorf("a group generated for another user: got %d", status)
	}
}

// TestWorldIsConsistent checks that the fixtures of users and of groups agree on who is a member.
func TestWorldIsConsistent(t *testing.T) {
	t.Parallel()
	people := []string{"marit", "tobias", "yuki", "henrik", "anne-lise.moreau", "devraj", "lotte_guest", "OKonkwo"}
	consistent(t, vttest.New(), people)
	for day := 2; day <= 7; day++ {
		s := vttest.New()
		s.Day(day)
		if day != 4 { // A group cannot be read.
			consistent(t, s, append(slices.Clone(people), "ingrid"))
		}
	}
}

// TestWeek checks who has 2FA on each day, and that puffin_soc cannot be read on Thursday only.
func TestWeek(t *testing.T) {
	t.Parallel()
	for day, want := range map[int]struct {
		with, without bool
		status        int
	}{1: {true, false, 200}, 2: {false, true, 200}, 3: {false, false, 200}, 4: {false, true, 403}, 5: {false, true, 200}, 6: {false, true, 200}, 7: {true, false, 200}} {
		s := vttest.New()
		s.Day(day)
		listed := func(has string) bool {
			_, content := get(t, s, s.Key(vttest.SecurityHead), "/groups/puffin_ferries/users?limit=40&filter=2fa_enabled:"+has)
			return strings.Contains(asJSON(t, content), `"id":"tobias"`)
		}
		status, _ := get(t, s, s.Key(vttest.SecurityHead), "/groups/puffin_soc/users")
		if with, without := listed("true"), listed("false"); with != want.with || without != want.without || status != want.status {
			t.Errorf("day %d: with 2FA: %v, without: %v, puffin_soc: %d, want %v", day, with, without, status, want)
		}
	}
}

// TestTuesday checks the differences between Monday and Tuesday, and that there are no others.
func TestTuesday(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	ids := func(path string) string {
		t.Helper()
		_, content := get(t, s, s.Key(vttest.SecurityHead), path)
		var ids []string
		for _, item := range content["data"].(list) {
			ids = append(ids, at(t, item, "id").(string))
		}
		return strings.Join(ids, " ")
	}
	const users, log = "/groups/puffin_ferries/users?limit=40", "/groups/puffin_ferries/activity_log_entries?limit=40"
	for _, test := range []struct{ path, before, after string }{
		{users, "marit tobias yuki henrik anne-lise.moreau devraj lotte_guest OKonkwo", "marit tobias yuki henrik anne-lise.moreau lotte_guest OKonkwo ingrid"},
		{users + "&filter=2fa_enabled:false", "yuki anne-lise.moreau", "tobias yuki anne-lise.moreau"},
		{"/groups/puffin_soc/users", "marit yuki devraj OKonkwo signe", "marit yuki OKonkwo signe"},
		{"/groups/puffin_ferries/administrators", "marit tobias", "marit tobias"},
		{log + "&filter=target:ingrid", "", "5629499534213128"},
		{log + "&filter=target:devraj", "", "5629499534213127"},
		{log + "&filter=target:lotte_guest", "5629499534213122", "5629499534213122"},
	} {
		s = vttest.New()
		if got := ids(test.path); got != test.before {
			t.Errorf("%s before: %s, want %s", test.path, got, test.before)
		}
		s.Day(2)
		if got := ids(test.path); got != test.after {
			t.Errorf("%s after: %s, want %s", test.path, got, test.after)
		}
	}
	s = vttest.New()
	of := func(path string) string {
		_, content := get(t, s, s.Key(vttest.SecurityHead), path)
		return asJSON(t, content)
	}
	kept := []string{
		"/users/yuki", "/users/henrik", "/users/anne-lise.moreau", "/users/lotte_guest",
		"/groups/puffin_ferries", "/groups/puffin_ferries/service_accounts",
	}
	var before []string
	for _, path := range kept {
		before = append(before, of(path))
	}
	s.Day(2)
	for i, path := range kept {
		if got := of(path); got != before[i] {
			t.Errorf("%s changed to %s", path, got)
		}
	}
}

// consistent checks that the fixtures of users and groups agree.
func consistent(t *testing.T, s *vttest.Server, people []string) {
	t.Helper()
	hex := regexp.MustCompile(`^[0-9a-f]{64}$`)
	admins := map[string]string{
		"puffin_ferries": "marit", "puffin_soc": "marit", "puffin-ci": "marit", "puffin_research": "tobias", "puffin_harbour": "tobias",
	}
	keys := map[string]bool{s.Key(vttest.ServiceAccount): true}
	for _, person := range people {
		key := s.Key(person)
		if !hex.MatchString(key) || keys[key] {
			t.Errorf("%s has no API key, or one of another account", person)
		}
		keys[key] = true
		managed := map[any]bool{}
		_, content := get(t, s, key, "/users/"+person+"/groups_managed")
		for _, group := range content["data"].(list) {
			managed[at(t, group, "id")] = true
		}
		_, content = get(t, s, key, "/users/"+person+"/groups?limit=40")
		in := map[any]any{}
		for _, group := range content["data"].(list) {
			in[at(t, group, "id")] = at(t, group, "context_attributes", "role")
		}
		for group, admin := range admins {
			lists := func(relationship string) bool {
				_, content := get(t, s, s.Key(admin), "/groups/"+group+"/"+relationship+"?limit=40")
				return slices.ContainsFunc(content["data"].(list), func(item any) bool { return at(t, item, "id") == person })
			}
			isMember, isAdmin := lists("users"), lists("administrators")
			role := in[group]
			if (role == "admin") != isAdmin || (role == "admin") != managed[group] {
				t.Errorf("%s is %v of %s, among its administrators: %v, manages it: %v", person, role, group, isAdmin, managed[group])
			}
			if role == "member" && !isMember {
				t.Errorf("%s is %v of %s, among its users: %v", person, role, group, isMember)
			}
			if isMember && role == nil {
				t.Errorf("%s has no reference to %s", person, group)
			}
		}
	}
	for group, admin := range admins {
		_, content := get(t, s, s.Key(admin), "/groups/"+group)
		want := []string{
			"agreement_signed_date", "auto_add_users", "contact_emails", "country", "country_iso", "domain_name", "group_token",
			"industry", "organization", "organization_legal_name", "preferences", "privileges", "quotas",
		}
		got := names(content["data"])
		for _, name := range want {
			if !slices.Contains(got, name) {
				t.Errorf("%s has no %s", group, name)
			}
		}
	}
	for _, path := range []string{"/users/marit/api_usage", "/groups/puffin_ferries/api_usage"} {
		_, content := get(t, s, s.Key("marit"), path)
		if len(at(t, content, "data", "total").(object)) == 0 {
			t.Errorf("%s is empty", path)
		}
	}
}
