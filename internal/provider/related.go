// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"iter"
	"reflect"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
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

// related makes the data source of a relationship to many from its row. The list is an attribute, named
// after what it holds.
func related[Item any](of parent, relationship, list string, s source) source {
	s.name = of.noun + "_" + relationship
	s.of = of
	s.cost = "One request for every 40 items, and at least one." + of.costs()
	s.attributes = attributesOf[selection]()
	s.attributes[of.argument] = of.schema()
	s.attributes["limit"] = schema.Int64Attribute{
		Optional:            true,
		MarkdownDescription: "The most items to read, at least 1. Left out, all are read.",
		Validators:          []validator.Int64{int64validator.AtLeast(1)},
	}
	s.attributes[list] = attribute(reflect.TypeFor[[]*Item](), s.about+" They are in VirusTotal's order.")

	s.read = func(ctx context.Context, client *virustotal.Client, config tfsdk.Config, state *tfsdk.State) error {
		var id *string
		var limit *int64
		found := config.GetAttribute(ctx, path.Root(of.argument), &id)
		found.Append(config.GetAttribute(ctx, path.Root("limit"), &limit)...)
		if err := asError(found); err != nil {
			return err
		}
		id, err := of.identify(ctx, client, id)
		if err != nil {
			return err
		}
		items, selected, err := collect(virustotal.Pages[Item](ctx, client, nil, of.path(*id, relationship)...), limit)
		if err != nil {
			return err
		}
		read := attributesIn(selected)
		read[of.argument] = id
		read[list] = items
		return store(ctx, state, read)
	}
	return s
}

// collect reads pages until they end or the limit is reached; nil is no limit.
func collect[Item any](pages iter.Seq2[virustotal.Page[Item], error], limit *int64) ([]*Item, *selection, error) {
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
			if limit != nil && int64(len(selected.IDs)) == *limit {
				selected.Complete = i == len(page.Objects)-1 && !page.More
				return items, selected, nil
			}
		}
	}
	selected.Complete = true
	return items, selected, nil
}
