// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"reflect"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestVisibleTags compares the tags visible with what the fake shows of a user who has every attribute, to an
// administrator, a stranger and the user.
func TestVisibleTags(t *testing.T) {
	t.Parallel()
	visible := fieldsVisibleTo(reflect.TypeFor[user]())
	public, shared, own := visible[visibleToEveryone], visible[visibleToAdministrators], visible[visibleToOwner]
	fake, r := start(t)
	attributes := map[string]any{"apikey": aKey, "status": "active"}
	for _, name := range slices.Concat(public, shared, own) {
		if name != "status" {
			attributes[name] = map[string]any{}
		}
	}
	object, err := json.Marshal(map[string]any{"id": vttest.Admin, "type": "user", "attributes": attributes})
	if err != nil {
		t.Fatal(err)
	}
	fake.Set("/users/"+vttest.Admin, string(object))
	for reader, want := range map[string][]string{
		aKey:                          slices.Concat(public, shared, own),
		fake.Key(vttest.SecurityHead): slices.Concat(public, shared),
		fake.Key(vttest.Stranger):     public,
	} {
		client := &virustotal.Client{BaseURL: r.session.client.BaseURL, APIKey: reader}
		shown, err := virustotal.Get[map[string]any](t.Context(), client, nil, "users", vttest.Admin)
		if err != nil {
			t.Fatal(err)
		}
		delete(*shown.Attributes, "apikey")
		got := slices.Sorted(maps.Keys(*shown.Attributes))
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("the fake shows %v, and the tags in user.go %v: see visibility.go of vttest", got, want)
		}
	}
}

// TestFieldsVisibleTo checks that every attribute of a user is in one of the documentation's rows.
func TestFieldsVisibleTo(t *testing.T) {
	t.Parallel()
	all := 0
	for _, names := range fieldsVisibleTo(reflect.TypeFor[user]()) {
		all += len(names)
	}
	if want := len(sentNames(reflect.TypeFor[user]())); all != want {
		t.Errorf("%d attributes are documented, want %d", all, want)
	}
}
