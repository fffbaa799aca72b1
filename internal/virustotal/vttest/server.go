// SPDX-License-Identifier: MPL-2.0

// Package vttest provides a fake VirusTotal for tests: an [http.Handler] that serves fixtures, one JSON file per API
// path.
//
// It imitates what clients get wrong: attributes are hidden depending on the caller, lists have small pages with
// cursors that need escaping, and related objects may be deleted. It shares no code with the API client, so that it
// does not share its mistakes.
package vttest

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

// BasePath is the prefix of all API paths.
const BasePath = "/api/v3"

// origin begins the links in responses: they lead to VirusTotal, not to the fake.
const origin = "https://www.virustotal.com"

// A Server is a fake VirusTotal. Create one with [New] and pass it to httptest.NewServer. Its methods are safe for
// concurrent use.
type Server struct {
	// Now returns the time that the fixtures' dates are relative to. It defaults to the time of New, so that dates do
	// not change between requests. Set it before serving.
	Now func() time.Time

	// Contexts says where the members of a group have their context attributes. VirusTotal documents them for
	// descriptors; whether objects have them too is not documented. Set it before serving.
	Contexts Contexts

	mu         sync.Mutex
	fixtures   map[string]any // by canonical path
	injections map[string][]injection
	requests   []Request
}

// Contexts are the places in which the members of a group have their context attributes.
type Contexts int

const (
	// InObjects is in objects and in descriptors.
	InObjects Contexts = iota
	// InDescriptors is in descriptors only.
	InDescriptors
	// Nowhere is in neither.
	Nowhere
)

// A Request is a request that the Server received.
type Request struct {
	Method string
	Path   string // escaped, as it arrived, without BasePath
	Query  url.Values
	Header http.Header
}

// An injection is a handler that replaces the fixtures.
type injection struct {
	handler http.Handler
	left    int // number of requests left; negative means all
}

// New returns a Server with the fixtures of this package. It panics if a fixture is invalid.
func New() *Server {
	started := time.Now()
	s := &Server{
		Now:        func() time.Time { return started },
		fixtures:   make(map[string]any),
		injections: make(map[string][]injection),
	}
	s.load("fixtures")
	return s
}

// ServeHTTP answers a request like VirusTotal.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.respond(r).ServeHTTP(w, r)
}

// Inject makes h answer the next requests to path: the given number of times, or always if times is negative. The path
// is escaped and without [BasePath] and query. "*" matches every path, but handlers for the path itself go first.
// Handlers for the same path are used in the order of their injection.
func (s *Server) Inject(path string, times int, h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if times != 0 {
		s.injections[path] = append(s.injections[path], injection{h, times})
	}
}

// Requests returns all requests so far in order, including rejected ones.
func (s *Server) Requests() []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.requests)
}

// respond returns the handler for a request. The handler is called without the lock, because an injected one may block.
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

// injected returns the next injected handler for the path, or nil.
func (s *Server) injected(path string) http.Handler {
	for _, path := range []string{path, "*"} {
		if queue := s.injections[path]; len(queue) > 0 {
			if queue[0].left--; queue[0].left == 0 {
				s.injections[path] = queue[1:]
			}
			return queue[0].handler
		}
	}
	return nil
}
