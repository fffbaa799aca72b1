// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// An argument is a data source's argument that is sent to VirusTotal as a query parameter or as a segment of the path.
type argument struct {
	name       string
	doc        string
	required   bool
	segment    bool   // Whether it is the last segment of the path.
	example    string // A value that VirusTotal accepts.
	validators []validator.String
	encode     func(string) string // Converts the value to VirusTotal's format. nil if that is the same.
}

func (a argument) schema() schema.Attribute {
	return schema.StringAttribute{
		Required:            a.required,
		Optional:            !a.required,
		MarkdownDescription: a.doc,
		Validators:          a.validators,
	}
}

// encodedArguments are the arguments that a block sets, as sent to VirusTotal.
type encodedArguments struct {
	names    []string // Names of the arguments.
	query    url.Values
	segments []string // Last segments of the path.
}

// encodeArguments reads and encodes the arguments of a block.
func encodeArguments(ctx context.Context, arguments []argument, config tfsdk.Config) (encodedArguments, error) {
	a := encodedArguments{query: url.Values{}}
	for _, argument := range arguments {
		var value *string
		if err := asError(config.GetAttribute(ctx, path.Root(argument.name), &value)); err != nil {
			return encodedArguments{}, err
		}
		if value == nil {
			continue
		}
		a.names = append(a.names, argument.name)
		encoded := *value
		if argument.encode != nil {
			encoded = argument.encode(encoded)
		}
		if argument.segment {
			a.segments = append(a.segments, encoded)
		} else {
			a.query.Set(argument.name, encoded)
		}
	}
	return a, nil
}

// A check is a string validator. It returns the problem with a value as a sentence, or "" if the value is valid.
type check func(value string) (problem string)

func (check) Description(context.Context) string         { return "" }
func (check) MarkdownDescription(context.Context) string { return "" }

func (c check) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if problem := c(req.ConfigValue.ValueString()); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid "+strings.ReplaceAll(req.Path.String(), "_", " "), problem)
	}
}

// filterOf returns the argument filter.
func filterOf(doc, example string) argument {
	return argument{
		name: "filter", doc: doc, example: example,
		validators: []validator.String{check(func(value string) string {
			if strings.TrimSpace(value) == "" {
				return "The filter is empty. To read the whole list, leave filter out."
			}
			return ""
		})},
	}
}

// quotaName is the argument quota.
var quotaName = argument{
	name: "quota", required: true, segment: true, example: "intelligence_downloads_monthly",
	doc: "Name of the quota, as in `quotas` of `virustotal_group`, such as `intelligence_downloads_monthly`.",
	validators: []validator.String{check(func(value string) string {
		if problem := segmentProblem(value); problem != "" {
			return fmt.Sprintf("%s is not the name of a quota: %s. A name is, for example, intelligence_downloads_monthly.", quote(value), problem)
		}
		return ""
	})},
}

// period is the argument period.
var period = argument{
	name: "period", example: time.Now().UTC().Format(monthFormat),
	doc: "Month (`2026-11`) or day (`2026-11-20`) to read, in UTC. VirusTotal keeps the current month and the two before it. Defaults to the current month.",
	validators: []validator.String{check(func(value string) string {
		_, month := time.Parse(monthFormat, value)
		_, day := time.Parse(dayFormat, value)
		if month != nil && day != nil {
			return fmt.Sprintf("%s is neither a month in the form 2026-11 nor a day in the form 2026-11-20.", quote(value))
		}
		return ""
	})},
}

// days are the arguments start_date and end_date.
var days = []argument{
	{
		name: "start_date", example: time.Now().UTC().AddDate(0, 0, -7).Format(dayFormat), encode: compactDay,
		doc:        "First day to read (`2026-01-31`), in UTC. VirusTotal keeps 60 days. Defaults to 30 days ago.",
		validators: []validator.String{day{}},
	},
	{
		name: "end_date", example: time.Now().UTC().Format(dayFormat), encode: compactDay,
		doc:        "Last day to read (`2026-01-31`), in UTC. It must not be before `start_date`, or more than 30 days after it. Defaults to today.",
		validators: []validator.String{day{after: "start_date"}},
	},
}

const (
	monthFormat = "2006-01"
	dayFormat   = time.DateOnly

	maxRange = 30 * 24 * time.Hour // VirusTotal's maximum.
)

// compactDay converts a day to VirusTotal's format: 20260131.
func compactDay(day string) string { return strings.ReplaceAll(day, "-", "") }

// day validates a day. If after names another argument, it also checks that the day is at most 30 days after that one.
type day struct{ after string }

func (day) Description(context.Context) string         { return "" }
func (day) MarkdownDescription(context.Context) string { return "" }

func (d day) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	end, err := time.Parse(dayFormat, req.ConfigValue.ValueString())
	if err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid day", fmt.Sprintf("%s is not a day in the form 2026-01-31.", quote(req.ConfigValue.ValueString())))
		return
	}
	if d.after == "" {
		return
	}
	var other types.String
	if diags := req.Config.GetAttribute(ctx, path.Root(d.after), &other); diags.HasError() {
		resp.Diagnostics.Append(diags...)
		return
	}
	start, err := time.Parse(dayFormat, other.ValueString())
	if err != nil {
		return // It is null or unknown, or its own validator reports the error.
	}
	switch span := end.Sub(start); {
	case span < 0:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid date range",
			fmt.Sprintf("The day %s is before %s, which is %s.", end.Format(dayFormat), d.after, start.Format(dayFormat)))
	case span > maxRange:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid date range",
			fmt.Sprintf("The day %s is %.0f days after %s. The maximum is 30.", end.Format(dayFormat), span.Hours()/24, d.after))
	}
}

// segmentProblem returns why a value cannot be a segment of an API path, or "" if it can.
func segmentProblem(value string) string {
	switch trimmed := strings.TrimSpace(value); {
	case virustotal.IsKey(trimmed):
		return "it looks like an API key"
	case trimmed == "":
		return "it is empty"
	case trimmed != value:
		return "it has leading or trailing white space"
	case value == ".", value == "..":
		return "it would change the path of the request"
	default:
		return ""
	}
}

// quote quotes a configured value for a message, with API keys masked.
func quote(value string) string { return fmt.Sprintf("%q", virustotal.MaskKeys(value)) }
