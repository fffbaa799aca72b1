// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// The functions below parse the provider's settings. Their errors continue the sentence "The value of …".

// parseKey validates an API key. Its errors do not quote the value.
func parseKey(s string) (string, error) {
	switch {
	case virustotal.IsKey(s):
		return s, nil
	case virustotal.IsKey(strings.TrimSpace(s)):
		return "", errors.New("is not an API key: it has leading or trailing white space")
	default:
		return "", errors.New("is not an API key: an API key has 64 hexadecimal digits")
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

// checkProxy validates the URL of a proxy. Like HTTPS_PROXY, it may lack its scheme. Its errors do not quote the value,
// which may contain a password.
func checkProxy(s string) error {
	if !strings.Contains(s, "://") {
		s = "http://" + s
	}
	u, err := url.Parse(s)
	if err != nil || u.Hostname() == "" || !validPort(u.Port()) ||
		!slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme) {
		return errors.New("must be the URL of a proxy, such as http://proxy.example:3128")
	}
	return nil
}

func validPort(port string) bool {
	_, err := strconv.ParseUint(port, 10, 16)
	return port == "" || err == nil
}

func isLoopback(host string) bool {
	return strings.EqualFold(host, "localhost") || net.ParseIP(host).IsLoopback()
}

func defaultBaseURL() *url.URL {
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
