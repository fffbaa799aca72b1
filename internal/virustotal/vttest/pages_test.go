// SPDX-License-Identifier: MPL-2.0

package vttest_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

func TestPages(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	s.AddGroups(vttest.Member, 95)
	key := s.Key(vttest.Member)
	cursor, seen := "", map[any]bool{}
	for _, want := range []int{40, 40, 15} {
		_, content := get(t, s, key, "/users/yuki/groups?limit=40&cursor="+url.QueryEscape(cursor))
		items := content["data"].(list)
		if len(items) != want {
			t.Fatalf("got %d items, want %d", len(items), want)
		}
		for _, item := range items {
			seen[at(t, item, "id")] = true
			if got := at(t, item, "context_attributes", "role"); got != "member" {
				t.Fatalf("got the role %v", got)
			}
			if at(t, item, "attributes", "organization") == nil {
				t.Fatal("a group comes without attributes")
			}
		}
		links := content["links"].(object)
		if want == 15 {
			if content["meta"] != nil || links["next"] != nil {
				t.Errorf("the last page has a next page: %v, %v", content["meta"], links)
			}
			break
		}
		cursor = at(t, content, "meta", "cursor").(string)
		if !strings.Contains(cursor, "+") || !strings.Contains(cursor, "/") || !strings.HasSuffix(cursor, "=") {
			t.Errorf("the cursor %q needs no encoding", cursor)
		}
		if got := at(t, content, "meta", "count"); got != json.Number("95") {
			t.Errorf("got the count %v", got)
		}
		if got := nextQuery(t, content); got.Get("cursor") != cursor || got.Get("limit") != "40" || len(got["cursor"]) != 1 {
			t.Errorf("the next link has %v", got)
		}
		if next := links["next"].(string); !strings.HasPrefix(next, "https://www.virustotal.com/api/v3/users/yuki/groups?") {
			t.Errorf("got the next link %s", next)
		}
		// In a cursor that was not escaped, the pluses arrive as spaces.
		if status, _ := get(t, s, key, "/users/yuki/groups?limit=40&cursor="+cursor); status != 400 {
			t.Errorf("an unencoded cursor: got %d", status)
		}
	}
	if len(seen) != 95 {
		t.Errorf("saw %d groups, want 95", len(seen))
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	s.AddGroups(vttest.Member, 201)
	for query, want := range map[string]int{
		"": 10, "?limit=1": 1, "?limit=40": 40,
		"?limit=41": -1, "?limit=0": -1, "?limit=-1": -1, "?limit=ten": -1, "?limit=": -1,
	} {
		status, content := get(t, s, s.Key(vttest.Member), "/users/yuki/groups"+query)
		if want < 0 {
			if status != 400 || code(content) != "BadRequestError" {
				t.Errorf("%s: got %d %s", query, status, code(content))
			}
			continue
		}
		if got := len(content["data"].(list)); got != want {
			t.Errorf("%s: got %d items, want %d", query, got, want)
		}
		if got := at(t, content, "meta", "count"); got != json.Number("200") {
			t.Errorf("%s: got the count %v, want 200 at the most", query, got)
		}
	}
	_, content := get(t, s, s.Key(vttest.Member), "/users/yuki/groups?limit=41")
	if got := at(t, content, "error", "message"); got != "Limit can't be larger than 40" {
		t.Errorf("got %q", got)
	}
}

func TestSinglePage(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	for n, want := range map[int]string{0: "null", 3: `{"count":3}`, 10: `{"count":10}`} {
		s.AddGroups(vttest.Member, n)
		_, content := get(t, s, s.Key(vttest.Member), "/users/yuki/groups")
		if got := asJSON(t, content["meta"]); got != want {
			t.Errorf("%d groups: got %s, want %s", n, got, want)
		}
	}
}

func TestCursorsAreBound(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	s.AddGroups(vttest.Member, 20)
	key := s.Key(vttest.Member)
	cursor := func(user string) string {
		_, content := get(t, s, s.Key(user), "/users/"+user+"/groups?limit=2")
		return at(t, content, "meta", "cursor").(string)
	}
	yukis := cursor(vttest.Member)
	_, content := get(t, s, s.Key(vttest.SecurityHead), "/groups/puffin_ferries/users?limit=2&filter=2fa_enabled:true")
	filtered := at(t, content, "meta", "cursor").(string)
	for name, test := range map[string]struct {
		key, path, cursor string
		status            int
	}{
		"its own":            {key, "/users/yuki/groups?limit=2", yukis, 200},
		"by e-mail":          {key, "/users/yuki@puffinferries.example/groups?limit=2", yukis, 200},
		"other limit":        {key, "/users/yuki/groups?limit=3", yukis, 200},
		"another user's":     {key, "/users/yuki/groups?limit=2", cursor(vttest.SecurityHead), 400},
		"other relationship": {key, "/users/yuki/comments?limit=2", yukis, 400},
		"not base64":         {key, "/users/yuki/groups?limit=2", "!", 400},
		"short":              {key, "/users/yuki/groups?limit=2", "AAAA", 400},
		"altered":            {key, "/users/yuki/groups?limit=2", strings.Replace(yukis, "AAAA", "AAAB", 1), 400},
		"same filter":        {s.Key(vttest.SecurityHead), "/groups/puffin_ferries/users?limit=2&filter=2fa_enabled:true", filtered, 200},
		"filter forgotten":   {s.Key(vttest.SecurityHead), "/groups/puffin_ferries/users?limit=2", filtered, 400},
	} {
		t.Run(name, func(t *testing.T) {
			status, content := get(t, s, test.key, test.path+"&cursor="+url.QueryEscape(test.cursor))
			if status != test.status || status == 400 && code(content) != "InvalidArgumentError" {
				t.Errorf("got %d %s, want %d", status, code(content), test.status)
			}
		})
	}
}

func TestFilter(t *testing.T) {
	t.Parallel()
	s := vttest.New()
	for filter, want := range map[string]string{
		"2fa_enabled:false": "[yuki anne-lise.moreau]",
		"2fa_enabled:true":  "[marit tobias henrik devraj lotte_guest OKonkwo]",
	} {
		_, content := get(t, s, s.Key(vttest.SecurityHead), "/groups/puffin_ferries/users?filter="+filter)
		var ids []any
		for _, user := range content["data"].(list) {
			ids = append(ids, at(t, user, "id"))
			if at(t, user, "id") != vttest.SecurityHead && at(t, user, "attributes", "has_2fa") != nil {
				t.Errorf("%s: has_2fa of %v is shown", filter, at(t, user, "id"))
			}
		}
		if got := fmt.Sprint(ids); got != want {
			t.Errorf("%s: got %s, want %s", filter, got, want)
		}
	}
	for _, filter := range []string{"2fa_enabled:no", "status:active", "2fa_enabled"} {
		status, content := get(t, s, s.Key(vttest.SecurityHead), "/groups/puffin_ferries/users?filter="+filter)
		if status != 400 || code(content) != "InvalidArgumentError" {
			t.Errorf("%s: got %d %s", filter, status, code(content))
		}
	}
}
