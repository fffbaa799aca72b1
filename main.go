// SPDX-License-Identifier: MPL-2.0

// The terraform-provider-virustotal command serves the provider to Terraform or OpenTofu, which start it.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/virustotal/terraform-provider-virustotal/internal/provider"
)

// version is set by the linker.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "wait for a debugger, and print the value for TF_REATTACH_PROVIDERS")
	printVersion := flag.Bool("version", false, "print the version")
	flag.Parse()

	if *printVersion {
		fmt.Println("terraform-provider-virustotal", version)
		return
	}
	if err := provider.Serve(version, *debug); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
