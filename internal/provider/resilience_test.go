// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"golang.org/x/net/http/httpproxy"
)

func TestOnlyGETIsSent(t *testing.T) {
	t.Parallel()
	sent := 0
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { sent++ }))
	defer server.Close()
	for _, method := range []string{http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, ""} {
		req, err := http.NewRequestWithContext(t.Context(), method, server.URL, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		req.Method = method
		if resp, err := transport(httpproxy.Config{}).RoundTrip(req); err == nil {
			_ = resp.Body.Close()
			t.Errorf("%q was sent", method)
		}
	}
	if sent != 0 {
		t.Errorf("%d requests arrived", sent)
	}
}

func TestLogsEnabled(t *testing.T) {
	t.Parallel()
	for variable, want := range map[string]bool{
		"TF_LOG=TRACE": true, "TF_LOG=": true, "TF_LOG_PROVIDER=DEBUG": true, "TF_LOG_SDK_PROTO=trace": true, "TF_LOG_PATH=x": true,
		"TF_LOGIN=1": true, "TF_CLI_ARGS=x": false, "MY_TF_LOG=TRACE": false,
	} {
		if got := logsEnabled([]string{"HOME=/", variable}); got != want {
			t.Errorf("%s: %v", variable, got)
		}
	}
	if logsEnabled(nil) {
		t.Error("logs without a variable")
	}
}
