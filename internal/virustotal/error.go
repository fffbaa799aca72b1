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

// Codes of VirusTotal's errors, and so the reasons of an [Error].
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

// Error is the failure of a request. It holds no API key.
type Error struct {
	Path     string // Below the base URL, escaped, with its query, as it may be shown. OwnerPath where the key stood in it.
	Status   int    // HTTP status. 0 if there was no answer.
	Code     string // VirusTotal's code. "" if the answer was not VirusTotal's envelope.
	Message  string // VirusTotal's words.
	Attempts int

	RetryAfter time.Duration // How long VirusTotal asked to wait. 0 if it did not say.

	// Err is the cause if VirusTotal sent no code: a network error, a body that cannot be read, a [*DataError], a
	// [*RedirectError].
	Err error

	retryable bool // Whether a network error or a status without a known code may be temporary.
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

// Reason is the code that says what went wrong, one of those above. VirusTotal's own decides where it is known, since a
// status alone does not tell (https://docs.virustotal.com/reference/errors). A code that is not known is judged by its
// status. It is "" where the answer was not VirusTotal's envelope, and where no code fits.
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
	case e.Status == http.StatusTooManyRequests: // TooManyRequests, for example.
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

// RedirectError is an answer that leads to another URL. None is followed: that would send the API key to another host.
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

// maxShown is how many characters are shown of what others wrote.
const maxShown = 1000

// clean returns words that others wrote as they may be shown: without the API key and whatever else has the form of
// one, without characters that a terminal would obey, and cut where they are long.
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
			return fmt.Sprintf("%s… (cut here: it has %d characters)", s[:at], utf8.RuneCountInString(s))
		}
		shown++
	}
	return s
}

// MaskKeys takes what has the form of an API key out of a text: runs of 64 letters and digits, or more.
func MaskKeys(s string) string {
	var masked strings.Builder
	kept, start := 0, 0 // Before kept, s is in masked; the run began at start.
	for i := 0; i <= len(s); i++ {
		if i < len(s) && isKeyLetter(s[i]) {
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

// dataError is the error of an answer that arrived whole and is not what was asked for.
func (c *Client) dataError(r request, err error) *Error {
	return &Error{Path: r.String(), Status: http.StatusOK, Err: &DataError{c.clean(err.Error())}}
}
