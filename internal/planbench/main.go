// SPDX-License-Identifier: MPL-2.0

//go:build unix

// Planbench measures whole plans: it runs the real terraform, or tofu, with the provider against a fake VirusTotal
// and prints a table of the requests, the time and the provider's CPU time and memory. Run it where go.mod is.
//
//	go run ./internal/planbench           # teams of 1 to 500 users, without latency and with 100 ms of it
//	go run ./internal/planbench -startup  # what starting the provider costs beside a trivial one
//
// TF_ACC_TERRAFORM_PATH names the CLI; else it is the terraform on the PATH.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
)

func main() {
	if filepath.Base(os.Args[0]) == wrapperName {
		os.Exit(wrap(os.Args[1:], os.Stderr))
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
	provider := flags.String("provider", "", "`path` of the provider; without it, it is built")
	runs := flags.Int("runs", 0, "how often each figure is measured; 0 is 3 plans, or 21 starts")
	short := flags.Bool("short", false, "leave out the teams of 100 and 500")
	startup := flags.Bool("startup", false, "compare start-up with that of a trivial provider instead")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *provider == "" {
		*provider = filepath.Join("build", wrapperName)
		if err := build(ctx, ".", *provider, stderr); err != nil {
			return err
		}
	}
	dir, err := os.MkdirTemp("", "planbench")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	b, err := newBench(dir, *provider)
	if err != nil {
		return err
	}
	if !*startup {
		return comparePlans(ctx, b, teams(*short), cmp.Or(*runs, 3), stdout, stderr)
	}
	trivial := filepath.Join(dir, "trivial")
	if err := build(ctx, "./internal/planbench/trivial", trivial, stderr); err != nil {
		return err
	}
	return compareStarts(ctx, b, trivial, cmp.Or(*runs, 21), stdout)
}

// build builds a provider as the GNUmakefile does.
func build(ctx context.Context, source, target string, stderr io.Writer) error {
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", target, source) //nolint:gosec // Both are ours.
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	cmd.Stderr = stderr
	return cmd.Run()
}
