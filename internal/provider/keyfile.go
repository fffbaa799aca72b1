// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pelletier/go-toml/v2"
)

// keyFromFile reads the API key from the configuration file of VirusTotal's CLI.
func keyFromFile(r *resolver) setting[string] {
	const name = "~/.vt.toml"
	missing := func() setting[string] {
		r.fail("api_key", "No API key is configured. Set api_key, or the environment variable VIRUSTOTAL_API_KEY, VT_API_KEY or VTCLI_APIKEY, "+
			"or write one to "+name+" with `vt init`. Your API key is at https://www.virustotal.com/gui/my-apikey.")
		return setting[string]{}
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
		return setting[string]{}
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
		return setting[string]{}
	}
	if file.APIKey == "" {
		return missing()
	}
	key, err := parseKey(file.APIKey)
	if err != nil {
		r.fail("api_key", fmt.Sprintf("The value of apikey in %s %v.", name, err))
	}
	return setting[string]{key, "apikey in " + name}
}
