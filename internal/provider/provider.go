// SPDX-License-Identifier: MPL-2.0

// Package provider implements the Terraform provider for VirusTotal. It is read-only: it has data sources and one
// ephemeral resource, and no resources.
package provider

import (
	"context"
	"net/url"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// sources returns all data sources, one per row.
func sources() []source {
	return []source{
		single(ofUser, "", readUser, source{
			page: Documentation{"Users", people},
			doc:  "A VirusTotal user: profile, privileges, quotas and preferences.",
			audience: "the account's owner; the administrators of its group, without `has_2fa`, `preferences` and `privileges`; and possibly " +
				"everyone, with the public attributes `first_name`, `last_name`, `profile_phrase`, `reputation`, `status` and `user_since` only",
			cost: oneUser,
		}),
		single(ofUser, "quotas", readUserQuotas, source{
			page:     Documentation{"Quotas and usage", ""},
			doc:      "Quotas of a VirusTotal user, and which of them are used up. They are part of the user object.",
			audience: ownerAndAdministrators,
			cost:     oneUser,
		}),
		single(ofUser, "overall_quotas", readOverallQuotas, source{
			page:     Documentation{"Quotas and usage", ""},
			doc:      "Quotas of a VirusTotal user, those of the groups whose quota the user consumes, and which of the two runs out first.",
			audience: ownerAndAdministrators,
			cost:     oneRequest + ofUser.ownerCost(),
		}),
		apiUsage(ofUser, source{
			page:     Documentation{"Quotas and usage", "what a person did, day by day"},
			doc:      "How often a VirusTotal user called the API, by day and by endpoint.",
			audience: ownerAndAdministrators,
		}),
		toGroup("api_quota_group", source{
			page:     Documentation{"Quotas and usage", contacts},
			doc:      "The group whose API quota a VirusTotal user consumes.",
			subject:  "the API quota group",
			audience: ownerAndAdministrators,
		}),
		toGroup("intelligence_quota_group", source{
			page:     Documentation{"Quotas and usage", contacts},
			doc:      "The group whose VirusTotal Intelligence quota a VirusTotal user consumes.",
			audience: ownerAndAdministrators,
		}),
		related[userGroup](ofUser, "groups", source{
			page:     Documentation{"Users", contacts},
			doc:      "Groups that a VirusTotal user belongs to.",
			audience: owner,
		}),
		related[userGroup](ofUser, "groups_managed", source{
			page:     Documentation{"Users", contacts},
			doc:      "Groups that a VirusTotal user is an administrator of.",
			subject:  "the managed groups",
			list:     "groups",
			audience: ownerAndAdministrators,
		}),
		related[comment](ofUser, "comments", source{
			page:     Documentation{"Community", comments},
			doc:      "Comments that a VirusTotal user has posted.",
			audience: everyone,
		}),
		related[comment](ofUser, "mentions", source{
			page:     Documentation{"Community", comments},
			doc:      "Comments that mention a VirusTotal user.",
			list:     "comments",
			audience: everyone,
		}),
		related[graph](ofUser, "graphs", source{
			page:     Documentation{"Community", ""},
			doc:      "VT Graphs that a VirusTotal user is an owner, editor or viewer of.",
			audience: everyone,
		}),
		related[huntingRuleset](ofUser, "hunting_rulesets", source{
			page:     Documentation{"Hunting", notified},
			doc:      "Livehunt rulesets that a VirusTotal user can edit.",
			audience: owner,
		}),
		related[huntingNotification](ofUser, "hunting_notifications", source{
			page:     Documentation{"Hunting", ""},
			doc:      "Hunting notifications of a VirusTotal user." + legacyHunting,
			audience: owner,
		}),
		related[matchedFile](ofUser, "hunting_notification_files", source{
			page:     Documentation{"Hunting", ""},
			doc:      "Files in the hunting notifications of a VirusTotal user, one per notification." + legacyHunting,
			list:     "files",
			audience: owner,
			trimmed:  true, // A file object is hundreds of kilobytes, of which the data source shows about one.
		}),
		related[retrohuntJob](ofUser, "retrohunt_jobs", source{
			page:     Documentation{"Hunting", notified},
			doc:      "Retrohunt jobs of a VirusTotal user.",
			audience: owner,
		}),
		related[vote](ofUser, "votes", source{
			page:     Documentation{"Community", "how a person voted, and when"},
			doc:      "Votes that a VirusTotal user has cast.",
			audience: everyone,
		}),

		single(ofGroup, "", readGroup, source{
			page:     Documentation{"Groups", contacts},
			doc:      "A VirusTotal group: its organization, privileges and quotas.",
			audience: members,
			cost:     oneRequest,
		}),
		related[member](ofGroup, "users", source{
			page:     Documentation{"Groups", people},
			doc:      "Members of a VirusTotal group, with their roles and quotas.",
			subject:  "the members",
			audience: administrators,
			arguments: []argument{filterOf(
				"Filter in VirusTotal's syntax. `2fa_enabled:false` selects the members without two-factor authentication, "+
					"which the administrators of a group cannot see in `has_2fa`.",
				"2fa_enabled:false",
			)},
		}),
		related[member](ofGroup, "administrators", source{
			page:     Documentation{"Groups", people},
			doc:      "Administrators of a VirusTotal group, with their roles and quotas.",
			list:     "users",
			audience: administrators,
		}),
		related[serviceMember](ofGroup, "service_accounts", source{
			page:     Documentation{"Groups", labels},
			doc:      "Service accounts of a VirusTotal group, with their privileges and quotas.",
			audience: administrators,
		}),
		related[consumer](ofGroup, "users_consuming_quota", source{
			page:      Documentation{"Quotas and usage", people},
			doc:       "Users and service accounts that consumed a quota of a VirusTotal group, and how much of it, in a month or on a day.",
			subject:   "the users who consume a quota",
			list:      "users",
			audience:  administrators,
			arguments: []argument{quotaName, period},
		}),
		related[activityLogEntry](ofGroup, "activity_log_entries", source{
			page:     Documentation{"Groups", "who did what, when, and from which IP address"},
			doc:      "Activity log of a VirusTotal group: who added or removed whom, when, and from which IP address.",
			subject:  "the activity log",
			audience: administrators,
			query:    url.Values{"relationships": {"user"}},
			arguments: []argument{filterOf(
				"Filter in VirusTotal's syntax: by `date`, `user`, `target` or `action`, such as `action:ADD_GROUP_ADMIN`.",
				"action:ADD_GROUP_ADMIN",
			)},
		}),
		apiUsage(ofGroup, source{
			page:     Documentation{"Quotas and usage", ""},
			doc:      "How often the members of a VirusTotal group called the API, by day and by endpoint.",
			audience: administrators,
		}),
		single(ofServiceAccount, "", readServiceAccount, source{
			page:     Documentation{"Users", labels},
			doc:      "A service account of a VirusTotal group: its privileges and quotas.",
			audience: administrators,
			cost:     oneRequest,
		}),
	}
}

// Audiences, according to https://docs.virustotal.com/reference/user-object.
const (
	everyone               = "everyone"
	owner                  = "the account's owner"
	ownerAndAdministrators = "the account's owner and the administrators of its group"
	members                = "the group's members"
	administrators         = "the group's administrators"
)

// Personal data, for [Documentation].
const (
	people   = "names, e-mail addresses and last logins"
	labels   = "e-mail addresses, and the labels of service accounts"
	contacts = "the e-mail addresses of a group's contacts"
	notified = "the e-mail addresses that are notified"
	comments = "what people wrote, and about whom"
)

const oneRequest = "One."

// oneUser is the cost of data sources that read the user object.
const oneUser = "One per user, shared by all data sources that read the user object. " +
	"A username and an e-mail address count as two users."

// DocumentationByName returns what the documentation says about each data source beyond its schema. The names have no
// prefix "virustotal_".
func DocumentationByName() map[string]Documentation {
	all := map[string]Documentation{}
	for _, s := range sources() {
		all[s.name()] = s.page
	}
	return all
}

// legacyHunting is appended to descriptions of the older kind of hunting notifications.
const legacyHunting = " VirusTotal has replaced these notifications with IoC stream notifications, so newer accounts may not have any."

// virusTotal is the provider.
type virusTotal struct {
	version string
	env     environment
}

// New returns the provider. getenv looks up environment variables, like [os.Getenv]. To read data sources, use
// [NewServer].
func New(version string, getenv func(name string) string) provider.Provider {
	return &virusTotal{version: version, env: getenv}
}

// NewServer returns the protocol server of the provider, which Terraform talks to. See [New] for the arguments.
func NewServer(version string, getenv func(name string) string) tfprotov6.ProviderServer {
	return server{providerserver.NewProtocol6(New(version, getenv))()}
}

var (
	_ provider.ProviderWithValidateConfig     = (*virusTotal)(nil)
	_ provider.ProviderWithEphemeralResources = (*virusTotal)(nil)
)

func (p *virusTotal) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "virustotal"
	resp.Version = p.version
}

func (p *virusTotal) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = configurationSchema()
}

// ValidateConfig checks the values that are known. It needs no API key.
func (p *virusTotal) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var c configuration
	resp.Diagnostics.Append(req.Config.Get(ctx, &c)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(c.validate()...)
	}
}

// Configure creates the client that all data sources share. It sends no request.
func (p *virusTotal) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var c configuration
	resp.Diagnostics.Append(req.Config.Get(ctx, &c)...)
	if resp.Diagnostics.HasError() {
		return
	}
	session, diags := c.session(p.env, userAgent(req.TerraformVersion, p.version, p.env("TF_APPEND_USER_AGENT")))
	resp.Diagnostics.Append(diags...)
	resp.DataSourceData = session
	resp.EphemeralResourceData = session
}

func (p *virusTotal) DataSources(context.Context) []func() datasource.DataSource {
	var constructors []func() datasource.DataSource
	for _, s := range sources() {
		constructors = append(constructors, func() datasource.DataSource { instance := s; return &instance })
	}
	return constructors
}

// EphemeralResources returns virustotal_api_key.
func (p *virusTotal) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{func() ephemeral.EphemeralResource { return &apiKey{} }}
}

// Resources returns nil: the provider is read-only.
func (p *virusTotal) Resources(context.Context) []func() resource.Resource { return nil }
