// SPDX-License-Identifier: MPL-2.0

// Package provider is the Terraform provider for VirusTotal. It reads, and can do nothing else.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// sources is the table of the data sources: the whole provider, but for its own configuration.
func sources() []source {
	return []source{
		single(aUser, aUser.name(), readUser, source{
			about:   "A VirusTotal user: who it is, what it may do, and how much of its quotas is left.",
			readers: "everyone, to different degrees (names, profile phrase, reputation, status and join date are public; e-mail address, last login and quotas are for the account's owner and its group's admins; the rest is for the owner only)",
			cost:    oneUser,
		}),
		single(ofUser, ofUser.name("quotas"), readUserQuotas, source{
			about:   "The quotas of a VirusTotal user, and which of them are near their end. They are read from the user object.",
			what:    "the quotas",
			readers: ownerAndAdmins,
			cost:    oneUser,
		}),
		single(ofUser, ofUser.name("overall_quotas"), readOverallQuotas, source{
			about:   "The quotas of a VirusTotal user beside those of the group that the user draws from, and which of both ends first.",
			what:    "the overall quotas",
			readers: ownerAndAdmins,
			cost:    oneRequest + ofUser.costs(),
		}),
		apiUsage(ofUser, source{
			about:   "How often a VirusTotal user called the API, by day and by endpoint.",
			readers: ownerAndAdmins,
		}),
		relatedOne[group](ofUser, "api_quota_group", "group", source{
			about:   "The group from which a VirusTotal user consumes API quota.",
			what:    "the API quota group",
			readers: ownerAndAdmins,
		}),
		relatedOne[group](ofUser, "intelligence_quota_group", "group", source{
			about:   "The group from which a VirusTotal user consumes intelligence quota.",
			what:    "the intelligence quota group",
			readers: ownerAndAdmins,
		}),
		related[group](ofUser, "groups", "groups", source{
			about:   "The groups that a VirusTotal user belongs to.",
			what:    "the groups",
			readers: owner,
		}),
		related[group](ofUser, "groups_managed", "groups", source{
			about:   "The groups that a VirusTotal user is an administrator of.",
			what:    "the managed groups",
			readers: ownerAndAdmins,
		}),
		related[comment](ofUser, "comments", "comments", source{
			about:   "The comments that a VirusTotal user has posted.",
			what:    "the comments",
			readers: everyone,
		}),
		related[comment](ofUser, "mentions", "comments", source{
			about:   "The comments that mention a VirusTotal user.",
			what:    "the mentions",
			readers: everyone,
		}),
		related[graph](ofUser, "graphs", "graphs", source{
			about:   "The VT Graphs that a VirusTotal user is owner, editor or viewer of.",
			what:    "the graphs",
			readers: everyone,
		}),
		related[huntingRuleset](ofUser, "hunting_rulesets", "hunting_rulesets", source{
			about:   "The Livehunt rulesets that a VirusTotal user can edit.",
			what:    "the hunting rulesets",
			readers: owner,
		}),
		related[huntingNotification](ofUser, "hunting_notifications", "hunting_notifications", source{
			about:   "The hunting notifications of a VirusTotal user." + legacyHunting,
			what:    "the hunting notifications",
			readers: owner,
		}),
		related[matchedFile](ofUser, "hunting_notification_files", "files", source{
			about:   "The files that were flagged in the hunting notifications of a VirusTotal user, one for each notification." + legacyHunting,
			what:    "the hunting notification files",
			readers: owner,
			trimmed: true, // A file object takes hundreds of kilobytes, what is shown of it one.
		}),
		related[retrohuntJob](ofUser, "retrohunt_jobs", "retrohunt_jobs", source{
			about:   "The Retrohunt jobs of a VirusTotal user.",
			what:    "the retrohunt jobs",
			readers: owner,
		}),
		related[vote](ofUser, "votes", "votes", source{
			about:   "The votes that a VirusTotal user has cast.",
			what:    "the votes",
			readers: everyone,
		}),

		single(aGroup, aGroup.name(), readGroup, source{
			about:   "A VirusTotal group: the organization behind it, its privileges and its quotas.",
			readers: members,
			cost:    oneRequest,
		}),
		related[user](ofGroup, "users", "users", source{
			about:   "The members of a VirusTotal group, in a request for every 40 rather than one for each.",
			what:    "the members",
			readers: admins,
			filter:  "Which members to read, as VirusTotal's API takes it: `2fa_enabled:false` are those without two-factor authentication, which the group's admins cannot see in `has_2fa`.",
		}),
		related[user](ofGroup, "administrators", "users", source{
			about:   "The administrators of a VirusTotal group.",
			what:    "the administrators",
			readers: admins,
		}),
		related[account](ofGroup, "service_accounts", "service_accounts", source{
			about:   "The service accounts of a VirusTotal group.",
			what:    "the service accounts",
			readers: admins,
		}),
		apiUsage(ofGroup, source{
			about:   "How often the members of a VirusTotal group called the API, by day and by endpoint.",
			readers: admins,
		}),
		single(aServiceAccount, aServiceAccount.name(), readServiceAccount, source{
			about:   "A service account of a VirusTotal group: what it may do, and how much of its quotas is left.",
			readers: admins,
			cost:    oneRequest,
		}),
	}
}

// Who may read what, as VirusTotal's page on the user object has it.
const (
	everyone       = "everyone"
	owner          = "the account's owner"
	ownerAndAdmins = "the account's owner and its group's admins"
	members        = "the group's members"
	admins         = "the group's admins"
)

const oneRequest = "One request."

// legacyHunting is what the pages of the older kind of hunting notifications say.
const legacyHunting = " VirusTotal calls this kind of notification legacy: IoC stream notifications have replaced it, and it may be empty for newer accounts."

// oneUser is the cost of what is read from the user object.
const oneUser = "One request for each user, however many data sources read the user object; by name and by e-mail address are two. Without an id it is the same one request, unless another block asks for the same user by name at the same time."

// virusTotal is the provider.
type virusTotal struct {
	version string
	env     environment
}

// New returns what makes the provider of a version. getenv looks up the variables of its configuration, as
// [os.Getenv] does.
func New(version string, getenv func(name string) string) func() provider.Provider {
	return func() provider.Provider { return &virusTotal{version: version, env: getenv} }
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

// ValidateConfig finds what is wrong in the arguments themselves, before a key is needed.
func (p *virusTotal) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	var c configuration
	resp.Diagnostics.Append(req.Config.Get(ctx, &c)...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(c.validate()...)
	}
}

// Configure makes the client that all data sources read with. It sends no request.
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
	var makers []func() datasource.DataSource
	for _, s := range sources() {
		makers = append(makers, func() datasource.DataSource { made := s; return &made })
	}
	return makers
}

// EphemeralResources returns the one way to a key.
func (p *virusTotal) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{func() ephemeral.EphemeralResource { return &apiKey{} }}
}

// Resources returns none: nothing of VirusTotal is managed.
func (p *virusTotal) Resources(context.Context) []func() resource.Resource { return nil }
