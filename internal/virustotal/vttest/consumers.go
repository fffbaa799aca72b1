// SPDX-License-Identifier: MPL-2.0

package vttest

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"time"
)

const monthFormat = "2006-01"

// consumers returns a handler that answers with the accounts that consumed a quota of the group in a period, sorted by
// consumption only if an order is requested. The fixture has the consumption by day and account: {"now-3d": {"yuki": 12}}.
func (c *call) consumers(quota string) http.Handler {
	quotas, _ := attribute(c.target, "quotas").(object)
	if _, ok := quotas[quota]; !ok {
		return badRequest("InvalidArgumentError", fmt.Sprintf("Unknown quota %q", quota))
	}
	in, err := c.inPeriod(c.query.Get("period"))
	if err != nil {
		return badRequest("InvalidArgumentError", err.Error())
	}
	c.name += "/" + quota
	consumed := map[string]int64{}
	days, _ := c.fixtures[c.path()].(object)
	for date, counts := range days {
		if in(c.date(date)) {
			add(consumed, counts)
		}
	}
	var items []any
	for id, n := range consumed {
		kind := "user"
		if _, ok := c.fixtures[join("service_accounts", id)]; ok {
			kind = "service_account"
		}
		items = append(items, object{"type": kind, "id": id, "context_attributes": object{"quota_consumed_from_group": n}})
	}
	sign, ok := map[string]int{"": 0, "asc": 1, "desc": -1}[c.query.Get("order")]
	if !ok {
		return badRequest("InvalidArgumentError", fmt.Sprintf("Invalid order %q", c.query.Get("order")))
	}
	slices.SortFunc(items, func(a, b any) int {
		first, second := text(a.(object), "id"), text(b.(object), "id")
		return cmp.Or(sign*cmp.Compare(consumed[first], consumed[second]), cmp.Compare(first, second))
	})
	return c.list(items)
}

// inPeriod returns a function that reports whether a day is in a period: a month or a day, in this month or the two
// before. It defaults to this month.
func (s *Server) inPeriod(period string) (func(day time.Time) bool, error) {
	now := s.Now().UTC()
	this := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	format := time.DateOnly
	if len(period) <= len(monthFormat) {
		format = monthFormat
	}
	period = cmp.Or(period, now.Format(monthFormat))
	asked, err := time.Parse(format, period)
	if err != nil {
		return nil, fmt.Errorf("period %q is neither YYYY-MM nor YYYY-MM-DD", period)
	}
	if asked.Before(this.AddDate(0, -2, 0)) || asked.After(now) {
		return nil, fmt.Errorf("period %q is not available", period)
	}
	return func(day time.Time) bool { return day.Format(format) == period }, nil
}
