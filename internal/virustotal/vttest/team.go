// SPDX-License-Identifier: MPL-2.0

package vttest

import (
	"encoding/json"
	"fmt"
	"maps"
	"strconv"
	"strings"
)

// Crew is the id of a group for [Server.AddTeam] to create. There is no fixture with this id.
const Crew = "puffin_crew"

// SmallestTeam is the minimum size of a team: each finding that [Server.AddTeam] plants needs its own member, in
// addition to Owner and Admin.
const SmallestTeam = 30

// A Team has the ids of the accounts that an audit of a generated team should find, in the order of the group's
// members. All others pass, some narrowly.
type Team struct {
	WithoutSecondFactor []string
	Dormant             []string // Last login at least 91 days ago. That of all others is at most 89 days ago.
	NeverLoggedIn       []string
	ForeignDomain       []string // E-mail address outside the company's domain, puffinferries.example.
	NearlyUsedUp        []string // At least 90% of a quota used. Includes Owner.
	Unexpected          []string // Administrators other than Owner and Admin.
	PrivilegeEnds       []string // A privilege ends within 30 days. Only Owner.
	ServiceAccounts     []string // The first passes. The second has a used-up quota, and a privilege that ends within 30 days.
}

// AddTeam sets the members of a group: Owner and Admin, who are its administrators, and generated users up to the given
// total. It also creates the group and its service accounts, if missing. The same arguments always generate the same
// team. AddTeam panics if members is less than SmallestTeam.
func (s *Server) AddTeam(group string, members int) Team {
	if members < SmallestTeam {
		panic(fmt.Sprintf("vttest: a team of %d members is too small", members))
	}
	team := Team{NearlyUsedUp: []string{Owner}, PrivilegeEnds: []string{Owner}}
	administrators := []any{user(Owner), user(Admin)}
	users := []any{user(Owner), user(Admin)}
	peculiar := team.peculiarities(members - len(users))

	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range members - len(users) {
		id := fmt.Sprintf("%s_%03d", group, i+1)
		attributes := object{
			"email":      id + "@puffinferries.example",
			"first_name": "Mate",
			"last_name":  fmt.Sprintf("No. %d", i+1),
			"has_2fa":    true,
			"last_login": fmt.Sprintf("now-%dd", i%80),
			"quotas": object{
				"api_requests_daily":             used(i%400, 500),
				"api_requests_hourly":            used(i%400, 60_000_000_000),
				"api_requests_monthly":           used(i%400, 15_000),
				"intelligence_downloads_monthly": used(i%200, 300),
				"intelligence_hunting_rules":     used(i%400, 500),
				"intelligence_searches_monthly":  used(i%200, 300),
				"private_scans_monthly":          used(0, 200),
				"private_scans_per_minute":       used(0, 0),
			},
			"reputation": i % 7,
			"status":     "active",
			"user_since": fmt.Sprintf("now-%dd", 400+i),
		}
		if p, ok := peculiar[i]; ok {
			p.set(attributes)
			if p.found != nil {
				*p.found = append(*p.found, id)
			}
			if p.found == &team.Unexpected {
				administrators = append(administrators, user(id))
			}
		}
		maps.DeleteFunc(attributes, func(_ string, value any) bool { return value == nil })
		s.fixtures[join("users", id)] = object{"type": "user", "id": id, "attributes": attributes}
		users = append(users, user(id))
	}
	if s.fixtures[join("groups", group)] == nil {
		s.fixtures[join("groups", group)] = object{"type": "group", "id": group, "attributes": object{
			"organization": "Puffin Ferries",
			"domain_name":  "puffinferries.example",
			"group_token":  fmt.Sprintf("fa4e9e7%057x", members),
			"privileges":   object{"intelligence": object{"granted": true, "expiration_date": "now+210d"}},
			"quotas":       object{"intelligence_searches_monthly": used(911, 3000)},
		}}
	}
	if s.fixtures[join("groups", group, "service_accounts")] == nil {
		team.ServiceAccounts = s.addServiceAccounts(group)
	}
	s.fixtures[join("groups", group, "users")] = users
	s.fixtures[join("groups", group, "administrators")] = administrators
	return team
}

// addServiceAccounts adds two service accounts to a group and returns their ids. The caller holds the lock.
func (s *Server) addServiceAccounts(group string) []string {
	ids := []string{group + "_ci", group + "_lab"}
	var accounts []any
	for i, id := range ids {
		s.fixtures[join("service_accounts", id)] = object{"type": "service_account", "id": id, "attributes": object{
			"email":      id + "@puffinferries.example",
			"first_name": "Mate: " + id,
			"privileges": object{"intelligence": object{"granted": true, "expiration_date": []string{"now+31d", "now+29d"}[i]}},
			"quotas":     object{"api_requests_daily": used([]int{17, 500}[i], 500)},
			"status":     "active",
			"user_since": "now-300d",
		}}
		accounts = append(accounts, object{"type": "service_account", "id": id})
	}
	s.fixtures[join("groups", group, "service_accounts")] = accounts
	return ids
}

// A peculiarity changes the attributes of a generated member.
type peculiarity struct {
	found *[]string // list of the Team to append the id to; nil for a member who passes
	set   func(attributes object)
}

// peculiarities returns the peculiarities of a team by the number of the member, spread evenly over the generated
// members.
func (t *Team) peculiarities(generated int) map[int]peculiarity {
	var all []peculiarity
	add := func(found *[]string, name string, values ...any) {
		for _, value := range values {
			all = append(all, peculiarity{found, func(attributes object) { attributes[name] = value }})
		}
	}
	address := func(found *[]string, domains ...string) {
		for _, domain := range domains {
			all = append(all, peculiarity{found, func(attributes object) {
				local, _, _ := strings.Cut(attributes["email"].(string), "@")
				attributes["email"] = local + "@" + domain
			}})
		}
	}
	downloads := func(quota object) object { return object{"intelligence_downloads_monthly": quota} }

	add(&t.WithoutSecondFactor, "has_2fa", false, false, false, false, false, false, false)
	add(&t.Dormant, "last_login", "now-91d", "now-120d", "now-200d", "now-400d", "now-2000d")
	add(&t.NeverLoggedIn, "last_login", nil, nil)
	address(&t.ForeignDomain, "notpuffinferries.example", "puffinferries.example.seagull.example", "seagull.example")
	add(&t.NearlyUsedUp, "quotas", downloads(used(9, 10)), downloads(used(243, 250)), downloads(used(300, 300)), downloads(used(241, 25)))
	add(&t.Unexpected, "first_name", "Captain")
	add(nil, "quotas", downloads(used(0, 0)), downloads(used(89, 100)))
	add(nil, "last_login", "now-89d")
	address(nil, "PuffinFerries.example")

	// A stride separates peculiarities of the same kind.
	const stride = 7 // Has to be coprime to the number of peculiarities.
	spread := make(map[int]peculiarity, len(all))
	for i, p := range all {
		spread[i*stride%len(all)*generated/len(all)] = p
	}
	return spread
}

// user returns a reference to a user.
func user(id string) object { return object{"type": "user", "id": id} }

// used returns a quota.
func used(of, allowed int) object {
	return object{"allowed": json.Number(strconv.Itoa(allowed)), "used": json.Number(strconv.Itoa(of))}
}
