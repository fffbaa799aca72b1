// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"net/url"

	"golang.org/x/net/http/httpproxy"
)

// transport returns the default transport, but with other proxies, and with an idle connection for each of the ten reads
// that Terraform runs in parallel.
func transport(config httpproxy.Config) http.RoundTripper {
	t, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return readOnly{http.DefaultTransport}
	}
	t = t.Clone()
	t.MaxIdleConnsPerHost = 10
	proxyOf := config.ProxyFunc()
	t.Proxy = func(req *http.Request) (*url.URL, error) { return proxyOf(req.URL) }
	return readOnly{t}
}

// readOnly rejects all requests but GET, as a second line of defense.
type readOnly struct{ http.RoundTripper }

func (t readOnly) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != http.MethodGet {
		return nil, fmt.Errorf("the provider is read-only and does not send %s requests", req.Method)
	}
	return t.RoundTripper.RoundTrip(req)
}
