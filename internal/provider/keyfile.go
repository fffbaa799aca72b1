// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/pelletier/go-toml/v2"
	"golang.org/x/net/http/httpproxy"
)

// keyFromNamedFile reads the API key from the file that VIRUSTOTAL_API_KEY_FILE names. Its errors do not show the name,
// which may be a key by mistake.
func keyFromNamedFile(r *resolver) setting[string] {
	const variable = "VIRUSTOTAL_API_KEY_FILE"
	name := r.env(variable)
	if name == "" {
		return setting[string]{}
	}
	from := origin{"the file that is named by the environment variable ", variable}
	content, err := readStart(name)
	if err != nil {
		r.fail("api_key", fmt.Sprintf("The API key cannot be read from %s: %v.", from, cmp.Or(errors.Unwrap(err), err)))
		return setting[string]{origin: from}
	}
	key, err := parseKey(strings.TrimSpace(content))
	if err != nil {
		r.fail("api_key", fmt.Sprintf("The content of %s %v.", from, err))
	}
	return setting[string]{key, from}
}

// readStart reads the first 4 KiB of a file: enough for a key, also from a device that never ends.
func readStart(name string) (string, error) {
	opened, err := os.Open(name) //nolint:gosec // The user names it.
	if err != nil {
		return "", err
	}
	defer func() { _ = opened.Close() }() // It was only read.
	content, err := io.ReadAll(io.LimitReader(opened, 4<<10))
	return string(content), err
}

// keyFromOtherTools takes the API key from the variables of VirusTotal's other tools.
func keyFromOtherTools(r *resolver) setting[string] {
	return resolveSetting(r, "api_key", types.StringNull(), "", parseKey, "VT_API_KEY", "VTCLI_APIKEY")
}

// cliFile is the configuration file of VirusTotal's CLI.
const cliFile = "~/.vt.toml"

// readCLIFile decodes the configuration file of VirusTotal's CLI. Without one, it returns fs.ErrNotExist.
func readCLIFile(env environment, into any) error {
	home := env.home()
	if home == "" { // Not the current directory's.
		return fs.ErrNotExist
	}
	content, err := os.ReadFile(filepath.Join(home, ".vt.toml")) //nolint:gosec // It is in the user's home directory.
	if err != nil {
		return err
	}
	return toml.Unmarshal(content, into)
}

// keyFromCLI reads the API key from the configuration file of VirusTotal's CLI.
func keyFromCLI(r *resolver) setting[string] {
	var settings struct {
		APIKey string `toml:"apikey"`
	}
	err := readCLIFile(r.env, &settings)
	if malformed, ok := errors.AsType[*toml.DecodeError](err); ok {
		// The parser's message is not shown: it may quote the line with the API key.
		line, column := malformed.Position()
		r.fail("api_key", fmt.Sprintf("The API key cannot be read from %s: the file is not TOML with a string named apikey (line %d, column %d).",
			cliFile, line, column))
		return setting[string]{}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.fail("api_key", fmt.Sprintf("The API key cannot be read from %s: %v.", cliFile, cmp.Or(errors.Unwrap(err), err)))
		return setting[string]{}
	}
	if settings.APIKey == "" {
		r.fail("api_key", "No API key is configured. Set api_key, or the environment variable VIRUSTOTAL_API_KEY, VIRUSTOTAL_API_KEY_FILE, "+
			"VT_API_KEY or VTCLI_APIKEY, or write one to "+cliFile+" with `vt init`. Your API key is at https://www.virustotal.com/gui/my-apikey.")
		return setting[string]{}
	}
	key, err := parseKey(settings.APIKey)
	if err != nil {
		r.fail("api_key", fmt.Sprintf("The value of apikey in %s %v.", cliFile, err))
	}
	return setting[string]{key, origin{"apikey in ", cliFile}}
}

// proxies returns the proxies of the environment and, where it has none, that of VirusTotal's CLI. NO_PROXY applies to
// both.
func proxies(r *resolver) httpproxy.Config {
	either := func(name string) string { return cmp.Or(r.env(name), r.env(strings.ToLower(name))) }
	config := httpproxy.Config{HTTPProxy: either("HTTP_PROXY"), HTTPSProxy: either("HTTPS_PROXY"), NoProxy: either("NO_PROXY")}
	if config.HTTPSProxy == "" {
		config.HTTPSProxy = cliProxy(r)
	}
	return config
}

// cliProxy returns the proxy of VirusTotal's CLI, or "". Its errors do not quote it: it may contain a password.
func cliProxy(r *resolver) string {
	const variable = "VTCLI_PROXY"
	proxy, from := r.env(variable), origin{"the environment variable ", variable}
	if proxy == "" {
		var settings struct {
			Proxy any `toml:"proxy"`
		}
		// A file that cannot be read is an error only where its API key is needed.
		if err := readCLIFile(r.env, &settings); err != nil || settings.Proxy == nil {
			return ""
		}
		proxy, _ = settings.Proxy.(string) // Otherwise "", which is not a URL.
		from = origin{"proxy in ", cliFile}
		if settings.Proxy == "" {
			return ""
		}
	}
	if err := checkProxy(proxy); err != nil {
		r.diags.AddError("Invalid proxy of the VirusTotal provider", fmt.Sprintf("The value of %s %v.", from, err))
		return ""
	}
	return proxy
}
