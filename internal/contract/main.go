// SPDX-License-Identifier: MPL-2.0

// Contract compares the fake VirusTotal with VirusTotal itself, with your API key. It sends each GET that the provider
// can send, at the pace of a public API key, says how the shape of each answer differs from the fake's, and answers the
// questions that VirusTotal's documentation leaves open. Its report has names of attributes and types only: no value, no
// name of anybody and no API key.
//
//	VIRUSTOTAL_API_KEY=… go run ./internal/contract -group acme
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http/httptest"
	"net/url"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

func main() { os.Exit(run()) }

// run is main, but returns the exit code: 0 if VirusTotal sends nothing that the provider would misread, otherwise 1, and 2 if
// there is no report.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	flags := flag.NewFlagSet("contract", flag.ExitOnError)
	group := flags.String("group", "", "`id` of a group that the key's owner administers; without it, only the user is read")
	perMinute := flags.Int("requests-per-minute", 4, "pace, by default that of a public API key; 0 is no limit")
	_ = flags.Parse(os.Args[1:]) // It exits on errors.

	key, base := os.Getenv("VIRUSTOTAL_API_KEY"), os.Getenv("VIRUSTOTAL_BASE_URL")
	if base == "" {
		base = virustotal.DefaultBaseURL
	}
	if !virustotal.IsKey(key) {
		fmt.Fprintln(os.Stderr, "contract: set VIRUSTOTAL_API_KEY to your API key")
		return 2
	}
	differs, err := write(ctx, os.Stdout, base, key, *group, *perMinute)
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "contract:", err)
		return 2
	case differs:
		return 1
	}
	return 0
}

// A reading reads one VirusTotal.
type reading struct {
	client      *virustotal.Client
	ids         ids
	consumption string // Whether reading consumed quota.
}

// start returns a reading, after it has read whose key it is.
func start(ctx context.Context, base, key, group string, perMinute int) (*reading, error) {
	u, err := url.Parse(base)
	if err != nil {
		return nil, errors.New("the base URL is not a URL")
	}
	r := &reading{ids: ids{"group": group, "quota": "api_requests_monthly"}, client: &virustotal.Client{
		BaseURL: u, APIKey: key, Tool: "terraform-provider-virustotal", UserAgent: "terraform-provider-virustotal contract (gzip)",
		RequestsPerMinute: perMinute, MaxRetries: 2, MaxRetryWait: time.Minute, RequestTimeout: time.Minute,
	}}
	who, err := virustotal.Owner[struct{}](ctx, r.client)
	if err != nil {
		return nil, err
	}
	r.ids["user"] = who.ID
	if accounts := r.items(ctx, "groups/{group}/service_accounts", page); len(accounts.list) > 0 {
		r.ids["service_account"] = accounts.list[0].ID
	}
	return r, nil
}

// get returns the data of an endpoint, or why there is none: an HTTP status and VirusTotal's code.
func (r *reading) get(ctx context.Context, e endpoint) (data jsontext.Value, failure string) {
	segments, ok := r.ids.segments(e.path)
	if !ok {
		return nil, "not read: no ID"
	}
	found, err := virustotal.BareData[jsontext.Value](ctx, r.client, parseQuery(e.query), []string{"daily", "total"}, segments...)
	if failed, ok := errors.AsType[*virustotal.Error](err); ok {
		code := failed.Code
		if strings.ContainsFunc(code, func(c rune) bool { return c < 'A' || c > 'z' }) || len(code) > 40 {
			code = "another code"
		}
		return nil, strings.TrimSpace(fmt.Sprintf("%d %s", failed.Status, code))
	}
	if err != nil {
		return nil, "interrupted"
	}
	return *found, ""
}

// used returns how many requests VirusTotal has counted today, or false if it does not say.
func (r *reading) used(ctx context.Context, client *virustotal.Client) (int64, bool) {
	type counted struct {
		Quotas struct {
			Daily struct {
				Used *int64 `json:"used"`
			} `json:"api_requests_daily"`
		} `json:"quotas"`
	}
	who, err := virustotal.Get[counted](ctx, client, url.Values{"attributes": {"quotas"}}, "users", r.ids["user"])
	if err != nil || who.Attributes.Quotas.Daily.Used == nil {
		return 0, false
	}
	return *who.Attributes.Quotas.Daily.Used, true
}

// uncached returns a client like that of the reading, with an empty cache.
func (r *reading) uncached() *virustotal.Client {
	c := r.client
	return &virustotal.Client{
		BaseURL: c.BaseURL, APIKey: c.APIKey, Tool: c.Tool, UserAgent: c.UserAgent,
		MaxRetries: c.MaxRetries, MaxRetryWait: c.MaxRetryWait, RequestTimeout: c.RequestTimeout,
	}
}

// write writes the report, and reports whether VirusTotal sent something that the provider would misread: an attribute
// of another type.
func write(ctx context.Context, w io.Writer, base, key, group string, perMinute int) (differs bool, err error) {
	fake := vttest.New()
	server := httptest.NewServer(fake)
	defer server.Close()
	model, err := start(ctx, server.URL+vttest.BasePath, fake.Key(vttest.SecurityHead), vttest.Company, 0)
	if err != nil {
		return false, err
	}
	actual, err := start(ctx, base, key, group, perMinute)
	if err != nil {
		return false, err
	}
	before, known := actual.used(ctx, actual.client)

	out := &writer{w: w}
	out.printf("# VirusTotal compared with the fake\n\n## Answers\n\n")
	for _, e := range endpoints {
		data, failure := actual.get(ctx, e)
		if failure != "" {
			out.printf("- GET /%s: %s\n", e.path, failure)
			continue
		}
		d, err := compareAnswers(ctx, e, data, model)
		if err != nil {
			return false, err
		}
		out.printf("- GET /%s: %s\n", e.path, d.summary())
		out.list("missing, or hidden from this key", d.Missing)
		out.list("new", d.New)
		out.list("of another type", d.Typed)
		differs = differs || len(d.Typed) > 0
	}
	actual.consumption = "VirusTotal does not show it to this key"
	if after, still := actual.used(ctx, actual.uncached()); known && still {
		actual.consumption = yes(after > before) + " (it may be counted later)"
	}
	out.printf("\n## Questions\n\n")
	for _, q := range questions {
		out.printf("- %s %s\n", q.text, q.answer(ctx, actual))
	}
	return differs, errors.Join(out.err, ctx.Err())
}

// compareAnswers compares an answer with the fake's answer to the same request.
func compareAnswers(ctx context.Context, e endpoint, data jsontext.Value, model *reading) (difference, error) {
	expected, failure := model.get(ctx, e)
	if failure != "" {
		return difference{}, fmt.Errorf("the fake has no /%s: %s", e.path, failure)
	}
	fakes, err := shapeOf(expected, e.place)
	if err != nil {
		return difference{}, err
	}
	reals, err := shapeOf(data, e.place)
	if err != nil {
		return difference{}, fmt.Errorf("GET /%s: the data cannot be decoded", e.path)
	}
	return compare(reals, fakes), nil
}

func (d difference) summary() string {
	if len(d.Missing)+len(d.New)+len(d.Typed) == 0 {
		return "as in the fake"
	}
	return fmt.Sprintf("%d missing, %d new, %d of another type", len(d.Missing), len(d.New), len(d.Typed))
}

// A writer remembers the first error.
type writer struct {
	w   io.Writer
	err error
}

func (w *writer) printf(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.w, format, args...)
	}
}

func (w *writer) list(title string, places []string) {
	if len(places) > 0 {
		w.printf("  - %s: `%s`\n", title, strings.Join(places, "`, `"))
	}
}
