// SPDX-License-Identifier: MPL-2.0

package vttest

import "fmt"

// Ids of the fixtures, which describe an invented company, Puffin Ferries, and the sample user of VirusTotal's
// documentation.
const (
	// Company is the main group of the company.
	Company = "puffin_ferries"
	// SecurityHead is the company's head of security, an administrator of Company and of two of its subgroups. The demo
	// uses this user's API key.
	SecurityHead = "marit"
	// Admin is the other administrator of Company.
	Admin = "tobias"
	// Member is a plain member of Company, without two-factor authentication.
	Member = "yuki"
	// Stranger shares no group with the company's users.
	Stranger = "spellman"
	// ServiceAccount is the service account of Company.
	ServiceAccount = "puffin_ferries_ci"
	// Joiner joins Company when [Server.Change] is called.
	Joiner = "ingrid"
	// Leaver leaves Company when [Server.Change] is called.
	Leaver = "devraj"
)

// Change replaces some fixtures with those of the next day: Joiner has joined Company, Leaver has left it, Admin no
// longer has a second factor, and the activity log has entries about this.
func (s *Server) Change() { s.load("changed") }

// Key returns the API key of a user or service account. It panics if the account does not exist or has none.
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

// AddGroups replaces the user's groups with n generated ones.
func (s *Server) AddGroups(user string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var references []any
	for i := range n {
		id := fmt.Sprintf("%s_group_%03d", user, i+1)
		s.generate("group", id, i+1)
		references = append(references, object{"type": "group", "id": id, "context_attributes": object{"role": "member"}})
	}
	s.fixtures[join("users", user, "groups")] = references
}
