// SPDX-License-Identifier: MPL-2.0

//go:build unix

// Planbench measures whole plans against a fake VirusTotal: with this provider and, for comparison, with HashiCorp's
// http provider. It runs the real Terraform or OpenTofu, and prints the table in the README.
//
//	go run ./internal/planbench          # three runs of each plan: about ten minutes
//	go run ./internal/planbench -runs 1
//
// TF_ACC_TERRAFORM_PATH selects the CLI. It defaults to the terraform on the PATH.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
)

// httpProvider is the provider to compare with. It is in no go.mod, because only planbench needs it. go install cannot
// build later versions, because of their module path.
const httpProvider = "github.com/terraform-providers/terraform-provider-http@v1.2.0"

func main() {
	if strings.HasPrefix(filepath.Base(os.Args[0]), wrapperPrefix) {
		os.Exit(wrap(os.Args[0], os.Args[1:]))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "planbench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) (err error) {
	flags := flag.NewFlagSet("planbench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	runs := flags.Int("runs", 3, "number of `runs` of each plan")
	if err := flags.Parse(args); err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "planbench")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	for _, source := range []string{".", httpProvider} {
		cmd := exec.CommandContext(ctx, "go", "install", "-trimpath", "-ldflags", "-s -w", source) //nolint:gosec // Both are constants.
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOBIN="+dir)
		cmd.Stderr = stderr
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("cannot build %s: %w", source, err)
		}
	}
	b, err := newBench(dir)
	if err != nil {
		return err
	}
	measured, err := b.measure(ctx, plans(), *runs, stderr)
	if err != nil {
		return err
	}
	_, err = io.WriteString(stdout, table(measured))
	return err
}
