// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestErrors checks errors in the output of Terraform: their text, as in tftest.Pattern, and the argument that they
// point to.
func TestErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		source, arguments string
		answer            http.Handler // Answers all requests in place of the fake, if set.
		at, says          string
		env               variables
	}{
		"unknown user": {
			source: "user", arguments: `id = "nobody"`, at: "id",
			says: `Cannot read VirusTotal user "nobody" … GET /users/nobody returned HTTP 404 Not Found, NotFoundError: … ` +
				`Either the user does not exist, or the API key is not allowed to see it. Check id: a username or an e-mail address.`,
		},
		"groups of an unknown user": {
			source: "user_groups", arguments: `user_id = "nobody"`, at: "user_id",
			says: `Cannot read the groups of VirusTotal user "nobody" … GET /users/nobody/groups?limit=40`,
		},
		"groups of another": {
			source: "user_groups", arguments: `user_id = "spellman"`,
			says: `Cannot read the groups of VirusTotal user "spellman" … 403 Forbidden, ForbiddenError: … VirusTotal shows the groups to: the account's owner.`,
		},
		"the key's owner is unknown": {
			source: "user_groups", answer: vttest.Error(404, "NotFoundError", "gone"),
			says: `Cannot read the groups of the VirusTotal user that the API key belongs to … GET /users/{the API key} … ` +
				`Check the API key. The provider took api_key from the environment variable VIRUSTOTAL_API_KEY.`,
		},
		"account not active": {
			source: "user", answer: vttest.Error(401, "UserNotActiveError", "not active"),
			says: `UserNotActiveError: not active. … the environment variable VIRUSTOTAL_API_KEY`,
		},
		"quota used up": {
			source: "user", arguments: `id = "tobias"`, answer: vttest.Error(429, "QuotaExceededError", "Quota exceeded"),
			says: `QuotaExceededError: Quota exceeded. … daily quotas at 00:00 UTC and monthly quotas on the 1st at 00:00 UTC`,
		},
		"a proxy's page": {
			source: "user", arguments: `id = "tobias"`, answer: vttest.Body(200, "text/html", "<html>secret</html>"),
			says: `(text/html, 19 bytes). … base_url (http://127.0.0.1:… from the environment variable VIRUSTOTAL_BASE_URL) is the URL`,
		},
		"no data": {
			source: "user", arguments: `id = "tobias"`, answer: vttest.Body(200, "application/json", "{}"),
			says: `has no "data" … not as VirusTotal documents it`,
		},
		"a wrong type": {
			source: "user", arguments: `id = "tobias"`,
			answer: vttest.Body(200, "application/json", `{"data":{"id":"tobias","attributes":{"email":5}}}`),
			says:   `VirusTotal's "attributes.email" of "tobias" has the wrong type: a number instead of a string`,
		},
		"a wrong date": {
			source: "user", arguments: `id = "tobias"`,
			answer: vttest.Body(200, "application/json", `{"data":{"id":"tobias","attributes":{"last_login":"yesterday"}}}`),
			says:   `"attributes.last_login" of "tobias" has the wrong type: a string instead of a date`,
		},
		"a wrong number": {
			source: "user_retrohunt_jobs", arguments: `user_id = "marit"`,
			answer: vttest.Body(200, "application/json", `{"data":[{"id":"a","attributes":{"progress":"half"}}]}`),
			says:   `"attributes.progress" of "a" has the wrong type: a string instead of a number`,
		},
		"a huge number": {
			source: "user_retrohunt_jobs", arguments: `user_id = "marit"`,
			answer: vttest.Body(200, "application/json", `{"data":[{"id":"a","attributes":{"progress":1e400}}]}`),
			says:   `"attributes.progress" of "a" cannot be decoded: it is too large or too small`,
		},
		"a wrong quota": {
			source: "user_quotas", arguments: `user_id = "tobias"`,
			answer: vttest.Body(200, "application/json", `{"data":{"id":"tobias","attributes":{"quotas":{"q":{"allowed":"many"}}}}}`),
			says:   `"attributes.quotas.q.allowed" of "tobias" has the wrong type: a string instead of a whole number`,
		},
		"a wrong item": {
			source: "user_groups", arguments: `user_id = "marit"`,
			answer: vttest.Body(200, "application/json", `{"data":[{"id":"a","attributes":{}},{"id":"b","attributes":{"country":[]}}]}`),
			says:   `"attributes.country" of "b" has the wrong type: a list instead of a string`,
		},
		"a wrong context": {
			source: "user_groups", arguments: `user_id = "marit"`,
			answer: vttest.Body(200, "application/json", `{"data":[{"id":"a","attributes":{},"context_attributes":{"role":{}}}]}`),
			says:   `"context_attributes.role" of "a" has the wrong type: an object instead of a string`,
		},
		"another group": {
			source: "group", arguments: `id = "acme"`, answer: vttest.Body(200, "application/json", `{"data":{"id":"bobs","type":"group","attributes":{}}}`),
			says: `Cannot read VirusTotal group "acme" … VirusTotal sent the object "bobs" instead of "acme". … Nothing was stored`,
		},
		"a file for a user": {
			source: "user", arguments: `id = "joe"`, answer: vttest.Body(200, "application/json", `{"data":{"id":"joe","type":"file","attributes":{}}}`),
			says: `"joe", an object of type "file" instead of "user"`,
		},
		"an unavailable member with a key as its ID": {
			source: "group_users", arguments: `group_id = "acme"`, answer: vttest.Body(200, "application/json", `{"data":[{"id":"`+aKey+`","type":"user"}]}`),
			says: `an object whose ID looks like an API key`,
		},
		"a list that was cut": {
			source: "group_users", arguments: `group_id = "acme"`,
			answer: vttest.Body(200, "application/json", `{"data":[],"links":{"next":"https://x.example/?offset=40"}}`),
			says:   `Cannot read the members of VirusTotal group "acme" … no valid cursor. … Nothing was stored`,
		},
		"an error beside the data": {
			source: "group_users", arguments: `group_id = "acme"`, answer: vttest.Body(200, "application/json", `{"data":[],"error":{"message":"index unavailable"}}`),
			says: `an error without a code: index unavailable. … Nothing was stored`,
		},
		"a part of the data": {
			source: "group_users", arguments: `group_id = "acme"`, answer: vttest.Body(206, "application/json", `{"data":[]}`),
			says: `HTTP 206 Partial Content`,
		},
		"a rate with a code of its own": {
			source: "user", arguments: `id = "tobias"`, answer: vttest.Error(429, "SlowDown", "slow down"),
			says: `429 Too Many Requests, SlowDown: slow down. … requests_per_minute`,
		},
		"an outage with a code of its own": {
			source: "user", arguments: `id = "tobias"`, answer: vttest.Error(503, "BackendError", "down"),
			says: `BackendError: down. … Try again later`,
		},
		"not modified": {
			source: "user", arguments: `id = "tobias"`, answer: vttest.Body(304, "application/json", ""),
			says: `HTTP 304 Not Modified: an empty body`,
		},
		"preferences that are too deep": {
			source: "user", arguments: `id = "tobias"`,
			answer: vttest.Body(200, "application/json",
				`{"data":{"id":"tobias","attributes":{"preferences":{"a":`+strings.Repeat("[", 102)+strings.Repeat("]", 102)+`}}}}`),
			says: `VirusTotal's "attributes.preferences.a" … cannot be decoded: its JSON is nested more than 100 levels deep`,
		},
		"quotas that Terraform would take for one": {
			source: "user_quotas", arguments: `user_id = "tobias"`,
			answer: vttest.Body(200, "application/json",
				`{"data":{"id":"tobias","attributes":{"quotas":{"\u00e9":{"allowed":1,"used":0},"e\u0301":{"allowed":1,"used":1}}}}}`),
			says: `"attributes.quotas" of "tobias" cannot be decoded: two of its names differ only in their Unicode normalization`,
		},
		"a key with white space for an ID": {source: "user", arguments: `id = " ` + aKey + `\n"`, says: `looks like an API key. … leave id out`},
		"a key for an ID": {
			source: "user", arguments: `id = "` + aKey + `"`,
			says: `looks like an API key. … leave id out`,
		},
		"an empty ID":      {source: "user_groups", arguments: `user_id = ""`, at: "user_id", says: `is not a valid user ID: … leave`},
		"a dot":            {source: "user_quotas", arguments: `user_id = "."`, at: "user_id", says: `is not a valid user ID: … leave`},
		"two dots":         {source: "user", arguments: `id = ".."`, at: "id", says: `is not a valid user ID: … leave`},
		"a limit of none":  {source: "user_groups", arguments: `limit = 0`, at: "limit", says: `must be a whole number of at least 1, not 0`},
		"a negative limit": {source: "user_groups", arguments: `limit = -1`, at: "limit", says: `must be a whole number of at least 1, not -1`},
		"a broken limit":   {source: "user_groups", arguments: `limit = 1.5`, at: "limit", says: `must be a whole number of at least 1, not 1.5`},
		"a key for a username": {
			source: "user", arguments: `id = "tobias"`, answer: vttest.Body(200, "application/json", `{"data":{"id":"`+aKey+`","attributes":{}}}`),
			says: `looks like an API key`,
		},
		"HTML with status 404": {
			source: "user", answer: vttest.Body(404, "text/html", "<html>"), says: `(text/html, 6 bytes). … base_url`,
		},
		"a bad request": {
			source: "user", arguments: `id = "tobias"`, answer: vttest.Error(400, "InvalidArgumentError", "bad\n\x1b[31mfilter"),
			says: `InvalidArgumentError: bad [31mfilter. … does not accept this request. Check id`,
		},
		"a filter that VirusTotal does not take": {
			source: "group_users", arguments: "group_id = \"puffin_ferries\"\nfilter = \"2fa:no\"", at: "filter",
			says: `Invalid filter "2fa:no". … most likely because of filter. A valid value is, for example, "2fa_enabled:false".`,
		},
		"an unknown quota": {
			source: "group_users_consuming_quota", arguments: "group_id = \"puffin_ferries\"\nquota = \"downloads\"", at: "quota",
			says: `Unknown quota "downloads". … A valid value is, for example, "intelligence_downloads_monthly".`,
		},
		"a period that VirusTotal no longer keeps": {
			source: "group_users_consuming_quota", arguments: "group_id = \"puffin_ferries\"\nquota = \"api_requests_monthly\"\nperiod = \"2020-01\"", at: "period",
			says: `period "2020-01" is not available. … most likely because of period. A valid value`,
		},
		"a bad request without arguments": {
			source: "group_users", arguments: `group_id = "acme"`, answer: vttest.Error(400, "BadRequestError", "no"),
			says: `does not accept this request. Check group_id`,
		},
		"an empty filter": {
			source: "group_users", arguments: "group_id = \"acme\"\nfilter = \"\"", at: "filter",
			says: `To read the whole list, leave filter out`,
		},
		"an empty quota": {
			source: "group_users_consuming_quota", arguments: "group_id = \"acme\"\nquota = \"\"", at: "quota",
			says: `it is empty. A name is, for example`,
		},
		"no period": {
			source: "group_users_consuming_quota", arguments: "group_id = \"acme\"\nquota = \"a\"\nperiod = \"2026-1\"", at: "period",
			says: `neither a month in the form 2026-11 nor a day`,
		},
		"white space around an ID": {source: "group", arguments: `id = " acme"`, at: "id", says: `is not a valid group ID: it has leading or trailing white space`},
		"a missing relationship": {
			source: "user_groups_managed", arguments: `user_id = "marit"`, at: "user_id", answer: vttest.Error(404, "NotFoundError", "gone"),
			says: `Either the user does not exist, VirusTotal has no data about the managed groups, or the API key is not allowed to see it. Check user_id`,
		},
		"a failed dependency": {
			source: "user", arguments: `id = "tobias"`, answer: vttest.Error(424, "FailedDependencyError", "no index"),
			says: `FailedDependencyError: no index. … failed at VirusTotal. Try again later`,
		},
		"a lost connection": {
			source: "user", arguments: `id = "tobias"`,
			answer: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "100")
				fmt.Fprint(w, `{"data":`)
			}),
			says: `The connection was lost before the response was complete. Check the network and the proxy.`,
		},
		"a lost connection after a 503": {
			source: "user", arguments: `id = "tobias"`,
			answer: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "100")
				w.WriteHeader(http.StatusServiceUnavailable)
				fmt.Fprint(w, `{"error":`)
			}),
			says: `The connection was lost before the response was complete. Check the network and the proxy.`,
		},
		"a slow body": {
			source: "user", arguments: `id = "tobias"`,
			answer: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				fmt.Fprint(w, `{"data":`)
				_ = http.NewResponseController(w).Flush()
				<-r.Context().Done()
			}),
			env:  variables{"VIRUSTOTAL_REQUEST_TIMEOUT": "50ms"},
			says: `no complete response within 50ms. … raise request_timeout`,
		},
		"a stranger who is hidden": {
			source: "user", arguments: `id = "tobias"`, answer: vttest.Error(403, "ForbiddenError", "no"),
			says: `VirusTotal shows this user to: the account's owner. The administrators of its group do not see has_2fa, … Others possibly see … ` +
				`Check which account the API key belongs to. The provider took it from the environment variable`,
		},
		"no access, by an owner who is known": {
			source: "user_groups", arguments: "user_id = \"spellman\"\ndepends_on = [data.virustotal_user.me]\n}\ndata \"virustotal_user\" \"me\" {",
			says: `This API key belongs to "marit".`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := serve(t, vttest.SecurityHead)
			fake.env["VIRUSTOTAL_MAX_RETRIES"] = "0"
			maps.Copy(fake.env, test.env)
			if test.answer != nil {
				fake.Inject("*", -1, test.answer)
			}
			config := "data \"virustotal_" + test.source + "\" \"x\" {\n" + test.arguments + "\n}\n"
			printed := fake.fails(t, config, test.says)
			if strings.Contains(printed, aKey) {
				t.Errorf("the output has the API key:\n%s", printed)
			}
			// Terraform quotes the line that an error points to.
			if test.at != "" && !regexp.MustCompile(`(?m)^\s*\d+: `+test.at+` = `).MatchString(printed) {
				t.Errorf("the error is not at %s:\n%s", test.at, printed)
			}
		})
	}
}
