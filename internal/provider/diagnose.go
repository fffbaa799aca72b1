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

// diagnostics wraps the framework's diagnostics as an error, so that a read returns only errors.
type diagnostics diag.Diagnostics

func (d diagnostics) Error() string { return fmt.Sprint(diag.Diagnostics(d).Errors()) }

func asError(diags diag.Diagnostics) error {
	if diags.HasError() {
		return diagnostics(diags)
	}
	return nil
}

// diagnose returns the diagnostics for an error of a read. id is the configured id, or nil, and arguments are the names
// of the other arguments that are set.
func (s *source) diagnose(err error, id *string, arguments []string) diag.Diagnostics {
	if diags, ok := errors.AsType[diagnostics](err); ok {
		return diag.Diagnostics(diags)
	}
	subject := s.parent.describe(id)
	if s.subject != "" {
		subject = s.subject + " of " + subject
	}
	summary := "Cannot read " + subject

	var diags diag.Diagnostics
	e, ok := errors.AsType[*virustotal.Error](err)
	switch {
	case errors.Is(err, context.Canceled):
		diags.AddError(summary, "The read was interrupted.")
		return diags
	case !ok:
		diags.AddError(summary, err.Error())
		return diags
	}
	atFault := arguments
	switch {
	case id != nil && notFound(e):
		atFault = []string{s.argument()}
	case !rejected(e):
		atFault = nil
	}
	if len(atFault) == 0 {
		diags.AddError(summary, detail(e, s.advise(e)))
	}
	for _, argument := range atFault {
		diags.AddAttributeError(path.Root(argument), summary, detail(e, s.adviseAt(argument, e)))
	}
	return diags
}

// notFound reports whether VirusTotal found nothing with the requested id.
func notFound(e *virustotal.Error) bool {
	return e.Reason() == virustotal.CodeNotFound || e.Code == "" && e.Status == http.StatusNotFound
}

// rejected reports whether VirusTotal rejected the arguments.
func rejected(e *virustotal.Error) bool {
	return e.Code != "" && e.Status == http.StatusBadRequest
}

// adviseAt returns advice about an argument.
func (s *source) adviseAt(argument string, e *virustotal.Error) string {
	for _, a := range s.arguments {
		if a.name == argument {
			return fmt.Sprintf("VirusTotal does not accept this request, most likely because of %s. A valid value is, for example, %q.", argument, a.example)
		}
	}
	return s.advise(e)
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
func (s *source) advise(e *virustotal.Error) string {
	if e.Path == virustotal.OwnerPath && e.Reason() == virustotal.CodeNotFound {
		return "VirusTotal found no user with this API key. " + s.aboutKey()
	}
	switch e.Reason() {
	case virustotal.CodeAuthenticationRequired, virustotal.CodeWrongCredentials:
		return "VirusTotal does not accept the API key. " + s.aboutKey()
	case virustotal.CodeUserNotActive:
		return "The account that the API key belongs to is not active. " + s.aboutKey()
	case virustotal.CodeForbidden:
		return s.aboutAudience()
	case virustotal.CodeNotFound:
		return s.aboutID()
	case virustotal.CodeQuotaExceeded:
		return "A quota of the API key is used up. VirusTotal resets daily quotas at 00:00 UTC and monthly quotas on the 1st at 00:00 UTC. " +
			"A public key may also make at most 4 requests a minute: set requests_per_minute = 4 in the provider's configuration." + s.aboutWait(e)
	case virustotal.CodeTooManyRequests:
		return "VirusTotal is rate limiting this API key. Set requests_per_minute in the provider's configuration (4 with a public key), " +
			"or raise max_retries or max_retry_wait." + s.aboutWait(e)
	case virustotal.CodeFailedDependency:
		return "Something that this request depends on failed at VirusTotal. Try again later."
	case virustotal.CodeTransient, virustotal.CodeDeadlineExceeded:
		return "This is a temporary failure of VirusTotal. Try again later, or raise max_retries or max_retry_wait in the provider's configuration." + s.aboutWait(e)
	case virustotal.CodeNotAvailableYet:
		return "This is not available at VirusTotal yet. Try again later."
	case virustotal.CodeBadRequest, virustotal.CodeInvalidArgument:
		return fmt.Sprintf("VirusTotal does not accept this request. Check %s.", s.argument())
	}
	if e.Code != "" {
		return "The provider does not know this error. VirusTotal's message may say what to do."
	}
	if _, ok := errors.AsType[*virustotal.RedirectError](e.Err); ok {
		return "The provider does not follow redirects: that would send the API key to another host. " +
			"Check " + s.aboutBaseURL() + ", and whether a proxy redirects requests."
	}
	if e.Status == 0 || errors.Is(e, context.DeadlineExceeded) {
		return s.aboutNetwork(e)
	}
	if e.ConnectionLost() {
		return "The connection was lost before the response was complete. Check the network and the proxy."
	}
	switch e.Status {
	case http.StatusUnauthorized:
		return "A proxy may have answered in VirusTotal's place, and may require credentials. " + s.aboutKey()
	case http.StatusForbidden:
		return "A proxy may have answered in VirusTotal's place, and denied the request. " + s.aboutAudience()
	case http.StatusNotFound:
		return "VirusTotal may not have answered this. Check that " + s.aboutBaseURL() + " is the URL of the API v3."
	}
	if data, ok := errors.AsType[*virustotal.DataError](e.Err); ok {
		if data.TooMuch {
			return "Nothing was stored. Read fewer items with limit, or less of each with attributes, if this data source has these arguments."
		}
		return "The response is not as VirusTotal documents it. Nothing was stored. If this persists, please report it to the provider's developers."
	}
	return "Check that " + s.aboutBaseURL() + " is the URL of VirusTotal's API v3, and whether a proxy responds in its place." + s.aboutWait(e)
}

// aboutNetwork returns advice for requests that got no response, or no complete one in time.
func (s *source) aboutNetwork(e *virustotal.Error) string {
	if dnsErr, ok := errors.AsType[*net.DNSError](e); ok && !dnsErr.IsTimeout {
		return "The host name cannot be resolved. Check the network, the proxy (HTTPS_PROXY, NO_PROXY), and " + s.aboutBaseURL() + "."
	}
	if errors.Is(e, context.DeadlineExceeded) {
		return "Check the network and the proxy, or raise request_timeout in the provider's configuration."
	}
	return "Check the network, the proxy (HTTPS_PROXY, NO_PROXY), and " + s.aboutBaseURL() + "."
}

// aboutBaseURL names the argument base_url with its value, and where the provider took it from.
func (s *source) aboutBaseURL() string {
	from := "the default"
	if s.session.baseURLOrigin.name != "" {
		from = "from " + s.session.baseURLOrigin.String()
	}
	return fmt.Sprintf("base_url (%s, %s)", virustotal.MaskKeys(s.session.client.BaseURL.String()), from)
}

// aboutKey returns advice to check the API key, and where the provider took it from.
func (s *source) aboutKey() string {
	if s.session.keyOrigin == argumentOrigin("api_key") {
		return "Check the API key. The provider took it from the argument api_key."
	}
	return fmt.Sprintf("Check the API key. The provider took api_key from %s.", s.session.keyOrigin)
}

// aboutOwner says who owns the API key, if known, and where the provider took it from.
func (s *source) aboutOwner() string {
	whose := "Check whose API key it is."
	if owner := s.session.client.OwnerID(); owner != "" {
		whose = fmt.Sprintf("This API key belongs to %q.", owner)
	}
	return fmt.Sprintf("%s The provider took it from %s.", whose, s.session.keyOrigin)
}

func (s *source) aboutAudience() string {
	subject := s.subject
	if subject == "" {
		subject = "this " + s.parent.noun
	}
	if s.audience == everyone {
		return fmt.Sprintf("According to VirusTotal's documentation, everyone may read %s. %s", subject, s.aboutOwner())
	}
	return fmt.Sprintf("VirusTotal shows %s to: %s. %s", subject, strings.ReplaceAll(s.audience, "`", ""), s.aboutOwner())
}

func (s *source) aboutID() string {
	advice := fmt.Sprintf("There may be no such %s. Check %s. %s", s.parent.noun, s.argument(), s.parent.advice)
	if !s.readsParent() {
		advice += fmt.Sprintf(" Or VirusTotal has no data about %s of this %s.", s.subject, s.parent.noun)
	}
	return advice + fmt.Sprintf(" VirusTotal also answers 404 if the API key may not see the %s.", s.parent.noun)
}

// aboutWait says how long VirusTotal asked to wait, if that exceeds max_retry_wait. Otherwise it returns "".
func (s *source) aboutWait(e *virustotal.Error) string {
	if e.RetryAfter <= s.session.client.MaxRetryWait {
		return ""
	}
	return fmt.Sprintf(" VirusTotal asked to wait %s, which is longer than max_retry_wait, %s.", e.RetryAfter.Round(time.Second), s.session.client.MaxRetryWait)
}
