// SPDX-License-Identifier: MPL-2.0

// Package vttest is a fake VirusTotal, as httptest is to http: an
// [http.Handler] that answers from fixtures, one JSON file for each API path.
//
// It behaves like the service where that can hurt: what a caller sees depends
// on who the caller is, lists come in small pages with cursors that need
// encoding, and related objects may be gone. It shares no code with the API
// client, so that it shares no mistake with it either.
package vttest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// BasePath is what the path of every request starts with.
const BasePath = "/api/v3"

// origin is where VirusTotal's own links lead, wherever the fake is served.
const origin = "https://www.virustotal.com"

// A Server is a fake VirusTotal. Make one with [New] and hand it to
// httptest.NewServer. All its methods may be called while it serves.
type Server struct {
	// Now is what the relative dates of the fixtures count from: by default
	// the time of New, so that they stay the same. Set it before serving.
	Now func() time.Time

	mu         sync.Mutex
	fixtures   map[string]any // by canonical path
	injections map[string][]*injection
	requests   []Request
}

// A Request is what the Server remembers of a request.
type Request struct {
	Method string
	Path   string // escaped, as it arrived, without BasePath
	Query  url.Values
	Header http.Header
}

// An injection is a handler that stands in for the fixtures.
type injection struct {
	handler http.Handler
	left    int // how many requests it will still answer; negative: all
}

// New returns a Server with all fixtures of this package. It panics if one of
// them is broken.
func New() *Server {
	started := time.Now()
	s := &Server{
		Now:        func() time.Time { return started },
		fixtures:   make(map[string]any),
		injections: make(map[string][]*injection),
	}
	s.load("fixtures")
	return s
}

// ServeHTTP answers a request as VirusTotal would.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.respond(r).ServeHTTP(w, r)
}

// Inject has h answer the next requests to path, as many as times says, or all
// if that is negative. The path is an escaped one, without [BasePath] and
// query; "*" stands for any path, and has its turn after those injected for
// the path itself. Injections into one path queue up.
func (s *Server) Inject(path string, times int, h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.injections[path] = append(s.injections[path], &injection{h, times})
}

// Requests returns all requests so far, in order, also those refused.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// Reset forgets the requests so far.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// respond picks the answer under the lock and leaves the giving of it to the
// caller: an injected handler may take its time.
func (s *Server) respond(r *http.Request) http.Handler {
	s.mu.Lock()
	defer s.mu.Unlock()

	path := r.URL.EscapedPath()
	below, inside := strings.CutPrefix(path, BasePath+"/")
	if inside {
		path = "/" + below
	}
	s.requests = append(s.requests, Request{r.Method, path, r.URL.Query(), r.Header.Clone()})

	if h := s.injected(path); h != nil {
		return h
	}
	if !inside {
		return Body(http.StatusNotFound, "text/html; charset=utf-8", "<!DOCTYPE html><title>404</title><p>Not found")
	}
	if r.Method != http.MethodGet {
		return Error(http.StatusMethodNotAllowed, "MethodNotAllowedError", "Only GET is allowed")
	}
	return s.answer(path, r)
}

// injected returns the handler that is next in turn for the path, if any.
func (s *Server) injected(path string) http.Handler {
	for _, path := range []string{path, "*"} {
		for _, next := range s.injections[path] {
			if next.left == 0 {
				continue
			}
			if next.left > 0 {
				next.left--
			}
			return next.handler
		}
	}
	return nil
}
