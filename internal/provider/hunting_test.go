// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestFilesRepeatForEachNotification reads a file that is in two notifications.
func TestFilesRepeatForEachNotification(t *testing.T) {
	t.Parallel()
	const me = "data.virustotal_user_hunting_notification_files.me"
	fake := serve(t, vttest.SecurityHead)
	second := func(value knownvalue.Check, field string) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(me, tfjsonpath.New("files").AtSliceIndex(1).AtMapKey(field), value)
	}
	fake.apply(t, `data "virustotal_user_hunting_notification_files" "me" { limit = 2 }`,
		has(me, no, "complete"),
		second(words("5817401623937031"), "notification_id"),
		second(words("gangway"), "rule_name"),
		second(null, "notification_source_country"),
		second(words("harbour-crane.exe"), "meaningful_name"),
	)
}

// TestLongListOfFiles reads 2,000 files in 50 pages, and requests only the attributes that are shown.
func TestLongListOfFiles(t *testing.T) {
	t.Parallel()
	const me = "data.virustotal_user_hunting_notification_files.me"
	fake := serve(t, vttest.SecurityHead)
	var items []string
	for i := range 2000 {
		items = append(items, fmt.Sprintf(`{"id":"%d","type":"file","attributes":{"size":%d},"context_attributes":{"notification_id":"n%d"}}`, i, i, i))
	}
	fake.Set("/users/marit/hunting_notification_files", "["+strings.Join(items, ",")+"]")
	fake.apply(t, `data "virustotal_user_hunting_notification_files" "me" { user_id = "marit" }`,
		has(me, knownvalue.ListSizeExact(2000), "files"),
		statecheck.ExpectKnownValue(me, tfjsonpath.New("files").AtSliceIndex(1999).AtMapKey("notification_id"), words("n1999")),
	)
	const shown = "sha256,sha1,md5,size,meaningful_name,names,type_tag,type_description,tags,reputation,last_analysis_stats," +
		"first_submission_date,last_submission_date,times_submitted,unique_sources"
	if got := fake.Requests()[0].Query.Get("attributes"); got != shown {
		t.Errorf("requested the attributes %s", got)
	}
	if n := len(fake.Requests()); n != 50 {
		t.Errorf("%d requests, want 50", n)
	}
}
