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

// toGroup returns a data source for a user's relationship to one group. Without a group, VirusTotal sends null or
// answers 404. It also answers 404 if there is no such user, so on 404 the user is read as well.
func toGroup(relationship string, r row) source {
	s := newSource(ofUser, relationship, r)
	s.selectFrom(reflect.TypeFor[userGroup]())
	s.cost = oneRequest + ofUser.ownerCost() + ". After a 404, 1 more to tell a missing group from a missing user"
	s.attributes = map[string]schema.Attribute{
		"group_id": attribute(reflect.TypeFor[string](), "ID of the group. Null if there is none."),
		"group": attribute(reflect.TypeFor[*userGroup](), "The group. Null if there is none, or if VirusTotal sends it "+
			"without attributes, for example because it was deleted."),
	}
	s.read = func(ctx context.Context, client *virustotal.Client, in input) (attributes, error) {
		none := attributes{"group": (*userGroup)(nil), "group_id": (*string)(nil)}
		found, err := virustotal.GetOptional[userGroup](ctx, client, in.query, in.path...)
		if e, ok := errors.AsType[*virustotal.Error](err); ok && e.Reason() == virustotal.CodeNotFound {
			_, err := virustotal.User[user](ctx, client, nil, in.id)
			return none, err
		}
		if err != nil || found == nil {
			return none, err
		}
		one := attributes{"group": (*userGroup)(nil), "group_id": &found.ID}
		if isAvailable(found, in.selected) {
			one["group"] = selectAttributes(found.Attributes, in.selected)
		}
		return one, nil
	}
	return s
}

// isAvailable reports whether an object counts as sent. Without attributes it does not, unless only some were
// requested: VirusTotal may have none of those.
func isAvailable[A any](o *virustotal.Object[A], requested []string) bool {
	if requested == nil {
		return o.Sent
	}
	return !o.Failed()
}

// listAttributes has the attributes that all lists share.
type listAttributes struct {
	IDs            []string `tfsdk:"ids" doc:"IDs of all items that were read, in VirusTotal's order, including [unavailable_ids]."`
	UnavailableIDs []string `tfsdk:"unavailable_ids" doc:"IDs of the items that VirusTotal sent without attributes, for example deleted accounts."`
	Complete       bool     `tfsdk:"complete" doc:"Whether the whole list was read. False if [limit] truncated it."`
}

// A summary is an attribute of a list that is derived from all of its items.
type summary[Item any] struct {
	name, doc string
	typ       reflect.Type
	of        func([]*virustotal.Object[Item]) any
}

// related returns a data source for a list of related objects.
func related[Item any](p parent, relationship string, r row, summaries ...summary[Item]) source {
	s := newSource(p, relationship, r)
	s.selectFrom(reflect.TypeFor[Item]())
	list := cmp.Or(r.list, relationship)
	s.cost = "1 per 40 items (at least 1)" + p.ownerCost()
	if membershipOf(new(Item)) != nil {
		s.cost += ". If VirusTotal sends the accounts without their roles, the provider looks for them in a second list: 1 more, or twice as many if they are there"
	}
	s.attributes = attributesOf[listAttributes]()
	s.attributes["limit"] = schema.NumberAttribute{
		Optional:            true,
		MarkdownDescription: "Maximum number of items to read, at least 1. Defaults to all.",
		Validators:          []validator.Number{limitValidator{}},
	}
	s.attributes[list] = attribute(reflect.TypeFor[[]*Item](), r.doc)
	for _, sum := range summaries {
		s.attributes[sum.name] = attribute(sum.typ, sum.doc)
	}
	if r.trimmed {
		s.query = url.Values{"attributes": {strings.Join(sentNames(reflect.TypeFor[Item]()), ",")}}
	}
	s.read = func(ctx context.Context, client *virustotal.Client, in input) (attributes, error) {
		var limit *big.Float
		if err := asError(in.config.GetAttribute(ctx, path.Root("limit"), &limit)); err != nil {
			return nil, err
		}
		objects, first, complete, err := collect(virustotal.Pages[Item](ctx, client, in.query, in.path...), limit)
		if err != nil {
			return nil, err
		}
		if membershipOf(new(Item)) != nil && !in.narrowed && len(objects) > 0 && !hasMemberships(first) {
			if objects, err = addMemberships(ctx, client, objects, p.path(in.id, "relationships", relationship)); err != nil {
				return nil, err
			}
		}
		items := []*Item{}
		listed := listAttributes{IDs: []string{}, UnavailableIDs: []string{}, Complete: complete}
		for _, o := range objects {
			listed.IDs = append(listed.IDs, o.ID)
			if isAvailable(o, in.selected) {
				items = append(items, selectAttributes(o.Attributes, in.selected))
			} else {
				listed.UnavailableIDs = append(listed.UnavailableIDs, o.ID)
			}
		}
		values := attributesIn(listed)
		values[list] = items
		for _, sum := range summaries {
			values[sum.name] = sum.of(objects)
		}
		return values, nil
	}
	return s
}

// collect reads pages until the last one or the limit. A nil limit means no limit. It also returns the whole first page,
// and whether the list is complete.
func collect[Item any](pages iter.Seq2[virustotal.Page[Item], error], limit *big.Float) (
	objects, first []*virustotal.Object[Item], complete bool, err error,
) {
	maxItems := int64(math.MaxInt64)
	if limit != nil {
		maxItems, _ = limit.Int64() // Larger values become the maximum.
	}
	for page, err := range pages {
		if err != nil {
			return nil, nil, false, err
		}
		if objects == nil {
			first = page.Objects
		}
		left := maxItems - int64(len(objects))
		if int64(len(page.Objects)) < left {
			objects = append(objects, page.Objects...)
			continue
		}
		complete = int64(len(page.Objects)) == left && !page.More
		return append(objects, page.Objects[:left]...), first, complete, nil
	}
	return objects, first, true, nil
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
			"The limit must be a whole number of at least 1, not "+n.Text('g', 10)+". To read the whole list, leave limit out.")
	}
}
