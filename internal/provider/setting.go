// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"runtime"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// An environment returns the value of an environment variable, like [os.Getenv].
type environment func(name string) string

// home returns the user's home directory, like [os.UserHomeDir].
func (env environment) home() string {
	if runtime.GOOS == "windows" {
		return env("USERPROFILE")
	}
	return env("HOME")
}

// A resolver resolves the provider's settings and collects diagnostics.
type resolver struct {
	// env is nil during validation. Environment variables are then ignored, and unknown values are not errors.
	env   environment
	diags diag.Diagnostics
}

// fail adds an error about an argument.
func (r *resolver) fail(name, problem string) {
	r.diags.AddAttributeError(path.Root(name), "Invalid configuration of the VirusTotal provider", problem)
}

// A setting is the value of an argument of the provider.
type setting[T any] struct {
	value  T
	origin origin
}

// resolveSetting returns the setting of an argument: the value in the configuration, otherwise that of the first
// environment variable that is set, otherwise fallback. Empty strings count as not set.
func resolveSetting[T any](
	r *resolver, named string, configured attr.Value, fallback T, parse func(string) (T, error), variables ...string,
) setting[T] {
	if configured.IsUnknown() {
		if r.env != nil {
			r.fail(named, fmt.Sprintf("The value of %s is not known yet. Use a value that is known at plan time, or leave it out and set %s.",
				named, strings.Join(variables, " or ")))
		}
		return setting[T]{fallback, argumentOrigin(named)}
	}
	from, text := argumentOrigin(named), ""
	switch v := configured.(type) {
	case types.String:
		text = v.ValueString()
	case types.Number:
		if !v.IsNull() {
			text = numberText(v.ValueBigFloat())
		}
	}
	if r.env != nil {
		for _, name := range variables {
			if text != "" {
				break
			}
			from, text = origin{"the environment variable ", name}, r.env(name)
		}
	}
	if text == "" {
		return setting[T]{value: fallback}
	}
	value, err := parse(text)
	if err != nil {
		r.fail(named, fmt.Sprintf("The value of %s %v.", from, err))
		return setting[T]{fallback, from}
	}
	return setting[T]{value, from}
}
