// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// A parent is the kind of thing that a data source is read of, and the argument that names it.
type parent struct {
	noun       string // "user"
	collection string // "users", as in the API's paths.
	argument   string // "user_id", or "id" where the thing itself is read.
	doc        string // What the argument is.
	optional   bool   // Whether it may be left out, and is the key's owner then.
}

var (
	aUser           = parent{noun: "user", collection: "users", argument: "id", doc: userIDDoc, optional: true}
	ofUser          = parent{noun: "user", collection: "users", argument: "user_id", doc: userIDDoc, optional: true}
	aGroup          = parent{noun: "group", collection: "groups", argument: "id", doc: "The group's id."}
	ofGroup         = parent{noun: "group", collection: "groups", argument: "group_id", doc: "The group's id."}
	aServiceAccount = parent{noun: "service account", collection: "service_accounts", argument: "id", doc: "The service account's id, which looks like `<group>_<name>`."}
)

const userIDDoc = "The user's username, or e-mail address. Left out, it is the user whom the API key belongs to."

// name is how the data source is called that reads the thing itself, or what belongs to it.
func (p parent) name(below ...string) string {
	return strings.ReplaceAll(strings.Join(append([]string{p.noun}, below...), "_"), " ", "_")
}

// schema returns the argument's schema.
func (p parent) schema() schema.Attribute {
	return schema.StringAttribute{
		Required:            !p.optional,
		Optional:            p.optional,
		Computed:            p.optional,
		MarkdownDescription: p.doc,
		Validators:          []validator.String{validID{p}},
	}
}

// describe says which one, in words.
func (p parent) describe(id *string) string {
	if id == nil {
		return fmt.Sprintf("the VirusTotal %s that the API key belongs to", p.noun)
	}
	return fmt.Sprintf("VirusTotal %s %q", p.noun, *id)
}

// path returns the path of one, or of what belongs to it.
func (p parent) path(id string, below ...string) []string {
	return append([]string{p.collection, id}, below...)
}

// identify returns the id that is configured, or the owner's where none is.
func (p parent) identify(ctx context.Context, client *virustotal.Client, configured *string) (string, error) {
	if configured != nil {
		return *configured, nil
	}
	owner, err := virustotal.Owner[user](ctx, client)
	if err != nil {
		return "", err
	}
	return owner.ID, nil
}

// costs says what the owner costs on top of a read, where the id may be left out.
func (p parent) costs() string {
	if !p.optional {
		return ""
	}
	return " Without " + p.argument + ", one more to learn whom the API key belongs to, which all data sources share."
}

// validID refuses what is no id: nothing, what names another path, and an API key. VirusTotal would take a
// key for its owner's name, but an id is stored in the state and shown in the plan.
type validID struct{ parent }

func (validID) Description(context.Context) string { return "value must be an id, and no API key" }
func (validID) MarkdownDescription(context.Context) string {
	return "value must be an id, and no API key"
}

func (v validID) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	problem := ""
	switch id := req.ConfigValue.ValueString(); {
	case req.ConfigValue.IsNull(), req.ConfigValue.IsUnknown():
		return
	case virustotal.IsKey(strings.TrimSpace(id)):
		problem = "The value has the form of an API key. Ids are stored in Terraform's state in plain text, so a key must not stand here."
	case id == "", id == ".", id == "..":
		problem = fmt.Sprintf("%q is no id of a %s.", id, v.noun)
	default:
		return
	}
	if v.optional {
		problem += fmt.Sprintf(" To read the %s that the provider's API key belongs to, leave %s out.", v.noun, v.argument)
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid id", problem)
}
