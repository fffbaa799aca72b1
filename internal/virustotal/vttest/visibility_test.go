// SPDX-License-Identifier: MPL-2.0

package vttest_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

func TestNamesOfAUser(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	key := s.Key(vttest.SecurityHead)
	for _, name := range []string{"marit", "marit@puffinferries.example", "marit%40puffinferries.example", key} {
		_, content := get(t, s, key, "/users/"+name)
		if got := at(t, content, "data", "id"); got != "marit" {
			t.Errorf("%s: got the ID %v", name, got)
		}
		if got := at(t, content, "data", "links", "self"); got != "https://www.virustotal.com/api/v3/users/marit" {
			t.Errorf("%s: got the link %v", name, got)
		}
		_, content = get(t, s, key, "/users/"+name+"/groups?limit=1")
		if got := at(t, content, "data", 0, "id"); got != vttest.Company {
			t.Errorf("%s: got the group %v", name, got)
		}
		if got := at(t, content, "links", "self"); got != "https://www.virustotal.com/api/v3/users/marit/groups?limit=1" {
			t.Errorf("%s: got the link %v", name, got)
		}
	}
}

func TestNamesOfAServiceAccount(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	key := s.Key(vttest.ServiceAccount)
	for _, path := range []string{
		"/service_accounts/puffin_ferries_ci", "/users/puffin_ferries_ci", "/users/" + key,
		"/service_accounts/puffin_ferries_ci@service-accounts.puffinferries.example",
	} {
		_, content := get(t, s, key, path)
		if id, kind := at(t, content, "data", "id"), at(t, content, "data", "type"); id != vttest.ServiceAccount || kind != "service_account" {
			t.Errorf("%s: got %v %v", path, kind, id)
		}
	}
}

// sample is the user object in VirusTotal's documentation. The space in its e-mail address is a non-breaking one.
const sample = `{
    "data": {
        "attributes": {
            "apikey": "3333333t33333333333333r333333f333333g33333333c3333333f333333333a",
            "email": "[email\u00a0protected]",
            "first_name": "Sabrina",
            "has_2fa": true,
            "last_login": 1594718163,
            "last_name": "Spellman",
            "preferences": {
                "graph": {
                    "dashboard_walkthrough_version_seen": "1.0.0",
                    "last_visit": 1594136453392,
                    "main_walkthrough_version_seen": "1.0.0",
                    "search_tooltip_version_seen": "1.0.0"
                },
                "ui": {
                    "last_read_notification_date": 1594640566
                }
            },
            "privileges": {
                "admin": {
                    "granted": false
                },
                "allinfo": {
                    "granted": false
                },
                "big-files": {
                    "expiration_date": 1601510400,
                    "granted": true,
                    "inherited_from": "blablabla_group",
                    "inherited_via": "api_quota_group"
                },
                "cases": {
                    "granted": true,
                    "inherited_from": "blablabla_group",
                    "inherited_via": "intelligence_quota_group"
                },
                "click_to_accept": {
                    "granted": false
                }
            },
            "profile_phrase": "It's witching hour!",
            "quotas": {
                "api_requests_daily": {
                    "allowed": 1000000000,
                    "used": 4
                },
                "api_requests_hourly": {
                    "allowed": 60000000000,
                    "used": 4
                },
                "api_requests_monthly": {
                    "allowed": 1000000000,
                    "used": 113
                },
                "cases_creation_monthly": {
                    "allowed": 20,
                    "used": 0
                },
                "intelligence_downloads_monthly": {
                    "allowed": 0,
                    "used": 5
                }
            },
            "reputation": 1,
            "status": "active",
            "user_since": 1557214525
        },
        "id": "spellman",
        "links": {
            "self": "https://www.virustotal.com/api/v3/users/spellman"
        },
        "type": "user"
    }
}`

func TestSample(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	decoder := json.NewDecoder(strings.NewReader(sample))
	decoder.UseNumber()
	var want object
	if err := decoder.Decode(&want); err != nil {
		t.Fatal(err)
	}
	_, got := get(t, s, s.Key(vttest.Stranger), "/users/spellman")
	if got, want := asJSON(t, got), asJSON(t, want); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestVisibility(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	const (
		public  = "first_name last_name profile_phrase reputation status user_since"
		admins  = "email first_name last_login last_name profile_phrase quotas reputation status user_since"
		all     = "apikey email first_name has_2fa last_login last_name preferences privileges profile_phrase quotas reputation status user_since"
		account = "apikey email first_name privileges quotas reputation status user_since"
		group   = "agreement_signed_date auto_add_users contact_emails country country_iso domain_name " +
			"industry organization organization_legal_name preferences privileges quotas"
	)
	for _, test := range []struct{ caller, path, want string }{
		{"tobias", "/users/tobias", all},
		{"marit", "/users/tobias", admins},
		{"tobias", "/users/OKonkwo", admins},
		{"yuki", "/users/tobias", public},
		{"spellman", "/users/tobias", public},
		{"marit", "/users/spellman", public},
		{"puffin_ferries_ci", "/users/tobias", public},
		{"marit", "/users/anne-lise.moreau", strings.Replace(admins, "last_login ", "", 1)},
		{"yuki", "/users/yuki", "apikey collections_count " + strings.TrimPrefix(all, "apikey ")},
		{"marit", "/users/yuki", admins},
		{"marit", "/service_accounts/puffin_ferries_ci", account},
		{"tobias", "/service_accounts/puffin_ferries_ci", account},
		{"puffin_ferries_ci", "/service_accounts/puffin_ferries_ci", account},
		{"marit", "/groups/puffin_soc", strings.Replace(group, " industry", " group_token industry", 1)},
		{"yuki", "/groups/puffin_soc", group},
		{"marit", "/groups/puffin_research", group},
	} {
		status, content := get(t, s, s.Key(test.caller), test.path)
		if status != 200 {
			t.Errorf("%s reads %s: got %d", test.caller, test.path, status)
			continue
		}
		if got := strings.Join(names(content["data"]), " "); got != test.want {
			t.Errorf("%s sees of %s\n%s, want\n%s", test.caller, test.path, got, test.want)
		}
	}
}

func TestGroupCredentials(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	hex := regexp.MustCompile(`^[0-9a-f]{64}$`)
	for _, path := range []string{"/groups/puffin_ferries", "/users/yuki/groups"} {
		body := serve(s, "GET", s.Key("yuki"), path).Body.String()
		if strings.Contains(body, "group_token") || strings.Contains(body, "apikey") {
			t.Errorf("%s shows a member a credential", path)
		}
	}
	_, content := get(t, s, s.Key("marit"), "/users/marit/groups")
	if token, _ := at(t, content, "data", 0, "attributes", "group_token").(string); !hex.MatchString(token) {
		t.Errorf("an admin sees the token %q", token)
	}
}

func TestVisibilityWithinLists(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	// Tobias administers the research group, of which marit is only a member.
	_, content := get(t, s, s.Key("tobias"), "/groups/puffin_research/users")
	if got := names(at(t, content, "data", 1)); !slices.Contains(got, "apikey") {
		t.Errorf("the caller among the users shows %v", got)
	}
	if got := names(at(t, content, "data", 0)); slices.Contains(got, "apikey") || !slices.Contains(got, "quotas") {
		t.Errorf("another user shows %v", got)
	}
	_, content = get(t, s, s.Key("marit"), "/groups/puffin_ferries/service_accounts")
	if got := names(at(t, content, "data", 0)); !slices.Contains(got, "apikey") {
		t.Errorf("the service account shows its admin %v", got)
	}
	// Attributes are hidden in embedded objects, too.
	s.Set("/groups/puffin_soc/users", `[{"id":"guest","type":"user","attributes":{"apikey":"x","has_2fa":true,"first_name":"G","email":"g@x.example"}}]`)
	_, content = get(t, s, s.Key("marit"), "/groups/puffin_soc/users")
	if got := names(at(t, content, "data", 0)); !slices.Equal(got, []string{"email", "first_name"}) {
		t.Errorf("a full item shows %v", got)
	}
}

func TestAudienceOfRelationships(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	for relationship, want := range map[string]struct{ owner, admin, stranger int }{
		"groups":                     {200, 403, 403},
		"groups_managed":             {200, 200, 403},
		"api_quota_group":            {200, 200, 403},
		"intelligence_quota_group":   {200, 200, 403},
		"comments":                   {200, 200, 200},
		"mentions":                   {200, 200, 200},
		"graphs":                     {200, 200, 200},
		"votes":                      {200, 200, 200},
		"hunting_rulesets":           {200, 403, 403},
		"hunting_notifications":      {200, 403, 403},
		"hunting_notification_files": {200, 403, 403},
		"retrohunt_jobs":             {200, 403, 403},
		"overall_quotas":             {200, 200, 403},
		"api_usage":                  {200, 200, 403},
	} {
		for caller, want := range map[string]int{"tobias": want.owner, "marit": want.admin, "spellman": want.stranger, "yuki": want.stranger} {
			if got, _ := get(t, s, s.Key(caller), "/users/tobias/"+relationship); got != want {
				t.Errorf("%s reads %s of tobias: got %d, want %d", caller, relationship, got, want)
			}
		}
	}
}
