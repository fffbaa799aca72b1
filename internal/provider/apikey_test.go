// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// echo returns a CLI for a configuration with an ephemeral virustotal_api_key named ci. Its attributes are copied into
// the resource echo.key.
func (s *served) echo(t *testing.T, config string) *tftest.CLI {
	t.Helper()
	server, err := echoprovider.NewProviderServer()()
	if err != nil {
		t.Fatal(err)
	}
	c := s.cli(t, config+`
		provider "echo" { data = ephemeral.virustotal_api_key.ci }
		resource "echo" "key" {}`)
	c.Serve(t, "hashicorp/echo", server)
	return c
}

func echoed(value knownvalue.Check, field string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue("echo.key", tfjsonpath.New("data").AtMapKey(field), value)
}

func TestAPIKey(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		arguments string
		of        string
		userID    knownvalue.Check
		accountID knownvalue.Check
	}{
		"of the owner":                    {"", vttest.SecurityHead, words(vttest.SecurityHead), null},
		"of the owner, by name":           {`user_id = "marit"`, vttest.SecurityHead, words("marit"), null},
		"of a service account":            {`service_account_id = "puffin_ferries_ci"`, vttest.ServiceAccount, null, words(vttest.ServiceAccount)},
		"of the owner, an ID that's null": {`user_id = null`, vttest.SecurityHead, words(vttest.SecurityHead), null},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := serve(t, vttest.SecurityHead)
			applied(t, fake.echo(t, "ephemeral \"virustotal_api_key\" \"ci\" {\n"+test.arguments+"\n}"),
				echoed(words(fake.Key(test.of)), "api_key"),
				echoed(test.userID, "user_id"),
				echoed(test.accountID, "service_account_id"),
			)
		})
	}
}

func TestHiddenAPIKey(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ user, arguments, says string }{
		"of a colleague": {
			vttest.SecurityHead, `user_id = "tobias"`,
			`Cannot read the API key of VirusTotal user "tobias" … sent the user without its API key. VirusTotal shows the API key to: the user who owns it`,
		},
		"of nobody": {vttest.SecurityHead, `user_id = "nobody"`, `user_id = "nobody" … GET /users/nobody returned HTTP 404`},
		"to no admin": {
			vttest.Stranger, `service_account_id = "puffin_ferries_ci"`,
			`Cannot read the API key of VirusTotal service account "puffin_ferries_ci" … service account its group's administrators`,
		},
		"of both":            {vttest.SecurityHead, "user_id = \"marit\"\nservice_account_id = \"puffin_ferries_ci\"", `Invalid Attribute Combination`},
		"of a key as the ID": {vttest.SecurityHead, `user_id = "` + aKey + `"`, `looks like an API key. … leave user_id out`},
		"of no account":      {vttest.SecurityHead, `service_account_id = ".."`, `".." is not a valid service account ID`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fake := serve(t, test.user)
			failed(t, fake.echo(t, "ephemeral \"virustotal_api_key\" \"ci\" {\n"+test.arguments+"\n}"), test.says)
		})
	}
}

// TestAPIKeyExample opens the example's ephemeral resource, without its secret manager.
func TestAPIKeyExample(t *testing.T) {
	t.Parallel()
	example, err := os.ReadFile(filepath.Join("..", "..", "examples", "ephemeral-resources", "virustotal_api_key", "ephemeral-resource.tf"))
	if err != nil {
		t.Fatal(err)
	}
	config, manager, found := strings.Cut(string(example), "\nresource ")
	if !found || !strings.Contains(manager, "_wo ") || !strings.Contains(manager, "ephemeral.virustotal_api_key.ci.api_key") {
		t.Fatal("the example does not hand the key to a write-only argument")
	}
	fake := serve(t, vttest.SecurityHead)
	applied(t, fake.echo(t, config), echoed(words(fake.Key(vttest.ServiceAccount)), "api_key"))
}
