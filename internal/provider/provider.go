// SPDX-License-Identifier: MPL-2.0

// Package provider implements the Terraform provider for VirusTotal. It is read-only: it has data sources and one
// ephemeral resource, and no resources.
package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// virusTotal is the provider.
type virusTotal struct {
	version string
	env     environment
}

// New returns the provider. getenv looks up environment variables, like [os.Getenv]. [NewServer] serves it faster than
// the framework's own server.
func New(version string, getenv func(name string) string) provider.Provider {
	return &virusTotal{version: version, env: getenv}
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
	s, diags := c.session(p.env, userAgent(req.TerraformVersion, p.version, p.env("TF_APPEND_USER_AGENT")))
	resp.Diagnostics.Append(diags...)
	s.version = p.version
	resp.DataSourceData = s
	resp.EphemeralResourceData = s
}

func (p *virusTotal) DataSources(context.Context) []func() datasource.DataSource {
	var constructors []func() datasource.DataSource
	for _, s := range sources() {
		constructors = append(constructors, func() datasource.DataSource { return &dataSource{source: s} })
	}
	return append(constructors, func() datasource.DataSource { return &clientConfig{} })
}

// EphemeralResources returns virustotal_api_key.
func (p *virusTotal) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{func() ephemeral.EphemeralResource { return &apiKey{} }}
}

// Resources returns nil: the provider is read-only.
func (p *virusTotal) Resources(context.Context) []func() resource.Resource { return nil }
