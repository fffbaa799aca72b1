// SPDX-License-Identifier: MPL-2.0

package virustotal

import (
	"cmp"
	"compress/flate"
	"compress/gzip"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"syscall"
	"time"
)

// maxBody bounds what is read of one answer. A page of forty file objects, the largest that the API gives,
// takes hundreds of kilobytes an item: 64 MiB is several times that.
const maxBody = 64 << 20

// Attempt is a request that was sent.
type Attempt struct {
	Path     string // As in [Error].
	Status   int    // 0 where no answer came.
	Number   int    // From 1.
	Duration time.Duration
}

// try sends r once and reads its answer, all within RequestTimeout. It fails with an [*Error], or with the
// context's error when that has ended.
func (c *Client) try(ctx context.Context, r request, number int, data func(*json.Decoder) error) (next string, err error) {
	attempt, cancel := ctx, context.CancelFunc(func() {})
	if c.RequestTimeout > 0 {
		attempt, cancel = context.WithTimeout(ctx, c.RequestTimeout)
	}
	defer cancel()

	start, status := time.Now(), 0
	resp, err := c.send(attempt, r) //nolint:bodyclose // receive closes it.
	if err == nil {
		status = resp.StatusCode
		next, err = c.receive(resp, data)
	}
	if c.OnRequest != nil {
		c.OnRequest(ctx, Attempt{Path: r.String(), Status: status, Number: number, Duration: time.Since(start)})
	}
	if err == nil {
		return next, nil
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		e = &Error{Err: err, retryable: curable(err)}
		if attempt.Err() != nil {
			e = &Error{Err: fmt.Errorf("no complete answer within %s", c.RequestTimeout), retryable: true}
		} else {
			e.Err = errors.New(c.mask(err.Error()))
		}
	}
	e.Path, e.Status = r.String(), status
	return "", e
}

// send is the one place where a request leaves, and the only method that it knows is GET.
func (c *Client) send(ctx context.Context, r request) (*http.Response, error) {
	req := &http.Request{
		Method: http.MethodGet,
		URL:    r.url(c.BaseURL),
		Header: http.Header{
			"Accept":     {"application/json"},
			"User-Agent": {c.UserAgent},
			"X-Apikey":   {c.APIKey},
			"X-Tool":     {"terraform-provider-virustotal"},
		},
	}
	return cmp.Or(c.Transport, http.DefaultTransport).RoundTrip(req.WithContext(ctx))
}

// receive reads an answer to its end.
func (c *Client) receive(resp *http.Response, data func(*json.Decoder) error) (string, error) {
	defer func() { _ = resp.Body.Close() }() // Closing what was read cannot undo the reading.

	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		return "", &Error{Err: c.redirect(resp)}
	}
	ok := resp.StatusCode >= 200 && resp.StatusCode < 300
	if !ok {
		data = skip
	}
	body := &body{Reader: resp.Body}
	e, err := decodeEnvelope(json.NewDecoder(body), data)
	if wrong, is := errors.AsType[*DataError](err); ok && is {
		return "", &Error{Err: &DataError{c.maskOwn(wrong.Problem)}}
	}
	if _, drained := io.Copy(io.Discard, body); drained != nil {
		return "", drained
	}
	switch {
	case e.refusal != nil && e.refusal.Code != "":
		return "", &Error{
			Code: c.mask(e.refusal.Code), Message: c.mask(e.refusal.Message),
			RetryAfter: retryAfter(resp.Header, time.Now()),
		}
	case !ok, err != nil:
		return "", &Error{
			Err:        fmt.Errorf("an answer that is not VirusTotal's: %s", c.mask(body.describe(resp.Header))),
			RetryAfter: retryAfter(resp.Header, time.Now()),
			retryable:  resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests,
		}
	case !e.hasData:
		return "", &Error{Err: &DataError{fmt.Sprintf(`VirusTotal's answer has no "data" (%s)`, c.mask(body.describe(resp.Header)))}}
	default:
		return e.next, nil
	}
}

// skip passes over a member of the envelope.
func skip(dec *json.Decoder) error {
	var skipped json.RawMessage
	return dec.Decode(&skipped)
}

// redirect says where an answer wanted to lead, as far as that may be shown.
func (c *Client) redirect(resp *http.Response) error {
	location, err := resp.Location()
	if err != nil {
		return &RedirectError{}
	}
	shown := url.URL{Scheme: location.Scheme, Host: location.Host, Path: location.Path}
	return &RedirectError{Location: c.mask(shown.String())}
}

// errTooLarge ends the reading of a body that passes maxBody.
var errTooLarge = fmt.Errorf("the answer is larger than %d MiB, the most that is read of one", maxBody>>20)

// A body counts what is read of an answer, and bounds it.
type body struct {
	io.Reader
	read int64
	err  error // What ended it before its end.
}

func (b *body) Read(p []byte) (int, error) {
	if b.err != nil {
		return 0, b.err
	}
	n, err := b.Reader.Read(p)
	b.read += int64(n)
	if b.read > maxBody {
		err = errTooLarge
	}
	if err != nil && !errors.Is(err, io.EOF) {
		b.err = err
	}
	return n, err
}

// describe tells of a body what can be told without showing it: it may hold anything, a key too.
func (b *body) describe(header http.Header) string {
	if b.read == 0 {
		return "an empty body"
	}
	kind, _, err := mime.ParseMediaType(header.Get("Content-Type"))
	if err != nil {
		kind = "no known type"
	}
	digits := strconv.FormatInt(b.read, 10)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return kind + ", " + digits + " bytes"
}

// curable reports whether a fault of the network may be gone at a second try: a cut connection may, a
// name or a certificate that is wrong stays so, and where nobody listens nobody will.
func curable(err error) bool {
	if name, ok := errors.AsType[*net.DNSError](err); ok {
		return name.IsTimeout || name.IsTemporary
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
	for _, lasting := range []error{errTooLarge, gzip.ErrHeader, gzip.ErrChecksum, syscall.ECONNREFUSED} {
		if errors.Is(err, lasting) {
			return false
		}
	}
	return true
}
