// SPDX-License-Identifier: MPL-2.0

package vttest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

const (
	longestPeriod = 30 // days
	day           = 24 * time.Hour
)

// usage returns a handler that answers with the days of the requested period and their totals. The fixture has only the
// days, by absolute or relative date.
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
		for date, requests := range days {
			if on := c.date(date); !on.Before(start) && !on.After(end) {
				kept[on.Format(time.DateOnly)] = requests
				add(sum, requests)
			}
		}
		report[daily], report[total] = kept, sum
	}
	return c.success(object{"data": report})
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
