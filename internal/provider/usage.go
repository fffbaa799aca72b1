// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"math"
	"net/url"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// usage is how often the API was called, by day and endpoint.
type usage struct {
	Daily                  virustotal.ByName[endpoints] `json:"daily" tfsdk:"daily" doc:"Requests by day (2026-01-31), then by endpoint. A day without requests can be empty."`
	Total                  endpoints                    `json:"total" tfsdk:"total" doc:"Requests by endpoint."`
	TotalRequests          *int64                       `json:"-" tfsdk:"total_requests" doc:"Sum of total. Null when that is. Derived by the provider."`
	DailyNotConsumingQuota virustotal.ByName[endpoints] `json:"daily_endpoints_not_consuming_quota" tfsdk:"daily_not_consuming_quota" doc:"Requests that take nothing from a quota, by day, then by endpoint."`
	TotalNotConsumingQuota endpoints                    `json:"total_endpoints_not_consuming_quota" tfsdk:"total_not_consuming_quota" doc:"Requests that take nothing from a quota, by endpoint."`
}

func (u *usage) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	type sent usage // Without this method.
	if err := json.UnmarshalDecode(dec, (*sent)(u)); err != nil {
		return err
	}
	if u.Total != nil {
		var sum int64
		for _, n := range u.Total {
			sum = add(sum, n)
		}
		u.TotalRequests = &sum
	}
	return nil
}

// endpoints are counts by endpoint, under the endpoint's bare name: VirusTotal sends the endpoint files as
// "files" and as "/api/v3/(files)", at times both.
type endpoints map[string]*int64

func (e *endpoints) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var sent virustotal.ByName[*int64]
	if err := json.UnmarshalDecode(dec, &sent); err != nil || sent == nil { // Null stays null.
		return err
	}
	*e = make(endpoints, len(sent))
	for name, n := range sent {
		name = bareEndpoint(name)
		if before := (*e)[name]; before != nil {
			sum := add(*before, n)
			n = &sum
		}
		(*e)[name] = n
	}
	return nil
}

func bareEndpoint(name string) string {
	name = strings.TrimPrefix(name, "/api/v3/")
	return strings.NewReplacer("(", "", ")", "").Replace(name)
}

// add adds a count, where there is one, and stays within what a count can be.
func add(sum int64, n *int64) int64 {
	switch {
	case n == nil:
		return sum
	case *n > 0 && sum > math.MaxInt64-*n:
		return math.MaxInt64
	case *n < 0 && sum < math.MinInt64-*n:
		return math.MinInt64
	}
	return sum + *n
}

// dayFormat is how a configuration names a day.
const dayFormat = time.DateOnly

// longestUsage is the longest span of days that VirusTotal answers for.
const longestUsage = 30 * 24 * time.Hour

// apiUsage makes the data source of a parent's API usage.
func apiUsage(of parent, s source) source {
	s.of = of
	s.name = of.name("api_usage")
	s.what = "the API usage"
	s.cost = oneRequest + of.costs()
	s.attributes = attributesOf[usage]()
	s.attributes[of.argument] = of.schema()
	s.attributes["start_date"] = schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "The first day, such as `2026-01-31`. Left out, VirusTotal answers for the last 30 days. It goes back 60 days.",
		Validators:          []validator.String{day{}},
	}
	s.attributes["end_date"] = schema.StringAttribute{
		Optional:            true,
		MarkdownDescription: "The last day, such as `2026-01-31`: not before `start_date`, and at most 30 days after it.",
		Validators:          []validator.String{day{after: "start_date"}},
	}
	s.read = func(ctx context.Context, client *virustotal.Client, id string, arguments tfsdk.Config) (attributes, error) {
		query := url.Values{}
		for _, argument := range []string{"start_date", "end_date"} {
			var configured *string
			if err := asError(arguments.GetAttribute(ctx, path.Root(argument), &configured)); err != nil {
				return nil, err
			}
			if configured != nil {
				query.Set(argument, strings.ReplaceAll(*configured, "-", ""))
			}
		}
		found, err := virustotal.BareData[usage](ctx, client, query, []string{"daily", "total"}, of.path(id, "api_usage")...)
		if err != nil {
			return nil, err
		}
		return attributesIn(found), nil
	}
	return s
}

// day checks a day of the calendar, and that it makes a span that VirusTotal answers for with the day of
// another argument, where that is named.
type day struct{ after string }

func (day) Description(context.Context) string { return "value must be a day, such as 2026-01-31" }
func (day) MarkdownDescription(context.Context) string {
	return "value must be a day, such as `2026-01-31`"
}

func (d day) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	end, err := time.Parse(dayFormat, req.ConfigValue.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid day", fmt.Sprintf("%q is no day of the calendar in the form 2026-01-31.", req.ConfigValue.ValueString()))
		return
	}
	if d.after == "" {
		return
	}
	var other types.String
	if found := req.Config.GetAttribute(ctx, path.Root(d.after), &other); found.HasError() {
		resp.Diagnostics.Append(found...)
		return
	}
	start, err := time.Parse(dayFormat, other.ValueString())
	if err != nil {
		return // It is null, not known yet, or wrong, which its own check says.
	}
	switch span := end.Sub(start); {
	case span < 0:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid span of days", fmt.Sprintf("The day %s is before %s, which is %s.", end.Format(dayFormat), d.after, start.Format(dayFormat)))
	case span > longestUsage:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid span of days", fmt.Sprintf("The day %s is %.0f days after %s: VirusTotal answers for at most 30.", end.Format(dayFormat), span.Hours()/24, d.after))
	}
}
