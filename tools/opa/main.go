// SPDX-License-Identifier: MPL-2.0

// Opa implements the part of OPA's command that TestRego runs, with OPA's packages:
//
//	opa check --strict DIR
//	opa fmt --list DIR
//	opa test --fail-on-empty DIR
//	opa eval [--fail] -d POLICY -i INPUT -f raw|discard QUERY
//
// The whole command takes several times as long to build, because it includes a server.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/format"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/tester"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, arguments []string) error {
	commands := map[string]func(ctx context.Context, flags *flag.FlagSet, arguments []string) error{
		"check": check, "fmt": list, "test": test, "eval": eval,
	}
	if len(arguments) == 0 || commands[arguments[0]] == nil {
		return errors.New("usage: opa check|fmt|test|eval")
	}
	return commands[arguments[0]](ctx, flag.NewFlagSet(arguments[0], flag.ExitOnError), arguments[1:])
}

// policies returns the Rego modules in the directory that the arguments name. They have to set a flag too, because only
// the behavior with it is implemented.
func policies(flags *flag.FlagSet, name string, arguments []string) (map[string]*ast.Module, error) {
	given := flags.Bool(name, false, "needed")
	if err := flags.Parse(arguments); err != nil {
		return nil, err
	}
	if !*given || flags.NArg() != 1 {
		return nil, fmt.Errorf("usage: opa %s --%s DIR", flags.Name(), name)
	}
	files, err := filepath.Glob(filepath.Join(flags.Arg(0), "*.rego"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no policy in %s", flags.Arg(0))
	}
	modules := map[string]*ast.Module{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if modules[file], err = ast.ParseModule(file, string(content)); err != nil {
			return nil, err
		}
	}
	return modules, nil
}

func check(_ context.Context, flags *flag.FlagSet, arguments []string) error {
	modules, err := policies(flags, "strict", arguments)
	if err != nil {
		return err
	}
	compiler := ast.NewCompiler().WithStrict(true)
	if compiler.Compile(modules); compiler.Failed() {
		return compiler.Errors
	}
	return nil
}

func list(_ context.Context, flags *flag.FlagSet, arguments []string) error {
	modules, err := policies(flags, "list", arguments)
	if err != nil {
		return err
	}
	for file := range modules {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		formatted, err := format.Source(file, content)
		if err != nil {
			return err
		}
		if !bytes.Equal(content, formatted) {
			fmt.Println(file)
		}
	}
	return nil
}

func test(ctx context.Context, flags *flag.FlagSet, arguments []string) error {
	modules, err := policies(flags, "fail-on-empty", arguments)
	if err != nil {
		return err
	}
	results, err := tester.NewRunner().SetModules(modules).RunTests(ctx, nil)
	if err != nil {
		return err
	}
	ran, failed := 0, 0
	for result := range results {
		ran++
		if !result.Pass() {
			failed++
			fmt.Println(result)
		}
	}
	if ran == 0 || failed > 0 {
		return fmt.Errorf("%d of %d tests failed", failed, ran)
	}
	return nil
}

func eval(ctx context.Context, flags *flag.FlagSet, arguments []string) error {
	policy, input := flags.String("d", "", "policy"), flags.String("i", "", "input")
	fail, how := flags.Bool("fail", false, "fail where the query is undefined"), flags.String("f", "", "raw or discard")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	content, err := os.ReadFile(*input)
	if err != nil {
		return err
	}
	var document any
	decoder := json.NewDecoder(bytes.NewReader(content))
	decoder.UseNumber()
	if err := decoder.Decode(&document); err != nil {
		return err
	}
	found, err := rego.New(rego.Query(flags.Arg(0)), rego.Load([]string{*policy}, nil), rego.Input(document)).Eval(ctx)
	switch {
	case err != nil:
		return err
	case len(found) == 0 && *fail:
		return errors.New("undefined")
	case *how == "discard" || len(found) == 0:
		return nil
	}
	return json.NewEncoder(os.Stdout).Encode(found[0].Expressions[0].Value)
}
