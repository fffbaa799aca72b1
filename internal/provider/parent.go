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

// A parent is the kind of thing that a data source reads, or reads a part of.
type parent struct {
	noun       string // "service account"
	collection string // "service_accounts", as in the API's paths.
	doc        string // What its id is.
	optional   bool   // Whether the id may be left out, and is the key's owner then.
}

var (
	ofUser = parent{
		noun: "user", collection: "users", optional: true,
		doc: "Username or e-mail address of the user. The id of a service account most likely works too. " +
			"Defaults to the user who owns the API key.",
	}
	ofGroup          = parent{noun: "group", collection: "groups", doc: "Id of the group."}
	ofServiceAccount = parent{noun: "service account", collection: "service_accounts", doc: "Id of the service account, which looks like `<group>_<name>`, or its e-mail-like alias."}
)

// word is the noun as a part of a name: "service_account".
func (p parent) word() string { return strings.ReplaceAll(p.noun, " ", "_") }

// argument is the name of the argument that takes the id: "id" where the thing itself is read, else "user_id".
func (p parent) argument(itself bool) string {
	if itself {
		return "id"
	}
	return p.word() + "_id"
}

// schema returns the argument's schema.
func (p parent) schema(argument string) schema.Attribute {
	return schema.StringAttribute{
		Required:            !p.optional,
		Optional:            p.optional,
		Computed:            p.optional,
		MarkdownDescription: p.doc,
		Validators:          []validator.String{p.validID(argument)},
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
	return " Without `" + p.argument(false) + "`, one more for the owner of the API key, which all data sources share."
}

// validID refuses what is not an id: nothing, what names another path, and an API key. VirusTotal would take a key for
// its owner's name, but an id is stored in the state and shown in the plan.
func (p parent) validID(argument string) check {
	return func(id string) string {
		problem := wrongSegment(id)
		if problem == "" {
			return ""
		}
		problem = fmt.Sprintf("%s is not a valid %s id: %s.", shown(id), p.noun, problem)
		if virustotal.IsKey(strings.TrimSpace(id)) {
			problem = "The value has the form of an API key. Ids are stored in Terraform's state in plain text, so an API key must not be used as one."
		}
		if p.optional {
			problem += fmt.Sprintf(" To read the %s that the provider's API key belongs to, leave %s out.", p.noun, argument)
		}
		return problem
	}
}
