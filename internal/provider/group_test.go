// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

func TestUserGroups(t *testing.T) {
	const me = "data.virustotal_user_groups.me"
	serve(t, vttest.Owner)
	apply(t, resource.TestStep{
		Config: `data "virustotal_user_groups" "me" {}`,
		ConfigStateChecks: []statecheck.StateCheck{
			has(me, knownvalue.StringExact(vttest.Owner), "user_id"),
			has(me, knownvalue.ListSizeExact(6), "ids"),
			has(me, knownvalue.ListSizeExact(5), "groups"),
			has(me, knownvalue.ListSizeExact(1), "unavailable_ids"),
			has(me, knownvalue.Bool(true), "complete"),
			statecheck.ExpectKnownValue(me, tfjsonpath.New("groups").AtSliceIndex(0), knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"id":           knownvalue.StringExact(vttest.Company),
				"organization": knownvalue.NotNull(),
				"role":         knownvalue.StringExact("admin"),
				"quotas":       knownvalue.NotNull(),
				"privileges":   knownvalue.NotNull(),
			})),
		},
	})
}

// TestUserGroupsOverPages reads 95 groups, for which three requests are enough, and one to learn whose they are.
func TestUserGroupsOverPages(t *testing.T) {
	const all, some = "data.virustotal_user_groups.all", "data.virustotal_user_groups.some"
	fake := serve(t, vttest.Owner)
	fake.AddGroups(vttest.Owner, 95)
	apply(t, resource.TestStep{
		Config: `data "virustotal_user_groups" "all" { user_id = "` + vttest.Owner + `" }`,
		ConfigStateChecks: []statecheck.StateCheck{
			has(all, knownvalue.ListSizeExact(95), "groups"),
			has(all, knownvalue.ListSizeExact(95), "ids"),
			has(all, knownvalue.Bool(true), "complete"),
		},
	})
	// Terraform reads in a process of its own for each of its commands.
	if got := len(fake.Requests()) % 3; got != 0 {
		t.Errorf("%d requests, which is no multiple of 3 pages", len(fake.Requests()))
	}

	for limit, complete := range map[string]bool{"1": false, "40": false, "94": false, "95": true, "96": true} {
		apply(t, resource.TestStep{
			Config: `data "virustotal_user_groups" "some" { limit = ` + limit + ` }`,
			ConfigStateChecks: []statecheck.StateCheck{
				has(some, knownvalue.Bool(complete), "complete"),
				has(some, knownvalue.StringExact(vttest.Owner), "user_id"),
			},
		})
	}
}
