// SPDX-License-Identifier: MPL-2.0

// Trivial is the least provider that the plugin framework can serve, with one data source that reads nothing:
// what Terraform and the framework cost by themselves. planbench -startup measures the provider against it.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return trivial{} }, providerserver.ServeOpts{
		Address: "registry.terraform.io/virustotal/virustotal",
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

type trivial struct{}

func (trivial) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "virustotal"
}

func (trivial) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}

func (trivial) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

func (trivial) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return source{} }}
}

func (trivial) Resources(context.Context) []func() resource.Resource { return nil }

type source struct{}

func (source) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "virustotal_user"
}

func (source) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{Attributes: map[string]schema.Attribute{"id": schema.StringAttribute{Optional: true, Computed: true}}}
}

func (source) Read(ctx context.Context, _ datasource.ReadRequest, resp *datasource.ReadResponse) {
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), "trivial")...)
}
