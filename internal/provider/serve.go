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

// Serve serves the provider to the CLI that started the process, until the CLI ends it. With debug, it waits for a
// debugger and prints the value for TF_REATTACH_PROVIDERS.
func Serve(version string, debug bool) error {
	// net/http logs the first bytes of unsolicited responses, which may contain anything. The provider and the other
	// libraries do not use the standard logger.
	log.SetOutput(io.Discard)
	if !logsEnabled(os.Environ()) {
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

// logsEnabled reports whether an environment variable enables logs. Otherwise, Serve turns off the plugin SDK's logs:
// the SDK formats TRACE lines for each call even then, which takes a third of the provider's CPU time in a plan with
// hundreds of reads.
func logsEnabled(environment []string) bool {
	return slices.ContainsFunc(environment, func(variable string) bool { return strings.HasPrefix(variable, "TF_LOG") })
}
