// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"math/big"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

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
		MarkdownDescription: "Read-only data sources for VirusTotal's users, groups, quotas and privileges: check, at plan time, who has access " +
			"to VirusTotal through your groups and how much quota they have.",
		Attributes: map[string]schema.Attribute{
			"api_key": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "API key. Environment variables: `VIRUSTOTAL_API_KEY`, then `VIRUSTOTAL_API_KEY_FILE`, the name of a file that holds it, " +
					"then `VT_API_KEY`, then `VTCLI_APIKEY`. " +
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

// validate checks the values that are known. Missing values are not errors.
func (c configuration) validate() diag.Diagnostics {
	r := resolver{}
	c.resolve(&r)
	return r.diags
}

// session resolves the configuration, and returns a session with its client.
func (c configuration) session(env environment, agent string) (*session, diag.Diagnostics) {
	r := resolver{env: env}
	s := c.resolve(&r)
	s.client.Tool = tool
	s.client.UserAgent = agent
	s.client.Transport = transport(proxies(&r))
	s.client.OnRequest = logRequest
	s.client.OnWait = logWait
	return s, r.diags
}

// resolve returns a session with all settings of the configuration.
func (c configuration) resolve(r *resolver) *session {
	baseURL := resolveSetting(r, "base_url", c.BaseURL, defaultBaseURL(), parseBaseURL, "VIRUSTOTAL_BASE_URL")
	client := &virustotal.Client{
		BaseURL:           baseURL.value,
		RequestsPerMinute: resolveSetting(r, "requests_per_minute", c.RequestsPerMinute, 0, parseCount, "VIRUSTOTAL_REQUESTS_PER_MINUTE").value,
		MaxRetries:        resolveSetting(r, "max_retries", c.MaxRetries, defaultMaxRetries, parseCount, "VIRUSTOTAL_MAX_RETRIES").value,
		MaxRetryWait:      resolveSetting(r, "max_retry_wait", c.MaxRetryWait, defaultMaxRetryWait, parseDuration, "VIRUSTOTAL_MAX_RETRY_WAIT").value,
		RequestTimeout:    resolveSetting(r, "request_timeout", c.RequestTimeout, defaultRequestTimeout, parseDuration, "VIRUSTOTAL_REQUEST_TIMEOUT").value,
	}
	key := resolveSetting(r, "api_key", c.APIKey, "", parseKey, "VIRUSTOTAL_API_KEY")
	for _, next := range []func(*resolver) setting[string]{keyFromNamedFile, keyFromOtherTools, keyFromCLI} {
		if key.origin == (origin{}) && r.env != nil {
			key = next(r)
		}
	}
	client.APIKey = key.value
	return &session{client: client, keyOrigin: key.origin, baseURLOrigin: baseURL.origin}
}

// numberText returns a number in decimal digits. One beyond 64 bits is approximate: with a large exponent, its digits
// would take minutes.
func numberText(f *big.Float) string {
	if n, accuracy := f.Int64(); accuracy == big.Exact {
		return strconv.FormatInt(n, 10)
	}
	approximate, _ := f.Float64()
	text := strconv.FormatFloat(approximate, 'g', -1, 64)
	if _, err := strconv.Atoi(text); err == nil {
		return "about " + text // Not the whole number that it looks like.
	}
	return text
}
