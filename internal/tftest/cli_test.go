// SPDX-License-Identifier: MPL-2.0

package tftest

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
)

func TestCLI(t *testing.T) {
	t.Parallel()
	c := New(t, `
		variable "name" {}
		output "greeting" { value = "hello ${var.name}" }`, "TF_VAR_name=nobody", "TF_VAR_name=world")
	if got := c.Getenv("TF_VAR_name"); got != "world" {
		t.Errorf("the last variable counts for a process, and Getenv returned %q", got)
	}
	c.Succeed("apply", "-auto-approve", "-no-color")
	if got := strings.TrimSpace(c.Succeed("output", "-raw", "greeting")); got != "hello world" {
		t.Errorf("got %q", got)
	}
	if output, exit := c.Run("output", "-raw", "farewell"); exit != 1 || !Pattern(`Output "farewell" not found`).MatchString(output) {
		t.Errorf("exit code %d: %s", exit, output)
	}
}

// TestServe checks that the CLI uses a provider of this process, which no registry has.
func TestServe(t *testing.T) {
	t.Parallel()
	server, err := echoprovider.NewProviderServer()()
	if err != nil {
		t.Fatal(err)
	}
	const source = "tftest/parrot"
	c := New(t, Require(source)+`
		provider "parrot" { data = "squawk" }
		resource "parrot" "bird" {}`)
	c.Serve(t, source, server)
	if output, exit := c.Run("validate", "-no-color"); exit == 0 || !Pattern(`does not support resource type "parrot"`).MatchString(output) {
		t.Errorf("exit code %d: %s", exit, output)
	}
}

func TestPattern(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]bool{
		"Error: no such user": true, "Error: … (user)": true, "no such": true, "such no": false, "Error… nobody": false, "no.such": false,
	} {
		if got := Pattern(words).MatchString("Error: no\n  such user\n(user)\n"); got != want {
			t.Errorf("%q: %v", words, got)
		}
	}
}
