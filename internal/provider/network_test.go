// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/pem"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestAPIKeyFile reads the key from the file that VIRUSTOTAL_API_KEY_FILE names.
func TestAPIKeyFile(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "key")
	later := strings.Repeat("f", 64)
	for content, says := range map[string]string{
		aKey: "", aKey + "\n": "", " " + aKey + "\r\n": "",
		"":                            "is not an API key",
		"secret":                      "is not an API key",
		aKey + "\n" + aKey:            "is not an API key",
		strings.Repeat("0", 64) + "0": "is not an API key",
	} {
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		s, diags := configuration{}.session(variables{"VIRUSTOTAL_API_KEY_FILE": file, "VT_API_KEY": later}.get, "")
		if says == "" && (diags.HasError() || s.client.APIKey != aKey || s.keyOrigin.name != "VIRUSTOTAL_API_KEY_FILE") {
			t.Errorf("%q: %v, from %s", content, diags, s.keyOrigin)
		}
		found := faults(diags)["api_key"]
		if says != "" && (!strings.Contains(found, says) || !strings.Contains(found, "VIRUSTOTAL_API_KEY_FILE") || strings.Contains(found, "secret") || s.client.APIKey == later) {
			t.Errorf("%q: %v", content, diags)
		}
	}
	for _, name := range []string{file + "-missing", t.TempDir(), later} {
		s, diags := configuration{}.session(variables{"VIRUSTOTAL_API_KEY_FILE": name, "VT_API_KEY": later}.get, "")
		if found := faults(diags)["api_key"]; !strings.Contains(found, "cannot be read") || strings.Contains(found, later) || s.client.APIKey != "" {
			t.Errorf("%s: %v", name, diags)
		}
	}
	s, diags := configuration{}.session(variables{"VIRUSTOTAL_API_KEY_FILE": file + "-missing", "VIRUSTOTAL_API_KEY": later}.get, "")
	if diags.HasError() || s.client.APIKey != later {
		t.Errorf("VIRUSTOTAL_API_KEY does not come first: %v", diags)
	}
}

// TestProxies checks which proxy a request takes, and that no error shows a proxy's password.
func TestProxies(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	for name, test := range map[string]struct {
		file string
		env  variables
		want string // "" for none.
		says string
	}{
		"none":                      {},
		"of the CLI's variable":     {env: variables{"VTCLI_PROXY": "http://joe:secret@cli.example:1"}, want: "http://joe:secret@cli.example:1"},
		"of the CLI's file":         {file: `proxy = "http://file.example:1"`, want: "http://file.example:1"},
		"without a scheme":          {file: `proxy = "file.example:1"`, want: "http://file.example:1"},
		"SOCKS":                     {file: `proxy = "socks5://file.example:1"`, want: "socks5://file.example:1"},
		"the variable comes first":  {file: `proxy = 5`, env: variables{"VTCLI_PROXY": "http://cli.example"}, want: "http://cli.example"},
		"the environment's first":   {file: `proxy = 5`, env: variables{"HTTPS_PROXY": "http://env.example", "VTCLI_PROXY": "ftp://x"}, want: "http://env.example"},
		"the lowercase environment": {env: variables{"https_proxy": "http://env.example", "VTCLI_PROXY": "http://cli.example"}, want: "http://env.example"},
		"not for this host":         {env: variables{"NO_PROXY": "virustotal.com", "VTCLI_PROXY": "http://cli.example"}},
		"an empty one":              {file: `proxy = ""`},
		"a file that isn't TOML":    {file: `proxy = `},
		"not a string":              {file: `proxy = 5`, says: "proxy in ~/.vt.toml must be the URL of a proxy"},
		"not a URL in the file":     {file: `proxy = "http://joe:secret@"`, says: "proxy in ~/.vt.toml must be the URL of a proxy"},
		"an unknown scheme":         {env: variables{"VTCLI_PROXY": "ftp://joe:secret@cli.example"}, says: "VTCLI_PROXY must be the URL of a proxy"},
		"a wrong port":              {env: variables{"VTCLI_PROXY": "http://cli.example:secret"}, says: "VTCLI_PROXY must be the URL of a proxy"},
	} {
		env := variables{"VIRUSTOTAL_API_KEY": aKey, "HOME": home, "USERPROFILE": home}
		for name, value := range test.env {
			env[name] = value
		}
		if err := os.WriteFile(filepath.Join(home, ".vt.toml"), []byte(test.file), 0o600); err != nil {
			t.Fatal(err)
		}
		s, diags := configuration{}.session(env.get, "")
		if found := faults(diags)[""]; test.says != "" && !strings.Contains(found, test.says) || test.says == "" && diags.HasError() || strings.Contains(found, "secret") {
			t.Errorf("%s: %v", name, diags)
			continue
		}
		proxy, err := s.client.Transport.(readOnly).RoundTripper.(*http.Transport).Proxy(&http.Request{URL: s.client.BaseURL})
		got := ""
		if proxy != nil {
			got = proxy.String()
		}
		if err != nil || got != test.want {
			t.Errorf("%s: the proxy is %q, want %q: %v", name, got, test.want, err)
		}
	}
}

// TestAProxysPasswordIsNotShown reads through a proxy that does not exist, and one that wants credentials.
func TestAProxysPasswordIsNotShown(t *testing.T) {
	t.Parallel()
	proxy := httptest.NewServer(vttest.Body(http.StatusProxyAuthRequired, "text/html", "<html>"))
	defer proxy.Close()
	for _, host := range []string{"127.0.0.1:1", proxy.Listener.Addr().String(), "no-such-host.invalid"} {
		s, diags := configuration{BaseURL: types.StringValue("https://vt.example")}.session(
			variables{"VIRUSTOTAL_API_KEY": aKey, "VTCLI_PROXY": "http://joe:secret@" + host, "VIRUSTOTAL_MAX_RETRIES": "0"}.get, "")
		if diags.HasError() {
			t.Fatal(diags)
		}
		_, err := readUser(t.Context(), s.client, input{id: "joe"})
		described := faults(target{parent: ofUser}.diagnose(s, err, nil, nil))[""]
		if err == nil || strings.Contains(described, "secret") || !strings.Contains(described, "HTTPS_PROXY") {
			t.Errorf("through %s: %s", host, described)
		}
	}
}

// TestHugeNumbers checks that a number with a large exponent is rejected without writing out its digits.
func TestHugeNumbers(t *testing.T) {
	t.Parallel()
	for literal, shown := range map[string]string{
		"1e3000000": "+Inf", "-1e3000000": "-Inf", "1e-3000000": "about 0", "1e300": "1e+300", "2.5": "2.5", "18446744073709551616": "1.8446744073709552e+19",
		"2.00000000000000000000000000000001": "about 2", "-1": "-1",
	} {
		n, _, err := big.ParseFloat(literal, 10, 512, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		diags := configuration{MaxRetries: types.NumberValue(n)}.validate()
		if found := faults(diags)["max_retries"]; !strings.Contains(found, `not "`+shown+`"`) {
			t.Errorf("%s: %v", literal, diags)
		}
	}
}

// TestPrivateCA reads from a server with a private CA, which SSL_CERT_FILE names. Go reads that variable once for each
// process, so the read is in another one.
func TestPrivateCA(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("Go does not read SSL_CERT_FILE here, but the system's certificates.")
	}
	const serverVariable = "TEST_PRIVATE_CA_SERVER"
	if address := os.Getenv(serverVariable); address != "" {
		base, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		s, diags := configuration{BaseURL: types.StringValue(base.String())}.session(variables{"VIRUSTOTAL_API_KEY": aKey}.get, "")
		if diags.HasError() {
			t.Fatal(diags)
		}
		if _, err := virustotal.User[user](t.Context(), s.client, nil, "joe"); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Parallel()
	server := httptest.NewTLSServer(vttest.Body(http.StatusOK, "application/json", `{"data":{"id":"joe","attributes":{}}}`))
	defer server.Close()
	ca := filepath.Join(t.TempDir(), "ca.pem")
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(ca, certificate, 0o600); err != nil {
		t.Fatal(err)
	}
	for file, trusted := range map[string]bool{ca: true, os.DevNull: false} {
		read := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPrivateCA$", "-test.timeout="+time.Minute.String())
		read.Env = append(os.Environ(), "SSL_CERT_FILE="+file, serverVariable+"="+server.URL)
		if output, err := read.CombinedOutput(); (err == nil) != trusted || !trusted && !strings.Contains(string(output), "certificate") {
			t.Errorf("with %s: %v\n%s", file, err, output)
		}
	}
}
