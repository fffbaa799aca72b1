// SPDX-License-Identifier: MPL-2.0

package vttest

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

const monthFormat = "2006-01"

// consumers returns a handler that answers with the accounts that consumed a quota of the group in a period, sorted by
// consumption only if an order is requested. The fixture has the consumption by day and account: {"now-3d": {"yuki": 12}}, as
// counts describes.
func (c *call) consumers(quota string) http.Handler {
	quotas, _ := attribute(c.target, "quotas").(object)
	if _, ok := quotas[quota]; !ok {
		return badRequest("InvalidArgumentError", fmt.Sprintf("Unknown quota %q", quota))
	}
	start, end, err := c.inPeriod(c.query.Get("period"))
	if err == nil && end.Sub(start) == day && quota != "api_requests_daily" && quota != "api_requests_monthly" {
		err = fmt.Errorf("quota %q is not available by day", quota)
	}
	if err != nil {
		return badRequest("InvalidArgumentError", err.Error())
	}
	consumed := c.consumed(text(c.target, "id"), quota, start, end)
	c.name += "/" + quota
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

// consumed returns how much of a quota each account consumed from a group, from a day to the one before the end.
func (s *Server) consumed(group, quota string, start, end time.Time) map[string]int64 {
	consumed := map[string]int64{}
	fixture, _ := s.fixtures[join("groups", group, "users_consuming_quota", quota)].(object)
	for on := start; on.Before(end); on = on.Add(day) {
		counts, _ := s.counts(fixture, on)
		for id, n := range counts {
			consumed[id] += n
		}
	}
	return consumed
}

// withConsumption returns the quotas of a group. One whose used is "consumed" in the fixture is used by what all accounts
// consumed in this month.
func (s *Server) withConsumption(group string, quotas object) object {
	shown := make(object, len(quotas))
	for name, value := range quotas {
		quota, _ := value.(object)
		if shown[name] = value; text(quota, "used") != "consumed" {
			continue
		}
		start, end, _ := s.inPeriod("")
		var sum int64
		for _, n := range s.consumed(group, name, start, end) {
			sum += n
		}
		quota = maps.Clone(quota)
		quota["used"] = sum
		shown[name] = quota
	}
	return shown
}

// inPeriod returns the first day of a period and the one after its last: of a month or a day, in this month or the two
// before. It defaults to this month.
func (s *Server) inPeriod(period string) (start, end time.Time, err error) {
	now := s.Now().UTC()
	this := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	format, months, days := time.DateOnly, 0, 1
	if len(period) <= len(monthFormat) {
		format, months, days = monthFormat, 1, 0
	}
	period = cmp.Or(period, now.Format(monthFormat))
	start, err = time.Parse(format, period)
	if err != nil {
		return start, end, fmt.Errorf("period %q is neither YYYY-MM nor YYYY-MM-DD", period)
	}
	if start.Before(this.AddDate(0, -2, 0)) || start.After(now) {
		return start, end, fmt.Errorf("period %q is not available", period)
	}
	return start, start.AddDate(0, months, days), nil
}
