// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/ephemeralvalidator"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// apiKey is the ephemeral resource virustotal_api_key. Nothing else returns API keys: ephemeral values are neither in
// the plan nor in the state.
type apiKey struct {
	session *session
}

var (
	_ ephemeral.EphemeralResourceWithConfigure        = (*apiKey)(nil)
	_ ephemeral.EphemeralResourceWithConfigValidators = (*apiKey)(nil)
)

// apiKeyModel is the configuration and the result of virustotal_api_key.
type apiKeyModel struct {
	UserID           *string `tfsdk:"user_id"`
	ServiceAccountID *string `tfsdk:"service_account_id"`
	APIKey           *string `tfsdk:"api_key"`
}

// keyAttributes has the attributes of an account that virustotal_api_key reads. No other type has the API key.
type keyAttributes struct {
	APIKey *string `json:"apikey"`
}

const keyAudience = "the user who owns it, or for a service account its group's administrators"

func (r *apiKey) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_api_key"
}

func (r *apiKey) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "The API key of a user or of a service account, for a secret manager's write-only argument. " +
			"It is stored neither in the plan nor in the state.\n\n" +
			"It requires Terraform 1.10 or OpenTofu 1.11. Terraform reads the key during the plan and again during the apply, even if nothing " +
			"refers to this ephemeral resource. If the ID is not known until apply, Terraform reads the key during the apply only.\n\n" + factsTable(keyAudience, "1 each time it is opened"),
		Attributes: map[string]schema.Attribute{
			"user_id": schema.StringAttribute{
				Optional: true, Computed: true,
				MarkdownDescription: "Username or e-mail address of the user. Defaults to the user who owns the provider's API key, unless `service_account_id` is set.",
				Validators:          []validator.String{ofUser.validID("user_id")},
			},
			"service_account_id": schema.StringAttribute{
				Optional:            true,
				MarkdownDescription: ofServiceAccount.doc,
				Validators:          []validator.String{ofServiceAccount.validID("service_account_id")},
			},
			"api_key": schema.StringAttribute{
				Computed: true, Sensitive: true,
				MarkdownDescription: "The API key.",
			},
		},
	}
}

func (r *apiKey) ConfigValidators(context.Context) []ephemeral.ConfigValidator {
	return []ephemeral.ConfigValidator{
		ephemeralvalidator.Conflicting(path.MatchRoot("user_id"), path.MatchRoot("service_account_id")),
	}
}

func (r *apiKey) Configure(_ context.Context, req ephemeral.ConfigureRequest, _ *ephemeral.ConfigureResponse) {
	r.session, _ = req.ProviderData.(*session) // nil during validation.
}

func (r *apiKey) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var m apiKeyModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, logTotals := withLog(ctx, "virustotal_api_key")
	defer logTotals()

	p, id := ofUser, m.UserID
	if m.ServiceAccountID != nil {
		p, id = ofServiceAccount, m.ServiceAccountID
	}
	key := target{parent: p, relationship: "api_key", subject: "the API key", audience: keyAudience}
	holder, err := readKey(ctx, r.session.client, p, id)
	if err != nil {
		resp.Diagnostics.Append(key.diagnose(r.session, err, id, nil)...)
		return
	}
	if holder.Attributes.APIKey == nil || *holder.Attributes.APIKey == "" {
		resp.Diagnostics.AddAttributeError(path.Root(key.argument()), "Cannot read the API key of "+p.describe(id),
			fmt.Sprintf("VirusTotal sent the %s without its API key. %s", p.noun, failure{key, r.session}.aboutAudience()))
		return
	}
	if m.UserID == nil && m.ServiceAccountID == nil {
		m.UserID = &holder.ID
	}
	m.APIKey = holder.Attributes.APIKey
	resp.Diagnostics.Append(resp.Result.Set(ctx, &m)...)
}

func readKey(ctx context.Context, client *virustotal.Client, p parent, id *string) (*virustotal.Object[keyAttributes], error) {
	switch {
	case id == nil:
		return virustotal.Owner[keyAttributes](ctx, client)
	case p.collection == ofUser.collection:
		return virustotal.User[keyAttributes](ctx, client, nil, *id)
	default:
		return virustotal.Get[keyAttributes](ctx, client, nil, p.path(*id)...)
	}
}
