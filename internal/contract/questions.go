// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/go-json-experiment/json"
)

// A question is one that VirusTotal's documentation leaves open and the provider handles either way.
type question struct {
	text   string
	answer func(ctx context.Context, r *reading) string
}

var questions = []question{
	{"Does a member's object carry roles, or only its descriptor?", func(ctx context.Context, r *reading) string {
		objects := r.items(ctx, "groups/{group}/users", page)
		descriptors := r.items(ctx, "groups/{group}/relationships/users", page)
		return "object: " + objects.carries("roles") + ", descriptor: " + descriptors.carries("roles")
	}},
	{"Do service accounts carry roles?", func(ctx context.Context, r *reading) string {
		objects := r.items(ctx, "groups/{group}/service_accounts", page)
		descriptors := r.items(ctx, "groups/{group}/relationships/service_accounts", page)
		return "object: " + objects.carries("roles") + ", descriptor: " + descriptors.carries("roles")
	}},
	{"Does a group's object carry the role of the API key's owner?", func(ctx context.Context, r *reading) string {
		return r.items(ctx, "groups/{group}", "").carries("role")
	}},
	{"Does context come with selected attributes?", func(ctx context.Context, r *reading) string {
		return r.items(ctx, "groups/{group}/users", page+"&attributes=last_login").carries("roles")
	}},
	{"What order has users_consuming_quota without order?", func(ctx context.Context, r *reading) string {
		return r.items(ctx, "groups/{group}/users_consuming_quota/{quota}", page).order()
	}},
	{"What order has users_consuming_quota with order=desc?", func(ctx context.Context, r *reading) string {
		return r.items(ctx, "groups/{group}/users_consuming_quota/{quota}", page+"&order=desc").order()
	}},
	{"Is 2fa_enabled:true understood?", func(ctx context.Context, r *reading) string {
		with := r.items(ctx, "groups/{group}/users", page+"&filter=2fa_enabled%3Atrue")
		without := r.items(ctx, "groups/{group}/users", page+"&filter=2fa_enabled%3Afalse")
		if with.failure != "" || without.failure != "" {
			return "true: " + with.status() + ", false: " + without.status()
		}
		common := slices.ContainsFunc(with.list, func(a item) bool {
			return slices.ContainsFunc(without.list, func(b item) bool { return a.ID == b.ID })
		})
		return "yes, and nobody is in both lists: " + yes(!common)
	}},
	{"May this API key's owner read the list of administrators?", func(ctx context.Context, r *reading) string {
		administrators := r.items(ctx, "groups/{group}/administrators", page)
		listed := slices.ContainsFunc(administrators.list, func(i item) bool { return i.ID == r.ids["user"] })
		return administrators.status() + ", the owner is one of them: " + yes(listed)
	}},
	{"Can a service account be read as a user?", func(ctx context.Context, r *reading) string {
		return r.items(ctx, "users/{service_account}", "").status()
	}},
	{"Does the group show auto_add_users?", func(ctx context.Context, r *reading) string {
		return r.items(ctx, "groups/{group}", "").shows("auto_add_users")
	}},
	{"Does reading consume quota?", func(_ context.Context, r *reading) string { return r.consumption }},
}

// An item is the part of an object that the questions are about.
type item struct {
	ID         string         `json:"id"`
	Attributes map[string]any `json:"attributes"`
	Context    map[string]any `json:"context_attributes"`
}

// items are the items of an answer: of a list, or the one object. failure is why there are none.
type items struct {
	list    []item
	failure string
}

// items reads an endpoint.
func (r *reading) items(ctx context.Context, path, query string) items {
	data, failure := r.get(ctx, endpoint{path: path, query: query})
	if failure != "" {
		return items{failure: failure}
	}
	var found items
	if data.Kind() == '[' {
		if err := json.Unmarshal(data, &found.list); err != nil {
			return items{failure: "an answer of another shape"}
		}
		return found
	}
	found.list = make([]item, 1)
	if err := json.Unmarshal(data, &found.list[0]); err != nil {
		return items{failure: "an answer of another shape"}
	}
	return found
}

func (i items) status() string {
	if i.failure != "" {
		return i.failure
	}
	return strconv.Itoa(http.StatusOK)
}

// carries says whether any item has a member in its context.
func (i items) carries(name string) string {
	return i.any(func(one item) bool { _, ok := one.Context[name]; return ok })
}

// shows says whether any item has an attribute.
func (i items) shows(name string) string {
	return i.any(func(one item) bool { _, ok := one.Attributes[name]; return ok })
}

func (i items) any(condition func(item) bool) string {
	switch {
	case i.failure != "":
		return i.failure
	case len(i.list) == 0:
		return "nothing there to tell"
	}
	return yes(slices.ContainsFunc(i.list, condition))
}

// order says in which order the consumption of the items is.
func (i items) order() string {
	if i.failure != "" {
		return i.failure
	}
	var consumed []float64
	for _, one := range i.list {
		n, _ := one.Context["quota_consumed_from_group"].(float64)
		consumed = append(consumed, n)
	}
	descending := slices.Clone(consumed)
	slices.Sort(descending)
	if ascending := slices.Clone(descending); len(ascending) < 2 || ascending[0] == ascending[len(ascending)-1] {
		return "too few consumers to tell"
	} else if slices.Equal(consumed, ascending) {
		return "ascending"
	}
	slices.Reverse(descending)
	if slices.Equal(consumed, descending) {
		return "descending"
	}
	return "neither ascending nor descending"
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
