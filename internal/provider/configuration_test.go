// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

var aKey = strings.Repeat("0123456789abcdef", 4)

// faults returns the diagnostics' details by argument.
func faults(diags diag.Diagnostics) map[string]string {
	found := map[string]string{}
	for _, d := range diags {
		at := ""
		if d, ok := d.(diag.DiagnosticWithPath); ok {
			at = d.Path().String()
		}
		found[at] += d.Detail()
	}
	return found
}

func TestDefaults(t *testing.T) {
	t.Parallel()
	env := variables{"VIRUSTOTAL_API_KEY": aKey, "VIRUSTOTAL_BASE_URL": ""} // "" counts as not set.
	s, diags := configuration{}.session(env.get, "agent")
	if diags.HasError() {
		t.Fatal(diags)
	}
	c := s.client
	if c.BaseURL.String() != virustotal.DefaultBaseURL || c.RequestsPerMinute != 0 || c.MaxRetries != 4 ||
		c.MaxRetryWait != time.Minute || c.RequestTimeout != 30*time.Second || c.UserAgent != "agent" {
		t.Errorf("defaults are %s %d %d %s %s", c.BaseURL, c.RequestsPerMinute, c.MaxRetries, c.MaxRetryWait, c.RequestTimeout)
	}
}

func TestArgumentsTakePrecedence(t *testing.T) {
	t.Parallel()
	env := variables{
		"VIRUSTOTAL_API_KEY": aKey, "VIRUSTOTAL_BASE_URL": "http://localhost:1/env", "VIRUSTOTAL_REQUESTS_PER_MINUTE": "1",
		"VIRUSTOTAL_MAX_RETRIES": "2", "VIRUSTOTAL_MAX_RETRY_WAIT": "3s", "VIRUSTOTAL_REQUEST_TIMEOUT": "4s",
	}
	s, diags := configuration{}.session(env.get, "")
	c := s.client
	if diags.HasError() || c.APIKey != aKey || c.BaseURL.String() != "http://localhost:1/env" || c.RequestsPerMinute != 1 ||
		c.MaxRetries != 2 || c.MaxRetryWait != 3*time.Second || c.RequestTimeout != 4*time.Second {
		t.Errorf("of the environment: %+v, %v", c, diags)
	}
	s, diags = configuration{
		APIKey: types.StringValue(strings.Repeat("f", 64)), BaseURL: types.StringValue("https://vt.example/x/"),
		RequestsPerMinute: types.NumberValue(big.NewFloat(0)), MaxRetries: types.NumberValue(big.NewFloat(0)),
		MaxRetryWait: types.StringValue("1m"), RequestTimeout: types.StringValue("2m"),
	}.session(env.get, "")
	c = s.client
	if diags.HasError() || c.APIKey != strings.Repeat("f", 64) || c.BaseURL.String() != "https://vt.example/x" || c.RequestsPerMinute != 0 ||
		c.MaxRetries != 0 || c.MaxRetryWait != time.Minute || c.RequestTimeout != 2*time.Minute || s.keyOrigin != argumentOrigin("api_key") {
		t.Errorf("of the configuration: %+v, %v", c, diags)
	}
}

func TestSourceOfTheAPIKey(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	env := variables{"HOME": home, "USERPROFILE": home}
	keyOrigin := func() string {
		t.Helper()
		s, diags := configuration{APIKey: types.StringValue("")}.session(env.get, "")
		if diags.HasError() {
			return faults(diags)["api_key"]
		}
		return s.keyOrigin.String()
	}
	if got := keyOrigin(); !strings.Contains(got, "No API key is configured") {
		t.Errorf("without a key: %s", got)
	}
	for content, want := range map[string]string{
		`apikey="` + aKey + `"` + "\nquota = 4\n": "apikey in ~/.vt.toml",
		"other = 1":         "No API key is configured",
		"apikey = 17":       "not TOML with a string named apikey (line 1",
		"apikey = secret":   "not TOML with a string named apikey (line 1",
		`apikey = "secret"`: "The value of apikey in ~/.vt.toml is not an API key",
	} {
		if err := os.WriteFile(filepath.Join(home, ".vt.toml"), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := keyOrigin(); !strings.Contains(got, want) || strings.Contains(got, "secret") {
			t.Errorf("%s: %s", content, got)
		}
	}
	for _, name := range []string{"VTCLI_APIKEY", "VT_API_KEY", "VIRUSTOTAL_API_KEY"} {
		env[name] = aKey
		if got := keyOrigin(); got != "the environment variable "+name {
			t.Errorf("with %s: %s", name, got)
		}
	}
}

func TestInvalidArguments(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ argument, env, value, says string }{
		{"api_key", "VIRUSTOTAL_API_KEY", "short", "is not an API key"},
		{"api_key", "VT_API_KEY", aKey + "\n", "white space"},
		{"api_key", "VTCLI_APIKEY", strings.Repeat("ü", 32), "is not an API key"},
		{"base_url", "VIRUSTOTAL_BASE_URL", "vt.example", "must be a URL"},
		{"base_url", "VIRUSTOTAL_BASE_URL", "http://vt.example", "must be an https URL"},
		{"base_url", "VIRUSTOTAL_BASE_URL", "http://127.0.0.1.evil.example", "must be an https URL"},
		{"base_url", "VIRUSTOTAL_BASE_URL", "ftp://vt.example", "must be an https URL"},
		{"base_url", "VIRUSTOTAL_BASE_URL", "https://joe:secret@vt.example", "without user info"},
		{"base_url", "VIRUSTOTAL_BASE_URL", "https://vt.example?x=secret", "without a query"},
		{"base_url", "VIRUSTOTAL_BASE_URL", "https://vt.example#", "without a query"},
		{"base_url", "VIRUSTOTAL_BASE_URL", "https://:443/x", "must be a URL"},
		{"base_url", "VIRUSTOTAL_BASE_URL", "https://vt.example:secret/", "must be a URL"},
		{"base_url", "VIRUSTOTAL_BASE_URL", "https://vt.example:99999/", "must be a URL"},
		{"requests_per_minute", "VIRUSTOTAL_REQUESTS_PER_MINUTE", "many", "whole number"},
		{"requests_per_minute", "VIRUSTOTAL_REQUESTS_PER_MINUTE", "-1", "whole number"},
		{"max_retries", "VIRUSTOTAL_MAX_RETRIES", "1.5", "whole number"},
		{"max_retry_wait", "VIRUSTOTAL_MAX_RETRY_WAIT", "60", "with a unit"},
		{"request_timeout", "VIRUSTOTAL_REQUEST_TIMEOUT", "0s", "above 0"},
		{"request_timeout", "VIRUSTOTAL_REQUEST_TIMEOUT", "-1s", "above 0"},
	} {
		t.Run(test.argument+" "+test.value, func(t *testing.T) {
			t.Parallel()
			env := variables{}
			if test.argument != "api_key" {
				env["VIRUSTOTAL_API_KEY"] = aKey
			}
			env[test.env] = test.value
			_, diags := configuration{}.session(env.get, "")
			found := faults(diags)[test.argument]
			if !strings.Contains(found, test.says) || !strings.Contains(found, test.env) || strings.Contains(found, "secret") || len(diags) != 1 {
				t.Errorf("%v", diags)
			}
		})
	}
}

func TestUnknownArguments(t *testing.T) {
	t.Parallel()
	unknown := configuration{
		APIKey: types.StringUnknown(), BaseURL: types.StringUnknown(), RequestsPerMinute: types.NumberUnknown(),
		MaxRetries: types.NumberUnknown(), MaxRetryWait: types.StringUnknown(), RequestTimeout: types.StringUnknown(),
	}
	_, diags := unknown.session(variables{"VIRUSTOTAL_API_KEY": aKey}.get, "")
	found := faults(diags)
	for _, argument := range []string{"api_key", "base_url", "requests_per_minute", "max_retries", "max_retry_wait", "request_timeout"} {
		if !strings.Contains(found[argument], "not known yet") {
			t.Errorf("%s: %q", argument, found[argument])
		}
	}
	if diags := unknown.validate(); len(diags) != 0 {
		t.Errorf("validate rejects unknown values: %v", diags)
	}
}

// TestValidateNeedsNoKey checks that validation reports invalid values, but neither missing nor unknown ones.
func TestValidateNeedsNoKey(t *testing.T) {
	t.Parallel()
	if diags := (configuration{}).validate(); len(diags) != 0 {
		t.Error(diags)
	}
	diags := configuration{MaxRetries: types.NumberValue(big.NewFloat(-1)), BaseURL: types.StringValue("x"), APIKey: types.StringValue("x")}.validate()
	if found := faults(diags); len(found) != 3 || !strings.Contains(found["max_retries"], "the argument max_retries must be a whole number") {
		t.Error(diags)
	}
	if diags[0].(diag.DiagnosticWithPath).Path().Equal(path.Empty()) {
		t.Error("no argument is named")
	}
}

func TestUserAgent(t *testing.T) {
	t.Parallel()
	const want = "Terraform/1.11.4 (+https://www.terraform.io) terraform-provider-virustotal/0.1.0 (gzip) ci/1.0 (nightly)"
	if got := userAgent("1.11.4", "0.1.0", "ci/1.0\n(nightly)"); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestConfigurationInTerraform checks errors in the output of Terraform.
func TestConfigurationInTerraform(t *testing.T) {
	t.Parallel()
	const read = `
		data "virustotal_user" "me" {}`
	for config, says := range map[string]string{
		`provider "virustotal" { base_url = "https://vt.example?x=1" }`: `base_url = … without a query`,
		`provider "virustotal" { requests_per_minute = 2.5 }`:           `requests_per_minute = … must be a whole number of at least 0, not "2.5"`,
		`provider "virustotal" { max_retry_wait = "soon" }`:             `max_retry_wait = … duration above 0`,
		`resource "terraform_data" "later" {}
		 provider "virustotal" { api_key = terraform_data.later.id }`: `api_key = … not known yet`,
		`provider "virustotal" { api_key = "` + strings.Repeat("0", 64) + `" }`: `Cannot read the VirusTotal user that the API key belongs to … ` +
			`WrongCredentialsError: … Check the API key. The provider took it from the argument api_key`,
	} {
		serve(t, vttest.SecurityHead).fails(t, config+read, says)
	}
	fake := serve(t, vttest.SecurityHead)
	fake.apply(t, `provider "virustotal" { api_key = "`+fake.Key(vttest.SecurityHead)+`" }`+read)
	for _, request := range fake.Requests() {
		if got := request.Header.Get("X-Tool"); got != "terraform-provider-virustotal" {
			t.Errorf("X-Tool is %q", got)
		}
	}
	delete(fake.env, "VIRUSTOTAL_API_KEY")
	fake.fails(t, `provider "virustotal" {}`+read, `No API key is configured`)
}
