// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// diagnostics are the framework's own findings as an error, so that a read has one way out.
type diagnostics diag.Diagnostics

func (d diagnostics) Error() string { return fmt.Sprint(diag.Diagnostics(d).Errors()) }

func asError(diags diag.Diagnostics) error {
	if diags.HasError() {
		return diagnostics(diags)
	}
	return nil
}

// diagnose turns what ended a read into what a user can act on. id is the one that was configured.
func (s *source) diagnose(err error, id *string) diag.Diagnostics {
	if found, ok := errors.AsType[diagnostics](err); ok {
		return diag.Diagnostics(found)
	}
	what := s.of.describe(id)
	if s.what != "" {
		what = s.what + " of " + what
	}
	summary := "Cannot read " + what

	var found diag.Diagnostics
	e, ok := errors.AsType[*virustotal.Error](err)
	switch {
	case errors.Is(err, context.Canceled):
		found.AddError(summary, "The read was interrupted.")
	case !ok:
		found.AddError(summary, err.Error())
	case id != nil && blames(e):
		found.AddAttributeError(path.Root(s.of.argument), summary, detail(e, s.advise(e)))
	default:
		found.AddError(summary, detail(e, s.advise(e)))
	}
	return found
}

// blames reports whether the id that was asked for is at fault.
func blames(e *virustotal.Error) bool {
	return e.Reason() == virustotal.CodeNotFound || e.Code == "" && e.Status == http.StatusNotFound
}

// detail tells what was asked, what was answered, and what to do.
func detail(e *virustotal.Error, advice string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", http.MethodGet, e.Path)
	status := strings.TrimSpace(fmt.Sprintf("HTTP %d %s", e.Status, http.StatusText(e.Status)))
	switch {
	case e.Code != "":
		fmt.Fprintf(&b, " was answered with %s, %s: %s", status, e.Code, sentence(e.Message))
	case e.Status != 0:
		fmt.Fprintf(&b, " was answered with %s: %s", status, sentence(e.Err.Error()))
	default:
		fmt.Fprintf(&b, " brought no answer: %s", sentence(e.Err.Error()))
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, " It was tried %d times.", e.Attempts)
	}
	if advice != "" {
		b.WriteString("\n\n" + advice)
	}
	return b.String()
}

// sentence ends words with a full stop, where they have no end of their own.
func sentence(words string) string {
	words = strings.TrimSpace(words)
	if words == "" {
		return "no reason is given."
	}
	if strings.HasSuffix(words, ".") || strings.HasSuffix(words, "!") || strings.HasSuffix(words, "?") {
		return words
	}
	return words + "."
}

// advise says what the likely cause is and what to do.
func (s *source) advise(e *virustotal.Error) string {
	if e.Path == virustotal.OwnerPath && e.Reason() == virustotal.CodeNotFound {
		return "VirusTotal knows no owner of the API key. " + s.aboutKey()
	}
	switch e.Reason() {
	case virustotal.CodeAuthenticationRequired, virustotal.CodeWrongCredentials:
		return "VirusTotal does not accept the API key. " + s.aboutKey()
	case virustotal.CodeUserNotActive:
		return "The account that the API key belongs to is not active. " + s.aboutKey()
	case virustotal.CodeForbidden:
		return s.aboutReaders()
	case virustotal.CodeNotFound:
		return s.aboutID()
	case virustotal.CodeQuotaExceeded:
		return "A quota of the API key is used up. VirusTotal resets daily quotas at 00:00 UTC and monthly quotas on the 1st at 00:00 UTC; " +
			"a public key may also make 4 requests a minute at most, for which requests_per_minute = 4 in the provider's configuration paces the requests." + s.aboutWait(e)
	case virustotal.CodeTooManyRequests:
		return "VirusTotal gets more requests than it lets through. Set requests_per_minute in the provider's configuration (a public key needs 4), or raise max_retries or max_retry_wait." + s.aboutWait(e)
	case virustotal.CodeTransient, virustotal.CodeDeadlineExceeded:
		return "VirusTotal could not answer for the time being. Try again later; max_retries and max_retry_wait in the provider's configuration say how long the provider tries by itself." + s.aboutWait(e)
	}
	if e.Code != "" {
		return "VirusTotal does not take the request as it is: check the arguments."
	}
	if _, ok := errors.AsType[*virustotal.RedirectError](e.Err); ok {
		return "The provider follows no redirect, since the API key would go along. Check base_url in the provider's configuration, and look for a proxy in between."
	}
	switch e.Status {
	case 0:
		return "Check the network, the proxy (HTTPS_PROXY, NO_PROXY), and base_url and request_timeout in the provider's configuration."
	case http.StatusUnauthorized:
		return "The answer is not VirusTotal's own; a proxy may want credentials. " + s.aboutKey()
	case http.StatusForbidden:
		return "The answer is not VirusTotal's own; a proxy may refuse the request. " + s.aboutReaders()
	case http.StatusNotFound:
		return "The answer is not VirusTotal's own: check that base_url in the provider's configuration leads to the API v3."
	}
	if _, ok := errors.AsType[*virustotal.DataError](e.Err); ok {
		return "That is not what VirusTotal documents. Nothing was stored. If it persists, please report it to the provider's developers."
	}
	if e.Status < 300 && e.Retryable() {
		return "The connection broke while the answer came: check the network and the proxy, and request_timeout in the provider's configuration."
	}
	return "Check that base_url leads to VirusTotal's API v3, and whether a proxy answers in its place." + s.aboutWait(e)
}

func (s *source) aboutKey() string {
	return "Check api_key: the key came from " + s.session.keyFrom + "."
}

func (s *source) aboutReaders() string {
	what := s.what
	if what == "" {
		what = "this " + s.of.noun
	}
	if strings.HasPrefix(s.readers, everyone) {
		return fmt.Sprintf("Everyone may read %s, so it is this API key that VirusTotal refuses: it came from %s.", what, s.session.keyFrom)
	}
	return fmt.Sprintf("VirusTotal shows %s to: %s. Check whose API key it is: it came from %s.", what, s.readers, s.session.keyFrom)
}

func (s *source) aboutID() string {
	takes := ""
	if s.of.optional {
		takes = ", which takes a username or an e-mail address"
	}
	return fmt.Sprintf("There may be no such %s: check %s%s. VirusTotal also answers so where it hides a %s.", s.of.noun, s.of.argument, takes, s.of.noun)
}

// aboutWait says how long VirusTotal asked to wait, where that was too long.
func (s *source) aboutWait(e *virustotal.Error) string {
	if e.RetryAfter <= s.session.client.MaxRetryWait {
		return ""
	}
	return fmt.Sprintf(" VirusTotal asked to wait %s, which is longer than max_retry_wait, %s.", e.RetryAfter.Round(time.Second), s.session.client.MaxRetryWait)
}
