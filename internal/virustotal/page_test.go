// SPDX-License-Identifier: MPL-2.0

package virustotal_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

func TestPages(t *testing.T) {
	t.Parallel()
	fake := vttest.New()
	fake.AddGroups(vttest.SecurityHead, 95)
	c := client(t, fake)
	path := []string{"users", vttest.SecurityHead, "groups"}

	var ids []string
	for page, err := range virustotal.Pages[struct{}](t.Context(), c, nil, path...) {
		if err != nil {
			t.Fatal(err)
		}
		for _, object := range page.Objects {
			ids = append(ids, object.ID)
		}
		if more := len(ids) < 95; page.More != more {
			t.Errorf("after %d groups More is %v", len(ids), page.More)
		}
	}
	if len(ids) != 95 || len(slices.Compact(slices.Sorted(slices.Values(ids)))) != 95 {
		t.Errorf("read %d groups, want 95 different ones", len(ids))
	}
	if got := len(fake.Requests()); got != 3 {
		t.Errorf("%d requests, want 3 pages of 40", got)
	}

	// A second read uses the cached pages.
	for _, err := range virustotal.Pages[struct{}](t.Context(), c, nil, path...) {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if got := len(fake.Requests()); got != 3 {
		t.Errorf("%d requests after reading the first page again, still want 3", got)
	}
}

func TestPagesStopWithTheLoop(t *testing.T) {
	t.Parallel()
	fake := vttest.New()
	fake.AddGroups(vttest.SecurityHead, 95)
	for _, err := range virustotal.Pages[struct{}](t.Context(), client(t, fake), nil, "users", vttest.SecurityHead, "groups") {
		if err != nil {
			t.Fatal(err)
		}
		break
	}
	if got := len(fake.Requests()); got != 1 {
		t.Errorf("%d requests for one page", got)
	}
}

func TestPagesTakeTheCursorFromTheNextLink(t *testing.T) {
	t.Parallel()
	pages := []string{
		`{"data":[{"id":"a"}],"links":{"next":"https://elsewhere.example/x?cursor=a%2Bb%2F%3D&limit=40"}}`,
		`{"data":[{"id":"b"}],"meta":{"cursor":""},"links":{"self":"https://elsewhere.example/x"}}`,
	}
	var cursors []string
	c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Host != "vt.example" {
			t.Errorf("asked %s", r.URL.Host)
		}
		fmt.Fprint(w, pages[len(cursors)])
		cursors = append(cursors, r.URL.Query().Get("cursor"))
	}))
	for _, err := range virustotal.Pages[struct{}](t.Context(), c, nil, "lists") {
		if err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"", "a+b/="}; !slices.Equal(cursors, want) {
		t.Errorf("cursors %q, want %q", cursors, want)
	}
}

func TestCursorInMetaComesFirst(t *testing.T) {
	t.Parallel()
	var cursors []string
	c := client(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cursors = append(cursors, r.URL.Query().Get("cursor"))
		if len(cursors) == 1 {
			fmt.Fprint(w, `{"data":[],"links":{"next":"https://vt.example/x?cursor=link"},"meta":{"cursor":"meta"}}`)
			return
		}
		fmt.Fprint(w, `{"data":[]}`)
	}))
	for _, err := range virustotal.Pages[struct{}](t.Context(), c, nil, "lists") {
		if err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{"", "meta"}; !slices.Equal(cursors, want) {
		t.Errorf("cursors %q, want %q", cursors, want)
	}
}

// pagesError reads a list to its end, or to its first error.
func pagesError[A any](t *testing.T, c *virustotal.Client) (err error) {
	t.Helper()
	for _, err = range virustotal.Pages[A](t.Context(), c, nil, "lists") {
		continue
	}
	return err
}

// TestIncompleteLists checks that a next page without a usable cursor is an error: the list would count as complete.
func TestIncompleteLists(t *testing.T) {
	t.Parallel()
	for envelope, want := range map[string]string{
		`"links":{"next":"https://vt.example/x?offset=40"}`:           "no valid cursor",
		`"links":{"next":"https://vt.example/x?cursor="}`:             "no valid cursor",
		`"links":{"next":"https://vt.example/x#?cursor=x"}`:           "no valid cursor",
		`"links":{"next":"https://vt.example/x?cursor=%zz"}`:          "no valid cursor",
		`"links":{"next":"https://vt.example/x?cursor=x&cursor=%zz"}`: "no valid cursor",
		`"links":{"next":""}`:                                  "no valid cursor",
		`"links":{"next":"://"}`:                               "not a URL",
		`"links":{"next":5}`:                                   `"links.next" has the wrong type`,
		`"links":{"next":null},"meta":{"cursor":{}}`:           `"meta.cursor" has the wrong type`,
		`"error":{"message":"index unavailable"}`:              "an error without a code: index unavailable",
		`"error":{}`:                                           "an error without a code",
		`"error":{"code":"TransientError","message":"broken"}`: "TransientError: broken",
		`"data":[]`:                                            `"data" twice`,
		`"meta":{},"meta":{}`:                                  `"meta" twice`,
		`"links":{"next":null,"next":"x"}`:                     `"next" twice`,
	} {
		c := client(t, answering(200, "application/json", `{"data":[{"id":"a","attributes":{}}],`+envelope+`}`))
		c.MaxRetries = 0
		if err := pagesError[user](t, c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", envelope, err, want)
		}
	}
	for _, status := range []int{201, 202, 203, 204, 206, 226} {
		c := client(t, answering(status, "application/json", `{"data":[]}`))
		if status == 204 {
			c = client(t, answering(status, "", ""))
		}
		if err := pagesError[user](t, c); err == nil {
			t.Errorf("%d counts as a success", status)
		}
	}
	for _, end := range []string{
		`"links":{}`, `"links":null`, `"meta":null`, `"meta":{"cursor":null}`, `"meta":{"cursor":""}`, `"links":{"next":null}`, `"error":null`,
	} {
		c := client(t, answering(200, "application/json", `{"data":[{"id":"a","attributes":{}}],`+end+`}`))
		if err := pagesError[user](t, c); err != nil {
			t.Errorf("%s does not end a list: %v", end, err)
		}
	}
}

func TestRepeatedCursorIsAnError(t *testing.T) {
	t.Parallel()
	c := client(t, answering(200, "application/json", `{"data":[],"meta":{"cursor":"again"}}`))
	var last error
	pages := 0
	for _, last = range virustotal.Pages[struct{}](t.Context(), c, nil, "lists") {
		pages++
	}
	if last == nil || !strings.Contains(last.Error(), "the same cursor twice") || pages != 2 {
		t.Errorf("after %d pages: %v", pages, last)
	}
}

func TestDeletedObjectsStayInTheList(t *testing.T) {
	t.Parallel()
	c := client(t, answering(200, "application/json", `{"data":[
		{"id":"here","attributes":{}},
		{"id":"gone","error":{"code":"NotFoundError","message":"gone"}},
		{"id":"bare"}]}`))
	for page, err := range virustotal.Pages[user](t.Context(), c, nil, "lists") {
		if err != nil {
			t.Fatal(err)
		}
		for i, here := range []bool{true, false, false} {
			if object := page.Objects[i]; object.Sent != here || object.Failed() != (object.ID == "gone") {
				t.Errorf("%q was sent with attributes: %v, with an error: %v", object.ID, object.Sent, object.Failed())
			}
		}
	}
}
