// SPDX-License-Identifier: MPL-2.0

// Package provider is the Terraform provider for VirusTotal. It reads, and can do nothing else.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// sources is the table of the data sources: the whole provider, but for its own configuration.
func sources() []source {
	return []source{
		single(aUser, "", (*userModel).fill, source{
			about:   "A VirusTotal user: who it is, what it may do, and how much of its quotas is left.",
			readers: "everyone, to different degrees (names, profile phrase, reputation, status and join date are public; e-mail address, last login and quotas are for the account's owner and its group's admins; the rest is for the owner only)",
			cost:    oneUser,
		}),
		single(ofUser, "quotas", (*userQuotasModel).fill, source{
			about:   "The quotas of a VirusTotal user, and which of them are near their end. They are read from the user object.",
			what:    "the quotas",
			readers: ownerAndAdmins,
			cost:    oneUser,
		}),
		related[group](ofUser, "groups", "groups", source{
			about:   "The groups that a VirusTotal user belongs to.",
			what:    "the groups",
			readers: owner,
		}),
	}
}

// Who may read what, as VirusTotal's page on the user object has it.
const (
	owner          = "the account's owner"
	ownerAndAdmins = "the account's owner and its group's admins"
)

// oneUser is the cost of what is read from the user object.
const oneUser = "One request for each user, however many data sources read the user object, with or without an id."

// virusTotal is the provider.
type virusTotal struct {
	version string
}

// New returns what makes the provider of a version.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &virusTotal{version: version} }
}

var _ provider.ProviderWithValidateConfig = (*virusTotal)(nil)

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
	session, diags := c.session(userAgent(req.TerraformVersion, p.version))
	resp.Diagnostics.Append(diags...)
	resp.DataSourceData = session
}

func (p *virusTotal) DataSources(context.Context) []func() datasource.DataSource {
	var makers []func() datasource.DataSource
	for _, s := range sources() {
		makers = append(makers, func() datasource.DataSource { made := s; return &made })
	}
	return makers
}

// Resources returns none: nothing of VirusTotal is managed.
func (p *virusTotal) Resources(context.Context) []func() resource.Resource { return nil }
