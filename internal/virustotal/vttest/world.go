// SPDX-License-Identifier: MPL-2.0

package vttest

import "fmt"

// The fixtures tell of an invented company, Puffin Ferries, and of the sample
// user of VirusTotal's documentation. These are the roles in it.
const (
	// Company is the company's main group.
	Company = "puffin_ferries"
	// Owner is the company's head of security, an admin of Company and of
	// two of its subgroups. The demo runs with this user's key.
	Owner = "marit"
	// Admin is the other admin of Company.
	Admin = "tobias"
	// Member is a plain member of Company, without two-factor authentication.
	Member = "yuki"
	// Stranger shares no group with any of them.
	Stranger = "spellman"
	// ServiceAccount is the service account of Company.
	ServiceAccount = "puffin_ferries_ci"
	// Joiner is a member of Company after [Server.Change].
	Joiner = "ingrid"
	// Leaver is a member of Company until [Server.Change].
	Leaver = "devraj"
)

// Change makes it the next day: Joiner has joined Company, Leaver has left it,
// Admin has no second factor any more, and the activity log says who did what.
// All else is as it was.
func (s *Server) Change() {
	s.load("changed")
}

// Key returns the API key of a user or service account. It panics if there is
// none.
func (s *Server) Key(id string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for account := range s.objects("users", "service_accounts") {
		if key, ok := attribute(account, "apikey").(string); ok && text(account, "id") == id {
			return key
		}
	}
	panic(fmt.Sprintf("vttest: no account %q with an API key", id))
}

// AddGroups makes the user a member of n generated groups, and of no other.
func (s *Server) AddGroups(user string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var references []any
	for i := range n {
		id := fmt.Sprintf("%s_group_%03d", user, i+1)
		s.fixtures[join("groups", id)] = object{
			"id":   id,
			"type": "group",
			"attributes": object{
				"organization": fmt.Sprintf("Organization %d", i+1),
				"country":      "Norway",
				"country_iso":  "NO",
				"group_token":  fmt.Sprintf("fa4e9e7%057x", i+1),
			},
		}
		references = append(references, object{
			"id":                 id,
			"type":               "group",
			"context_attributes": object{"role": "member"},
		})
	}
	s.fixtures[join("users", user, "groups")] = references
}
