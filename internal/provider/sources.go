// SPDX-License-Identifier: MPL-2.0

package provider

import "net/url"

// sources returns all data sources, one per row.
func sources() []source {
	return []source{
		single(ofUser, "", readUser, row{
			page:     Documentation{"Users", people},
			doc:      "A VirusTotal user: profile, privileges, quotas and preferences.",
			audience: audienceOf[user](),
			cost:     oneUser,
		}),
		single(ofUser, "quotas", readUserQuotas, row{
			page:     Documentation{"Quotas and usage", ""},
			doc:      "Quotas of a VirusTotal user, and which of them are used up. They are part of the user object.",
			audience: ownerAndAdministrators,
			cost:     oneUser,
		}),
		single(ofUser, "overall_quotas", readOverallQuotas, row{
			page:     Documentation{"Quotas and usage", ""},
			doc:      "Quotas of a VirusTotal user, those of the groups whose quota the user consumes, and which of the two runs out first.",
			audience: ownerAndAdministrators,
			cost:     oneRequest + ofUser.ownerCost(),
		}),
		apiUsage(ofUser, row{
			page:     Documentation{"Quotas and usage", "what a person did, day by day"},
			doc:      "How often a VirusTotal user called the API, by day and by endpoint.",
			audience: ownerAndAdministrators,
		}),
		toGroup("api_quota_group", row{
			page:     Documentation{"Quotas and usage", contacts},
			doc:      "The group whose API quota a VirusTotal user consumes.",
			subject:  "the API quota group",
			audience: ownerAndAdministrators,
		}),
		toGroup("intelligence_quota_group", row{
			page:     Documentation{"Quotas and usage", contacts},
			doc:      "The group whose VirusTotal Intelligence quota a VirusTotal user consumes.",
			audience: ownerAndAdministrators,
		}),
		related[userGroup](ofUser, "groups", row{
			page:     Documentation{"Users", contacts},
			doc:      "Groups that a VirusTotal user belongs to.",
			audience: owner,
		}),
		related[userGroup](ofUser, "groups_managed", row{
			page:     Documentation{"Users", contacts},
			doc:      "Groups that a VirusTotal user is an administrator of.",
			subject:  "the managed groups",
			list:     "groups",
			audience: ownerAndAdministrators,
		}),
		related[comment](ofUser, "comments", row{
			page:     Documentation{"Community", comments},
			doc:      "Comments that a VirusTotal user has posted.",
			audience: everyone,
		}),
		related[comment](ofUser, "mentions", row{
			page:     Documentation{"Community", comments},
			doc:      "Comments that mention a VirusTotal user.",
			list:     "comments",
			audience: everyone,
		}),
		related[graph](ofUser, "graphs", row{
			page:     Documentation{"Community", ""},
			doc:      "VT Graphs that a VirusTotal user is an owner, editor or viewer of.",
			audience: everyone,
		}),
		related[huntingRuleset](ofUser, "hunting_rulesets", row{
			page:     Documentation{"Hunting", notified},
			doc:      "Livehunt rulesets that a VirusTotal user can edit.",
			audience: owner,
		}),
		related[huntingNotification](ofUser, "hunting_notifications", row{
			page:     Documentation{"Hunting", ""},
			doc:      "Hunting notifications of a VirusTotal user." + legacyHunting,
			audience: owner,
		}),
		related[matchedFile](ofUser, "hunting_notification_files", row{
			page:     Documentation{"Hunting", ""},
			doc:      "Files in the hunting notifications of a VirusTotal user, one per notification." + legacyHunting,
			list:     "files",
			audience: owner,
			trimmed:  true, // A file object is hundreds of kilobytes, of which the data source shows about one.
		}),
		related[retrohuntJob](ofUser, "retrohunt_jobs", row{
			page:     Documentation{"Hunting", notified},
			doc:      "Retrohunt jobs of a VirusTotal user.",
			audience: owner,
		}),
		related[collection](ofUser, "collections", row{
			page:     Documentation{"Community", ""},
			doc:      "Collections of indicators of compromise that a VirusTotal user owns.",
			audience: everyone,
		}),
		related[vote](ofUser, "votes", row{
			page:     Documentation{"Community", "how a person voted, and when"},
			doc:      "Votes that a VirusTotal user has cast.",
			audience: everyone,
		}),

		single(ofGroup, "", readGroup, row{
			page:     Documentation{"Groups", contacts},
			doc:      "A VirusTotal group: its organization, privileges and quotas.",
			audience: members,
			cost:     oneRequest,
		}),
		related[member](ofGroup, "users", row{
			page:     Documentation{"Groups", people},
			doc:      "Members of a VirusTotal group, with their roles and quotas.",
			subject:  "the members",
			audience: administrators,
			arguments: []argument{filterOf(
				"Filter in VirusTotal's syntax. Use `2fa_enabled:false` to find the members without 2FA: `has_2fa` "+
					"of other members is null, also for administrators.",
				"2fa_enabled:false",
			)},
		}),
		related[member](ofGroup, "administrators", row{
			page:     Documentation{"Groups", people},
			doc:      "Administrators of a VirusTotal group, with their roles and quotas.",
			list:     "users",
			audience: administrators,
		}),
		related[serviceMember](ofGroup, "service_accounts", row{
			page:     Documentation{"Groups", labels},
			doc:      "Service accounts of a VirusTotal group, with their privileges and quotas.",
			audience: administrators,
		}),
		related[consumer](ofGroup, "users_consuming_quota", row{
			page:      Documentation{"Quotas and usage", people},
			doc:       "Users and service accounts that consumed a quota of a VirusTotal group in a month or on a day, with the amount that each consumed.",
			subject:   "the users who consume a quota",
			list:      "users",
			audience:  administrators,
			arguments: []argument{quotaName, period, order},
		}, consumed),
		related[activityLogEntry](ofGroup, "activity_log_entries", row{
			page:     Documentation{"Groups", "who did what, when, and from which IP address"},
			doc:      "Activity log of a VirusTotal group: who added or removed whom, when, and from which IP address.",
			subject:  "the activity log",
			audience: administrators,
			query:    url.Values{"relationships": {"user,target"}},
			arguments: []argument{filterOf(
				"Filter in VirusTotal's syntax: by `date`, `user`, `target` or `action`, such as `action:ADD_GROUP_ADMIN`.",
				"action:ADD_GROUP_ADMIN",
			)},
		}),
		related[graph](ofGroup, "graphs", row{
			page:     Documentation{"Community", ""},
			doc:      "VT Graphs of a VirusTotal group.",
			audience: members,
		}),
		apiUsage(ofGroup, row{
			page:     Documentation{"Quotas and usage", ""},
			doc:      "How often the members of a VirusTotal group called the API, by day and by endpoint.",
			audience: administrators,
		}),
		single(ofServiceAccount, "", readServiceAccount, row{
			page:     Documentation{"Users", labels},
			doc:      "A service account of a VirusTotal group: its privileges and quotas.",
			audience: administrators,
			cost:     oneRequest,
		}),
	}
}

// Personal data, for [Documentation].
const (
	people   = "names, e-mail addresses and last logins"
	labels   = "e-mail addresses, and the labels of service accounts"
	contacts = "the e-mail addresses of a group's contacts"
	notified = "the e-mail addresses that are notified"
	comments = "what people wrote, and about whom"
)

// oneUser is the cost of data sources that read the user object.
const oneUser = "1 per user, shared by all data sources that read the user object. " +
	"A username and an e-mail address count as two users"

// legacyHunting is appended to descriptions of the older kind of hunting notifications.
const legacyHunting = " VirusTotal has replaced these notifications with IoC stream notifications, so newer accounts often have none."
