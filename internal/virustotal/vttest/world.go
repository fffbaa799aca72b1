// SPDX-License-Identifier: MPL-2.0

package vttest

import "fmt"

// IDs of the fixtures, which describe a fictional company, Puffin Ferries, and the sample user of VirusTotal's
// documentation.
const (
	// Company is the main group of the company.
	Company = "puffin_ferries"
	// SecurityHead is the company's head of security, an administrator of Company and of two of its subgroups. The demo
	// uses this user's API key.
	SecurityHead = "marit"
	// Admin is the other administrator of Company.
	Admin = "tobias"
	// Member is a plain member of Company, without 2FA.
	Member = "yuki"
	// Stranger shares no group with the company's users.
	Stranger = "spellman"
	// ServiceAccount is the service account of Company.
	ServiceAccount = "puffin_ferries_ci"
	// Joiner joins Company on Tuesday: see [Server.Day].
	Joiner = "ingrid"
	// Leaver leaves Company on Tuesday.
	Leaver = "devraj"
)

// week are the directories with what changes on each day of the fake's week after Monday. "" is a day without changes.
var week = []string{"tuesday", "wednesday", "thursday", "", "", "sunday"}

// Day replaces some fixtures with those of a day of the week, from 1 for Monday, which has no changes, to 7 for Sunday:
//
//   - Tuesday: Joiner has joined Company, Leaver has left it, and Admin has turned off 2FA.
//   - Wednesday: VirusTotal does not say whether Admin has 2FA. From Thursday on it does again.
//   - Thursday: the group puffin_soc cannot be read, on this day only.
//   - Sunday: Admin has turned on 2FA.
//
// It panics if there is no such day.
func (s *Server) Day(day int) {
	for _, directory := range week[:day-1] {
		if directory != "" {
			s.load("week/" + directory)
		}
	}
	if day == 4 {
		for _, path := range []string{"", "/users", "/administrators", "/service_accounts"} {
			s.Inject("/groups/puffin_soc"+path, -1, forbidden())
		}
	}
}

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
