// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// A target is what a data source or an ephemeral resource reads, for its messages.
type target struct {
	parent       parent
	relationship string // Relationship of the parent that is read, or "" for the parent itself.
	subject      string // The relationship in words: "the groups". "" for the parent itself.
	audience     string // Who may read it, according to VirusTotal.
}

// readsParent reports whether the parent itself is read, rather than a relationship of it.
func (t target) readsParent() bool { return t.relationship == "" }

// argument returns the name of the argument for the parent's ID.
func (t target) argument() string { return t.parent.argument(t.readsParent()) }

// path returns the API path for the parent with an ID, and for the last segments below its relationship.
func (t target) path(id string, segments ...string) []string {
	if t.readsParent() {
		return t.parent.path(id)
	}
	return t.parent.path(id, append([]string{t.relationship}, segments...)...)
}

// refusal returns VirusTotal's words if it answered a read with 403 or 404, and "" otherwise. Such an answer from
// another server, and one about the API key itself, is not a refusal of what was read.
func refusal(err error) string {
	e, ok := errors.AsType[*virustotal.Error](err)
	if !ok || e.Code == "" || e.Path == virustotal.OwnerPath {
		return ""
	}
	forbidden := e.Status == http.StatusForbidden && e.Reason() == virustotal.CodeForbidden
	missing := e.Status == http.StatusNotFound && e.Reason() == virustotal.CodeNotFound
	switch {
	case !forbidden && !missing:
		return ""
	case e.Message == "":
		return e.Code
	}
	return e.Code + ": " + e.Message
}

// A failure is a failed read of a target.
type failure struct {
	target
	*session
}

// diagnose returns the diagnostics for an error of a read. id is the configured ID, or nil, and given are the other
// arguments that are set.
func (t target) diagnose(s *session, err error, id *string, given []argument) diag.Diagnostics {
	if diags, ok := errors.AsType[diagnostics](err); ok {
		return diag.Diagnostics(diags)
	}
	f := failure{t, s}
	about := t.parent.describe(id)
	if t.subject != "" {
		about = t.subject + " of " + about
	}
	title := "Cannot read " + about

	var diags diag.Diagnostics
	e, ok := errors.AsType[*virustotal.Error](err)
	switch {
	case errors.Is(err, context.Canceled):
		diags.AddError(title, "The read was interrupted.")
		return diags
	case !ok:
		diags.AddError(title, err.Error())
		return diags
	case rejectsKey(e) && !s.keyRejected.CompareAndSwap(false, true):
		diags.AddError(title, "VirusTotal does not accept the API key. Another error has the details.")
		return diags
	}
	switch {
	case id != nil && notFound(e):
		diags.AddAttributeError(path.Root(t.argument()), title, detail(e, f.advise(e)))
	case rejected(e) && len(given) > 0:
		for _, a := range given {
			diags.AddAttributeError(path.Root(a.name), title, detail(e, adviseAt(a, s.client.Time().UTC())))
		}
	default:
		diags.AddError(title, detail(e, f.advise(e)))
	}
	return diags
}

// rejectsKey reports whether VirusTotal rejected the API key, so that every read fails in the same way.
func rejectsKey(e *virustotal.Error) bool {
	switch e.Code {
	case virustotal.CodeAuthenticationRequired, virustotal.CodeWrongCredentials, virustotal.CodeUserNotActive:
		return true
	}
	return false
}

// adviseAt returns advice about an argument of a request that VirusTotal rejected.
func adviseAt(a argument, now time.Time) string {
	return fmt.Sprintf("VirusTotal does not accept this request, most likely because of %s. A valid value is, for example, %s.",
		a.name, a.exampleHCL(now))
}

// notFound reports whether VirusTotal found nothing with the requested ID.
func notFound(e *virustotal.Error) bool {
	return e.Reason() == virustotal.CodeNotFound || e.Code == "" && e.Status == http.StatusNotFound
}

// rejected reports whether VirusTotal rejected the arguments.
func rejected(e *virustotal.Error) bool {
	return e.Code != "" && e.Status == http.StatusBadRequest
}

// detail returns the text of an error: the request, the response and the advice.
func detail(e *virustotal.Error, advice string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", http.MethodGet, e.Path)
	status := strings.TrimSpace(fmt.Sprintf("HTTP %d %s", e.Status, http.StatusText(e.Status)))
	switch {
	case e.Code != "":
		fmt.Fprintf(&b, " returned %s, %s: %s", status, e.Code, sentence(e.Message))
	case e.Status != 0:
		fmt.Fprintf(&b, " returned %s: %s", status, sentence(e.Err.Error()))
	default:
		fmt.Fprintf(&b, " got no response: %s", sentence(e.Err.Error()))
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " It was tried %d times.", e.Attempts)
	}
	if advice != "" {
		b.WriteString("\n\n" + advice)
	}
	return b.String()
}

// sentence adds a full stop to text, unless it already ends a sentence.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return "no message."
	}
	if strings.HasSuffix(text, ".") || strings.HasSuffix(text, "!") || strings.HasSuffix(text, "?") {
		return text
	}
	return text + "."
}

// advise returns the likely cause of an error and what to do about it.
func (f failure) advise(e *virustotal.Error) string {
	if e.Path == virustotal.OwnerPath && e.Reason() == virustotal.CodeNotFound {
		return "VirusTotal found no user with this API key. " + f.aboutKey()
	}
	switch e.Reason() {
	case virustotal.CodeAuthenticationRequired, virustotal.CodeWrongCredentials:
		return "VirusTotal does not accept the API key. " + f.aboutKey()
	case virustotal.CodeUserNotActive:
		return "The account that the API key belongs to is not active. " + f.aboutKey()
	case virustotal.CodeForbidden:
		return f.aboutAudience()
	case virustotal.CodeNotFound:
		return f.aboutID()
	case virustotal.CodeQuotaExceeded:
		return "A quota of the API key is used up. VirusTotal resets daily quotas at 00:00 UTC and monthly quotas on the 1st at 00:00 UTC. " +
			"A public key may also make at most 4 requests a minute: set requests_per_minute = 4 in the provider's configuration." + f.aboutWait(e)
	case virustotal.CodeTooManyRequests:
		return "VirusTotal is rate limiting this API key. Set requests_per_minute in the provider's configuration (4 with a public key), " +
			"or raise max_retries or max_retry_wait." + f.aboutWait(e)
	case virustotal.CodeFailedDependency:
		return "Something that this request depends on failed at VirusTotal. Try again later."
	case virustotal.CodeTransient, virustotal.CodeDeadlineExceeded:
		return "This is a temporary failure of VirusTotal. Try again later, or raise max_retries or max_retry_wait in the provider's configuration." + f.aboutWait(e)
	case virustotal.CodeNotAvailableYet:
		return "This is not available at VirusTotal yet. Try again later."
	case virustotal.CodeBadRequest, virustotal.CodeInvalidArgument:
		return fmt.Sprintf("VirusTotal does not accept this request. Check %s.", f.argument())
	}
	if e.Code != "" {
		return "The provider does not know this error. VirusTotal's message may say what to do."
	}
	if _, ok := errors.AsType[*virustotal.RedirectError](e.Err); ok {
		return "The provider does not follow redirects: that would send the API key to another host. " +
			"Check " + f.aboutBaseURL() + ", and whether a proxy redirects requests."
	}
	if e.Status == 0 || errors.Is(e, context.DeadlineExceeded) {
		return f.aboutNetwork(e)
	}
	if e.ConnectionLost() {
		return "The connection was lost before the response was complete. Check the network and the proxy."
	}
	switch e.Status {
	case http.StatusUnauthorized:
		return "A proxy may have answered in VirusTotal's place, and may require credentials. " + f.aboutKey()
	case http.StatusForbidden:
		return "A proxy may have answered in VirusTotal's place, and denied the request. " + f.aboutAudience()
	case http.StatusNotFound:
		return "Another server may have answered. Check that " + f.aboutBaseURL() + " is the URL of the API v3."
	}
	if data, ok := errors.AsType[*virustotal.DataError](e.Err); ok {
		if data.TooMuch {
			return "Nothing was stored. Read fewer items with limit, or less of each with attributes, if this data source has these arguments."
		}
		return "The response is not as VirusTotal documents it. Nothing was stored. If this persists, please report it to the provider's developers."
	}
	return "Check that " + f.aboutBaseURL() + " is the URL of VirusTotal's API v3, and whether a proxy responds in its place." + f.aboutWait(e)
}

// aboutNetwork returns advice for requests that got no response, or no complete one in time.
func (f failure) aboutNetwork(e *virustotal.Error) string {
	if dnsErr, ok := errors.AsType[*net.DNSError](e); ok && !dnsErr.IsTimeout {
		return "The host name cannot be resolved. Check the network, the proxy (HTTPS_PROXY, NO_PROXY), and " + f.aboutBaseURL() + "."
	}
	if errors.Is(e, context.DeadlineExceeded) {
		return "Check the network and the proxy, or raise request_timeout in the provider's configuration."
	}
	return "Check the network, the proxy (HTTPS_PROXY, NO_PROXY), and " + f.aboutBaseURL() + "."
}

// aboutBaseURL names the argument base_url with its value, and where the provider took it from.
func (s *session) aboutBaseURL() string {
	from := "the default"
	if s.baseURLOrigin.name != "" {
		from = "from " + s.baseURLOrigin.String()
	}
	return fmt.Sprintf("base_url (%s, %s)", virustotal.MaskKeys(s.client.BaseURL.String()), from)
}

// aboutKey returns advice to check the API key, and where the provider took it from.
func (s *session) aboutKey() string {
	if s.keyOrigin == argumentOrigin("api_key") {
		return "Check the API key. The provider took it from the argument api_key."
	}
	return fmt.Sprintf("Check the API key. The provider took api_key from %s.", s.keyOrigin)
}

// aboutOwner says who owns the API key, if known, and where the provider took it from.
func (s *session) aboutOwner() string {
	whose := "Check which account the API key belongs to."
	if who := s.client.OwnerID(); who != "" {
		whose = fmt.Sprintf("This API key belongs to %q.", who)
	}
	return fmt.Sprintf("%s The provider took it from %s.", whose, s.keyOrigin)
}

func (f failure) aboutAudience() string {
	subject := f.subject
	if subject == "" {
		subject = "this " + f.parent.noun
	}
	if f.audience == everyone {
		return fmt.Sprintf("According to VirusTotal's documentation, everyone may read %s. %s", subject, f.aboutOwner())
	}
	return fmt.Sprintf("VirusTotal shows %s to: %s. %s", subject, strings.ReplaceAll(f.audience, "`", ""), f.aboutOwner())
}

func (f failure) aboutID() string {
	noData := ""
	if !f.readsParent() {
		noData = fmt.Sprintf(", VirusTotal has no data about %s", f.subject)
	}
	return fmt.Sprintf("Either the %s does not exist%s, or the API key is not allowed to see it. Check %s: %s.",
		f.parent.noun, noData, f.argument(), f.parent.form)
}

// aboutWait says how long VirusTotal asked to wait, if that exceeds max_retry_wait. Otherwise it returns "".
func (s *session) aboutWait(e *virustotal.Error) string {
	if e.RetryAfter <= s.client.MaxRetryWait {
		return ""
	}
	return fmt.Sprintf(" VirusTotal asked to wait %s, which is longer than max_retry_wait, %s.", e.RetryAfter.Round(time.Second), s.client.MaxRetryWait)
}
