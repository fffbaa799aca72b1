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

// A parent is the kind of object that a data source reads, or reads a relationship of.
type parent struct {
	noun       string // "service account"
	collection string // "service_accounts", as in the API's paths.
	doc        string // Description of the ID.
	optional   bool   // Whether the ID defaults to the API key's owner.
	form       string // What the ID is, and how to find it, for messages.
}

var (
	ofUser = parent{
		noun: "user", collection: "users", optional: true,
		doc: "Username or e-mail address of the user. A service account ID may also work; VirusTotal does not document it. " +
			"Defaults to the user who owns the API key.",
		form: "a username or an e-mail address",
	}
	ofGroup = parent{
		noun: "group", collection: "groups", doc: "ID of the group. The data source `virustotal_user_groups` lists the IDs of your groups.",
		form: "the data source virustotal_user_groups lists the IDs of your groups",
	}
	ofServiceAccount = parent{
		noun: "service account", collection: "service_accounts",
		doc:  "ID of the service account, in the form `<group>_<name>`, or its alias, which has the form of an e-mail address.",
		form: "the data source virustotal_group_service_accounts lists the IDs of a group's service accounts",
	}
)

// name returns the noun as in the names of data sources and arguments: "service_account".
func (p parent) name() string { return strings.ReplaceAll(p.noun, " ", "_") }

// argument returns the name of the argument for the ID: "id" in a data source that reads the parent, otherwise for
// example "user_id".
func (p parent) argument(readsParent bool) string {
	if readsParent {
		return "id"
	}
	return p.name() + "_id"
}

// schema returns the schema of the argument for the ID.
func (p parent) schema(name string) schema.Attribute {
	return schema.StringAttribute{
		Required:            !p.optional,
		Optional:            p.optional,
		Computed:            p.optional,
		MarkdownDescription: p.doc,
		Validators:          []validator.String{p.validID(name)},
	}
}

// describe names the object with an ID in messages: `VirusTotal user "joe"`.
func (p parent) describe(id *string) string {
	if id == nil {
		return fmt.Sprintf("the VirusTotal %s that the API key belongs to", p.noun)
	}
	return fmt.Sprintf("VirusTotal %s %q", p.noun, *id)
}

// path returns the API path of the object with an ID, or of a relationship below it.
func (p parent) path(id string, below ...string) []string {
	return append([]string{p.collection, id}, below...)
}

// identify returns the configured ID, or reads the ID of the API key's owner if it is nil.
func (p parent) identify(ctx context.Context, client *virustotal.Client, configured *string) (string, error) {
	if configured != nil {
		return *configured, nil
	}
	found, err := virustotal.Owner[user](ctx, client)
	if err != nil {
		return "", err
	}
	return found.ID, nil
}

// ownerCost describes the additional request for the API key's owner. It returns "" if the ID is required.
func (p parent) ownerCost() string {
	if !p.optional {
		return ""
	}
	return ", plus 1 to look up the key's owner if `" + p.argument(false) + "` is not set"
}

// validID rejects invalid IDs: empty ones, path elements and API keys. VirusTotal accepts an API key in place of a
// user's ID, but IDs are stored in the state and shown in the plan.
func (p parent) validID(name string) check {
	return func(id string) string {
		problem := segmentProblem(id)
		if problem == "" {
			return ""
		}
		problem = fmt.Sprintf("%s is not a valid %s ID: %s.", quote(id), p.noun, problem)
		if virustotal.IsKey(strings.TrimSpace(id)) {
			problem = "The value looks like an API key. IDs are stored in Terraform's state in plain text, so do not use an API key as an ID."
		}
		if p.optional {
			problem += fmt.Sprintf(" To read the %s that the provider's API key belongs to, leave %s out.", p.noun, name)
		}
		return problem
	}
}
