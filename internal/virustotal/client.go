// SPDX-License-Identifier: MPL-2.0

// Package virustotal is a read-only client of VirusTotal's API v3. Every request is a GET.
//
// It implements what all endpoints share: the response envelope, pagination, errors, retries, rate limiting and a
// cache. The caller supplies the type that an object's attributes are decoded into.
//
// The API key is sent in a header, and by [Owner] in the path. It never appears in errors or in the arguments of
// OnRequest and OnWait.
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

// DefaultBaseURL is the URL of the API. Google Threat Intelligence has the same.
const DefaultBaseURL = "https://www.virustotal.com/api/v3"

// Client sends requests with one API key. Set its fields before the first request; after that it is safe for concurrent
// use. It caches responses and never refreshes them: use a new Client to read current data.
type Client struct {
	BaseURL   *url.URL // Without query, fragment or user info.
	APIKey    string
	Tool      string // Name of the program, for VirusTotal's statistics.
	UserAgent string // Should contain "gzip": App Engine compresses responses to programs only if it does.

	RequestsPerMinute int           // Maximum number of requests in any 60 seconds. 0 means no limit.
	MaxRetries        int           // Maximum number of retries of a request. 0 disables retries.
	MaxRetryWait      time.Duration // Maximum wait before a retry.
	RequestTimeout    time.Duration // Timeout of one attempt, including the response body. 0 means no timeout.

	// Transport sends the requests. Defaults to http.DefaultTransport. An http.Client is not used, because it would
	// send the API key to the targets of redirects.
	Transport http.RoundTripper

	// Now tells the time that is compared with times in responses. Defaults to time.Now.
	Now func() time.Time

	OnRequest func(context.Context, Attempt) // If set, called after each attempt.
	OnWait    func(context.Context, Wait)    // If set, called before each wait.

	cache         cache
	limiter       rateLimiter
	quotaFailures quotaFailures
	owner         atomic.Pointer[string] // The username of the API key's owner, once known.
}

// Get reads the object at a path, given as unescaped segments: Get[group](ctx, c, nil, "groups", "acme"). The query may
// be nil.
func Get[A any](ctx context.Context, c *Client, query url.Values, path ...string) (*Object[A], error) {
	return dataOf(fetch(ctx, c, request{path: path, query: query}, decodeObject[A]))
}

// GetByID is like [Get], but fails if the object's ID is not the last segment of the path, ignoring case. Use it for
// objects that have no alias, such as groups.
func GetByID[A any](ctx context.Context, c *Client, query url.Values, path ...string) (*Object[A], error) {
	object, err := Get[A](ctx, c, query, path...)
	if id := path[len(path)-1]; err == nil && !strings.EqualFold(object.ID, id) {
		return nil, c.contentError(request{path: path, query: query}, dataErrorf("VirusTotal sent the object %q instead of %q", object.ID, id))
	}
	return object, err
}

// GetOptional is like [Get], but returns nil if VirusTotal sends null in place of the object.
func GetOptional[A any](ctx context.Context, c *Client, query url.Values, path ...string) (*Object[A], error) {
	object, err := dataOf(fetch(ctx, c, request{path: path, query: query}, decodeOptional[A]))
	return object.Object, err
}

// Data reads data that is not an object, such as a user's overall_quotas.
func Data[T any](ctx context.Context, c *Client, path ...string) (*T, error) {
	return dataOf(fetch(ctx, c, request{path: path}, decodeData[T]))
}

// BareData is like [Data], but also accepts a response without an envelope: one that has no "data", but at least one of
// the members named in bare. VirusTotal's reference shows API usage like that.
func BareData[T any](ctx context.Context, c *Client, query url.Values, bare []string, path ...string) (*T, error) {
	return dataOf(fetchContent(ctx, c, request{path: path, query: query}, func(into **T) content {
		return bareContent(bare, func(dec *jsontext.Decoder) (err error) {
			*into, err = decodeData[T](c, dec)
			return err
		})
	}))
}

// Owner reads the user who owns the client's API key. VirusTotal documents no path for it, but accepts an API key in
// place of a username. The user is also cached under its username, so that [User] sends no second request for it.
func Owner[A any](ctx context.Context, c *Client) (*Object[A], error) {
	r := request{path: []string{"users", c.APIKey}, owner: true}
	owner, err := fetch(ctx, c, r, decodeObject[A])
	if err != nil {
		return nil, err
	}
	if !isSafeSegment(owner.data.ID) {
		return nil, c.contentError(r, dataErrorf("VirusTotal sent no username for the owner of the API key"))
	}
	cacheAnswer(c, request{path: []string{"users", owner.data.ID}}, owner)
	c.owner.Store(&owner.data.ID)
	return owner.data, nil
}

// OwnerID returns the username of the API key's owner, or "" if no response has revealed it yet. It sends no request.
func (c *Client) OwnerID() string {
	if id := c.owner.Load(); id != nil {
		return *id
	}
	return ""
}

// User reads a user by username or e-mail address. VirusTotal shows an API key to its owner only, so a user with the
// client's API key is the owner. That user is also cached for [Owner], unless a query selects some of its attributes.
func User[A any](ctx context.Context, c *Client, query url.Values, id string) (*Object[A], error) {
	isOwner := false
	user, err := fetch(ctx, c, request{path: []string{"users", id}, query: query}, func(c *Client, dec *jsontext.Decoder) (*Object[A], error) {
		raw, err := dec.ReadValue()
		if err != nil {
			return nil, err
		}
		var holder struct {
			Attributes struct {
				APIKey string `json:"apikey"`
			} `json:"attributes"`
		}
		isOwner = json.Unmarshal(raw, &holder, decoding) == nil && holder.Attributes.APIKey == c.APIKey
		return parseRequired[A](c, raw)
	})
	if isOwner && err == nil && len(query) == 0 {
		cacheAnswer(c, request{owner: true}, user)
		c.owner.Store(&user.data.ID)
	}
	return user.data, err
}

// Time returns the current time, according to Now.
func (c *Client) Time() time.Time {
	if c.Now == nil {
		return time.Now()
	}
	return c.Now()
}

// cacheAnswer caches a as the answer to r.
func cacheAnswer[T any](c *Client, r request, a answer[T]) {
	c.cache.put(cacheKey{r.key(), reflect.TypeFor[answer[T]]()}, a, a.size)
}

// An answer is a decoded response.
type answer[T any] struct {
	data T
	trailer
}

// A trailer is what is known of a response once it has been read, besides its data.
type trailer struct {
	next string // The cursor of the next page. "" for the last page.
	size int64  // Of the body, in bytes, after decompression.
}

func dataOf[T any](a answer[T], err error) (T, error) { return a.data, err }

// fetch returns the answer to r, its data decoded by decode. It sends r once for all callers: the answer is cached.
func fetch[T any](ctx context.Context, c *Client, r request, decode func(*Client, *jsontext.Decoder) (T, error)) (answer[T], error) {
	return fetchContent(ctx, c, r, func(into *T) content {
		return content{"data": func(dec *jsontext.Decoder) (err error) {
			*into, err = decode(c, dec)
			return err
		}}
	})
}

// fetchContent is like fetch, for a response whose data may have other names than "data".
func fetchContent[T any](ctx context.Context, c *Client, r request, decodeInto func(*T) content) (answer[T], error) {
	cached, err := c.cache.do(ctx, cacheKey{r.key(), reflect.TypeFor[answer[T]]()}, func() (any, int64, error) {
		var a answer[T]
		var err error
		a.trailer, err = c.retry(ctx, r, func() content { return decodeInto(&a.data) })
		return a, a.size, err
	})
	a, _ := cached.(answer[T])
	return a, err
}
