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

// usage returns a handler that answers with the days of the requested period
// and their totals. The fixture has only the days, by absolute or relative
// date.
func (r *reading) usage(fixture object) http.Handler {
	start, end, err := r.period(r.query)
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
			on := r.date(date)
			if on.Before(start) || on.After(end) {
				continue
			}
			kept[on.Format(time.DateOnly)] = requests
			counts, _ := requests.(object)
			for endpoint, count := range counts {
				number, _ := count.(json.Number)
				n, err := number.Int64()
				if err != nil {
					panic(fmt.Sprintf("vttest: %s: %v", r.path(), err))
				}
				sum[endpoint] += n
			}
		}
		report[daily], report[total] = kept, sum
	}
	return r.success(object{"data": report})
}

// period returns the first and last requested day. It defaults to the last 30
// days.
func (s *Server) period(query url.Values) (start, end time.Time, err error) {
	end = s.Now().UTC().Truncate(day)
	if text := query.Get("end_date"); text != "" {
		if end, err = time.Parse("20060102", text); err != nil {
			return start, end, fmt.Errorf("end_date %q is not a date as YYYYMMDD", text)
		}
	}
	start = end.Add(-longestPeriod * day)
	if text := query.Get("start_date"); text != "" {
		if start, err = time.Parse("20060102", text); err != nil {
			return start, end, fmt.Errorf("start_date %q is not a date as YYYYMMDD", text)
		}
	}
	switch span := end.Sub(start); {
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
