// SPDX-License-Identifier: MPL-2.0

package vttest

import (
	"fmt"
	"strings"
)

// Crew is the ID of a group for [Server.AddTeam] to create. There is no fixture with this ID.
const Crew = "puffin_crew"

// SmallestTeam is the minimum size of a team: each finding that [Server.AddTeam] plants needs its own member, in
// addition to SecurityHead and Admin.
const SmallestTeam = 30

// A Team has the IDs of the accounts that an audit of a generated team should find, in the order of the group's
// members. All others pass, some narrowly.
type Team struct {
	Without2FA      []string
	Dormant         []string // Last login at least 91 days ago. That of all others is at most 89 days ago.
	NeverLoggedIn   []string
	ForeignDomain   []string // E-mail address outside the company's domain, puffinferries.example.
	NearlyUsedUp    []string // At least 90% of a quota used. Includes SecurityHead.
	Unexpected      []string // Administrators other than SecurityHead and Admin.
	PrivilegeEnds   []string // A privilege ends within 30 days. Only SecurityHead.
	ServiceAccounts []string // The first passes. The second has a used-up quota, and a privilege that ends within 30 days.
}

// AddTeam sets the members of a group: SecurityHead and Admin, who are its administrators, and generated users up to
// the given total. It also creates the group and its service accounts, if missing. The same arguments always generate the
// same team. AddTeam panics if members is less than SmallestTeam.
func (s *Server) AddTeam(group string, members int) Team {
	if members < SmallestTeam {
		panic(fmt.Sprintf("vttest: a team of %d members is too small", members))
	}
	team := Team{NearlyUsedUp: []string{SecurityHead}, PrivilegeEnds: []string{SecurityHead}}
	administrators := []any{user(SecurityHead), user(Admin)}
	users := []any{user(SecurityHead), user(Admin)}
	deviating := team.deviations(members - len(users))

	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range members - len(users) {
		id := fmt.Sprintf("%s_%03d", group, i+1)
		member := s.generate("member", id, i+1)
		if d, ok := deviating[i]; ok {
			d.apply(member)
			if d.found != nil {
				*d.found = append(*d.found, id)
			}
			if d.found == &team.Unexpected {
				administrators = append(administrators, user(id))
			}
		}
		users = append(users, user(id))
	}
	if s.fixtures[join("groups", group)] == nil {
		s.generate("team", group, members)
	}
	if s.fixtures[join("groups", group, "service_accounts")] == nil {
		team.ServiceAccounts = []string{group + "_ci", group + "_lab"}
		var accounts []any
		for i, id := range team.ServiceAccounts {
			s.generate("service_account", id, i+1)
			accounts = append(accounts, object{"type": "service_account", "id": id})
		}
		s.fixtures[join("groups", group, "service_accounts")] = accounts
	}
	s.fixtures[join("groups", group, "users")] = users
	s.fixtures[join("groups", group, "administrators")] = administrators
	return team
}

// A deviation is an attribute in which a generated member differs from the others.
type deviation struct {
	found *[]string // list of the Team to append the ID to; nil for a member who passes
	name  string
	value any // nil for a missing attribute; "{id}" in a string stands for the member's ID
}

// apply sets the attribute of a member.
func (d deviation) apply(member object) {
	attributes, _ := member["attributes"].(object)
	switch value := d.value.(type) {
	case nil:
		delete(attributes, d.name)
	case string:
		attributes[d.name] = strings.ReplaceAll(value, "{id}", text(member, "id"))
	default:
		attributes[d.name] = value
	}
}

// deviations returns the deviations of a team by the index of the generated member, spread evenly.
func (t *Team) deviations(generated int) map[int]deviation {
	var all []deviation
	add := func(found *[]string, name string, values ...any) {
		for _, value := range values {
			all = append(all, deviation{found, name, value})
		}
	}
	downloads := func(used, allowed int) object {
		return object{"intelligence_downloads_monthly": object{"used": used, "allowed": allowed}}
	}

	add(&t.Without2FA, "has_2fa", false, false, false, false, false, false, false)
	add(&t.Dormant, "last_login", "now-91d", "now-120d", "now-200d", "now-400d", "now-2000d")
	add(&t.NeverLoggedIn, "last_login", nil, nil)
	add(&t.ForeignDomain, "email", "{id}@notpuffinferries.example", "{id}@puffinferries.example.seagull.example", "{id}@seagull.example")
	add(&t.NearlyUsedUp, "quotas", downloads(9, 10), downloads(243, 250), downloads(300, 300), downloads(241, 25))
	add(&t.Unexpected, "first_name", "Captain")
	add(nil, "quotas", downloads(0, 0), downloads(89, 100))
	add(nil, "last_login", "now-89d")
	add(nil, "email", "{id}@PuffinFerries.example")

	// A stride separates deviations of the same kind.
	const stride = 7 // Has to be coprime to the number of deviations.
	spread := make(map[int]deviation, len(all))
	for i, d := range all {
		spread[i*stride%len(all)*generated/len(all)] = d
	}
	return spread
}

// user returns a reference to a user.
func user(id string) object { return object{"type": "user", "id": id} }

// AddRoles gives each member of a group these roles.
func (s *Server) AddRoles(group string, roles ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	users, _ := s.fixtures[join("groups", group, "users")].([]any)
	for _, member := range users {
		if reference, ok := member.(object); ok {
			reference["context_attributes"] = object{"roles": roles}
		}
	}
}
