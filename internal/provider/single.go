// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"reflect"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// single returns a data source for one object, or for a part of it. M has its computed attributes.
func single[M any](p parent, relationship string, read func(ctx context.Context, client *virustotal.Client, in input) (*M, error), r row) source {
	s := newSource(p, relationship, r)
	s.selectFrom(reflect.TypeFor[M]())
	s.attributes = attributesOf[M]()
	s.read = func(ctx context.Context, client *virustotal.Client, in input) (attributes, error) {
		m, err := read(ctx, client, in)
		if err != nil {
			return nil, err
		}
		return attributesIn(selectAttributes(m, in.selected)), nil
	}
	return s
}

func readUser(ctx context.Context, client *virustotal.Client, in input) (*userModel, error) {
	query := in.query
	if in.isOwner {
		query = nil // The owner has been read whole, to find out who it is.
	}
	found, err := virustotal.User[user](ctx, client, query, in.id)
	if err != nil {
		return nil, err
	}
	return &userModel{Username: &found.ID, user: *found.Attributes}, nil
}

func readUserQuotas(ctx context.Context, client *virustotal.Client, in input) (*userQuotas, error) {
	found, err := virustotal.User[user](ctx, client, nil, in.id)
	if err != nil {
		return nil, err
	}
	quotas := found.Attributes.Quotas
	concealed := set{}
	if quotas == nil {
		concealed = set{"quotas"}
	}
	return &userQuotas{quotas, exhausted(quotas), highestUtilization(quotas), concealed}, nil
}

func readServiceAccount(ctx context.Context, client *virustotal.Client, in input) (*serviceAccount, error) {
	found, err := virustotal.Get[serviceAccount](ctx, client, in.query, in.path...)
	if err != nil {
		return nil, err
	}
	return found.Attributes, nil
}

func readGroup(ctx context.Context, client *virustotal.Client, in input) (*userGroup, error) {
	found, err := virustotal.GetByID[userGroup](ctx, client, in.query, in.path...)
	if err != nil {
		return nil, err
	}
	return found.Attributes, nil
}

func readOverallQuotas(ctx context.Context, client *virustotal.Client, in input) (*overallQuotas, error) {
	quotas, err := virustotal.Data[virustotal.ByName[*overallQuota]](ctx, client, in.path...)
	if err != nil {
		return nil, err
	}
	return &overallQuotas{*quotas}, nil
}

// apiUsage returns the data source for a parent's API usage.
func apiUsage(p parent, r row) source {
	r.subject, r.arguments, r.cost = "the API usage", days, oneRequest+p.ownerCost()
	return single(p, "api_usage", func(ctx context.Context, client *virustotal.Client, in input) (*usage, error) {
		return virustotal.BareData[usage](ctx, client, in.query, []string{"daily", "total"}, in.path...)
	}, r)
}
