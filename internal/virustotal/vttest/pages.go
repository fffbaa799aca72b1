// SPDX-License-Identifier: MPL-2.0

package vttest

import (
	"encoding/base64"
	"encoding/binary"
	"hash/fnv"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
)

const (
	defaultLimit = 10
	maxLimit     = 40
	maxCount     = 200 // maximum of meta.count
)

// list returns a handler that answers with a page of items.
func (c *call) list(items []any) http.Handler {
	condition := c.query.Get("filter")
	if condition != "" && c.filter != nil {
		meets, err := c.filter(c.Server, condition)
		if err != nil {
			return badRequest("InvalidArgumentError", err.Error())
		}
		items = slices.DeleteFunc(slices.Clone(items), func(item any) bool {
			reference, _ := item.(object)
			return !meets(reference)
		})
	}
	limit, failure := limitOf(c.query)
	if failure != nil {
		return failure
	}
	list := c.link(url.Values{"filter": {condition}}) // cursors are valid for this list only
	start, ok := position(list, c.query.Get("cursor"))
	if !ok || start > 0 && start >= len(items) {
		return badRequest("InvalidArgumentError", "Invalid cursor")
	}
	end := min(start+limit, len(items))

	data := make([]any, 0, end-start)
	for _, item := range items[start:end] {
		reference, _ := item.(object)
		data = append(data, c.item(reference))
	}
	links := object{"self": c.link(c.query)}
	content := object{"data": data, "links": links}
	switch {
	case end < len(items):
		next := maps.Clone(c.query)
		next.Set("limit", strconv.Itoa(limit))
		next.Set("cursor", cursor(list, end))
		links["next"] = c.link(next)
		content["meta"] = object{"cursor": cursor(list, end), "count": min(len(items), maxCount)}
	case start == 0 && end > 0:
		content["meta"] = object{"count": end}
	}
	return c.success(content)
}

func limitOf(query url.Values) (int, http.Handler) {
	if !query.Has("limit") {
		return defaultLimit, nil
	}
	limit, err := strconv.Atoi(query.Get("limit"))
	switch {
	case err != nil || limit < 1:
		return 0, badRequest("BadRequestError", "Limit must be a positive number")
	case limit > maxLimit:
		return 0, badRequest("BadRequestError", "Limit can't be larger than 40")
	}
	return limit, nil
}

// cursor returns the cursor for a position in a list. It begins with pluses and slashes and ends with equals signs, so
// that clients have to escape it.
func cursor(list string, position int) string {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(list)) // Hashes never fail.
	raw := hash.Sum([]byte{0xfb, 0xef, 0xff})
	raw = binary.BigEndian.AppendUint64(raw, uint64(position)) //nolint:gosec // Positions are never negative.
	return base64.StdEncoding.EncodeToString(raw)
}

// position is the inverse of cursor. It reports whether the cursor is valid for the list. An empty cursor is position
// 0.
func position(list, text string) (int, bool) {
	if text == "" {
		return 0, true
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) < 8 {
		return 0, false
	}
	position := int(binary.BigEndian.Uint64(raw[len(raw)-8:])) //nolint:gosec // Forged cursors are rejected below.
	return position, position > 0 && cursor(list, position) == text
}
