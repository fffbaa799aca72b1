// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http/httptest"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/virustotal/terraform-provider-virustotal/internal/tftest"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// variables is an environment for the provider.
type variables map[string]string

func (v variables) get(name string) string { return v[name] }

// noVariables is an empty environment.
func noVariables(string) string { return "" }

// A served is a fake VirusTotal on a port, with the provider's environment for it.
type served struct {
	*vttest.Server
	env variables
}

// serve starts a fake VirusTotal, for a provider with the API key of the given user.
func serve(t *testing.T, user string) *served {
	t.Helper()
	fake := vttest.New()
	server := httptest.NewServer(fake)
	t.Cleanup(server.Close)
	return &served{fake, variables{
		"VIRUSTOTAL_BASE_URL": server.URL + vttest.BasePath,
		"VIRUSTOTAL_API_KEY":  fake.Key(user),
	}}
}

// cli returns a CLI for a configuration, with the provider.
func (s *served) cli(t *testing.T, config string) *tftest.CLI {
	t.Helper()
	const source = "virustotal/virustotal"
	c := tftest.New(t, tftest.Require(source)+config)
	c.Serve(t, source, NewServer("test", s.env.get))
	return c
}

// apply applies a configuration and checks the state.
func (s *served) apply(t *testing.T, config string, checks ...statecheck.StateCheck) {
	t.Helper()
	applied(t, s.cli(t, config), checks...)
}

func applied(t *testing.T, c *tftest.CLI, checks ...statecheck.StateCheck) {
	t.Helper()
	c.Succeed("apply", "-auto-approve", "-input=false", "-no-color")
	var state tfjson.State
	state.UseJSONNumber(true) // A float64 does not hold all whole numbers of 64 bits.
	if err := state.UnmarshalJSON([]byte(c.Succeed("show", "-json"))); err != nil {
		t.Fatal(err)
	}
	for _, check := range checks {
		var resp statecheck.CheckStateResponse
		check.CheckState(t.Context(), statecheck.CheckStateRequest{State: &state}, &resp)
		if resp.Error != nil {
			t.Error(resp.Error)
		}
	}
}

// fails applies a configuration, checks that this fails with an error in the form of tftest.Pattern, and returns the
// output.
func (s *served) fails(t *testing.T, config, says string) string {
	t.Helper()
	return failed(t, s.cli(t, config), says)
}

func failed(t *testing.T, c *tftest.CLI, says string) string {
	t.Helper()
	printed, exit := c.Run("apply", "-auto-approve", "-input=false", "-no-color")
	if exit != 1 || !tftest.Pattern(says).MatchString(printed) {
		t.Errorf("exit code %d, and %q is not in\n%s", exit, says, printed)
	}
	return printed
}
