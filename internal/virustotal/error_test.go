// SPDX-License-Identifier: MPL-2.0

package virustotal_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// TestInvalidResponses reads an object from responses that have none.
func TestInvalidResponses(t *testing.T) {
	t.Parallel()
	html := "<html>" + strings.Repeat("secret", 200) + "</html>"
	for name, test := range map[string]struct {
		status          int
		kind, body      string
		code, says, not string
	}{
		"refused": {
			404, "application/json", `{"error":{"code":"NotFoundError","message":"User \"joe\" not found"}}`,
			"NotFoundError", `User "joe" not found`, "",
		},
		"refused with 200":    {200, "application/json", `{"error":{"code":"ForbiddenError","message":"no"}}`, "ForbiddenError", "no", ""},
		"HTML":                {200, "text/html; charset=utf-8", html, "", "text/html, 1,213 bytes", "secret"},
		"HTML with 403":       {403, "text/html", html, "", "text/html, 1,213 bytes", "secret"},
		"nothing":             {200, "application/json", "", "", "an empty body", ""},
		"no data":             {200, "application/json", "{}", "", `no "data"`, ""},
		"no data with 404":    {404, "application/json", "{}", "", "application/json, 2 bytes", ""},
		"null":                {200, "application/json", `{"data":null}`, "", "null instead of an object", ""},
		"a list":              {200, "application/json", `{"data":[]}`, "", "a list instead of an object", ""},
		"no ID":               {200, "application/json", `{"data":{"attributes":{}}}`, "", "without an ID", ""},
		"a cut body":          {200, "application/json", `{"data":{"id":"joe","attributes":{"first_name":"Jo`, "", "application/json, 50 bytes", "Jo"},
		"more than an answer": {200, "application/json", `{"data":{"id":"joe"}} secret`, "", "application/json, 28 bytes", "secret"},
		"no envelope":         {200, "application/json", `["secret"]`, "", "application/json, 10 bytes", "secret"},
		"a wrong type": {
			200, "application/json", `{"data":{"attributes":{"last_login":"secret","first_name":"Jo"},"id":"joe"}}`,
			"", `"attributes.last_login" of "joe" has the wrong type: a string instead of a whole number`, "secret",
		},
		"a fraction": {
			200, "application/json", `{"data":{"attributes":{"last_login":1.5},"id":"joe"}}`,
			"", `"attributes.last_login" of "joe" has the wrong type: the number 1.5`, "",
		},
		"past 64 bits":      {200, "application/json", `{"data":{"attributes":{"last_login":9223372036854775808},"id":"joe"}}`, "", `"attributes.last_login"`, ""},
		"a wrong ID":        {200, "application/json", `{"data":{"attributes":{},"id":17}}`, "", `"id" of 17 has the wrong type`, ""},
		"an error with 503": {503, "application/json", `{"error":{"message":"secret"}}`, "", "application/json, 30 bytes", "secret"},
		"not modified":      {304, "application/json", "", "", "an empty body", "redirect"},
		"a long message": {
			400, "application/json", `{"error":{"code":"BadRequestError","message":"` + strings.Repeat("é", 10<<20) + `"}}`,
			"BadRequestError", "ééé… (truncated from 10485760 characters)", strings.Repeat("é", 1001),
		},
		"a hostile message": {
			400, "application/json", `{"error":{"code":"BadRequestError","message":"a\u001b[31m\u202eb\n` + strings.Repeat("0f", 32) + `"}}`,
			"BadRequestError", "a [31m b [API key]", "",
		},
		"a key for a name": {
			200, "application/json", `{"data":{"attributes":{"names":{"\u001b\u202e` + strings.Repeat("0f", 32) + `":"x"}},"id":"joe"}}`,
			"", `[API key]`, strings.Repeat("0f", 32),
		},
		"gone":           {200, "application/json", `{"data":{"id":"joe","error":{"code":"NotFoundError"}}}`, "", `"joe"`, ""},
		"a wrong cursor": {200, "application/json", `{"data":{"id":"joe"},"meta":{"cursor":5}}`, "", `"meta.cursor"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, err := virustotal.Get[user](t.Context(), client(t, answering(test.status, test.kind, test.body)), nil, "users", "joe")
				e, ok := errors.AsType[*virustotal.Error](err)
				if !ok {
					t.Fatalf("%v is not an *Error", err)
				}
				if e.Status != test.status || e.Code != test.code || e.Path != "/users/joe" {
					t.Errorf("status %d, code %q, path %s", e.Status, e.Code, e.Path)
				}
				if !strings.Contains(err.Error(), test.says) || test.not != "" && strings.Contains(err.Error(), test.not) {
					t.Errorf("said %q; want %q, never %q", err, test.says, test.not)
				}
			})
		})
	}
}

func TestMessagesAreMasked(t *testing.T) {
	t.Parallel()
	c := client(t, nil)
	other := strings.Repeat("0123456789abcdef", 4)
	c.Transport = handled{answering(401, "application/json", `{"error":{"code":"WrongCredentialsError","message":"`+
		c.APIKey+` is wrong, so is `+strings.ToUpper(other)+`."}}`)}
	_, err := virustotal.Owner[user](t.Context(), c)
	if e, ok := errors.AsType[*virustotal.Error](err); !ok || e.Message != "[API key] is wrong, so is [API key]." || e.Path != virustotal.OwnerPath {
		t.Errorf("%v", err)
	}
}
