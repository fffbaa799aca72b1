// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// An argument is a data source's argument that is sent to VirusTotal as a query parameter or as a segment of the path.
// It is a string or, if names is not nil, a set of names.
type argument struct {
	name       string
	doc        string
	required   bool
	segment    bool                       // Whether it is the last segment of the path.
	narrows    bool                       // Whether it selects a part of a list.
	fallback   string                     // What to send if it is not set. "" sends nothing.
	example    func(now time.Time) string // A value that VirusTotal accepts.
	validators []validator.String
	encode     func(string) string // Converts the value to VirusTotal's format. nil if that is the same.
	names      []string            // Names that the set can have.
}

func (a argument) schema() schema.Attribute {
	if a.names != nil {
		return schema.SetAttribute{
			ElementType: types.StringType, Optional: true, MarkdownDescription: a.doc,
			Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.NoNullValues(), setvalidator.ValueStringsAre(oneOf(a.names))},
		}
	}
	return schema.StringAttribute{
		Required:            a.required,
		Optional:            !a.required,
		MarkdownDescription: a.doc,
		Validators:          a.validators,
	}
}

// values reads the argument from a configuration: one value, or the names of a set. It returns nil if the argument is
// not set.
func (a argument) values(ctx context.Context, config tfsdk.Config) ([]string, error) {
	if a.names != nil {
		var names []string
		err := asError(config.GetAttribute(ctx, path.Root(a.name), &names))
		slices.Sort(names)
		return names, err
	}
	var value *string
	if err := asError(config.GetAttribute(ctx, path.Root(a.name), &value)); err != nil || value == nil {
		return nil, err
	}
	return []string{*value}, nil
}

// exampleHCL returns the example as it is written in a configuration.
func (a argument) exampleHCL(now time.Time) string {
	text := fmt.Sprintf("%q", a.example(now))
	if a.names != nil {
		return "[" + text + "]"
	}
	return text
}

// encodedArguments are the arguments of a block, as sent to VirusTotal.
type encodedArguments struct {
	set      []argument // Those that the block sets.
	query    url.Values
	segments []string // Last segments of the path.
	selected []string // Names of the attributes to read. nil for all.
	narrowed bool     // Whether only a part of the list is read.
}

// encodeArguments reads and encodes the arguments of a block.
func encodeArguments(ctx context.Context, arguments []argument, config tfsdk.Config) (encodedArguments, error) {
	encoded := encodedArguments{query: url.Values{}}
	for _, a := range arguments {
		values, err := a.values(ctx, config)
		if err != nil {
			return encodedArguments{}, err
		}
		text := a.fallback
		if values != nil {
			encoded.set = append(encoded.set, a)
			encoded.narrowed = encoded.narrowed || a.narrows
			text = strings.Join(values, ",")
		}
		if a.names != nil {
			encoded.selected = values
		}
		if a.encode != nil {
			text = a.encode(text)
		}
		switch {
		case text == "":
		case a.segment:
			encoded.segments = append(encoded.segments, text)
		default:
			encoded.query.Set(a.name, text)
		}
	}
	return encoded, nil
}

// A check is a string validator. It returns the problem with a value as a sentence, or "" if the value is valid.
type check func(value string) (problem string)

func (check) Description(context.Context) string         { return "" }
func (check) MarkdownDescription(context.Context) string { return "" }

func (c check) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	value := req.ConfigValue.ValueString()
	problem := c(value)
	if problem == "" {
		return
	}
	title := "Invalid " + req.Path.String()
	if virustotal.IsKey(strings.TrimSpace(value)) {
		// Terraform prints the line of an argument at fault, and this one has the key.
		resp.Diagnostics.AddError(title, problem)
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, title, problem)
}

// oneOf checks that a value is one of the attributes that a data source has from VirusTotal.
func oneOf(names []string) check {
	return func(value string) string {
		switch {
		case slices.Contains(names, value):
			return ""
		case value == "apikey", value == "group_token":
			return value + " is a secret, which no data source reads. The ephemeral resource virustotal_api_key reads API keys."
		}
		return fmt.Sprintf("%s is not an attribute that VirusTotal sends here. The attributes are: %s.", quote(value), strings.Join(names, ", "))
	}
}

// selection returns the argument attributes for a type with these attributes.
func selection(names []string) argument {
	return argument{
		name: "attributes", names: names,
		example: func(time.Time) string { return names[0] },
		doc: "Attributes to request from VirusTotal. The others are null, and `hidden_attributes` does not list them. Requesting fewer " +
			"makes the response and the state smaller. A derived attribute is set if the one that it is derived from is requested. " +
			"Defaults to all: `" + strings.Join(names, "`, `") + "`.",
	}
}

// filterOf returns the argument filter.
func filterOf(doc, example string) argument {
	return argument{
		name: "filter", doc: doc, narrows: true,
		example: func(time.Time) string { return example },
		validators: []validator.String{check(func(value string) string {
			if strings.TrimSpace(value) == "" {
				return "The filter is empty. To read the whole list, leave filter out."
			}
			return ""
		})},
	}
}

// days are the arguments start_date and end_date.
var days = []argument{
	{
		name: "start_date", encode: compactDay,
		example:    func(now time.Time) string { return now.AddDate(0, 0, -7).Format(dayFormat) },
		doc:        "First day to read (`2026-01-31`), in UTC. VirusTotal keeps 60 days. Defaults to 30 days ago.",
		validators: []validator.String{day{}},
	},
	{
		name: "end_date", encode: compactDay,
		example:    func(now time.Time) string { return now.Format(dayFormat) },
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
func compactDay(text string) string { return strings.ReplaceAll(text, "-", "") }

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
	first, err := time.Parse(dayFormat, other.ValueString())
	if err != nil {
		return // It is null or unknown, or its own validator reports the error.
	}
	switch span := end.Sub(first); {
	case span < 0:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid date range",
			fmt.Sprintf("The day %s is before %s, which is %s.", end.Format(dayFormat), d.after, first.Format(dayFormat)))
	case span > maxRange:
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid date range",
			fmt.Sprintf("The day %s is %.0f days after %s. The maximum is 30.", end.Format(dayFormat), span.Hours()/24, d.after))
	}
}

// maxID is the maximum length of an ID in bytes, far more than any real one has.
const maxID = 512

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
	case len(value) > maxID:
		return fmt.Sprintf("it has %d bytes, and the maximum is %d", len(value), maxID)
	default:
		return ""
	}
}

// quote quotes a configured value for a message, shortened, with API keys masked.
func quote(value string) string {
	const maxQuoted = 100
	if runes := []rune(value); len(runes) > maxQuoted {
		value = string(runes[:maxQuoted]) + "…"
	}
	return fmt.Sprintf("%q", virustotal.MaskKeys(value))
}

// diagnostics wraps the framework's diagnostics as an error, so that a read returns only errors.
type diagnostics diag.Diagnostics

func (d diagnostics) Error() string { return fmt.Sprint(diag.Diagnostics(d).Errors()) }

func asError(diags diag.Diagnostics) error {
	if diags.HasError() {
		return diagnostics(diags)
	}
	return nil
}
