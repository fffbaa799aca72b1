// SPDX-License-Identifier: MPL-2.0

package vttest

import (
	"iter"
	"net/http"
	"slices"
	"strings"
)

// An accessLevel is how much of an object the caller can see, from least to most.
type accessLevel int

const (
	stranger accessLevel = iota
	member               // of the group
	admin                // of the group, or of one that the account belongs to
	owner                // the account itself
)

var (
	public           = []string{"first_name", "last_name", "profile_phrase", "reputation", "status", "user_since"}
	visibleToAdmins  = []string{"email", "last_login", "quotas"}
	ofServiceAccount = []string{"apikey", "email", "first_name", "privileges", "quotas", "reputation", "status", "user_since"}
	credentials      = []string{"apikey", "group_token"}
)

// readable reports whether a caller with this access level may read objects of a type.
func readable(kind string, as accessLevel) bool {
	switch kind {
	case "group":
		return as >= member
	case "service_account":
		return as >= admin
	}
	return true
}

// visible reports whether a caller with this access level sees an attribute of a readable object.
func visible(kind, name string, as accessLevel) bool {
	switch kind {
	case "user":
		return as == owner || slices.Contains(public, name) || as == admin && slices.Contains(visibleToAdmins, name)
	case "service_account":
		return slices.Contains(ofServiceAccount, name)
	case "group":
		return as == admin || !slices.Contains(credentials, name)
	}
	return true
}

// access returns how much of an object the caller can see. Objects other than accounts and groups, such as comments,
// are shown in full in the lists that the caller may read.
func (s *Server) access(caller, target object) accessLevel {
	switch text(target, "type") {
	case "group":
		switch {
		case s.administers(caller, target):
			return admin
		case s.belongs(caller, target):
			return member
		}
		return stranger
	case "user", "service_account":
		if same(caller, target) {
			return owner
		}
		for group := range s.objects("groups") {
			if s.administers(caller, group) && s.belongs(target, group) {
				return admin
			}
		}
		return stranger
	}
	return owner
}

func (s *Server) administers(account, group object) bool {
	return s.holds(pathOf(group)+"/administrators", account)
}

// belongs reports whether the account is a member of the group, according to either of them: a test may have set only
// one side.
func (s *Server) belongs(account, group object) bool {
	return s.holds(pathOf(account)+"/groups", group) ||
		s.holds(pathOf(group)+"/users", account) ||
		s.holds(pathOf(group)+"/administrators", account) ||
		s.holds(pathOf(group)+"/service_accounts", account)
}

// role returns the role of an account in a group, or "" if the target is no group or the account does not belong to it.
func (s *Server) role(account, target object) string {
	switch {
	case text(target, "type") != "group":
		return ""
	case s.administers(account, target):
		return "admin"
	case s.belongs(account, target):
		return "member"
	}
	return ""
}

// holds reports whether the list at the path contains the object.
func (s *Server) holds(path string, o object) bool {
	list, _ := s.fixtures[path].([]any)
	return slices.ContainsFunc(list, func(item any) bool {
		reference, _ := item.(object)
		return same(reference, o)
	})
}

func same(a, b object) bool {
	return a["type"] == b["type"] && a["id"] == b["id"]
}

// objects returns the objects in the collections, in random order.
func (s *Server) objects(collections ...string) iter.Seq[object] {
	return func(yield func(object) bool) {
		for path, value := range s.fixtures {
			collection, below, _ := strings.Cut(path[1:], "/")
			o, ok := value.(object)
			if ok && !strings.Contains(below, "/") && slices.Contains(collections, collection) && !yield(o) {
				return
			}
		}
	}
}

// caller returns the account that owns the API key of the request, or a handler for the error.
func (s *Server) caller(r *http.Request) (object, http.Handler) {
	key := r.Header.Get("x-apikey")
	if key == "" {
		return nil, Error(http.StatusUnauthorized, "AuthenticationRequiredError", "X-Apikey header is missing")
	}
	for account := range s.objects("users", "service_accounts") {
		if attribute(account, "apikey") != key {
			continue
		}
		if status := attribute(account, "status"); status != nil && status != "active" {
			return nil, Error(http.StatusUnauthorized, "UserNotActiveError", "User is not active")
		}
		return account, nil
	}
	return nil, Error(http.StatusUnauthorized, "WrongCredentialsError", "Wrong API key")
}

// find returns the object with an ID. Accounts can also be named by e-mail address, and the caller by its API key.
func (s *Server) find(collection, id string, caller object) (object, bool) {
	if o, ok := s.fixtures[join(collection, id)].(object); ok {
		return o, true
	}
	switch collection {
	case "users":
		if attribute(caller, "apikey") == id {
			return caller, true
		}
		for user := range s.objects("users") {
			if attribute(user, "email") == id {
				return user, true
			}
		}
		// Service accounts can also be read as users.
		return s.find("service_accounts", id, caller)
	case "service_accounts":
		for account := range s.objects("service_accounts") {
			if attribute(account, "email") == id {
				return account, true
			}
		}
	}
	return nil, false
}
