// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"reflect"
	"strings"
)

// Documentation is what the documentation says about a data source beyond its schema.
type Documentation struct {
	Subcategory  string // Heading in the navigation of the registries.
	PersonalData string // Personal data in the state, for a warning: "names and e-mail addresses". "" if there is none.
}

// VisibleAttributes returns a table, in Markdown, of who can see the attributes of a user.
func VisibleAttributes() string {
	visible := fieldsVisibleTo(reflect.TypeFor[user]())
	var b strings.Builder
	b.WriteString("| Attribute | Everyone | An administrator of the user's group | The user |\n|---|---|---|---|\n")
	for _, line := range []struct {
		to    visibility
		cells string
	}{
		{visibleToEveryone, "yes | yes | yes"}, {visibleToAdministrators, " | yes | yes"}, {visibleToOwner, " | | yes"},
	} {
		fmt.Fprintf(&b, "| %s | %s |\n", enumerate(visible[line.to]), line.cells)
	}
	return b.String()
}

// Audiences returns a table, in Markdown, of who can read the data sources about a kind of object: "user" or "group".
// Service accounts are with groups. It leaves out what VisibleAttributes says about users themselves.
func Audiences(noun string) string {
	names := map[string][]string{}
	var audiences []string
	for _, s := range sources() {
		isUser := s.parent.noun == ofUser.noun
		if isUser != (noun == ofUser.noun) || isUser && s.readsParent() {
			continue
		}
		if names[s.audience] == nil {
			audiences = append(audiences, s.audience)
		}
		names[s.audience] = append(names[s.audience], "virustotal_"+s.name)
	}
	var b strings.Builder
	b.WriteString("| Data source | Who can read it |\n|---|---|\n")
	for _, audience := range audiences {
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
