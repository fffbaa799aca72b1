// SPDX-License-Identifier: MPL-2.0

package main

import (
	"maps"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// A shape has the JSON types at each place in an answer: {"attributes.quotas.*.allowed": {"number"}}. Names that can be
// somebody's are replaced by *, so that a shape has no values.
type shape map[string]map[string]bool

// dictionaries are the places whose members' names are data.
var dictionaries = []string{
	"attributes.quotas", "attributes.privileges", "attributes.preferences", "attributes.last_analysis_stats",
	"context_attributes.quota_limits", "daily", "daily.*", "total", "daily_endpoints_not_consuming_quota",
	"daily_endpoints_not_consuming_quota.*", "total_endpoints_not_consuming_quota", "quotas",
}

// opaque are the places whose content is not compared: the fake has other content there, or the provider skips it.
var opaque = []string{"attributes.preferences.*", "attributes.nodes[]", "attributes.links[]", "links", "relationships"}

// shapeOf returns the shape of the data in an answer. below is the place of the data itself: "quotas" for a dictionary of
// quotas, otherwise "".
func shapeOf(data jsontext.Value, below string) (shape, error) {
	var decoded any
	if err := json.Unmarshal(data, &decoded, jsontext.AllowInvalidUTF8(true)); err != nil {
		return nil, err
	}
	found := shape{}
	if list, ok := decoded.([]any); ok && below == "" {
		for _, item := range list {
			found.add("", item)
		}
		return found, nil
	}
	found.add(below, decoded)
	return found, nil
}

// add adds a value at a place. Types of the place itself are not recorded, those of its members are.
func (s shape) add(at string, value any) {
	if slices.Contains(opaque, at) {
		return
	}
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			if slices.Contains(dictionaries, at) {
				name = "*"
			}
			s.record(strings.TrimPrefix(at+"."+name, "."), member)
		}
	case []any:
		for _, element := range value {
			s.record(at+"[]", element)
		}
	}
}

func (s shape) record(at string, value any) {
	if s[at] == nil {
		s[at] = map[string]bool{}
	}
	s[at][typeOf(value)] = true
	s.add(at, value)
}

func typeOf(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case float64:
		return "number"
	case string:
		return "string"
	case []any:
		return "list"
	default:
		return "object"
	}
}

// has reports whether a place is there.
func (s shape) has(at string) bool { return len(s[at]) > 0 }

// A difference is how an answer differs from what the fake sends.
type difference struct {
	Missing []string // Places that only the fake has. They can be hidden from this API key, or not set.
	New     []string // Places that only VirusTotal has.
	Typed   []string // Places with another type: "attributes.date: string instead of number".
}

// compare compares VirusTotal's shape with the fake's. Null has every type. Below a new place nothing is listed, because
// names there could be somebody's.
func compare(actual, fake shape) difference {
	var d difference
	for _, at := range slices.Sorted(maps.Keys(fake)) {
		if !actual.has(at) && parentIn(actual, at) {
			d.Missing = append(d.Missing, at)
		}
	}
	for _, at := range slices.Sorted(maps.Keys(actual)) {
		if !fake.has(at) {
			if parentIn(fake, at) {
				d.New = append(d.New, at)
			}
			continue
		}
		for _, kind := range slices.Sorted(maps.Keys(actual[at])) {
			if kind != "null" && !fake[at][kind] && !only(fake[at], "null") {
				d.Typed = append(d.Typed, at+": "+kind+" instead of "+strings.Join(slices.Sorted(maps.Keys(fake[at])), " or "))
			}
		}
	}
	return d
}

func only(kinds map[string]bool, kind string) bool { return len(kinds) == 1 && kinds[kind] }

// parentIn reports whether a shape has the place that contains another one.
func parentIn(s shape, at string) bool {
	parent := strings.TrimSuffix(at, "[]")
	if parent == at {
		parent = at[:max(0, strings.LastIndex(at, "."))]
	}
	return parent == "" || s.has(parent) || slices.Contains(dictionaries, parent)
}
