// SPDX-License-Identifier: MPL-2.0

package vttest_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// ids returns the IDs of all items in a list, over all pages.
func ids(t *testing.T, s *vttest.Server, path string) []string {
	t.Helper()
	var ids []string
	for query := "?limit=40"; query != ""; {
		status, content := get(t, s, s.Key(vttest.SecurityHead), path+query)
		if status != 200 {
			t.Fatalf("%s%s: got %d", path, query, status)
		}
		for _, item := range content["data"].(list) {
			ids = append(ids, at(t, item, "id").(string))
		}
		query = ""
		if links := content["links"].(object); links["next"] != nil {
			query = "?" + nextQuery(t, content).Encode()
		}
	}
	return ids
}

func TestAddTeam(t *testing.T) {
	t.Parallel()
	for _, members := range []int{vttest.SmallestTeam, 500} {
		s := vttest.New()
		team := s.AddTeam(vttest.Crew, members)
		if again := vttest.New().AddTeam(vttest.Crew, members); !reflect.DeepEqual(team, again) {
			t.Errorf("got %+v, then %+v", team, again)
		}
		all := ids(t, s, "/groups/puffin_crew/users")
		if distinct := slices.Compact(slices.Sorted(slices.Values(all))); len(all) != members || len(distinct) != members {
			t.Errorf("got %d members, %d distinct, want %d", len(all), len(distinct), members)
		}
		administrators := append([]string{vttest.SecurityHead, vttest.Admin}, team.Unexpected...)
		if got, want := ids(t, s, "/groups/puffin_crew/administrators"), administrators; !slices.Equal(got, want) {
			t.Errorf("got the administrators %q, want %q", got, want)
		}
		for name, found := range map[string]struct {
			ids   []string
			count int
		}{
			"without 2FA":         {team.Without2FA, 7},
			"dormant":             {team.Dormant, 5},
			"never logged in":     {team.NeverLoggedIn, 2},
			"of a foreign domain": {team.ForeignDomain, 3},
			"nearly used up":      {team.NearlyUsedUp, 5},
			"unexpected":          {team.Unexpected, 1},
		} {
			inOrder := slices.DeleteFunc(slices.Clone(all), func(id string) bool { return !slices.Contains(found.ids, id) })
			if len(found.ids) != found.count || !slices.Equal(inOrder, found.ids) {
				t.Errorf("%s: got %q, want %d in the order of %q", name, found.ids, found.count, inOrder)
			}
		}
	}
}

// TestTeamMatchesFixtures checks the returned Team against what Owner reads.
func TestTeamMatchesFixtures(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	team := s.AddTeam(vttest.Crew, 100)
	if got := ids(t, s, "/groups/puffin_crew/users"); len(got) != 100 {
		t.Errorf("got %d members", len(got))
	}
	_, content := get(t, s, s.Key(vttest.SecurityHead), "/groups/puffin_crew/users?limit=40&filter=2fa_enabled:false")
	for i, item := range content["data"].(list) {
		if got, want := at(t, item, "id"), team.Without2FA[i]; got != want {
			t.Errorf("without 2FA: got %s, want %s", got, want)
		}
	}
	_, content = get(t, s, s.Key(vttest.SecurityHead), "/users/"+team.NeverLoggedIn[0])
	shown := names(content["data"])
	if slices.Contains(shown, "last_login") || !slices.Contains(shown, "email") || !slices.Contains(shown, "quotas") {
		t.Errorf("an account that never logged in shows %q", shown)
	}
	for _, id := range team.ForeignDomain {
		_, content = get(t, s, s.Key(vttest.SecurityHead), "/users/"+id)
		if email := at(t, content, "data", "attributes", "email").(string); strings.HasSuffix(email, "@puffinferries.example") {
			t.Errorf("%s is not in a foreign domain", email)
		}
	}
	if status, _ := get(t, s, s.Key(vttest.Stranger), "/groups/puffin_crew/users"); status != 403 {
		t.Errorf("as a stranger: got %d", status)
	}
}

// TestTeamOfTheCompany checks that AddTeam keeps the attributes of an existing group.
func TestTeamOfTheCompany(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	s.AddTeam(vttest.Company, 40)
	_, content := get(t, s, s.Key(vttest.SecurityHead), "/groups/"+vttest.Company)
	if got := at(t, content, "data", "attributes", "organization_legal_name"); got != "Puffin Ferries AS" {
		t.Errorf("got %v", got)
	}
	if got := ids(t, s, "/groups/"+vttest.Company+"/users"); len(got) != 40 {
		t.Errorf("got %d members", len(got))
	}
}

func TestTeamTooSmall(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("AddTeam did not panic")
		}
	}()
	vttest.New().AddTeam(vttest.Crew, vttest.SmallestTeam-1)
}
