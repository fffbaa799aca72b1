// SPDX-License-Identifier: MPL-2.0

package provider

import "testing"

// TestDescriptions checks what a field's type and tags add to its description.
func TestDescriptions(t *testing.T) {
	t.Parallel()
	type object struct {
		Seen   *date  `json:"seen" doc:"When [x] was seen." visible:"administrators"`
		Secret *bool  `json:"secret" doc:"Whether." visible:"owner"`
		Sum    *int64 `derived:"sum" doc:"Sum."`
	}
	described := attributesOf[object]()
	for name, want := range map[string]string{
		"seen":   "When `x` was seen. In RFC 3339. Visible to the account's owner and the administrators of its group.",
		"secret": "Whether. Visible to the account's owner only.",
		"sum":    "Sum. Derived by the provider.",
	} {
		if got := described[name].GetMarkdownDescription(); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("an unknown audience does not panic")
		}
	}()
	attributesOf[struct {
		Name *string `json:"name" doc:"Name." visible:"everybody"`
	}]()
}
