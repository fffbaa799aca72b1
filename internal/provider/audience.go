// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Audiences, according to https://docs.virustotal.com/reference/user-object.
const (
	everyone               = "everyone"
	owner                  = "the account's owner"
	ownerAndAdministrators = "the account's owner and the administrators of its group"
	members                = "the group's members"
	administrators         = "the group's administrators"
)

// oneRequest is the cost of a data source that sends one request.
const oneRequest = "1"

// factsTable returns a table, in Markdown, of who can read a data source and how many requests that takes. It must end
// the description, because the page templates append rows to it.
func factsTable(audience, cost string) string {
	return "| | |\n|---|---|" +
		"\n| **Who can read it** | " + strings.ToUpper(audience[:1]) + audience[1:] + ". |" +
		"\n| **Requests** | " + cost + " |"
}

// fieldsVisibleTo returns the names of the attributes that VirusTotal sends of a type, by who can see them.
func fieldsVisibleTo(t reflect.Type) map[visibility][]string {
	names := map[visibility][]string{}
	for _, f := range fieldsOf(t) {
		if f.sent {
			names[f.visible] = append(names[f.visible], f.name)
		}
	}
	for _, of := range names {
		slices.Sort(of)
	}
	return names
}

// audienceOf returns the audience of an account of which everyone can see some attributes.
func audienceOf[Account any]() string {
	visible := fieldsVisibleTo(reflect.TypeFor[Account]())
	return fmt.Sprintf("%s. The administrators of its group do not see %s. Others possibly see %s only",
		owner, enumerate(visible[visibleToOwner]), enumerate(visible[visibleToEveryone]))
}

// enumerate returns names as code, separated by commas.
func enumerate(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }
