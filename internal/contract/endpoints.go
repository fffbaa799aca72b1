// SPDX-License-Identifier: MPL-2.0

package main

import (
	"net/url"
	"strings"
)

// An endpoint is a GET that the provider can send. {user}, {group}, {service_account} and {quota} in its path stand for
// the IDs of a reading.
type endpoint struct {
	path  string
	query string
	place string // Place of the data in the shape: "quotas" for a dictionary of quotas.
}

// endpoints are all GETs that the provider can send, with the queries that it sends. A test compares them with what the
// data sources request.
var endpoints = []endpoint{
	{path: "users/{user}"},
	{path: "users/{user}/overall_quotas", place: "quotas"},
	{path: "users/{user}/api_usage"},
	{path: "users/{user}/api_quota_group"},
	{path: "users/{user}/intelligence_quota_group"},
	{path: "users/{user}/groups", query: page},
	{path: "users/{user}/groups_managed", query: page},
	{path: "users/{user}/comments", query: page},
	{path: "users/{user}/mentions", query: page},
	{path: "users/{user}/graphs", query: page},
	{path: "users/{user}/collections", query: page},
	{path: "users/{user}/hunting_rulesets", query: page},
	{path: "users/{user}/hunting_notifications", query: page},
	{path: "users/{user}/hunting_notification_files", query: page},
	{path: "users/{user}/retrohunt_jobs", query: page},
	{path: "users/{user}/votes", query: page},
	{path: "groups/{group}"},
	{path: "groups/{group}/users", query: page},
	{path: "groups/{group}/administrators", query: page},
	{path: "groups/{group}/service_accounts", query: page},
	{path: "groups/{group}/relationships/users", query: page},
	{path: "groups/{group}/relationships/administrators", query: page},
	{path: "groups/{group}/relationships/service_accounts", query: page},
	{path: "groups/{group}/users_consuming_quota/{quota}", query: page + "&order=desc"},
	{path: "groups/{group}/activity_log_entries", query: page + "&relationships=user,target"},
	{path: "groups/{group}/graphs", query: page},
	{path: "groups/{group}/api_usage"},
	{path: "service_accounts/{service_account}"},
}

const page = "limit=40"

// ids are what the placeholders of endpoints stand for. "" is not known.
type ids map[string]string

// segments returns the segments of a path, or false if it needs an ID that is not known.
func (i ids) segments(path string) ([]string, bool) {
	segments := strings.Split(path, "/")
	for n, segment := range segments {
		if name, ok := strings.CutPrefix(segment, "{"); ok {
			segments[n] = i[strings.TrimSuffix(name, "}")]
		}
		if segments[n] == "" {
			return nil, false
		}
	}
	return segments, true
}

func parseQuery(query string) url.Values {
	values, err := url.ParseQuery(query)
	if err != nil {
		panic(err) // All queries are constants.
	}
	return values
}
