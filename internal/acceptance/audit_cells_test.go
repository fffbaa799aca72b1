// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// A cell is a planted deviation from a clean group, and what the audit has to say of it.
type cell struct {
	name   string
	plant  func(*plantedGroup)
	policy document // replaces members of strict
	want   string   // open results "control who what", or states "control: status evaluated/population"; separated by ";"
}

// member changes the attributes of a member in the list of members. A nil value hides one.
func member(id string, attributes document) func(*plantedGroup) {
	return func(g *plantedGroup) {
		for i, m := range g.members {
			if m["id"] == id {
				g.members[i] = with(m, document{"attributes": with(m["attributes"].(document), attributes)})
			}
		}
	}
}

// replaced replaces a member in all lists, but not in the filtered ones.
func replaced(id string, by document) func(*plantedGroup) {
	return func(g *plantedGroup) {
		for _, list := range [][]document{g.members, g.administrators, g.serviceAccounts} {
			for i, m := range list {
				if m["id"] == id {
					list[i] = by
				}
			}
		}
	}
}

// all applies several plants.
func all(plants ...func(*plantedGroup)) func(*plantedGroup) {
	return func(g *plantedGroup) {
		for _, plant := range plants {
			plant(g)
		}
	}
}

// group changes the attributes of the group.
func group(attributes document) func(*plantedGroup) {
	return func(g *plantedGroup) { g.attributes = with(g.attributes, attributes) }
}

// factors sets the filtered lists.
func factors(on, off []string) func(*plantedGroup) {
	return func(g *plantedGroup) { g.with, g.without = references(on...), references(off...) }
}

// waiver returns a waiver, with other members if given.
func waiver(control, who string, more document) document {
	w := document{"control": control, "reason": "Known.", "approved_by": "marit", "until": "2026-02-28"}
	if who != "" {
		w["who"] = who
	}
	return with(w, more)
}

func roster(more document) document {
	return document{"roster": with(strict()["roster"].(document), more)}
}

func roled(id string, roles any) func(*plantedGroup) { return inGroup(id, document{"roles": roles}) }

// limited gives an account a daily limit of its own.
func limited(id string, allowed int) func(*plantedGroup) {
	return inGroup(id, document{"roles": []string{}, "quota_limits": document{"api_requests_daily": document{"allowed": allowed}}})
}

// inGroup sets what VirusTotal says of an account's membership.
func inGroup(id string, context document) func(*plantedGroup) {
	return func(g *plantedGroup) {
		for _, list := range [][]document{g.members, g.administrators, g.serviceAccounts} {
			for i, m := range list {
				if m["id"] == id {
					list[i] = with(m, document{"context_attributes": context})
				}
			}
		}
	}
}

func quota(name string, allowed, used any) document {
	return document{"quotas": document{"api_requests_daily": document{"allowed": 500, "used": 10}, name: document{"allowed": allowed, "used": used}}}
}

const (
	at2030      = 1893456000
	atNew       = 1769000000 // 2026-01-21
	atOld       = 1700000000 // 2023-11-14
	atYesterday = 1769770000 // 2026-01-30
)

var hiddenAll = document{"email": nil, "last_login": nil, "user_since": nil, "quotas": nil}

var cells = []cell{
	// 2FA is judged by IDs.
	{
		"without attributes, in the list of those without", all(replaced("cy", bare("cy")), factors([]string{"ada", "bo", "di"}, []string{"cy"})), nil,
		"no_2fa cy; unknown cy email,last_login,quotas,roles; no_2fa: alarm 2/2",
	},
	{"an administrator without", factors([]string{"bo", "cy", "di"}, []string{"ada"}), nil, "administrator_without_2fa ada; administrator_without_2fa: alarm 2/2"},
	{"in both lists", factors([]string{"ada", "bo", "cy", "di"}, []string{"cy"}), nil, "unknown cy 2fa; no_2fa: error 1/2"},
	{"in neither list", factors([]string{"ada", "bo", "di"}, nil), nil, "unknown cy 2fa; no_2fa: error 1/2"},
	{"contradicted by has_2fa", member("cy", document{"has_2fa": false}), nil, "unknown cy 2fa; no_2fa: error 1/2"},
	{"contradicted in the filtered list", func(g *plantedGroup) {
		g.with[2] = account("cy", document{"has_2fa": false})
	}, nil, "unknown cy 2fa"},
	{
		"in the filtered list alone", func(g *plantedGroup) { g.without = references("eve") }, nil,
		"no_2fa eve; unexpected_member eve; unknown eve email,last_login,quotas,roles",
	},
	{"by absence", factors([]string{}, []string{"di"}), document{"two_factor_by_absence": true}, "no_2fa di; no_2fa: alarm 2/2"},
	{"by absence, contradicted", member("cy", document{"has_2fa": false}), document{"two_factor_by_absence": true}, "unknown cy 2fa"},
	{
		"single sign-on is forced", all(group(document{"force_users_saml_login": true}), factors(nil, []string{"cy"}), func(g *plantedGroup) { g.with = []document{} }),
		document{"require_single_sign_on": true},
		"no_2fa: skip 0/0; administrator_without_2fa: skip 0/0; single_sign_on_not_forced: ok 1/1",
	},
	{
		"single sign-on is not forced", factors([]string{"ada", "bo", "di"}, []string{"cy"}),
		document{"require_single_sign_on": true},
		"single_sign_on_not_forced ; no_2fa cy",
	},
	{
		"single sign-on is hidden", group(document{"force_users_saml_login": nil, "force_users_oidc_login": nil}),
		document{"require_single_sign_on": true},
		"unknown  single_sign_on; single_sign_on_not_forced: error 0/1; no_2fa: ok 2/2",
	},

	// The roster is judged by IDs.
	{"an unexpected administrator without attributes", func(g *plantedGroup) {
		g.administrators = append(g.administrators, bare("eve"))
		g.with = append(g.with, references("eve")...)
	}, nil, "unexpected_administrator eve; unexpected_member eve; unknown eve email,last_login,quotas,roles"},
	{
		"an unexpected service account without attributes", func(g *plantedGroup) { g.serviceAccounts = append(g.serviceAccounts, bare("lab")) }, nil,
		"unexpected_service_account lab; unknown lab privileges,quotas,roles",
	},
	{"an administrator by role", roled("cy", []string{"USER_ROLE_GROUP_ADMIN"}), nil, "unexpected_administrator cy; administrator_without_2fa: ok 3/3"},
	{
		"a service account that is an administrator by role", roled("ci", []string{"USER_ROLE_GROUP_ADMIN"}), nil,
		"unexpected_administrator ci; administrator_without_2fa: ok 2/2",
	},
	{
		"a service account in the list of administrators", func(g *plantedGroup) { g.administrators = append(g.administrators, bare("ci")) }, nil,
		"unexpected_administrator ci; administrator_without_2fa: ok 2/2",
	},
	{
		"no administrators beside members", func(g *plantedGroup) { g.administrators = []document{} }, nil,
		"incomplete ; too_few_administrators: error 0/1",
	},
	{
		"no members", func(g *plantedGroup) { g.members = []document{} }, nil,
		"incomplete ; unknown cy email,last_login,quotas,roles; unknown di email,last_login,quotas,roles",
	},
	{"two administrators, one without attributes", replaced("bo", bare("bo")), nil, "unknown bo email,last_login,quotas,roles; too_few_administrators: ok 1/1"},
	{"one administrator", func(g *plantedGroup) { g.administrators = g.administrators[:1] }, nil, "too_few_administrators ; roster_stale bo"},
	{"a name that left", nil, roster(document{"members": []string{"cy", "di", "eve"}}), "roster_stale eve; roster_stale: alarm 6/6"},
	{"a member twice", func(g *plantedGroup) { g.members = append(g.members, shownMember("cy")) }, nil, "unexpected_member cy; unknown cy 2fa"},
	{"a role that the roster does not name", roled("cy", []string{"USER_ROLE_FILE_DOWNLOADS"}), nil, "unexpected_role cy USER_ROLE_FILE_DOWNLOADS"},
	{"a role that the roster gives", roled("cy", []string{"USER_ROLE_FILE_DOWNLOADS"}), roster(document{"roles": document{"USER_ROLE_FILE_DOWNLOADS": []string{"cy"}}}), ""},
	{"a role that went", nil, roster(document{"roles": document{"USER_ROLE_FILE_DOWNLOADS": []string{"cy"}}}), "roster_stale cy"},
	{"an overdue review", nil, roster(document{"reviewed_on": "2025-10-01"}), "review_overdue "},

	// Dates.
	{"an old login", member("cy", document{"last_login": atOld}), nil, "dormant cy"},
	{"two lists differ: the latest counts", member("ada", document{"last_login": atOld}), nil, ""},
	{"a login in 2030", member("cy", document{"last_login": at2030}), nil, "unknown cy last_login; dormant: error 3/4"},
	{"a login of 0", member("cy", document{"last_login": 0}), nil, "unknown cy last_login"},
	{"no login, an old account", member("cy", document{"last_login": nil}), nil, "dormant cy"},
	{"no login, a new account", member("cy", document{"last_login": nil, "user_since": atNew}), nil, ""},
	{"no login, no creation", member("cy", document{"last_login": nil, "user_since": nil}), nil, "unknown cy user_since"},
	{"no login, no e-mail, no quotas", member("cy", document{"last_login": nil, "email": nil, "quotas": nil}), nil, "unknown cy email,last_login,quotas"},

	// E-mail.
	{"a foreign domain", member("cy", document{"email": "cy@evil.test"}), nil, "foreign_mail_domain cy"},
	{"two addresses in one", member("cy", document{"email": "cy@evil.test, x@example.com"}), nil, "foreign_mail_domain cy"},
	{"no domain", member("cy", document{"email": ""}), nil, "foreign_mail_domain cy"},
	{"another case", member("cy", document{"email": "cy@Example.COM"}), nil, ""},
	{"outsiders join", group(document{"auto_add_users": []string{"*@example.com", "*", "*@evil.test", "joe"}}), nil, "auto_add_outside_domains  *,*@evil.test,joe"},
	{"auto_add_users is hidden", group(document{"auto_add_users": nil}), nil, "auto_add_outside_domains: ok 0/0"},

	// Quotas.
	{"a quota at the share", member("cy", quota("private_scans_monthly", 100, 95)), nil, "quota_nearly_used_up cy private_scans_monthly"},
	{"rates are no budgets", member("cy", quota("private_scans_per_minute", 30, 29)), nil, ""},
	{"a negative quota", member("cy", quota("private_scans_monthly", -1, 5)), nil, "unknown cy quotas.private_scans_monthly; quota_nearly_used_up: error 5/6"},
	{"a quota without used", member("cy", quota("private_scans_monthly", 5, nil)), nil, "unknown cy quotas.private_scans_monthly"},
	{"a quota that allows nothing", member("cy", quota("private_scans_monthly", 0, 0)), nil, ""},
	{
		"a finding and an unknown", member("cy", document{"quotas": document{"api_requests_daily": document{"allowed": 500, "used": 499}, "x": document{"allowed": -1, "used": 0}}}), nil,
		"quota_nearly_used_up cy api_requests_daily; unknown cy quotas.x; quota_nearly_used_up: error 6/6",
	},
	{"a named quota that one has not", member("cy", quota("x", 100, 95)), document{"quotas": []string{"x"}}, "quota_nearly_used_up cy x; quota_nearly_used_up: alarm 1/1"},
	{"a named quota that nobody has", nil, document{"quotas": []string{"x"}}, "unknown  quotas.x; quota_nearly_used_up: error 0/6"},
	{"quotas are empty", member("cy", document{"quotas": document{}}), document{"member_daily_limit": nil}, "quota_nearly_used_up: ok 5/5"},
	{"the group's quota", group(document{"quotas": document{"x": document{"allowed": 10, "used": 10}}}), nil, "quota_nearly_used_up  x"},

	// Daily limits.
	{"no daily limit", member("cy", document{"quotas": document{}}), nil, "no_daily_limit cy"},
	{"a limit that means none", member("cy", quota("api_requests_daily", 1000000000, 1)), nil, "no_daily_limit cy"},
	{"a limit above the policy's", member("cy", quota("api_requests_daily", 1001, 1)), nil, "no_daily_limit cy"},
	{"a limit of 0", member("cy", quota("api_requests_daily", 0, 0)), nil, ""},
	{"an own limit counts rather than the quota", all(member("cy", quota("api_requests_daily", 1001, 1)), limited("cy", 1000)), nil, "no_daily_limit: ok 5/5"},
	{"an own limit above the policy's", limited("cy", 1001), nil, "no_daily_limit cy"},
	{"a negative limit", limited("cy", -1), nil, "unknown cy quotas.api_requests_daily; no_daily_limit: error 4/5"},
	{"a limit of a service account", limited("ci", 1001), nil, "no_daily_limit ci"},

	// Privileges.
	{"a service account's privilege ends", replaced("ci", with(shownService("ci"), document{"attributes": document{
		"quotas":     document{"api_requests_daily": document{"allowed": 1, "used": 0}},
		"privileges": document{"x": document{"granted": true, "expiration_date": atYesterday + 864000}, "y": document{"granted": false, "expiration_date": atYesterday}},
	}})), nil, "privilege_ends ci x"},
	{"a privilege that ended yesterday", group(document{"privileges": document{"x": document{"granted": true, "expiration_date": atYesterday}}}), nil, "privilege_ends  x"},
	{"a privilege of which granted is hidden", group(document{"privileges": document{
		"x": document{"expiration_date": atYesterday}, "y": document{"inherited_from": "z"},
	}}), nil, "privilege_ends  x; unknown  privileges.y"},
	{"an end in 1970", group(document{"privileges": document{"x": document{"granted": true, "expiration_date": 0}}}), nil, "unknown  privileges.x"},

	// Hidden.
	{"everything of one of the members is hidden", member("cy", hiddenAll), nil, "unknown cy email,last_login,quotas"},
	{"refused service accounts", func(g *plantedGroup) { g.serviceAccounts = nil }, nil, "incomplete ; unexpected_service_account: error 0/0"},
	{"a refused group", func(g *plantedGroup) { g.attributes = nil }, nil, "incomplete ; privilege_ends: error 1/1; auto_add_outside_domains: error 0/0"},

	// Waivers.
	{"a waived finding", member("cy", document{"last_login": atOld}), document{"waivers": []any{waiver("dormant", "cy", nil)}}, "dormant: ok 4/4"},
	{
		"an expired waiver", member("cy", document{"last_login": atOld}),
		document{"waivers": []any{waiver("dormant", "cy", document{"until": "2026-01-30"})}},
		"dormant cy; waiver_expired cy dormant",
	},
	{"a waiver on its last day", member("cy", document{"last_login": atOld}), document{"waivers": []any{waiver("dormant", "cy", document{"until": "2026-01-31"})}}, ""},
	{"a renewed waiver", member("cy", document{"last_login": atOld}), document{"waivers": []any{
		waiver("dormant", "cy", document{"until": "2026-01-30"}), waiver("dormant", "cy", nil),
	}}, ""},
	{
		"a waiver that its account approved", member("cy", document{"last_login": atOld}),
		document{"waivers": []any{waiver("dormant", "cy", document{"approved_by": " CY "})}},
		"dormant cy; self_approved cy dormant",
	},
	{"a waiver of nothing", nil, document{"waivers": []any{waiver("dormant", "cy", nil)}}, "waiver_stale cy dormant"},
	{"a waiver of nobody", nil, document{"waivers": []any{waiver("dormant", "joe", nil)}}, "waiver_stale joe dormant"},
	{"a waiver for the group's name", nil, document{"waivers": []any{waiver("review_overdue", "g_{n}", nil)}}, "waiver_stale g_{n} review_overdue"},
	{"a waiver of a skipped control", nil, document{"skip": document{"dormant": "Off."}, "waivers": []any{waiver("dormant", "joe", document{"until": "2020-01-01"})}}, ""},
	{
		"a waiver of a part", member("cy", document{"quotas": document{"x": document{"allowed": 1, "used": 1}, "y": document{"allowed": 1, "used": 1}}}),
		document{"member_daily_limit": nil, "waivers": []any{waiver("quota_nearly_used_up", "cy", document{"what": []string{"x"}})}},
		"quota_nearly_used_up cy x,y",
	},
	{
		"waivers of both parts", member("cy", document{"quotas": document{"x": document{"allowed": 1, "used": 1}, "y": document{"allowed": 1, "used": 1}}}),
		document{"member_daily_limit": nil, "waivers": []any{
			waiver("quota_nearly_used_up", "cy", document{"what": []string{"x"}}), waiver("quota_nearly_used_up", "cy", document{"what": []string{"y"}}),
		}},
		"",
	},
	{
		"a waived unknown", member("cy", document{"last_login": nil, "user_since": nil}),
		document{"waivers": []any{waiver("unknown", "cy", document{"what": []string{"user_since"}})}},
		"dormant: ok 3/4; unknown: ok 6/6",
	},
	{
		"a waiver of a matter that is unknown by another control", all(roled("cy", []string{"USER_ROLE_GROUP_ADMIN"}), factors([]string{"ada", "bo", "di"}, nil)),
		with(roster(document{"administrators": []string{"ada", "bo", "cy"}}), document{"waivers": []any{waiver("no_2fa", "cy", nil)}}), "unknown cy 2fa",
	},
	{
		"a waiver of an unknown that is one of everybody's", func(g *plantedGroup) {
			for _, id := range []string{"ada", "bo", "cy", "di"} {
				replaced(id, with(shownMember(id), document{"attributes": with(shownMember(id)["attributes"].(document), document{"email": nil})}))(g)
			}
		},
		document{"waivers": []any{waiver("unknown", "cy", document{"what": []string{"email"}}), waiver("unknown", "di", document{"what": []string{"quotas"}})}},
		"unknown  email; waiver_stale di unknown",
	},
	{"a waiver of an unknown for the group", group(document{"privileges": nil}), document{"waivers": []any{waiver("unknown", "", document{"what": []string{"privileges"}})}}, "privilege_ends: ok 1/2"},
	{
		"a finding that moved", all(roled("cy", []string{"USER_ROLE_GROUP_ADMIN"}), factors([]string{"ada", "bo", "di"}, []string{"cy"})),
		with(roster(document{"administrators": []string{"ada", "bo", "cy"}}), document{"waivers": []any{waiver("no_2fa", "cy", nil)}}),
		"administrator_without_2fa cy; waiver_stale cy no_2fa",
	},
	{"a renewed waiver that approves itself", member("cy", document{"last_login": atOld}), document{"waivers": []any{
		waiver("dormant", "cy", document{"until": "2026-01-30"}), waiver("dormant", "cy", document{"approved_by": "Cy"}),
	}}, "dormant cy; waiver_expired cy dormant; self_approved cy dormant"},
	{"two expired waivers of one account", all(member("cy", document{"last_login": atOld, "email": "cy@evil.test"})), document{"waivers": []any{
		waiver("foreign_mail_domain", "cy", document{"until": "2026-01-30"}), waiver("dormant", "cy", document{"until": "2026-01-30"}),
	}}, "dormant cy; foreign_mail_domain cy; waiver_expired cy dormant,foreign_mail_domain"},
	{"a waiver without end", member("cy", document{"last_login": atOld}), document{"waiver_days": nil, "waivers": []any{waiver("dormant", "cy", document{"until": "9999-12-31"})}}, "dormant: ok 4/4"},
	{"a waiver in another case", member("cy", document{"last_login": atOld}), document{"waivers": []any{waiver("dormant", "CY", nil)}}, "dormant cy; waiver_stale CY dormant"},
	{
		"a waiver of 2FA while single sign-on is forced", group(document{"force_users_oidc_login": true}),
		document{"require_single_sign_on": true, "waivers": []any{waiver("no_2fa", "cy", nil)}},
		"no_2fa: skip 0/0",
	},
	{
		"a stale waiver while a list is cut", func(g *plantedGroup) { g.cut = "with_2fa" },
		document{"waivers": []any{waiver("dormant", "cy", nil)}},
		"incomplete ; waiver_stale: error 0/1; dormant: ok 4/4",
	},

	// Two accounts of one ID.
	{
		"two accounts, one bare", func(g *plantedGroup) { g.members = append(g.members, bare("cy")) }, roster(nil),
		"unexpected_member cy; unknown cy 2fa,email,last_login,quotas,roles",
	},
	{"two accounts, one hidden", func(g *plantedGroup) {
		g.members = append(g.members, account("cy", document{"status": "active"}))
	}, nil, "unexpected_member cy; unknown cy 2fa,email,last_login,quotas,roles"},
	{"a filtered list that repeats a member", func(g *plantedGroup) { g.with = append(g.with, references("cy", "ci", "ci")...) }, nil, "unknown cy 2fa; unexpected_member: ok 4/4"},
	{"a filtered list that repeats an administrator whose lists differ", all(member("ada", document{"last_login": atOld}), func(g *plantedGroup) {
		g.with = append(g.with, references("ada")...)
	}), nil, "unknown ada 2fa; dormant: ok 4/4"},
	{
		"a role of a service account", roled("ci", []string{"X", "USER_ROLE_GROUP_ADMIN", "W"}), roster(document{"administrators": []string{"ada", "bo", "ci"}, "roles": document{"W": []string{"cy"}}}),
		"unexpected_role ci W,X; roster_stale cy",
	},
	{
		"two service accounts, one bare", func(g *plantedGroup) { g.serviceAccounts = append(g.serviceAccounts, bare("ci")) }, nil,
		"unexpected_service_account ci; unknown ci privileges,quotas,roles",
	},
	{"two accounts, one without a limit", func(g *plantedGroup) {
		m := shownMember("cy")
		m["attributes"].(document)["quotas"] = document{}
		g.members = append(g.members, m)
	}, nil, "unexpected_member cy; unknown cy 2fa; no_daily_limit cy"},
	{"two accounts after normalization", func(g *plantedGroup) {
		g.members = append(g.members, shownMember("e\u0301"), shownMember("\u00e9"))
		g.with = append(g.with, references("e\u0301", "\u00e9")...)
	}, nil, "unexpected_member \u00e9; unknown \u00e9 2fa; foreign_mail_domain: ok 5/5"},

	// Cut lists.
	{
		"members are cut", func(g *plantedGroup) { g.cut = "members" }, roster(document{"members": []string{"cy", "di", "eve"}}),
		"incomplete ; unknown cy email,last_login,quotas,roles; unknown di email,last_login,quotas,roles; no_2fa: error 2/2; roster_stale: error 5/6; unexpected_member: error 4/4",
	},
	{"administrators are cut", func(g *plantedGroup) { g.cut = "administrators" }, nil, "incomplete ; too_few_administrators: error 0/1; unexpected_administrator: error 0/0"},
	{"service accounts are cut", func(g *plantedGroup) { g.cut = "service_accounts" }, nil, "incomplete ; unexpected_service_account: error 0/0; no_2fa: ok 2/2"},
	{"those without 2FA are cut", func(g *plantedGroup) { g.cut, g.without = "without_2fa", []document{} }, nil, "incomplete ; no_2fa: error 0/2; dormant: ok 4/4"},

	// Odd IDs.
	{"odd IDs", func(g *plantedGroup) {
		for _, id := range []string{"a/b", "a%2Fb", "a\nb", "\u0338x", "/\u0307", "/\u0323\u0307", "CY", "g_{n}", "::error::x"} {
			g.members = append(g.members, shownMember(id))
			g.with = append(g.with, references(id)...)
		}
	}, nil, "unexpected_member /\u0307; unexpected_member /\u0323\u0307; unexpected_member ::error::x; unexpected_member CY; unexpected_member a%2Fb; " +
		"unexpected_member a/b; unexpected_member a\nb; unexpected_member g_{n}; unexpected_member \u0338x"},
	{"a service account among members, administrators and those without 2FA", func(g *plantedGroup) {
		g.members, g.administrators = append(g.members, shownMember("ci")), append(g.administrators, shownMember("ci"))
		g.without = references("ci")
	}, nil, "unexpected_administrator ci; no_2fa: ok 2/2; dormant: ok 4/4; unexpected_member: ok 4/4"},

	// Rosters and options.
	{
		"nobody is expected", nil, roster(document{"administrators": []string{}, "members": []string{}, "service_accounts": []string{}}),
		"unexpected_administrator ada; unexpected_administrator bo; unexpected_member ada; unexpected_member bo; unexpected_member cy; unexpected_member di; unexpected_service_account ci",
	},
	{
		"roles alone", roled("cy", nil),
		document{"roster": document{"reviewed_on": "2026-01-30", "reviewed_by": "marit", "roles": document{"X": []string{"cy"}, "USER_ROLE_GROUP_ADMIN": []string{"ada", "di"}}}},
		"unknown cy roles; roster_stale di; unexpected_member: skip 0/0; roster_stale: error 2/3",
	},
	{"no thresholds", member("cy", document{"last_login": atOld}), document{
		"dormant_days": nil, "minimum_administrators": nil, "allowed_domains": nil, "quota_share": nil, "privilege_days": nil, "review_days": nil,
		"member_daily_limit": nil, "service_account_daily_limit": nil,
	}, "dormant: skip 0/0; too_few_administrators: skip 0/0; privilege_ends: skip 0/0; no_daily_limit: skip 0/0; review_overdue: skip 0/0"},
	{"without the group", func(g *plantedGroup) { g.attributes = nil }, document{"read_group": false}, "quota_nearly_used_up: ok 5/5; auto_add_outside_domains: skip 0/0; privilege_ends: ok 1/1"},
	{"single sign-on is half shown", group(document{"force_users_saml_login": nil}), document{"require_single_sign_on": true}, "unknown  single_sign_on; no_2fa: ok 2/2"},
	{"everything else is skipped, incomplete is not", func(g *plantedGroup) { g.with = []document{}; g.cut = "with_2fa" }, document{"fail_on": "critical", "skip": document{
		"no_2fa": "x", "administrator_without_2fa": "x",
	}}, "incomplete "},
	{"no domain is allowed", nil, document{"allowed_domains": []string{}}, "foreign_mail_domain ada; foreign_mail_domain bo; foreign_mail_domain cy; foreign_mail_domain di"},
	{"quotas whose names melt", all(
		member("cy", document{"quotas": document{"b<\u0301": document{"allowed": 10, "used": 10}, "x\n\u0301": document{"allowed": 1, "used": 0}}}),
		group(document{"quotas": document{"b<\u0301": document{"allowed": 10, "used": 1}}}),
	), document{"member_daily_limit": nil}, "quota_nearly_used_up cy b<\u0301; quota_nearly_used_up: alarm 6/6"},
	{"more used than allowed", member("cy", quota("x", 100, 250)), nil, "quota_nearly_used_up cy x"},
	{"exactly at another share", member("cy", quota("x", 10, 7)), document{"quota_share": 0.7}, "quota_nearly_used_up cy x"},
	{"quotas of nobody", func(g *plantedGroup) {
		for _, id := range []string{"ada", "bo", "cy", "di"} {
			member(id, document{"quotas": nil})(g)
		}
		g.administrators = references("ada", "bo")
		g.serviceAccounts = []document{}
	}, document{"roster": nil}, "unknown ada quotas; unknown bo quotas; unknown cy quotas; unknown di quotas; unknown  quotas"},
	{"a privilege without an end, of which granted is hidden", member("cy", document{"privileges": document{"x": document{}}}), nil, "unknown cy privileges.x"},
	{"a group that shows nothing but quotas", group(document{"privileges": nil, "auto_add_users": nil}), nil, "unknown  privileges; privilege_ends: error 1/2"},
	{"a waiver of a control that is unknown", member("cy", document{"last_login": at2030}), document{"waivers": []any{waiver("dormant", "cy", nil)}}, "unknown cy last_login"},
}

// brief returns the open results of an audit, as cells state them.
func (a audited) brief() []string {
	found := []string{}
	for _, result := range a.Results {
		if result.Status != "waived" {
			found = append(found, strings.TrimRight(result.Control+" "+result.Who+" "+result.What, " "))
		}
	}
	slices.Sort(found)
	return found
}

// TestAuditCells plants each cell as a group, and audits all of them in one plan.
func TestAuditCells(t *testing.T) {
	t.Parallel()
	groups, policies := map[string]plantedGroup{}, map[string]document{}
	for i, c := range cells {
		id := fmt.Sprintf("g_%d", i)
		g := clean()
		if c.plant != nil {
			c.plant(&g)
		}
		for _, list := range [][]document{g.members, g.with} {
			for j, m := range list {
				list[j] = with(m, document{"id": strings.ReplaceAll(m["id"].(string), "g_{n}", id)})
			}
		}
		if g.without == nil {
			g.without = []document{}
		}
		groups[id] = g
		policies[id] = numbered(with(strict(), c.policy), i)
		if c.policy != nil {
			for name, value := range c.policy {
				if value == nil {
					policies[id][name] = nil
				}
			}
		}
	}
	audits := auditPlanted(t, groups, policies, "")
	for i, c := range cells {
		got := audits[fmt.Sprintf("g_%d", i)]
		var results, states []string
		for part := range strings.SplitSeq(strings.ReplaceAll(c.want, "g_{n}", fmt.Sprintf("g_%d", i)), ";") {
			switch part = strings.Trim(part, "\n\t"); {
			case strings.TrimSpace(part) == "":
			case strings.Contains(part, ": "):
				states = append(states, strings.TrimSpace(part))
			default:
				results = append(results, strings.TrimRight(strings.TrimLeft(part, " "), " "))
			}
		}
		slices.Sort(results)
		if found := got.brief(); !slices.Equal(found, results) {
			t.Errorf("%s:\n got %q\nwant %q", c.name, found, results)
		}
		for _, state := range states {
			control, _, _ := strings.Cut(state, ":")
			now := got.Controls[control]
			if is := fmt.Sprintf("%s: %s %d/%d", control, now.Status, now.Evaluated, now.Population); is != state {
				t.Errorf("%s: got %q, want %q", c.name, is, state)
			}
		}
		got.keepsPromises(t, c.name)
	}
}

// numbered puts the number of the group into a policy's texts.
func numbered(policy document, n int) document {
	for name, value := range policy {
		if waivers, ok := value.([]any); ok {
			for i, w := range waivers {
				one := maps.Clone(w.(document))
				if who, ok := one["who"].(string); ok {
					one["who"] = strings.ReplaceAll(who, "{n}", fmt.Sprint(n))
				}
				waivers[i] = one
			}
			policy[name] = waivers
		}
	}
	return policy
}
