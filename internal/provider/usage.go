// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"math"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"golang.org/x/text/unicode/norm"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// usage has the number of API requests by day and endpoint.
type usage struct {
	Daily                  virustotal.ByName[requestCounts] `json:"daily" doc:"Number of requests by day, such as [2026-01-31], then by endpoint."`
	Total                  requestCounts                    `json:"total" doc:"Number of requests by endpoint."`
	TotalRequests          *int64                           `json:"-" derived:"total_requests" doc:"Sum of [total]. Null if [total] is null."`
	DailyNotConsumingQuota virustotal.ByName[requestCounts] `json:"daily_endpoints_not_consuming_quota" tfsdk:"daily_not_consuming_quota" doc:"Number of requests that consume no quota, by day, then by endpoint."`
	TotalNotConsumingQuota requestCounts                    `json:"total_endpoints_not_consuming_quota" tfsdk:"total_not_consuming_quota" doc:"Number of requests that consume no quota, by endpoint."`
}

func (u *usage) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	type plain usage // Without this method, so that decoding does not recurse.
	if err := json.UnmarshalDecode(dec, (*plain)(u)); err != nil {
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

// requestCounts has the number of requests by endpoint. Its names have no prefix and no parentheses: VirusTotal calls
// the endpoint files both "files" and "/api/v3/(files)", sometimes in the same response.
type requestCounts map[string]*int64

func (c *requestCounts) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var sent virustotal.ByName[*int64]
	if err := json.UnmarshalDecode(dec, &sent); err != nil || sent == nil { // Null stays null.
		return err
	}
	*c = make(requestCounts, len(sent))
	for name, n := range sent {
		name = bareEndpoint(name)
		if earlier := (*c)[name]; earlier != nil {
			sum := add(*earlier, n)
			n = &sum
		}
		(*c)[name] = n
	}
	return nil
}

// bareEndpoint returns an endpoint's name without prefix and parentheses, normalized to NFC.
func bareEndpoint(name string) string {
	// Removing parentheses can undo the normalization, and Terraform would merge names that are equal when normalized.
	name = strings.TrimPrefix(name, "/api/v3/")
	return norm.NFC.String(strings.NewReplacer("(", "", ")", "").Replace(name))
}

// add returns the sum, limited to the range of an int64. A nil n counts as 0.
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
