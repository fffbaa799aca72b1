// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"fmt"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// everything is a configuration that reads one data source of each kind and outputs them.
const everything = `
	data "virustotal_user" "me" {}
	data "virustotal_user_quotas" "me" {}
	data "virustotal_user_groups" "me" {}
	data "virustotal_user_api_quota_group" "me" {}
	data "virustotal_user_overall_quotas" "me" {}
	data "virustotal_user_api_usage" "me" {}
	data "virustotal_group" "company" { id = "puffin_ferries" }
	data "virustotal_group_users" "company" { group_id = "puffin_ferries" }
	data "virustotal_group_service_accounts" "company" { group_id = "puffin_ferries" }
	data "virustotal_service_account" "ci" { id = "puffin_ferries_ci" }
	output "all" {
		value = [
			data.virustotal_user.me, data.virustotal_user_quotas.me, data.virustotal_user_groups.me, data.virustotal_user_api_quota_group.me,
			data.virustotal_user_overall_quotas.me, data.virustotal_user_api_usage.me, data.virustotal_group.company,
			data.virustotal_group_users.company, data.virustotal_group_service_accounts.company, data.virustotal_service_account.ci,
		]
	}`

// TestAPIKeyIsNotLeaked plans and applies at log level TRACE, on success and on every kind of failure, and searches the
// output, the log, the plan, the state and the outputs for the API key.
func TestAPIKeyIsNotLeaked(t *testing.T) {
	t.Parallel()
	const (
		owner = `data "virustotal_user_groups" "me" {}`
		marit = `data "virustotal_user_groups" "me" { user_id = "marit" }`
	)
	theKey := vttest.New().Key(vttest.SecurityHead)
	for name, test := range map[string]struct {
		config string
		// answer returns a handler for all requests in place of the fake. It is called with the API key.
		answer func(key string) http.Handler
		env    []string
		says   string // Error that the plan prints. "" if it succeeds.
	}{
		"success": {config: everything},
		"ephemeral": {config: `
			ephemeral "virustotal_api_key" "me" {}
			ephemeral "virustotal_api_key" "ci" { service_account_id = "puffin_ferries_ci" }`},
		"a wrong key": {config: owner, says: "WrongCredentialsError", answer: func(key string) http.Handler {
			return vttest.Error(401, "WrongCredentialsError", "The API key "+key+" is wrong")
		}},
		"404": {config: owner, says: "NotFoundError", answer: func(key string) http.Handler {
			return vttest.Error(404, "NotFoundError", `User "`+key+`" not found`)
		}},
		"a key in the code of an error": {config: owner, says: "returned HTTP", answer: func(key string) http.Handler {
			return vttest.Error(400, key, "")
		}},
		"HTML from a proxy": {config: owner, says: "text/html", answer: func(key string) http.Handler {
			return vttest.Body(502, "text/html", "<html>cannot reach /users/"+key+"</html>")
		}},
		"a type that is a key": {config: owner, says: "an unexpected body", answer: func(key string) http.Handler {
			return vttest.Body(200, "text/"+key, "x")
		}},
		"an empty body": {config: owner, says: "empty body", answer: func(string) http.Handler { return vttest.Body(200, "application/json", "") }},
		"a cut body": {config: owner, says: "unexpected EOF", answer: func(key string) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "1000")
				fmt.Fprintf(w, `{"data":{"id":"marit","attributes":{"apikey":"%s`, key)
			})
		}},
		"a key for a username": {config: `data "virustotal_user" "me" {}`, says: "looks like an API key", answer: func(key string) http.Handler {
			return vttest.Body(200, "application/json", `{"data":{"id":"`+key+`","attributes":{}}}`)
		}},
		"a wrong type beside a key": {config: owner, says: "has the wrong type", answer: func(key string) http.Handler {
			return vttest.Body(200, "application/json", `{"data":{"id":"`+key+`","attributes":{"email":5}}}`)
		}},
		"a redirect": {config: owner, says: "a redirect to https://elsewhere.example/", answer: func(key string) http.Handler {
			return http.RedirectHandler("https://elsewhere.example/users/"+key+"?apikey="+key, http.StatusMovedPermanently)
		}},
		"a timeout": {config: owner, says: "no complete response within", env: []string{"VIRUSTOTAL_REQUEST_TIMEOUT=100ms"}, answer: func(string) http.Handler {
			return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		}},
		"a refused connection": {config: owner, says: "refused", env: []string{"VIRUSTOTAL_BASE_URL=http://" + closedPort(t) + "/api/v3"}},
		"an unknown host":      {config: owner, says: "no such host", env: []string{"VIRUSTOTAL_BASE_URL=https://virustotal.invalid/api/v3"}},
		"a proxy that refuses": {config: owner, says: "proxyconnect", env: []string{
			"VIRUSTOTAL_BASE_URL=https://virustotal.invalid/api/v3", "HTTPS_PROXY=http://" + closedPort(t),
		}},
		"a cursor that is a key": {config: marit, answer: func(key string) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next := `,"meta":{"cursor":"` + key + `"}`
				if r.URL.Query().Has("cursor") {
					next = ""
				}
				fmt.Fprintf(w, `{"data":[{"id":"group-%d","attributes":{}}]%s}`, len(next), next)
			})
		}},
		"a cursor that is a key, and a failure": {config: marit, says: "GET /users/marit/groups?cursor=…&limit=40", answer: func(key string) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Query().Has("cursor") {
					vttest.Error(404, "NotFoundError", key).ServeHTTP(w, r)
					return
				}
				fmt.Fprintf(w, `{"data":[],"meta":{"cursor":"%s"}}`, key)
			})
		}},
		"a key for a gone item": {config: marit, says: "looks like an API key", answer: func(key string) http.Handler {
			return vttest.Body(200, "application/json", `{"data":[{"id":"`+key+`","error":{"code":"NotFoundError","message":"gone"}}]}`)
		}},
		"a key in the preferences": {config: `data "virustotal_user" "x" { id = "joe" }`, answer: func(key string) http.Handler {
			return vttest.Body(200, "application/json", `{"data":{"id":"joe","attributes":{
				"preferences":{"ui":{"token":"`+key+`","url":"https://x.example/?apikey=`+key+`"}}}}}`)
		}},
		"a key in a wrong cursor": {config: owner, says: "has no valid cursor", answer: func(key string) http.Handler {
			return vttest.Body(200, "application/json", `{"data":{"id":"joe","attributes":{}},"links":{"next":"https://x.example/`+key+`"}}`)
		}},
		"a key in a number's variable":   {config: owner, says: "must be a whole number", env: []string{"VIRUSTOTAL_MAX_RETRIES=" + theKey}},
		"a key in a duration's variable": {config: owner, says: "must be a duration", env: []string{"VIRUSTOTAL_REQUEST_TIMEOUT=" + theKey}},
		"an unsolicited response": {config: owner, answer: func(key string) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				connection, buffered, err := http.NewResponseController(w).Hijack()
				if err != nil {
					return
				}
				body := `{"data":[]}`
				if !strings.HasSuffix(r.URL.Path, "/groups") {
					body = `{"data":{"id":"marit","attributes":{}}}`
				}
				fmt.Fprintf(buffered, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
				fmt.Fprintf(buffered, "%s", key)
				_ = buffered.Flush()
				_ = connection.Close()
			})
		}},
		"a retry": {config: owner, says: "It was tried 2 times", env: []string{
			"VIRUSTOTAL_MAX_RETRIES=1", "VIRUSTOTAL_MAX_RETRY_WAIT=1ms",
		}, answer: func(key string) http.Handler {
			return vttest.Error(503, "TransientError", key)
		}},
		"a panic in a decoder": {config: owner, says: "the decoder panics", env: []string{panicVariable + "=1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := serve(t)
			key := fake.Key(vttest.SecurityHead)
			c := newCLIWithPlugin(t, test.config, fake.env(vttest.SecurityHead)...)
			c.Setenv(append([]string{"VIRUSTOTAL_MAX_RETRIES=0", "TF_LOG=TRACE", "TF_LOG_PATH=trace.log"}, test.env...)...)
			if test.answer != nil {
				fake.Inject("*", -1, test.answer(key))
			}

			printed, exit := c.Run("plan", "-input=false", "-no-color", "-out=plan")
			c.WriteFile("plan.txt", printed)
			flat := strings.Join(strings.Fields(strings.NewReplacer("│", "", "╷", "", "╵", "").Replace(printed)), " ")
			says := test.says
			if says == "the decoder panics" && tftest.IsOpenTofu() {
				says = "" // OpenTofu does not print a provider's panic.
			}
			if (exit == 0) != (test.says == "") || !strings.Contains(flat, says) {
				t.Errorf("the plan ended with %d, and %q is not in what it printed:\n%s", exit, test.says, printed)
			}
			requests := fake.Requests()
			if exit == 0 {
				for i, arguments := range [][]string{{"apply", "-input=false", "plan"}, {"show", "-json", "plan"}, {"show", "-json"}, {"output", "-json"}} {
					printed, exit := c.Run(arguments...)
					c.WriteFile(fmt.Sprintf("%d.txt", i), printed)
					if exit != 0 {
						t.Errorf("%v: %s", arguments, printed)
					}
				}
			}
			for _, file := range c.filesContaining(key) {
				t.Errorf("the key is in %s", file)
			}
			if service := fake.Key(vttest.ServiceAccount); len(c.filesContaining(service)) != 0 {
				t.Errorf("a service account's key is in %v", c.filesContaining(service))
			}
			inURL := 0
			for _, request := range requests {
				if request.Method != http.MethodGet || request.Header.Get("X-Apikey") != key {
					t.Errorf("%s %s was sent with the key %q", request.Method, request.Path, request.Header.Get("X-Apikey"))
				}
				if strings.Contains(request.Path, key) {
					inURL++
				}
			}
			if most := 1; inURL > most && name != "a retry" && name != "ephemeral" {
				t.Errorf("the key was in the URL of %d requests", inURL)
			}
		})
	}
}

// TestLeakedAPIKeyIsFound outputs the API key, and checks that filesContaining finds it in all files that Terraform
// writes.
func TestLeakedAPIKeyIsFound(t *testing.T) {
	t.Parallel()
	key := vttest.New().Key(vttest.SecurityHead)
	c := newCLI(t, `output "leak" { value = "`+key+`" }`)
	c.Setenv("TF_LOG=TRACE", "TF_LOG_PATH=trace.log")
	for _, arguments := range [][]string{{"plan", "-out=plan"}, {"apply", "plan"}} {
		printed, exit := c.Run(arguments...)
		if exit != 0 {
			t.Fatal(printed)
		}
		c.WriteFile(arguments[0]+".txt", printed)
	}
	found := strings.Join(c.filesContaining(key), " ")
	for _, file := range []string{"/plan/tfplan", "/plan.txt", "/apply.txt", "/terraform.tfstate", "/main.tf"} {
		if !strings.Contains(found, file) {
			t.Errorf("the key was not found in %s, only in %s", file, found)
		}
	}
}

// TestLogShowsRequests checks the log with TF_LOG_PROVIDER, which the documentation and the bug report form name.
func TestLogShowsRequests(t *testing.T) {
	t.Parallel()
	fake := serve(t)
	c := newCLIWithPlugin(t, `data "virustotal_user" "me" {}`, fake.env(vttest.SecurityHead)...)
	c.Setenv("TF_LOG_PROVIDER=DEBUG")
	printed, exit := c.Run("plan", "-input=false", "-no-color")
	path := regexp.MustCompile(`path="?/users/{the API key}`)
	if exit != 0 || !strings.Contains(printed, "VirusTotal request") || !path.MatchString(printed) {
		t.Errorf("exit code %d, and no request in\n%.3000s", exit, printed)
	}
	c.Setenv("TF_LOG_PROVIDER=TRACE")
	if printed, _ := c.Run("plan", "-input=false", "-no-color"); !strings.Contains(printed, "@module=sdk.framework") {
		t.Errorf("nothing of the SDK in\n%.3000s", printed)
	}
}

// closedPort returns an address on localhost that refuses connections.
func closedPort(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().String()
}
