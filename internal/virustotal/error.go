// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"
)

// Codes of VirusTotal's errors that a caller may want to tell apart.
const (
	CodeAuthenticationRequired = "AuthenticationRequiredError"
	CodeWrongCredentials       = "WrongCredentialsError"
	CodeUserNotActive          = "UserNotActiveError"
	CodeForbidden              = "ForbiddenError"
	CodeNotFound               = "NotFoundError"
	CodeTooManyRequests        = "TooManyRequestsError"
	CodeTooManyRequestsToo     = "TooManyRequests" // Seen in the former's place.
	CodeQuotaExceeded          = "QuotaExceededError"
	CodeTransient              = "TransientError"
	CodeDeadlineExceeded       = "DeadlineExceededError"
)

// Error is a request that did not bring what it asked for. Nothing in it holds an API key.
type Error struct {
	Path     string // Below the base URL, escaped, with its query. OwnerPath where the key stood in it.
	Status   int    // 0 where no answer came.
	Code     string // VirusTotal's code; "" where the answer was not VirusTotal's envelope.
	Message  string // VirusTotal's words.
	Attempts int

	RetryAfter time.Duration // How long VirusTotal asked to wait. 0 where it did not say.

	// Err is what went wrong where it was not VirusTotal that refused: a network's fault, a body that cannot
	// be read, a [*DataError], a [*RedirectError]. nil where Code says all.
	Err error

	retryable bool // A fault of the network, or a status without a code, that a later try may not meet.
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(http.MethodGet + " " + e.Path)
	if e.Status != 0 {
		fmt.Fprintf(&b, ": HTTP %d %s", e.Status, http.StatusText(e.Status))
	}
	if e.Code != "" {
		fmt.Fprintf(&b, ", %s: %s", e.Code, e.Message)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

// Retryable reports whether a later try of the same request may do better. VirusTotal's code decides where
// there is one, since a status alone does not tell (https://docs.virustotal.com/reference/errors).
func (e *Error) Retryable() bool {
	switch e.Code {
	case CodeTooManyRequests, CodeTooManyRequestsToo, CodeQuotaExceeded, CodeTransient, CodeDeadlineExceeded:
		return true
	case "":
		return e.retryable
	default:
		return false
	}
}

// RedirectError is an answer that wanted to lead to another URL. None is followed: the key would go along.
type RedirectError struct {
	Location string // Where it led, without query; "" where it did not say.
}

func (e *RedirectError) Error() string {
	if e.Location == "" {
		return "a redirect that does not say where to"
	}
	return "a redirect to " + e.Location
}

// maskedKey stands where a key stood.
const maskedKey = "[API key]"

// maskOwn takes the client's own key out of words.
func (c *Client) maskOwn(s string) string {
	if c.APIKey == "" {
		return s
	}
	return strings.ReplaceAll(s, c.APIKey, maskedKey)
}

// mask takes the key, and whatever else has the form of a key, out of words that others wrote, and with it
// the control characters, which a terminal would obey.
func (c *Client) mask(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, c.maskOwn(s))
	var b strings.Builder
	for s != "" {
		run := len(s) - len(strings.TrimLeft(s, keyLetters))
		switch {
		case run == 0:
			run = strings.IndexAny(s, keyLetters)
			if run < 0 {
				run = len(s)
			}
			b.WriteString(s[:run])
		case run >= keyLength:
			b.WriteString(maskedKey)
		default:
			b.WriteString(s[:run])
		}
		s = s[run:]
	}
	return b.String()
}
