// SPDX-License-Identifier: MPL-2.0

package vttest

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Error returns a handler that answers with an error in VirusTotal's format.
func Error(status int, code, message string) http.Handler {
	return envelope(status, object{"error": object{"code": code, "message": message}})
}

// Body returns a handler that answers with the given body, such as the HTML page of a proxy.
func Body(status int, contentType, body string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // The client may have gone.
	})
}

// envelope returns a handler that answers with JSON, compressed if the client accepts that.
func envelope(status int, content object) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body bytes.Buffer
		encoder := json.NewEncoder(&body)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(content); err != nil {
			panic(err)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			w.WriteHeader(status)
			_, _ = body.WriteTo(w) // The client may have gone.
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		w.WriteHeader(status)
		compressed := gzip.NewWriter(w)
		_, _ = body.WriteTo(compressed)
		_ = compressed.Close()
	})
}

func badRequest(code, message string) http.Handler {
	return Error(http.StatusBadRequest, code, message)
}

func forbidden() http.Handler {
	return Error(http.StatusForbidden, "ForbiddenError", "You are not authorized to perform the requested operation")
}

func notFound(kind, id string) http.Handler {
	return Error(http.StatusNotFound, "NotFoundError", notFoundMessage(kind, id))
}

// notFoundMessage returns VirusTotal's message for an object that does not exist.
func notFoundMessage(kind, id string) string {
	kind = strings.ReplaceAll(cmp.Or(kind, "object"), "_", " ")
	return fmt.Sprintf("%s%s %q not found", strings.ToUpper(kind[:1]), kind[1:], id)
}
