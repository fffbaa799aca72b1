// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"cmp"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"syscall"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/language"
	"golang.org/x/text/message"
)

// maxBody is the maximum size of a response body in bytes, after decompression. The largest responses are pages of 40
// file objects, each some hundred kilobytes, so they are well below this.
const maxBody = 64 << 20

// Attempt describes one attempt of a request, as reported to OnRequest.
type Attempt struct {
	Path     string // As in [Error].
	Status   int    // HTTP status. 0 if there was no response.
	Number   int    // 1 for the first attempt.
	Duration time.Duration
}

// try sends r once and reads the response, within RequestTimeout. It returns an [*Error], or ctx.Err() if ctx is done.
func (c *Client) try(ctx context.Context, r request, number int, data content) (read trailer, err error) {
	attemptCtx, cancel := ctx, context.CancelFunc(func() {})
	if c.RequestTimeout > 0 {
		attemptCtx, cancel = context.WithTimeout(ctx, c.RequestTimeout)
	}
	defer cancel()

	start, status := time.Now(), 0
	resp, err := c.send(attemptCtx, r) //nolint:bodyclose // receive closes it.
	if err == nil {
		status = resp.StatusCode
		read, err = c.receive(resp, data)
	}
	if c.OnRequest != nil {
		c.OnRequest(ctx, Attempt{Path: r.String(), Status: status, Number: number, Duration: time.Since(start)})
	}
	if err == nil {
		return read, nil
	}
	if ctx.Err() != nil {
		return trailer{}, ctx.Err()
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		temporary := isTemporary(err)
		e = &Error{Err: &cleanError{c.clean(err.Error()), err}, retryable: temporary, lost: temporary && status != 0}
		if attemptCtx.Err() != nil {
			e = &Error{Err: &cleanError{fmt.Sprintf("no complete response within %s", c.RequestTimeout), attemptCtx.Err()}, retryable: true}
		}
	}
	e.Path, e.Status = r.String(), status
	return trailer{}, e
}

// A cleanError replaces the text of an error that may contain an API key.
type cleanError struct {
	text  string
	cause error
}

func (e *cleanError) Error() string { return e.text }
func (e *cleanError) Unwrap() error { return e.cause }

// send sends r. All requests of the client are sent here, as GET.
func (c *Client) send(ctx context.Context, r request) (*http.Response, error) {
	req := &http.Request{
		Method: http.MethodGet,
		URL:    r.url(c.BaseURL),
		Header: http.Header{
			"Accept":     {"application/json"},
			"User-Agent": {c.UserAgent},
			"X-Apikey":   {c.APIKey},
			"X-Tool":     {c.Tool},
		},
	}
	return cmp.Or(c.Transport, http.DefaultTransport).RoundTrip(req.WithContext(ctx))
}

// receive reads and closes a response. It fails unless the status is 200 and the body has data and no error.
func (c *Client) receive(resp *http.Response, data content) (trailer, error) {
	defer func() { _ = resp.Body.Close() }() // The body has been read, so an error does not matter.

	if resp.StatusCode >= 300 && resp.StatusCode < 400 && resp.StatusCode != http.StatusNotModified {
		return trailer{}, &Error{Err: c.redirect(resp)}
	}
	ok := resp.StatusCode == http.StatusOK
	if !ok {
		data = nil
	}
	body := &body{Reader: resp.Body}
	e, err := decodeEnvelope(jsontext.NewDecoder(body, decoding), data)
	if _, isDataErr := errors.AsType[*DataError](err); ok && isDataErr {
		return trailer{}, &Error{Err: c.cleanData(err)}
	}
	_, unread := io.Copy(io.Discard, body)
	if unread != nil && ok {
		return trailer{}, unread
	}
	temporary := resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests
	lost := unread != nil && isTemporary(unread)
	failed := &Error{RetryAfter: retryAfter(resp.Header, c.Time()), retryable: temporary || lost, lost: lost}
	switch {
	case e.err != nil && e.err.Code != "":
		failed.Code, failed.Message = c.clean(e.err.Code), c.clean(e.err.Message)
	case unread != nil: // The status still says what failed.
		failed.Err = &cleanError{"a body that cannot be read: " + c.clean(unread.Error()), unread}
	case !ok, err != nil:
		failed.Err = &BodyError{c.clean(body.describe(resp.Header))}
	case e.err != nil:
		failed.Err = dataErrorf("VirusTotal sent an error without a code: %s", cmp.Or(c.clean(e.err.Message), "no message"))
	case !e.hasData:
		failed.Err = dataErrorf(`VirusTotal's response has no "data" (%s)`, c.clean(body.describe(resp.Header)))
	default:
		return trailer{next: e.next, size: body.read}, nil
	}
	return trailer{}, failed
}

// redirect returns the error for a redirect, without the query and the user info of its target.
func (c *Client) redirect(resp *http.Response) error {
	location, err := resp.Location()
	if err != nil {
		return &RedirectError{}
	}
	shown := url.URL{Scheme: location.Scheme, Host: location.Host, Path: location.Path}
	return &RedirectError{Location: c.clean(shown.String())}
}

// A body is a response body that counts the bytes read, and fails beyond maxBody.
type body struct {
	io.Reader
	read int64
	err  error // The error that stopped reading early.
}

func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.Reader.Read(p)
	b.read += int64(n)
	if b.read > maxBody {
		err = tooLarge("the response", maxBody)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

// describe returns the type and size of a body, or "" if it is empty. It does not quote the body, which may contain an API key.
func (b *body) describe(header http.Header) string {
	if b.read == 0 {
		return ""
	}
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		kind = "unknown type"
	}
	return message.NewPrinter(language.English).Sprintf("%s, %d bytes", kind, b.read)
}

// isTemporary reports whether a network error may be temporary, like a lost connection. An unknown host, an invalid
// certificate and a refused connection are not.
func isTemporary(err error) bool {
	if dnsErr, ok := errors.AsType[*net.DNSError](err); ok {
		return dnsErr.IsTimeout || dnsErr.IsTemporary
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return false
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return false
	}
	if _, ok := errors.AsType[flate.CorruptInputError](err); ok {
		return false
	}
	if _, ok := errors.AsType[*DataError](err); ok {
		return false
	}
	for _, permanent := range []error{gzip.ErrHeader, gzip.ErrChecksum, syscall.ECONNREFUSED} {
		if errors.Is(err, permanent) {
			return false
		}
	}
	return true
}
