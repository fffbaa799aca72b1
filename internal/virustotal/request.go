// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"net/url"
	"strings"
)

// A request is what a GET asks for, below the base URL.
type request struct {
	path  []string
	query url.Values
	owner bool // Whether the last segment of the path is the API key.
}

// OwnerPath stands for the one path that holds the API key wherever a path is shown.
const OwnerPath = "/users/{the API key}"

// String returns the escaped path and query without the API key: what may be shown, and what tells one
// request from another.
func (r request) String() string {
	if r.owner {
		return OwnerPath
	}
	s := escape(r.path)
	if len(r.query) > 0 {
		s += "?" + r.query.Encode()
	}
	return s
}

// url returns the URL to send the request to.
func (r request) url(base *url.URL) *url.URL {
	u := *base
	u.Path += "/" + strings.Join(r.path, "/")
	u.RawPath = base.EscapedPath() + escape(r.path)
	u.RawQuery = r.query.Encode()
	return &u
}

// escape leaves nothing of a segment as it is but what can mean nothing in a URL: unlike [url.PathEscape]
// also no @, : or &, which some proxies take for more than letters.
func escape(path []string) string {
	var b strings.Builder
	for _, segment := range path {
		b.WriteByte('/')
		b.WriteString(strings.ReplaceAll(url.QueryEscape(segment), "+", "%20"))
	}
	return b.String()
}

// nameable reports whether an id can stand in a path: "." and ".." would name another path in the eyes of
// whoever cleans it. One with the form of a key is no name but a secret.
func nameable(id string) bool {
	return id != "" && id != "." && id != ".." && !IsKey(id)
}

// IsKey reports whether s has the form of an API key: 64 hexadecimal digits. Letters beyond f are let pass,
// since the key on VirusTotal's own page about the user object has some.
func IsKey(s string) bool {
	return len(s) == keyLength && strings.Trim(s, keyLetters) == ""
}

const (
	keyLength  = 64
	keyLetters = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
)
