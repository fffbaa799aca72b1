// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/pelletier/go-toml/v2"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// configuration is the provider block. Its values may be unknown.
type configuration struct {
	APIKey            types.String `tfsdk:"api_key"`
	BaseURL           types.String `tfsdk:"base_url"`
	RequestsPerMinute types.Number `tfsdk:"requests_per_minute"`
	MaxRetries        types.Number `tfsdk:"max_retries"`
	MaxRetryWait      types.String `tfsdk:"max_retry_wait"`
	RequestTimeout    types.String `tfsdk:"request_timeout"`
}

const (
	defaultMaxRetries     = 4
	defaultMaxRetryWait   = 60 * time.Second
	defaultRequestTimeout = 30 * time.Second
)

func configurationSchema() schema.Schema {
	return schema.Schema{
		MarkdownDescription: "Reads users, groups, privileges and quotas from VirusTotal, so that a Terraform plan can check who has access to " +
			"its API, and how much of it they may use. The provider is read-only.",
		Attributes: map[string]schema.Attribute{
			"api_key": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "API key. Environment variables: `VIRUSTOTAL_API_KEY`, then `VT_API_KEY`, then `VTCLI_APIKEY`. " +
					"Defaults to `apikey` in `~/.vt.toml`, which VirusTotal's CLI writes on `vt init`.",
			},
			"base_url": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "URL of the API v3: `https`, or `http` on localhost, without query, fragment or user info. " +
					"Environment variable: `VIRUSTOTAL_BASE_URL`. Defaults to `" + virustotal.DefaultBaseURL + "`.",
			},
			"requests_per_minute": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "Maximum number of requests in any 60 seconds. Use 4 with a public API key. " +
					"Environment variable: `VIRUSTOTAL_REQUESTS_PER_MINUTE`. Defaults to 0, no limit.",
			},
			"max_retries": schema.NumberAttribute{
				Optional: true,
				MarkdownDescription: "Maximum number of retries of a request after a temporary failure, such as a rate limit or a lost connection. " +
					"0 disables retries. Environment variable: `VIRUSTOTAL_MAX_RETRIES`. Defaults to 4.",
			},
			"max_retry_wait": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Maximum wait before a retry. If VirusTotal asks for a longer one, the read fails at once. " +
					"Environment variable: `VIRUSTOTAL_MAX_RETRY_WAIT`. Defaults to `60s`.",
			},
			"request_timeout": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Timeout of each attempt of a request, including the response body. " +
					"Environment variable: `VIRUSTOTAL_REQUEST_TIMEOUT`. Defaults to `30s`.",
			},
		},
	}
}

// validate checks the known values. Missing ones are not errors.
func (c configuration) validate() diag.Diagnostics {
	r := resolver{}
	c.resolve(&r)
	return r.diags
}

// session returns the session for a configuration. Arguments take precedence over environment variables, and those over
// defaults.
func (c configuration) session(env environment, userAgent string) (*session, diag.Diagnostics) {
	r := resolver{env: env}
	s := c.resolve(&r)
	s.client.UserAgent = userAgent
	s.client.Transport = transport()
	s.client.OnRequest = logRequest
	s.client.OnWait = logWait
	return s, r.diags
}

func (c configuration) resolve(r *resolver) *session {
	client := &virustotal.Client{
		BaseURL:           setting(r, "base_url", c.BaseURL, mustBaseURL(), parseBaseURL, "VIRUSTOTAL_BASE_URL").value,
		RequestsPerMinute: setting(r, "requests_per_minute", c.RequestsPerMinute, 0, parseCount, "VIRUSTOTAL_REQUESTS_PER_MINUTE").value,
		MaxRetries:        setting(r, "max_retries", c.MaxRetries, defaultMaxRetries, parseCount, "VIRUSTOTAL_MAX_RETRIES").value,
		MaxRetryWait:      setting(r, "max_retry_wait", c.MaxRetryWait, defaultMaxRetryWait, parseDuration, "VIRUSTOTAL_MAX_RETRY_WAIT").value,
		RequestTimeout:    setting(r, "request_timeout", c.RequestTimeout, defaultRequestTimeout, parseDuration, "VIRUSTOTAL_REQUEST_TIMEOUT").value,
	}
	key := setting(r, "api_key", c.APIKey, "", parseKey, "VIRUSTOTAL_API_KEY", "VT_API_KEY", "VTCLI_APIKEY")
	if key.from == "" && r.env != nil {
		key = keyFile(r)
	}
	client.APIKey = key.value
	return &session{client: client, keyFrom: key.from}
}

// An environment looks up an environment variable, like [os.Getenv].
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
	// env is nil during validation: no environment variable is looked up then, and unknown values are not errors.
	env   environment
	diags diag.Diagnostics
}

func (r *resolver) fail(argument, problem string) {
	r.diags.AddAttributeError(path.Root(argument), "Invalid configuration of the VirusTotal provider", problem)
}

// fromArgument describes an argument as the source of a value.
func fromArgument(name string) string { return "the argument " + name }

// A settled is a resolved value, with its source in words. from is "" for a default.
type settled[T any] struct {
	value T
	from  string
}

// setting resolves one argument. The argument takes precedence over the environment variables, in their order, and
// those over fallback. Empty strings count as not set.
func setting[T any](r *resolver, argument string, configured attr.Value, fallback T, parse func(string) (T, error), variables ...string) settled[T] {
	if configured.IsUnknown() {
		if r.env != nil {
			r.fail(argument, fmt.Sprintf("The value of %s is not known until apply. Use a value that is known at plan time, or omit it and set %s.",
				argument, strings.Join(variables, " or ")))
		}
		return settled[T]{fallback, fromArgument(argument)}
	}
	from, text := fromArgument(argument), ""
	switch v := configured.(type) {
	case types.String:
		text = v.ValueString()
	case types.Number:
		if !v.IsNull() {
			text = v.ValueBigFloat().Text('f', -1)
		}
	}
	if r.env != nil {
		for _, name := range variables {
			if text != "" {
				break
			}
			from, text = "the environment variable "+name, r.env(name)
		}
	}
	if text == "" {
		return settled[T]{value: fallback}
	}
	value, err := parse(text)
	if err != nil {
		r.fail(argument, fmt.Sprintf("The value of %s %v.", from, err))
		return settled[T]{fallback, from}
	}
	return settled[T]{value, from}
}

// keyFile reads the API key from the configuration file of VirusTotal's CLI.
func keyFile(r *resolver) settled[string] {
	const name = "~/.vt.toml"
	missing := func() settled[string] {
		r.fail("api_key", "No API key is configured. Set api_key, or the environment variable VIRUSTOTAL_API_KEY, VT_API_KEY or VTCLI_APIKEY, "+
			"or write one to "+name+" with `vt init`. Your API key is at https://www.virustotal.com/gui/my-apikey.")
		return settled[string]{}
	}
	home := r.env.home()
	if home == "" {
		return missing()
	}
	content, err := os.ReadFile(filepath.Join(home, ".vt.toml")) //nolint:gosec // It is in the user's home directory.
	if errors.Is(err, fs.ErrNotExist) {
		return missing()
	}
	if err != nil {
		r.fail("api_key", fmt.Sprintf("The API key cannot be read from %s: %v.", name, errors.Unwrap(err)))
		return settled[string]{}
	}
	var file struct {
		APIKey string `toml:"apikey"`
	}
	if err := toml.Unmarshal(content, &file); err != nil {
		// The parser's message is not shown: it may quote the line with the API key.
		at := ""
		if e, ok := errors.AsType[*toml.DecodeError](err); ok {
			line, column := e.Position()
			at = fmt.Sprintf(" (line %d, column %d)", line, column)
		}
		r.fail("api_key", fmt.Sprintf("The API key cannot be read from %s: the file is not TOML with a string named apikey%s.", name, at))
		return settled[string]{}
	}
	if file.APIKey == "" {
		return missing()
	}
	key, err := parseKey(file.APIKey)
	if err != nil {
		r.fail("api_key", fmt.Sprintf("The value of apikey in %s %v.", name, err))
	}
	return settled[string]{key, "apikey in " + name}
}

// parseKey validates an API key. Its errors do not quote the value.
func parseKey(s string) (string, error) {
	switch {
	case virustotal.IsKey(s):
		return s, nil
	case virustotal.IsKey(strings.TrimSpace(s)):
		return "", errors.New("is not an API key: it has leading or trailing white space")
	default:
		return "", errors.New("is not an API key: a key is 64 hexadecimal digits")
	}
}

// parseBaseURL parses and validates a base URL. Its errors do not quote the value, which may contain a password.
func parseBaseURL(s string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(s, "/"))
	switch {
	case err != nil, u.Hostname() == "", !validPort(u.Port()):
		return nil, errors.New("must be a URL, such as " + virustotal.DefaultBaseURL)
	case u.User != nil:
		return nil, errors.New("must be a URL without user info")
	case strings.ContainsAny(s, "?#"):
		return nil, errors.New("must be a URL without a query or a fragment")
	case u.Scheme != "https" && u.Scheme != "http":
		return nil, errors.New("must be an https URL")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, errors.New("must be an https URL: http would send the API key unencrypted, and is allowed for localhost only")
	}
	return u, nil
}

func validPort(port string) bool {
	_, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil
}

func isLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}

func mustBaseURL() *url.URL {
	u, err := parseBaseURL(virustotal.DefaultBaseURL)
	if err != nil {
		panic(err)
	}
	return u
}

func parseCount(s string) (int, error) {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("must be a whole number of at least 0, not %q", virustotal.MaskKeys(s))
	}
	return n, nil
}

func parseDuration(s string) (time.Duration, error) {
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return 0, fmt.Errorf("must be a duration above 0 with a unit, such as 30s or 2m, not %q", virustotal.MaskKeys(s))
	}
	return d, nil
}
