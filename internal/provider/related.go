// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"math"
	"math/big"
	"net/url"
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// listAttributes has the attributes that all lists share.
type listAttributes struct {
	IDs            []string `tfsdk:"ids" doc:"Ids of all items that were read, in VirusTotal's order, including [unavailable_ids]."`
	UnavailableIDs []string `tfsdk:"unavailable_ids" doc:"Ids of the items that VirusTotal sent without attributes, for example deleted accounts."`
	Complete       bool     `tfsdk:"complete" doc:"Whether the whole list was read. False if [limit] truncated it."`
}

// toGroup returns a data source for a user's relationship to one group. Without a group, VirusTotal sends null or
// answers 404. It also answers 404 if there is no such user, so on 404 the user is read as well.
func toGroup(relationship string, s source) source {
	s.parent, s.relationship = ofUser, relationship
	s.subject = s.subjectOr(relationship)
	s.cost = oneRequest + ofUser.ownerCost() + " If VirusTotal answers 404, one more to tell a missing group from a missing user."
	s.attributes = map[string]schema.Attribute{
		"group_id": attribute(reflect.TypeFor[string](), "Id of the group. Null if there is none."),
		"group": attribute(reflect.TypeFor[*userGroup](), "The group. Null if there is none, or if VirusTotal sends it "+
			"without attributes, for example because it was deleted."),
	}
	s.read = func(ctx context.Context, client *virustotal.Client, in input) (attributes, error) {
		none := attributes{"group": (*userGroup)(nil), "group_id": (*string)(nil)}
		object, err := virustotal.GetOptional[userGroup](ctx, client, s.path(in)...)
		if e, ok := errors.AsType[*virustotal.Error](err); ok && e.Reason() == virustotal.CodeNotFound {
			_, err := virustotal.User[user](ctx, client, in.id)
			return none, err
		}
		if err != nil || object == nil {
			return none, err
		}
		return attributes{"group": object.Attributes, "group_id": &object.ID}, nil
	}
	return s
}

// related returns a data source for a list of related objects.
func related[Item any](p parent, relationship string, s source) source {
	s.parent, s.relationship = p, relationship
	s.subject = s.subjectOr(relationship)
	s.list = cmp.Or(s.list, relationship)
	s.cost = "One per 40 items, at least one." + p.ownerCost()
	s.attributes = attributesOf[listAttributes]()
	s.attributes["limit"] = schema.NumberAttribute{
		Optional:            true,
		MarkdownDescription: "Maximum number of items to read, at least 1. Defaults to all.",
		Validators:          []validator.Number{limitValidator{}},
	}
	s.attributes[s.list] = attribute(reflect.TypeFor[[]*Item](), s.doc)
	if s.trimmed {
		s.query = url.Values{"attributes": {strings.Join(sentNames(reflect.TypeFor[Item]()), ",")}}
	}
	s.read = func(ctx context.Context, client *virustotal.Client, in input) (attributes, error) {
		var limit *big.Float
		if err := asError(in.config.GetAttribute(ctx, path.Root("limit"), &limit)); err != nil {
			return nil, err
		}
		items, listed, err := collect(virustotal.Pages[Item](ctx, client, in.query, s.path(in)...), limit)
		if err != nil {
			return nil, err
		}
		values := attributesIn(listed)
		values[s.list] = items
		return values, nil
	}
	return s
}

// collect reads pages until the last one or the limit. A nil limit means no limit.
func collect[Item any](pages iter.Seq2[virustotal.Page[Item], error], limit *big.Float) ([]*Item, *listAttributes, error) {
	maxItems := int64(math.MaxInt64)
	if limit != nil {
		maxItems, _ = limit.Int64() // Larger values become the maximum.
	}
	items := []*Item{}
	listed := &listAttributes{IDs: []string{}, UnavailableIDs: []string{}}
	for page, err := range pages {
		if err != nil {
			return nil, nil, err
		}
		for i, object := range page.Objects {
			listed.IDs = append(listed.IDs, object.ID)
			if object.Attributes == nil {
				listed.UnavailableIDs = append(listed.UnavailableIDs, object.ID)
			} else {
				items = append(items, object.Attributes)
			}
			if int64(len(listed.IDs)) == maxItems {
				listed.Complete = i == len(page.Objects)-1 && !page.More
				return items, listed, nil
			}
		}
	}
	listed.Complete = true
	return items, listed, nil
}

// limitValidator validates the argument limit. It is a number rather than an integer in the schema, because the framework
// reports a fraction in an integer as a bug in the provider.
type limitValidator struct{}

func (limitValidator) Description(context.Context) string         { return "" }
func (limitValidator) MarkdownDescription(context.Context) string { return "" }

func (limitValidator) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if n := req.ConfigValue.ValueBigFloat(); !n.IsInt() || n.Sign() <= 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid limit",
			"The limit must be a whole number of at least 1, not "+n.Text('f', -1)+". To read the whole list, leave limit out.")
	}
}
