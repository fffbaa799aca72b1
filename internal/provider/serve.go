// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"io"
	"log"
	"os"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
)

// Serve serves the provider of a version to the CLI that started the process, until that ends it. With debug it waits
// for a debugger, and prints what to set TF_REATTACH_PROVIDERS to.
func Serve(version string, debug bool) error {
	// net/http writes the first bytes of an answer that nobody asked for to the standard logger, whatever is in them.
	// All else that the provider and its libraries log goes through Terraform's.
	log.SetOutput(io.Discard)
	if !isLogged(os.Environ()) {
		if err := os.Setenv("TF_LOG_SDK", "off"); err != nil {
			return err
		}
	}
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	create := func() tfprotov6.ProviderServer { return NewServer(version, os.Getenv) }
	return tf6server.Serve("registry.terraform.io/virustotal/virustotal", create, options...)
}

// isLogged reports whether a variable of the environment asks for logs. Where none does, nobody can see the lines that
// the plugin SDK formats all the same, at TRACE, for each call: a third of the provider's CPU time in a plan of hundreds
// of reads. They are switched off then, and only then.
func isLogged(environment []string) bool {
	return slices.ContainsFunc(environment, func(variable string) bool { return strings.HasPrefix(variable, "TF_LOG") })
}
