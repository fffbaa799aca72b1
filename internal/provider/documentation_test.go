// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"reflect"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestVisibleTags compares the tags visible with what the fake hides from an administrator, a stranger and the user.
func TestVisibleTags(t *testing.T) {
	t.Parallel()
	visible := fieldsVisibleTo(reflect.TypeFor[user]())
	for reader, want := range map[string][]string{
		vttest.SecurityHead: visible[visibleToOwner],
		vttest.Stranger:     slices.Concat(visible[visibleToOwner], visible[visibleToAdministrators]),
		vttest.Admin:        nil,
	} {
		fake, r := start(t)
		r.session.client.APIKey = fake.Key(reader)
		state, diags := r.read("user", map[string]any{"id": vttest.Admin})
		var concealed []string
		state.GetAttribute(t.Context(), path.Root(hiddenName), &concealed)
		slices.Sort(want)
		slices.Sort(concealed)
		if diags.HasError() || !slices.Equal(concealed, want) {
			t.Errorf("from %s are hidden %v, want %v, %v", reader, concealed, want, diags)
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
