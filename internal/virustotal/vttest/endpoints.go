// SPDX-License-Identifier: MPL-2.0

package vttest

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// A shape is the kind of data that an endpoint returns.
type shape int

const (
	toMany     shape = iota // a list of objects
	toOne                   // an object or null
	dictionary              // any JSON, served unchanged
	usage                   // request counts of a period
	consumers               // accounts that consumed a quota in a period
)

// An endpoint is a path below an object.
type endpoint struct {
	shape    shape
	audience relation // minimum relation of the caller to the object
	filter   filter   // nil if it has no filter
}

var endpoints = map[string]map[string]endpoint{
	"user":            ofAccount,
	"service_account": ofAccount,
	"group": {
		"users":                 {toMany, admin, bySecondFactor},
		"administrators":        {toMany, admin, nil},
		"service_accounts":      {toMany, admin, nil},
		"api_usage":             {usage, admin, nil},
		"users_consuming_quota": {consumers, admin, nil},
		"activity_log_entries":  {toMany, admin, byActivity},
	},
}

var ofAccount = map[string]endpoint{
	"groups":                     {toMany, owner, nil},
	"groups_managed":             {toMany, admin, nil},
	"api_quota_group":            {toOne, admin, nil},
	"intelligence_quota_group":   {toOne, admin, nil},
	"comments":                   {toMany, stranger, nil},
	"mentions":                   {toMany, stranger, nil},
	"graphs":                     {toMany, stranger, nil},
	"hunting_rulesets":           {toMany, owner, nil},
	"hunting_notifications":      {toMany, owner, nil},
	"hunting_notification_files": {toMany, owner, nil},
	"retrohunt_jobs":             {toMany, owner, nil},
	"votes":                      {toMany, stranger, nil},
	"overall_quotas":             {dictionary, admin, nil},
	"api_usage":                  {usage, admin, nil},
}

// A reading is a request of a caller for an object, the target, or for an endpoint below it.
type reading struct {
	*Server
	caller, target object
	name           string // of the endpoint
	filter         filter // of the endpoint
	query          url.Values
}

// answer returns the handler for a GET of an escaped path.
func (s *Server) answer(path string, r *http.Request) http.Handler {
	caller, refusal := s.caller(r)
	if refusal != nil {
		return refusal
	}
	segments, err := split(path)
	if err != nil || len(segments) < 2 {
		return notFound("object", path)
	}
	target, ok := s.find(segments[0], segments[1], caller)
	if !ok {
		return notFound(strings.TrimSuffix(segments[0], "s"), segments[1])
	}
	as := s.relation(caller, target)
	read := reading{Server: s, caller: caller, target: target, query: r.URL.Query()}

	rest := segments[2:]
	if len(rest) == 0 {
		if !readable(text(target, "type"), as) {
			return forbidden()
		}
		return read.success(object{"data": read.shown(target, as)})
	}
	read.name = rest[0]
	below, ok := endpoints[text(target, "type")][read.name]
	switch {
	case !ok:
		return notFound("relationship", read.name)
	case as < below.audience:
		return forbidden()
	case below.shape == consumers && len(rest) == 2:
		return read.consumers(rest[1])
	case len(rest) == 1 && below.shape != consumers:
		read.filter = below.filter
		return read.endpoint(below.shape)
	}
	return notFound("object", path)
}

// path returns the canonical path of the endpoint. The request may have named the target by an alias.
func (r *reading) path() string {
	return pathOf(r.target) + "/" + r.name
}

// link returns VirusTotal's URL of the endpoint, with a query.
func (r *reading) link(query url.Values) string {
	link := url.URL{RawQuery: query.Encode()}
	return origin + BasePath + r.path() + link.String()
}

func (r *reading) success(content object) http.Handler {
	for name, value := range content {
		content[name] = r.dated(value)
	}
	return envelope(http.StatusOK, content)
}

func (r *reading) endpoint(kind shape) http.Handler {
	value, ok := r.fixtures[r.path()]
	switch kind {
	case toOne:
		if !ok {
			return notFound(r.name, text(r.target, "id"))
		}
		if reference, ok := value.(object); ok {
			value = r.item(reference)
		}
		return r.success(object{"data": value, "links": object{"self": r.link(nil)}})
	case dictionary:
		if !ok {
			value = object{}
		}
		return r.success(object{"data": value})
	case usage:
		days, _ := value.(object)
		return r.usage(days)
	}
	list, _ := value.([]any)
	return r.list(list)
}

// item returns an item of a relationship as the caller sees it: the referenced object, or the reference with an error
// if the object does not exist or the caller may not see it.
func (r *reading) item(reference object) object {
	if reference["error"] != nil {
		return reference
	}
	full := reference
	if reference["attributes"] == nil {
		stored, ok := r.fixtures[pathOf(reference)].(object)
		if !ok {
			return broken(reference, "NotFoundError", absence(text(reference, "type"), text(reference, "id")))
		}
		full = maps.Clone(stored)
		maps.Copy(full, reference)
	}
	as := r.relation(r.caller, full)
	if !readable(text(full, "type"), as) {
		return broken(reference, "ForbiddenError", "You are not authorized to see this object")
	}
	return r.shown(full, as)
}

// broken returns a reference with an error.
func broken(reference object, code, message string) object {
	item := maps.Clone(reference)
	item["error"] = object{"code": code, "message": message}
	return item
}

// shown returns an object with the attributes that the caller may see and requested.
func (r *reading) shown(o object, as relation) object {
	shown := maps.Clone(o)
	if attributes, ok := o["attributes"].(object); ok {
		attributes = maps.Clone(attributes)
		wanted := r.query.Get("attributes")
		maps.DeleteFunc(attributes, func(name string, _ any) bool {
			return !visible(text(o, "type"), name, as) ||
				wanted != "" && !slices.Contains(strings.Split(wanted, ","), name)
		})
		shown["attributes"] = attributes
	}
	if !slices.Contains(strings.Split(r.query.Get("relationships"), ","), "user") {
		delete(shown, "relationships")
	}
	if _, ok := o["links"]; !ok {
		shown["links"] = object{"self": origin + BasePath + pathOf(o)}
	}
	return shown
}
