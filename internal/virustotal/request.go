// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"maps"
	"net/url"
	"slices"
	"strings"
)

// A request is the path and query of a GET, relative to the base URL.
type request struct {
	path  []string // Unescaped segments.
	query url.Values
	owner bool // Whether the last segment of the path is the API key.
}

// OwnerPath is shown in place of the path that contains the API key.
const OwnerPath = "/users/{the API key}"

// key identifies the request in the cache. It does not contain the client's API key.
func (r request) key() string {
	if r.owner {
		return OwnerPath
	}
	return escape(r.path) + "?" + r.query.Encode()
}

// String returns the escaped path and query for messages. Cursors are left out, since they are opaque and may contain
// anything, and API keys are masked.
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

// escape joins the segments of a path and escapes them. Unlike [url.PathEscape], it also escapes @, : and &, which some
// proxies interpret.
func escape(path []string) string {
	var b strings.Builder
	for _, segment := range path {
		b.WriteByte('/')
		b.WriteString(strings.ReplaceAll(url.QueryEscape(segment), "+", "%20"))
	}
	return b.String()
}

// isSafeSegment reports whether an ID can be a segment of a path. "." and ".." would change the path, and an ID that
// looks like an API key may be a secret.
func isSafeSegment(id string) bool {
	return id != "" && id != "." && id != ".." && !IsKey(id)
}

// IsKey reports whether s looks like an API key: 64 ASCII letters or digits. API keys are hexadecimal, but the sample
// in VirusTotal's reference has letters beyond f.
func IsKey(s string) bool {
	for i := range len(s) {
		if !isKeyChar(s[i]) {
			return false
		}
	}
	return len(s) == keyLength
}

const keyLength = 64

func isKeyChar(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}
