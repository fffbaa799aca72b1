// SPDX-License-Identifier: MPL-2.0

package vttest

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// A shape is what an endpoint has in its data.
type shape int

const (
	toMany     shape = iota // a list of objects
	toOne                   // an object or null
	dictionary              // neither: served as it is
	usage                   // the requests of a period
)

// An endpoint is what there is below an object.
type endpoint struct {
	shape   shape
	readers relation // the least that a caller must be
}

var endpoints = map[string]map[string]endpoint{
	"user":            ofAccount,
	"service_account": ofAccount,
	"group": {
		"users":            {toMany, admin},
		"administrators":   {toMany, admin},
		"service_accounts": {toMany, admin},
		"api_usage":        {usage, admin},
	},
}

var ofAccount = map[string]endpoint{
	"groups":                     {toMany, owner},
	"groups_managed":             {toMany, admin},
	"api_quota_group":            {toOne, admin},
	"intelligence_quota_group":   {toOne, admin},
	"comments":                   {toMany, stranger},
	"mentions":                   {toMany, stranger},
	"graphs":                     {toMany, stranger},
	"hunting_rulesets":           {toMany, owner},
	"hunting_notifications":      {toMany, owner},
	"hunting_notification_files": {toMany, owner},
	"retrohunt_jobs":             {toMany, owner},
	"votes":                      {toMany, stranger},
	"overall_quotas":             {dictionary, admin},
	"api_usage":                  {usage, admin},
}

// A reading is a request for something of a target, once both are known.
type reading struct {
	*Server
	caller, target object
	name           string // of the endpoint
	descriptors    bool   // only type, id and context are wanted
	query          url.Values
}

// answer finds what an escaped path names and answers with it.
func (s *Server) answer(path string, r *http.Request) http.Handler {
	caller, refusal := s.caller(r)
	if refusal != nil {
		return refusal
	}
	segments, err := split(path)
	if err != nil || len(segments) < 2 {
		return notFound("", path)
	}
	target, ok := s.find(segments[0], segments[1], caller)
	if !ok {
		return notFound(segments[0], segments[1])
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
	if len(rest) > 1 && rest[0] == "relationships" {
		read.descriptors = true
		rest = rest[1:]
	}
	read.name = rest[0]
	what, ok := endpoints[text(target, "type")][read.name]
	switch related := what.shape == toMany || what.shape == toOne; {
	case !ok, read.descriptors && !related:
		return notFound("relationship", read.name)
	case as < what.readers:
		return forbidden()
	case len(rest) == 1:
		return read.endpoint(what.shape)
	case len(rest) == 2 && read.descriptors && text(target, "type") == "group":
		return read.membership(rest[1])
	}
	return notFound("", path)
}

// path is the canonical one of what is read, whatever name its target went by.
func (r *reading) path() string {
	return pathOf(r.target) + "/" + r.name
}

// link is that of VirusTotal's own, with a query.
func (r *reading) link(query url.Values) string {
	path := r.path()
	if r.descriptors {
		path = pathOf(r.target) + "/relationships/" + r.name
	}
	link := url.URL{RawQuery: query.Encode()}
	return origin + BasePath + path + link.String()
}

func (r *reading) success(content object) http.Handler {
	for name, value := range content {
		content[name] = r.dated(value)
	}
	return envelope(http.StatusOK, content)
}

func (r *reading) endpoint(what shape) http.Handler {
	value, ok := r.fixtures[r.path()]
	switch what {
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

// membership answers whether the relationship has an account.
func (r *reading) membership(id string) http.Handler {
	account, ok := r.find("users", id, r.caller)
	return r.success(object{"data": ok && r.holds(r.path(), account)})
}

// item returns an item of a relationship as the caller sees it: what it
// refers to, or what is left when that is gone or not for the caller.
func (r *reading) item(reference object) object {
	if r.descriptors {
		return only(reference, "type", "id", "context_attributes")
	}
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

// broken returns a reference that leads nowhere.
func broken(reference object, code, message string) object {
	item := maps.Clone(reference)
	item["error"] = object{"code": code, "message": message}
	return item
}

// shown returns an object with the attributes that the caller sees and asked for.
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
	if _, ok := o["links"]; !ok {
		shown["links"] = object{"self": origin + BasePath + pathOf(o)}
	}
	return shown
}

// only returns the named members of an object that it has.
func only(o object, names ...string) object {
	kept := maps.Clone(o)
	maps.DeleteFunc(kept, func(name string, _ any) bool { return !slices.Contains(names, name) })
	return kept
}

var twoFactorFilter = regexp.MustCompile(`^2fa_enabled:(true|false)$`)

// filter keeps the users with or without two-factor authentication, by what
// they have, though group admins never see that attribute itself.
func (r *reading) filter(users []any, condition string) ([]any, http.Handler) {
	match := twoFactorFilter.FindStringSubmatch(condition)
	if match == nil {
		return nil, badRequest("InvalidArgumentError", fmt.Sprintf("Invalid filter %q", condition))
	}
	return slices.DeleteFunc(slices.Clone(users), func(item any) bool {
		reference, _ := item.(object)
		user, ok := r.fixtures[pathOf(reference)].(object)
		return !ok || (attribute(user, "has_2fa") == true) != (match[1] == "true")
	}), nil
}
