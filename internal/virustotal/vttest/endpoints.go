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
	audience accessLevel // least access to the object
	filter   filter      // nil if it has no filter
}

var endpoints = map[string]map[string]endpoint{
	"user":            ofAccount,
	"service_account": ofAccount,
	"group": {
		"users":                 {toMany, admin, byTwoFactor},
		"administrators":        {toMany, admin, nil},
		"service_accounts":      {toMany, admin, nil},
		"api_usage":             {usage, admin, nil},
		"users_consuming_quota": {consumers, admin, nil},
		"activity_log_entries":  {toMany, admin, byActivity},
		"graphs":                {toMany, member, nil},
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
	"collections":                {toMany, stranger, nil},
	"overall_quotas":             {dictionary, admin, nil},
	"api_usage":                  {usage, admin, nil},
}

// A call is a GET by a caller of an object, the target, or of an endpoint below it.
type call struct {
	*Server
	caller, target object
	name           string // of the endpoint
	descriptors    bool   // whether descriptors are requested rather than objects
	filter         filter // of the endpoint
	query          url.Values
}

// answer returns the handler for a GET of an escaped path.
func (s *Server) answer(path string, r *http.Request) http.Handler {
	caller, failure := s.caller(r)
	if failure != nil {
		return failure
	}
	segments, err := split(path)
	if err != nil || len(segments) < 2 {
		return notFound("object", path)
	}
	target, ok := s.find(segments[0], segments[1], caller)
	if !ok {
		return notFound(strings.TrimSuffix(segments[0], "s"), segments[1])
	}
	as := s.access(caller, target)
	c := call{Server: s, caller: caller, target: target, query: r.URL.Query()}

	rest := segments[2:]
	if len(rest) == 0 {
		if !readable(text(target, "type"), as) {
			return forbidden()
		}
		shown := c.shown(target, as)
		if role := s.role(caller, target); role != "" {
			shown["context_attributes"] = object{"role": role}
		}
		return c.success(object{"data": shown})
	}
	if rest[0] == "relationships" && len(rest) > 1 {
		c.descriptors, rest = true, rest[1:]
	}
	c.name = rest[0]
	below, ok := endpoints[text(target, "type")][c.name]
	switch {
	case !ok:
		return notFound("relationship", c.name)
	case as < below.audience:
		return forbidden()
	case c.descriptors && below.shape != toMany && below.shape != toOne:
		return notFound("relationship", c.name)
	case below.shape == consumers && len(rest) == 2:
		return c.consumers(rest[1])
	case len(rest) == 1 && below.shape != consumers:
		c.filter = below.filter
		return c.endpoint(below.shape)
	}
	return notFound("object", path)
}

// path returns the canonical path of the endpoint. The request may have named the target by an alias.
func (c *call) path() string {
	return pathOf(c.target) + "/" + c.name
}

// link returns VirusTotal's URL of the endpoint, with a query.
func (c *call) link(query url.Values) string {
	link := url.URL{RawQuery: query.Encode()}
	return origin + BasePath + c.path() + link.String()
}

func (c *call) success(content object) http.Handler {
	for name, value := range content {
		content[name] = c.dated(value)
	}
	return envelope(http.StatusOK, content)
}

func (c *call) endpoint(kind shape) http.Handler {
	value, ok := c.fixtures[c.path()]
	switch kind {
	case toOne:
		if !ok {
			return notFound(c.name, text(c.target, "id"))
		}
		if reference, ok := value.(object); ok {
			value = c.item(reference)
		}
		return c.success(object{"data": value, "links": object{"self": c.link(nil)}})
	case dictionary:
		if !ok {
			value = object{}
		}
		return c.success(object{"data": value})
	case usage:
		days, _ := value.(object)
		return c.usage(days)
	}
	list, _ := value.([]any)
	return c.list(list)
}

// item returns an item of a relationship as the caller sees it: the referenced object, or the reference with an error
// if the object does not exist or the caller is not allowed to see it.
func (c *call) item(reference object) object {
	if c.Contexts == Nowhere || c.Contexts == InDescriptors && !c.descriptors {
		if of := text(reference, "type"); text(c.target, "type") == "group" && (of == "user" || of == "service_account") {
			reference = maps.Clone(reference)
			delete(reference, "context_attributes")
		}
	}
	if c.descriptors {
		descriptor := maps.Clone(reference)
		delete(descriptor, "attributes")
		delete(descriptor, "relationships")
		return descriptor
	}
	if reference["error"] != nil {
		return reference
	}
	full := reference
	if reference["attributes"] == nil {
		stored, ok := c.fixtures[pathOf(reference)].(object)
		if !ok {
			return withError(reference, "NotFoundError", notFoundMessage(text(reference, "type"), text(reference, "id")))
		}
		full = maps.Clone(stored)
		maps.Copy(full, reference)
	}
	as := c.access(c.caller, full)
	if !readable(text(full, "type"), as) {
		return withError(reference, "ForbiddenError", "You are not authorized to see this object")
	}
	return c.shown(full, as)
}

// withError returns a reference with an error.
func withError(reference object, code, message string) object {
	item := maps.Clone(reference)
	item["error"] = object{"code": code, "message": message}
	return item
}

// shown returns an object with the attributes that the caller is allowed to see and requested, and with the requested
// relationships. If it has none of the requested attributes, it has no "attributes".
func (c *call) shown(o object, as accessLevel) object {
	shown := maps.Clone(o)
	if attributes, ok := o["attributes"].(object); ok {
		attributes = maps.Clone(attributes)
		wanted := c.query.Get("attributes")
		maps.DeleteFunc(attributes, func(name string, _ any) bool {
			return !visible(text(o, "type"), name, as) ||
				wanted != "" && !slices.Contains(strings.Split(wanted, ","), name)
		})
		if quotas, ok := attributes["quotas"].(object); ok && text(o, "type") == "group" {
			attributes["quotas"] = c.withConsumption(text(o, "id"), quotas)
		}
		shown["attributes"] = attributes
		if wanted != "" && len(attributes) == 0 {
			delete(shown, "attributes")
		}
	}
	delete(shown, "relationships")
	if relationships, ok := o["relationships"].(object); ok {
		requested := strings.Split(c.query.Get("relationships"), ",")
		relationships = maps.Clone(relationships)
		maps.DeleteFunc(relationships, func(name string, _ any) bool { return !slices.Contains(requested, name) })
		if len(relationships) > 0 {
			shown["relationships"] = relationships
		}
	}
	if _, ok := o["links"]; !ok {
		shown["links"] = object{"self": origin + BasePath + pathOf(o)}
	}
	return shown
}
