// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// answers are responses without the data that a condition checks: an item for a list, and a response for an object.
var answers = map[string]struct{ item, object string }{
	"hidden": {`{"id":"%s","attributes":{}}`, `{"data":{"id":"%s","attributes":{}}}`},
	"gone":   {`{"id":"%s","error":{"code":"NotFoundError","message":"gone"}}`, `{"data":{"id":"%s","error":{"code":"NotFoundError","message":"gone"}}}`},
	"empty":  {"", `{"data":{"id":"%s","attributes":{"quotas":{},"privileges":{}}}}`},
	"cut":    {`{"id":"%s","attributes":{}}`, `{"data":{"id":"%s"},"data":{}}`},
}

// passes are the examples whose conditions may hold for such a response, with the reason. All others must fail.
var passes = map[string]string{
	"virustotal_group_users/data-source_2_gate.tf empty":                  "the filter finds nobody without 2FA",
	"virustotal_group_users/data-source_3_several_groups.tf empty":        "the filter finds nobody without 2FA",
	"virustotal_user_hunting_rulesets/data-source.tf empty":               "there is no ruleset that could be disabled",
	"virustotal_user_graphs/data-source.tf empty":                         "there is no graph that could be public",
	"virustotal_group_activity_log_entries/data-source.tf empty":          "nobody was appointed",
	"virustotal_group_users_consuming_quota/data-source_2_check.tf empty": "nobody has spent anything",
}

// TestConditionsOfExamples checks that the examples' conditions do not hold if VirusTotal does not send the data.
func TestConditionsOfExamples(t *testing.T) {
	t.Parallel()
	examples, err := filepath.Glob(filepath.Join(repository, "examples", "data-sources", "*", "*.tf"))
	if err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, file := range examples {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(content), "condition ") {
			continue
		}
		name := filepath.Base(filepath.Dir(file)) + "/" + filepath.Base(file)
		for answer, sent := range answers {
			tried++
			t.Run(name+" "+answer, func(t *testing.T) {
				t.Parallel()
				fake := serve(t)
				fake.Inject("*", -1, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					segments := strings.Split(strings.TrimPrefix(r.URL.Path, vttest.BasePath+"/"), "/")
					id := segments[1]
					if id == fake.Key(vttest.SecurityHead) {
						id = vttest.SecurityHead
					}
					if len(segments) == 2 || strings.HasSuffix(segments[2], "_group") {
						fmt.Fprintf(w, sent.object, id)
						return
					}
					if segments[2] == "overall_quotas" || segments[2] == "api_usage" {
						fmt.Fprint(w, `{"data":{}}`)
						return
					}
					items, next := sent.item, ""
					if items != "" {
						items = fmt.Sprintf(items, "somebody")
					}
					if answer == "cut" {
						next = `,"links":{"next":"https://vt.example/?offset=40"}`
					}
					fmt.Fprintf(w, `{"data":[%s]%s}`, items, next)
				}))
				c := newCLI(t, string(content), fake.env(vttest.SecurityHead)...)
				printed, exit := c.Run("plan", "-input=false", "-no-color", "-out=plan")
				held := exit == 0
				if held {
					var plan struct {
						Checks []struct {
							Status string `json:"status"`
						} `json:"checks"`
					}
					if err := json.Unmarshal([]byte(c.Succeed("show", "-json", "plan")), &plan); err != nil {
						t.Fatal(err)
					}
					for _, check := range plan.Checks {
						held = held && check.Status == "pass"
					}
				}
				if reason, may := passes[name+" "+answer]; held != may {
					t.Errorf("the conditions held: %v (%s)\n%s", held, reason, printed)
				}
			})
		}
	}
	if tried < 40 {
		t.Errorf("only %d conditions were tried", tried)
	}
}
