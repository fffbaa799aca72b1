// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
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

// DataError is a response that is JSON but not as the API documents it, or larger than the client accepts.
type DataError struct {
	Problem string // A sentence without the full stop.
	TooMuch bool   // Whether the problem is a limit that reading fewer items, or less of each, may avoid.
}

func (e *DataError) Error() string { return e.Problem }

// dataErrorf returns a [*DataError].
func dataErrorf(format string, args ...any) error {
	return &DataError{Problem: fmt.Sprintf(format, args...)}
}

// tooMuchf returns a [*DataError] about a limit.
func tooMuchf(format string, args ...any) error {
	return &DataError{Problem: fmt.Sprintf(format, args...), TooMuch: true}
}

// tooLarge returns the error for a response or a list of more than limit bytes, after decompression.
func tooLarge(what string, limit int64) error {
	return tooMuchf("%s is larger than %d MiB, the maximum", what, limit>>20)
}

// asDataError turns a decoding error into a [*DataError] that names the attribute. part is the member that was decoded,
// or "" for the whole response or object. id is the object's raw ID, or nil. Any other error is returned unchanged.
func asDataError(err error, part string, id jsontext.Value) error {
	if _, ok := errors.AsType[*DataError](err); ok {
		return err
	}
	of := ""
	if len(id) > 0 && len(id) < 200 {
		of = " of " + string(id)
	}
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok && errors.Is(err, jsontext.ErrDuplicateName) {
		return dataErrorf("VirusTotal sent %q twice in one object", syntax.JSONPointer.LastToken())
	}
	semantic, ok := errors.AsType[*json.SemanticError](err)
	if !ok {
		return err
	}
	name := cmp.Or(attributeName(part, semantic.JSONPointer), "data")
	kind, expected := describeKind(semantic.JSONKind), describeType(semantic.GoType)
	if semantic.JSONKind == 0 && semantic.Err != nil {
		return dataErrorf("VirusTotal's %q%s cannot be decoded: %v", name, of, semantic.Err)
	}
	if semantic.JSONKind == '0' && len(semantic.JSONValue) > 0 && len(semantic.JSONValue) <= maxNumber {
		kind = "the number " + string(semantic.JSONValue)
	}
	return dataErrorf("VirusTotal's %q%s has the wrong type: %s instead of %s", name, of, kind, expected)
}

// attributeName returns a pointer within a part in dotted form: attributes.quotas.api_requests_daily.allowed.
func attributeName(part string, pointer jsontext.Pointer) string {
	names := []string{}
	if part != "" {
		names = append(names, part)
	}
	for name := range pointer.Tokens() {
		names = append(names, name)
	}
	return strings.Join(names, ".")
}

// describeType describes the JSON that a Go type is decoded from. A named string type is described by its name: "a date".
func describeType(t reflect.Type) string {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t == nil:
		return "another type"
	case t.Kind() == reflect.Bool:
		return "true or false"
	case t.Kind() == reflect.Int64:
		return "a whole number of at most 64 bits"
	case t.Kind() == reflect.Slice:
		return "a list"
	case t.Kind() == reflect.String && t.PkgPath() != "":
		return "a " + t.Name()
	case t.Kind() == reflect.String:
		return "a string"
	default:
		return "an object"
	}
}

// describeKind describes the kind of a JSON value.
func describeKind(kind jsontext.Kind) string {
	switch kind {
	case '{', '}':
		return "an object"
	case '[', ']':
		return "a list"
	case '"':
		return "a string"
	case 'n':
		return "null"
	case 't', 'f':
		return "true or false"
	case '0':
		return "a number"
	default:
		return "nothing"
	}
}

// BodyError is a body that is not a response of the API v3, for example a proxy's or a front end's HTML.
type BodyError struct {
	Description string // Type and size of the body, which is not quoted: it may contain an API key. "" if it is empty.
}

func (e *BodyError) Error() string {
	if e.Description == "" {
		return "an empty body"
	}
	return "an unexpected body (" + e.Description + ")"
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

// cleanData cleans the problem of a [*DataError].
func (c *Client) cleanData(err error) error {
	if e, ok := errors.AsType[*DataError](err); ok {
		return &DataError{Problem: c.clean(e.Problem), TooMuch: e.TooMuch}
	}
	return err
}

// contentError returns the error for a complete response with the wrong content.
func (c *Client) contentError(r request, err error) *Error {
	return &Error{Path: r.String(), Status: http.StatusOK, Err: c.cleanData(err)}
}
