// SPDX-License-Identifier: MPL-2.0

package provider

import (
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
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// selection is what every list of related objects has, beside the list itself.
type selection struct {
	IDs            []string `tfsdk:"ids" doc:"The ids of all that was read, in VirusTotal's order."`
	UnavailableIDs []string `tfsdk:"unavailable_ids" doc:"The ids that VirusTotal named but gave no attributes of, as it does of what is gone. They are not in the list of objects."`
	Complete       bool     `tfsdk:"complete" doc:"Whether the list was read to its end: false where the limit was reached and more followed."`
}

// relatedOne makes the data source of a relationship to one, an Item that is an attribute of the given name.
// VirusTotal says that there is none with null or with 404, which it also says where there is no such user: on
// 404 the user is read too.
func relatedOne[Item any](of parent, relationship, name string, s source) source {
	s.of = of
	s.name = of.name(relationship)
	s.cost = oneRequest + of.costs() + " Where VirusTotal answers with 404, one more to see that it is the group that is missing, and not the user."
	s.attributes = map[string]schema.Attribute{
		of.argument:  of.schema(),
		name + "_id": attribute(reflect.TypeFor[string](), "The id of it. Null where there is none."),
		name:         attribute(reflect.TypeFor[*Item](), s.about+" Null where there is none, and where VirusTotal names one and gives no attributes of it, as it does of what is gone."),
	}
	s.read = func(ctx context.Context, client *virustotal.Client, id string, _ tfsdk.Config) (attributes, error) {
		none := attributes{name: (*Item)(nil), name + "_id": (*string)(nil)}
		object, err := virustotal.Find[Item](ctx, client, of.path(id, relationship)...)
		if e, ok := errors.AsType[*virustotal.Error](err); ok && e.Reason() == virustotal.CodeNotFound {
			_, err := virustotal.User[user](ctx, client, id)
			return none, err
		}
		if err != nil || object == nil {
			return none, err
		}
		return attributes{name: object.Attributes, name + "_id": &object.ID}, nil
	}
	return s
}

// related makes the data source of a relationship to many from its row. The list is an attribute, named
// after what it holds.
func related[Item any](of parent, relationship, list string, s source) source {
	s.name = of.name(relationship)
	s.of = of
	s.cost = "One request for every 40 items, and at least one." + of.costs()
	s.attributes = attributesOf[selection]()
	s.attributes[of.argument] = of.schema()
	s.attributes["limit"] = schema.NumberAttribute{
		Optional:            true,
		MarkdownDescription: "The most items to read, at least 1. Left out, all are read.",
		Validators:          []validator.Number{limit{}},
	}
	if s.filter != "" {
		s.attributes["filter"] = schema.StringAttribute{Optional: true, MarkdownDescription: s.filter}
	}
	s.attributes[list] = attribute(reflect.TypeFor[[]*Item](), s.about+" They are in VirusTotal's order.")

	s.read = func(ctx context.Context, client *virustotal.Client, id string, arguments tfsdk.Config) (attributes, error) {
		var most *big.Float
		if err := asError(arguments.GetAttribute(ctx, path.Root("limit"), &most)); err != nil {
			return nil, err
		}
		query := url.Values{}
		if s.trimmed {
			var shown []string
			for _, f := range sentFields(reflect.TypeFor[Item]()) {
				shown = append(shown, f.Tag.Get("json"))
			}
			query.Set("attributes", strings.Join(shown, ","))
		}
		if s.filter != "" {
			var filter *string
			if err := asError(arguments.GetAttribute(ctx, path.Root("filter"), &filter)); err != nil {
				return nil, err
			}
			if filter != nil && *filter != "" {
				query.Set("filter", *filter)
			}
		}
		items, selected, err := collect(virustotal.Pages[Item](ctx, client, query, of.path(id, relationship)...), most)
		if err != nil {
			return nil, err
		}
		found := attributesIn(selected)
		found[list] = items
		return found, nil
	}
	return s
}

// collect reads pages until they end or the limit is reached; nil is no limit.
func collect[Item any](pages iter.Seq2[virustotal.Page[Item], error], limit *big.Float) ([]*Item, *selection, error) {
	most := int64(math.MaxInt64)
	if limit != nil {
		most, _ = limit.Int64() // One that passes 64 bits becomes the most that these hold.
	}
	items := []*Item{}
	selected := &selection{IDs: []string{}, UnavailableIDs: []string{}}
	for page, err := range pages {
		if err != nil {
			return nil, nil, err
		}
		for i, object := range page.Objects {
			selected.IDs = append(selected.IDs, object.ID)
			if object.Attributes == nil {
				selected.UnavailableIDs = append(selected.UnavailableIDs, object.ID)
			} else {
				items = append(items, object.Attributes)
			}
			if int64(len(selected.IDs)) == most {
				selected.Complete = i == len(page.Objects)-1 && !page.More
				return items, selected, nil
			}
		}
	}
	selected.Complete = true
	return items, selected, nil
}

// limit checks a number of items. The framework's own attribute for whole numbers would take a fraction for
// a fault of the provider, and say so.
type limit struct{}

func (limit) Description(context.Context) string { return "value must be a whole number from 1" }
func (limit) MarkdownDescription(context.Context) string {
	return "value must be a whole number from 1"
}

func (limit) ValidateNumber(_ context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if n := req.ConfigValue.ValueBigFloat(); !n.IsInt() || n.Sign() <= 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid limit", "The limit must be a whole number from 1, not "+n.Text('f', -1)+". To read all, leave it out.")
	}
}
