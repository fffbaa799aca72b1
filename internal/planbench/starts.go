// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"time"
)

// A start is what a provider took to get to its handshake, and what a plan that reads nothing took.
type start struct {
	handshake time.Duration
	usage
	plan sample
}

// compareStarts starts a trivial provider and the provider in turns and prints what it took.
func compareStarts(ctx context.Context, b *bench, trivial string, runs int, stdout io.Writer) error {
	providers := [...]string{trivial, b.provider}
	var measured [len(providers)][]start
	for run := range runs + 1 {
		for turn := range providers {
			i := (turn + run) % len(providers) // Each goes first every second time.
			provider := providers[i]
			s, err := b.start(ctx, provider)
			if err == nil {
				s.plan, err = b.plan(ctx, provider, nobody, "VIRUSTOTAL_API_KEY="+strings.Repeat("0", 64))
			}
			if err != nil {
				return fmt.Errorf("%s: %w", provider, err)
			}
			if run > 0 { // The first only warms up.
				measured[i] = append(measured[i], s)
			}
		}
	}
	_, err := io.WriteString(stdout, startsTable(measured[0], measured[1]))
	return err
}

// start starts a provider as Terraform does, up to the line that tells Terraform where it listens.
func (b *bench) start(ctx context.Context, provider string) (start, error) {
	cmd := exec.CommandContext(ctx, provider)
	cmd.Env = append(b.environment(), "PLUGIN_PROTOCOL_VERSIONS=6",
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2") // Not a secret: go-plugin's word for "I am no user".
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return start{}, err
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return start{}, err
	}
	_, err = bufio.NewReader(stdout).ReadString('\n')
	s := start{handshake: time.Since(began)}
	err = errors.Join(err, cmd.Process.Kill())
	_ = cmd.Wait() // It says that it was killed.
	s.usage = usageOf(cmd.ProcessState)
	return s, err
}

func startsTable(trivial, provider []start) string {
	var w strings.Builder
	w.WriteString("| | Trivial provider | This provider | Ratio |\n|---|--:|--:|--:|\n")
	row := func(title string, show func(int64) string, figure func(start) int64) {
		of, is := median(trivial, figure), median(provider, figure)
		fmt.Fprintf(&w, "| %s | %s | %s | %.2f |\n", title, show(of), show(is), float64(is)/float64(of))
	}
	shownTime := func(n int64) string { return fmt.Sprintf("%.1f ms", float64(n)/1e6) }
	row("Time to the handshake", shownTime, func(s start) int64 { return int64(s.handshake) })
	row("CPU to the handshake", shownTime, func(s start) int64 { return int64(s.CPU) })
	row("Memory at the handshake", mebibytes, func(s start) int64 { return s.Peak })
	row("Time of a plan that reads nothing", shownTime, func(s start) int64 { return int64(s.plan.wall) })
	row("CPU of a plan that reads nothing", shownTime, func(s start) int64 { return int64(s.plan.cpu) })
	row("Memory of a plan that reads nothing", mebibytes, func(s start) int64 { return s.plan.peak })
	fmt.Fprintf(&w, "\nMedians of %d runs in turns; a plan starts the provider %d times.\n", len(provider), provider[0].plan.starts)
	return w.String()
}
