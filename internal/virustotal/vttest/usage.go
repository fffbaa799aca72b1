// SPDX-License-Identifier: MPL-2.0

package vttest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	longestPeriod = 30 // days
	day           = 24 * time.Hour
)

// usage returns a handler that answers with the days of the requested period and their totals. The fixture has only the
// days, as counts describes.
func (c *call) usage(fixture object) http.Handler {
	start, end, err := c.period(c.query)
	if err != nil {
		return badRequest("BadRequestError", err.Error())
	}
	report := object{}
	for daily, total := range map[string]string{
		"daily":                               "total",
		"daily_endpoints_not_consuming_quota": "total_endpoints_not_consuming_quota",
	} {
		kept, sum := object{}, map[string]int64{}
		days, _ := fixture[daily].(object)
		for on := start; !on.After(end); on = on.Add(day) {
			if requests, ok := c.counts(days, on); ok {
				kept[on.Format(time.DateOnly)] = requests
				for name, n := range requests {
					sum[name] += n
				}
			}
		}
		report[daily], report[total] = kept, sum
	}
	return c.success(object{"data": report})
}

// counts returns what a fixture has of a day, and whether it has anything. The fixture has counts by name, by absolute or
// relative date ("now-3d"), or for days that recur: "daily", "weekdays", which are Monday to Friday, and "day-04" of each
// month. What recurs has happened only in the share of today that is over, and not in the future.
func (s *Server) counts(fixture object, on time.Time) (map[string]int64, bool) {
	sum, found := map[string]int64{}, false
	now := s.Now().UTC()
	passed := min(day, now.Sub(on))
	for key, counts := range fixture {
		recurring := map[string]bool{
			"daily":             true,
			"weekdays":          on.Weekday() != time.Saturday && on.Weekday() != time.Sunday,
			on.Format("day-02"): true,
		}
		switch happens, ok := recurring[key]; {
		case ok && happens && passed > 0:
			found = true
			part := map[string]int64{}
			add(part, counts)
			for name, n := range part {
				sum[name] += n * int64(passed.Minutes()) / int64(day.Minutes())
			}
		case !ok && !strings.HasPrefix(key, "day-") && s.date(key).Equal(on):
			found = true
			add(sum, counts)
		}
	}
	return sum, found
}

// add adds the counts in a fixture to a sum by name.
func add(sum map[string]int64, counts any) {
	all, _ := counts.(object)
	for name, count := range all {
		number, _ := count.(json.Number)
		n, err := number.Int64()
		if err != nil {
			panic(fmt.Sprintf("vttest: the count of %s: %v", name, err))
		}
		sum[name] += n
	}
}

// period returns the first and last requested day. It defaults to the last 30 days.
func (s *Server) period(query url.Values) (start, end time.Time, err error) {
	date := func(name string, otherwise time.Time) time.Time {
		text := query.Get(name)
		if text == "" || err != nil {
			return otherwise
		}
		var date time.Time
		if date, err = time.Parse("20060102", text); err != nil {
			err = fmt.Errorf("%s %q is not a date as YYYYMMDD", name, text)
		}
		return date
	}
	end = date("end_date", s.Now().UTC().Truncate(day))
	start = date("start_date", end.Add(-longestPeriod*day))
	switch span := end.Sub(start); {
	case err != nil:
		return start, end, err
	case span < 0:
		return start, end, fmt.Errorf("start_date is after end_date")
	case span > longestPeriod*day:
		return start, end, fmt.Errorf("the period is longer than %d days", longestPeriod)
	}
	return start, end, nil
}

// date returns the day for an absolute or relative date in a fixture.
func (s *Server) date(key string) time.Time {
	if moment, ok := s.moment(key); ok {
		return moment.UTC().Truncate(day)
	}
	date, err := time.Parse(time.DateOnly, key)
	if err != nil {
		panic(fmt.Sprintf("vttest: %v", err))
	}
	return date
}
