// SPDX-License-Identifier: MPL-2.0

// Package virustotal reads VirusTotal's API v3. It can do nothing but read: every request is a GET.
//
// It knows what the whole API has in common: the envelope, pages, errors, retries, the rate limit and a cache. What the
// objects hold is up to the caller, who names a type to decode their attributes into.
//
// The API key is in the header of each request, and in the path of [Owner]'s. It is in no error, and in nothing that a
// hook is called with.
package virustotal

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// DefaultBaseURL is where VirusTotal serves the API, to Google Threat Intelligence's customers too.
const DefaultBaseURL = "https://www.virustotal.com/api/v3"

// Client reads from one API with one key. Set its fields before its first request; it is then safe for concurrent use.
// It caches answers for as long as it lives, so it should live no longer than answers may be old.
type Client struct {
	BaseURL   *url.URL // Without query, fragment or user info.
	APIKey    string
	UserAgent string // Contains "gzip", without which App Engine does not compress for a program.

	RequestsPerMinute int           // Maximum number of requests in any 60 seconds. 0 is no limit.
	MaxRetries        int           // After the first attempt. 0 is none.
	MaxRetryWait      time.Duration // Longest single wait before a retry.
	RequestTimeout    time.Duration // Of one attempt, its body included.

	// Transport sends requests. Nothing above it follows a redirect, since that would send the API key to another
	// host. nil is http.DefaultTransport.
	Transport http.RoundTripper

	OnRequest func(context.Context, Attempt) // Called after each request, if set.
	OnWait    func(context.Context, Wait)    // Called before each wait, if set.

	cache    cache
	rate     rate
	refusals refusals
	owner    atomic.Pointer[string] // The username of the key's owner.
}

// Get reads the object at a path: Get[group](ctx, c, "groups", "acme"). It escapes the path's segments.
func Get[A any](ctx context.Context, c *Client, path ...string) (*Object[A], error) {
	return dataOf(fetch(ctx, c, request{path: path}, decodeObject[A]))
}

// GetNamed is [Get] where the object's id has to be the last segment of the path, in whatever case: a group, for
// example, goes by no other name.
func GetNamed[A any](ctx context.Context, c *Client, path ...string) (*Object[A], error) {
	object, err := Get[A](ctx, c, path...)
	if id := path[len(path)-1]; err == nil && !strings.EqualFold(object.ID, id) {
		return nil, c.dataError(request{path: path}, dataErrorf("VirusTotal sent the object %q", object.ID))
	}
	return object, err
}

// Find is [Get] for an object that may not exist: it returns nil for VirusTotal's null.
func Find[A any](ctx context.Context, c *Client, path ...string) (*Object[A], error) {
	found, err := dataOf(fetch(ctx, c, request{path: path}, decodeOptional[A]))
	return found.Object, err
}

// Data reads an answer whose data is not an object, such as a user's overall_quotas.
func Data[T any](ctx context.Context, c *Client, path ...string) (*T, error) {
	return dataOf(fetch(ctx, c, request{path: path}, decodeData[T]))
}

// BareData is [Data] where an answer without "data" is the data itself, as long as it has a member of one of the given
// names. VirusTotal's reference shows API usage so.
func BareData[T any](ctx context.Context, c *Client, query url.Values, bare []string, path ...string) (*T, error) {
	return dataOf(fetch(ctx, c, request{path: path, query: query, bare: bare}, decodeData[T]))
}

// Owner reads the user whom the client's key belongs to. VirusTotal has no documented name for "me", but takes a key in
// place of a username and answers with the username. The answer is kept under that name too, so that [User] sends no
// request. Whose the key is, is the one thing that the client knows about users.
func Owner[A any](ctx context.Context, c *Client) (*Object[A], error) {
	r := request{path: []string{"users", c.APIKey}, owner: true}
	owner, err := fetch(ctx, c, r, decodeObject[A])
	if err != nil {
		return nil, err
	}
	if !nameable(owner.data.ID) {
		return nil, c.dataError(r, dataErrorf("VirusTotal sent no username for the owner of the API key"))
	}
	keep(c, request{path: []string{"users", owner.data.ID}}, owner)
	c.owner.Store(&owner.data.ID)
	return owner.data, nil
}

// OwnerID is the username of the user whom the client's key belongs to, "" as long as no answer has told.
func (c *Client) OwnerID() string {
	if id := c.owner.Load(); id != nil {
		return *id
	}
	return ""
}

// User reads a user by name or by e-mail address. VirusTotal shows a user's API key to that user only: one whose key is
// the client's is its owner, and kept for [Owner] too.
func User[A any](ctx context.Context, c *Client, id string) (*Object[A], error) {
	isOwner := false
	found, err := fetch(ctx, c, request{path: []string{"users", id}}, func(c *Client, dec *jsontext.Decoder) (*Object[A], error) {
		raw, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		var keyed struct {
			Attributes struct {
				APIKey string `json:"apikey"`
			} `json:"attributes"`
		}
		isOwner = json.Unmarshal(raw, &keyed, decoding) == nil && keyed.Attributes.APIKey == c.APIKey
		return parseWhole[A](c, raw)
	})
	if isOwner && err == nil {
		keep(c, request{owner: true}, found)
		c.owner.Store(&found.data.ID)
	}
	return found.data, err
}

// keep puts an answer where fetch finds it for another request.
func keep[T any](c *Client, r request, a answer[T]) {
	c.cache.keep(cacheKey{r.key(), reflect.TypeFor[answer[T]]()}, a)
}

// An answer is the envelope's content.
type answer[T any] struct {
	data T
	next string // The cursor of the next page.
}

func dataOf[T any](a answer[T], err error) (T, error) { return a.data, err }

// fetch sends r once, however many callers want it, now or later, and decodes its data.
func fetch[T any](ctx context.Context, c *Client, r request, decode func(*Client, *jsontext.Decoder) (T, error)) (answer[T], error) {
	kept, err := c.cache.do(ctx, cacheKey{r.key(), reflect.TypeFor[answer[T]]()}, func() (any, error) {
		var a answer[T]
		next, err := c.retry(ctx, r, func(dec *jsontext.Decoder) (err error) {
			a.data, err = decode(c, dec)
			return err
		})
		a.next = next
		return a, err
	})
	a, _ := kept.(answer[T])
	return a, err
}
