// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// clientConfig is the data source virustotal_client_config: who asks VirusTotal, and how. It differs from all others in
// that it reads no object of VirusTotal's.
type clientConfig struct {
	session *session // nil during validation.
}

var _ datasource.DataSourceWithConfigure = (*clientConfig)(nil)

// clientConfigModel has the attributes of virustotal_client_config.
type clientConfigModel struct {
	Username        *string `tfsdk:"username" doc:"Username of the account that the API key belongs to."`
	BaseURL         string  `tfsdk:"base_url" doc:"URL of the API."`
	APIKeySource    string  `tfsdk:"api_key_source" doc:"Where the provider took the API key from: [api_key] for the argument, the name of an environment variable, or [~/.vt.toml]."`
	ProviderVersion string  `tfsdk:"provider_version" doc:"Version of the provider."`
}

func (d *clientConfig) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_" + clientConfigName
}

const clientConfigName = "client_config"

var clientConfigPage = Documentation{"Provider", ""}

func (d *clientConfig) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		Attributes: attributesOf[clientConfigModel](),
		MarkdownDescription: "The configuration of the provider: who owns the API key that it uses, and where it found the key. The key itself is not included. " +
			"Use this data source to record in a report whose key read the data.\n\n" + factsTable(everyone, oneRequest+", shared by all data sources that read the API key's owner"),
	}
}

func (d *clientConfig) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.session, _ = req.ProviderData.(*session)
}

func (d *clientConfig) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	ctx, logTotals := withLog(ctx, "virustotal_"+clientConfigName)
	defer logTotals()

	who, err := virustotal.Owner[user](ctx, d.session.client)
	if err != nil {
		resp.Diagnostics.Append(target{parent: ofUser, audience: everyone}.diagnose(d.session, err, nil, nil)...)
		return
	}
	resp.Diagnostics.Append(resp.State.Set(ctx, &clientConfigModel{
		Username:        &who.ID,
		BaseURL:         virustotal.MaskKeys(d.session.client.BaseURL.String()),
		APIKeySource:    d.session.keyOrigin.name,
		ProviderVersion: d.session.version,
	})...)
}
