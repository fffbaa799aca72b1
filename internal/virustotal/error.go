// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Codes of VirusTotal's errors, as returned by [Error.Reason]. See https://docs.virustotal.com/reference/errors.
const (
	CodeBadRequest             = "BadRequestError"
	CodeInvalidArgument        = "InvalidArgumentError"
	CodeNotAvailableYet        = "NotAvailableYet"
	CodeAuthenticationRequired = "AuthenticationRequiredError"
	CodeWrongCredentials       = "WrongCredentialsError"
	CodeUserNotActive          = "UserNotActiveError"
	CodeForbidden              = "ForbiddenError"
	CodeNotFound               = "NotFoundError"
	CodeFailedDependency       = "FailedDependencyError"
	CodeTooManyRequests        = "TooManyRequestsError"
	CodeQuotaExceeded          = "QuotaExceededError"
	CodeTransient              = "TransientError"
	CodeDeadlineExceeded       = "DeadlineExceededError"
)

// Error is the error of a failed request. It contains no API key.
type Error struct {
	Path     string // Escaped path and query, relative to the base URL. API keys are masked; see OwnerPath.
	Status   int    // HTTP status. 0 if there was no response.
	Code     string // VirusTotal's error code. "" if the response has none.
	Message  string // VirusTotal's error message.
	Attempts int    // Number of attempts, including the first.

	RetryAfter time.Duration // How long VirusTotal asked to wait. 0 if it did not.

	// Err is the cause if VirusTotal sent no code: a network error, an unreadable body, a [*DataError] or a
	// [*RedirectError].
	Err error

	retryable bool // For an error without a code: whether it may be temporary.
	lost      bool // See ConnectionLost.
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

// Reason returns one of the codes above: VirusTotal's own if it is among them, otherwise the closest one for the
// status. It returns "" if VirusTotal sent no code, or if none fits. Without a code, the status is not enough: several
// codes share a status, and a proxy may have sent it.
func (e *Error) Reason() string {
	switch e.Code {
	case "":
		return ""
	case CodeBadRequest, CodeInvalidArgument, CodeNotAvailableYet, CodeAuthenticationRequired, CodeWrongCredentials,
		CodeUserNotActive, CodeForbidden, CodeNotFound, CodeFailedDependency, CodeTooManyRequests, CodeQuotaExceeded,
		CodeTransient, CodeDeadlineExceeded:
		return e.Code
	}
	switch {
	case e.Status == http.StatusBadRequest:
		return CodeBadRequest
	case e.Status == http.StatusUnauthorized:
		return CodeWrongCredentials
	case e.Status == http.StatusForbidden:
		return CodeForbidden
	case e.Status == http.StatusNotFound:
		return CodeNotFound
	case e.Status == http.StatusFailedDependency:
		return CodeFailedDependency
	case e.Status == http.StatusTooManyRequests: // For example the code TooManyRequests.
		return CodeTooManyRequests
	case e.Status >= http.StatusInternalServerError:
		return CodeTransient
	default:
		return ""
	}
}

// Retryable reports whether the same request may succeed later.
func (e *Error) Retryable() bool {
	switch e.Reason() {
	case CodeTooManyRequests, CodeQuotaExceeded, CodeTransient, CodeDeadlineExceeded:
		return true
	case "":
		return e.retryable
	default:
		return false
	}
}

// ConnectionLost reports whether the connection was lost after the response had begun and before it was complete.
func (e *Error) ConnectionLost() bool { return e.lost }

// RedirectError is a redirect, which the client does not follow: that would send the API key to another host.
type RedirectError struct {
	Location string // Target URL, without query. "" if the response has none.
}

func (e *RedirectError) Error() string {
	if e.Location == "" {
		return "a redirect without a target"
	}
	return "a redirect to " + e.Location
}

// maskedKey replaces API keys in texts.
const maskedKey = "[API key]"

// maxShown is the maximum length of a text in messages, in characters.
const maxShown = 1000

// clean makes untrusted text safe for messages: it masks API keys, replaces control characters, which a terminal would
// interpret, and truncates long text.
func (c *Client) clean(s string) string {
	if c.APIKey != "" {
		s = strings.ReplaceAll(s, c.APIKey, maskedKey)
	}
	s = MaskKeys(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, s))
	shown := 0
	for at := range s {
		if shown == maxShown {
			return fmt.Sprintf("%s… (truncated from %d characters)", s[:at], utf8.RuneCountInString(s))
		}
		shown++
	}
	return s
}

// MaskKeys replaces everything in a text that looks like an API key: runs of 64 or more ASCII letters and digits.
func MaskKeys(s string) string {
	var masked strings.Builder
	kept, start := 0, 0 // s[:kept] is in masked already. The current run begins at start.
	for i := 0; i <= len(s); i++ {
		if i < len(s) && isKeyChar(s[i]) {
			continue
		}
		if i-start >= keyLength {
			masked.WriteString(s[kept:start] + maskedKey)
			kept = i
		}
		start = i + 1
	}
	return masked.String() + s[kept:]
}

// dataError returns the error for a complete response with the wrong content.
func (c *Client) dataError(r request, err error) *Error {
	return &Error{Path: r.String(), Status: http.StatusOK, Err: &DataError{c.clean(err.Error())}}
}
