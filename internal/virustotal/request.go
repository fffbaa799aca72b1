// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// A request is what a GET asks for, below the base URL.
type request struct {
	path  []string
	query url.Values
	owner bool     // Whether the last segment of the path is the API key.
	bare  []string // The members that make an answer without data the data itself.
}

// OwnerPath stands for the one path that holds the API key wherever a path is shown.
const OwnerPath = "/users/{the API key}"

// key tells one request from another. It holds no API key but one that somebody put where none belongs.
func (r request) key() string {
	if r.owner {
		return OwnerPath
	}
	return escape(r.path) + "?" + r.query.Encode()
}

// String returns the escaped path and query as they may be shown: without a cursor, which is VirusTotal's and may hold
// anything, and without what has the form of an API key.
func (r request) String() string {
	if r.owner {
		return OwnerPath
	}
	s := escape(r.path)
	for i, name := range slices.Sorted(maps.Keys(r.query)) {
		value := url.QueryEscape(r.query.Get(name))
		if name == "cursor" {
			value = "…"
		}
		separator := "&"
		if i == 0 {
			separator = "?"
		}
		s += separator + name + "=" + value
	}
	return MaskKeys(s)
}

// url returns the URL to send the request to.
func (r request) url(base *url.URL) *url.URL {
	u := *base
	u.Path += "/" + strings.Join(r.path, "/")
	u.RawPath = base.EscapedPath() + escape(r.path)
	u.RawQuery = r.query.Encode()
	return &u
}

// escape escapes everything in a segment that could mean something in a URL. Unlike [url.PathEscape] it escapes @, : and
// & too, which some proxies interpret.
func escape(path []string) string {
	var b strings.Builder
	for _, segment := range path {
		b.WriteByte('/')
		b.WriteString(strings.ReplaceAll(url.QueryEscape(segment), "+", "%20"))
	}
	return b.String()
}

// nameable reports whether an id can be a segment of a path. "." and ".." would name another path to whoever cleans it,
// and one with the form of an API key is a secret.
func nameable(id string) bool {
	return id != "" && id != "." && id != ".." && !IsKey(id)
}

// IsKey reports whether s has the form of an API key: 64 letters or digits. VirusTotal's keys are hexadecimal, but the
// sample on its page about the user object has letters beyond f.
func IsKey(s string) bool {
	for i := range len(s) {
		if !isKeyLetter(s[i]) {
			return false
		}
	}
	return len(s) == keyLength
}

const keyLength = 64

func isKeyLetter(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
