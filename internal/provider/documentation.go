// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Documentation is what the documentation says about a data source beyond its schema.
type Documentation struct {
	Subcategory  string // Heading in the navigation of the registries.
	PersonalData string // Personal data in the state, for a warning: "names and e-mail addresses". "" if there is none.
}

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

// audienceOf returns the audience of an account of which everyone may see some attributes.
func audienceOf[Account any]() string {
	visible := fieldsVisibleTo(reflect.TypeFor[Account]())
	return fmt.Sprintf("%s. The administrators of its group do not see %s. Others possibly see %s only",
		owner, enumerate(visible[visibleToOwner]), enumerate(visible[visibleToEveryone]))
}

// enumerate returns names as code, separated by commas.
func enumerate(names []string) string { return "`" + strings.Join(names, "`, `") + "`" }

// VisibleAttributes returns a table, in Markdown, of who can see the attributes of a user.
func VisibleAttributes() string {
	visible := fieldsVisibleTo(reflect.TypeFor[user]())
	var b strings.Builder
	b.WriteString("| Attribute | Everyone | An administrator of the user's group | The user |\n|---|---|---|---|\n")
	for _, row := range []struct {
		to    visibility
		cells string
	}{
		{visibleToEveryone, "yes | yes | yes"}, {visibleToAdministrators, " | yes | yes"}, {visibleToOwner, " | | yes"},
	} {
		fmt.Fprintf(&b, "| %s | %s |\n", enumerate(visible[row.to]), row.cells)
	}
	return b.String()
}

// Audiences returns a table, in Markdown, of who can read the data sources about a kind of object: "user" or "group".
// Service accounts are with groups. It leaves out what VisibleAttributes says about users themselves.
func Audiences(noun string) string {
	names := map[string][]string{}
	var order []string
	for _, s := range sources() {
		isUser := s.parent.noun == ofUser.noun
		if isUser != (noun == ofUser.noun) || isUser && s.readsParent() {
			continue
		}
		if names[s.audience] == nil {
			order = append(order, s.audience)
		}
		names[s.audience] = append(names[s.audience], "virustotal_"+s.name)
	}
	var b strings.Builder
	b.WriteString("| Data source | Who can read it |\n|---|---|\n")
	for _, audience := range order {
		fmt.Fprintf(&b, "| %s | %s |\n", enumerate(names[audience]), audience)
	}
	return b.String()
}

// DocumentationByName returns what the documentation says about each data source beyond its schema. The names have no
// prefix "virustotal_".
func DocumentationByName() map[string]Documentation {
	all := map[string]Documentation{clientConfigName: clientConfigPage}
	for _, s := range sources() {
		all[s.name] = s.page
	}
	return all
}
