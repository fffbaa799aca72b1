// SPDX-License-Identifier: MPL-2.0

package vttest

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
)

//go:embed all:fixtures all:changed
var files embed.FS

// An object is a JSON object: most often one of VirusTotal's, with an id, a
// type and attributes, or a reference to one, which lacks the attributes.
type object = map[string]any

// load sets a fixture for each embedded file of a directory.
func (s *Server) load(directory string) {
	err := fs.WalkDir(files, directory, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := files.ReadFile(name)
		if err != nil {
			return err
		}
		s.Set(strings.TrimSuffix(strings.TrimPrefix(name, directory), ".json"), string(text))
		return nil
	})
	if err != nil {
		panic(err)
	}
}

// Set makes the JSON what the Server holds at the path, as if a fixture had
// been there: an object for a path such as "/users/joe", a list of objects or
// of references to them for "/users/joe/groups", one of them or null for
// "/users/joe/api_quota_group". The path is escaped: the user "a/b" is at
// "/users/a%2Fb". A string such as "now", "now-200d" or "now+3h" stands for the
// Unix time of then. It panics if the path or the JSON is broken.
func (s *Server) Set(path, json string) {
	value, err := decode(json)
	if err != nil {
		panic(fmt.Sprintf("vttest: %s: %v", path, err))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fixtures[canonical(path)] = value
}

// Delete makes the Server hold nothing at the path. What is below it stays.
func (s *Server) Delete(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.fixtures, canonical(path))
}

// decode keeps numbers as they are written.
func decode(text string) (value any, err error) {
	if !json.Valid([]byte(text)) { // A decoder alone takes what follows the first value.
		return nil, fmt.Errorf("invalid JSON")
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&value)
	return value, err
}

// canonical escapes a path the one way that the fixtures are held under.
func canonical(path string) string {
	segments, err := split(path)
	if err != nil {
		panic(fmt.Sprintf("vttest: %s: %v", path, err))
	}
	return join(segments...)
}

// split unescapes the segments of a path, each by itself, so that an escaped
// slash is never taken for one that separates.
func split(path string) ([]string, error) {
	segments := strings.Split(strings.TrimPrefix(path, "/"), "/")
	for i, segment := range segments {
		var err error
		if segments[i], err = url.PathUnescape(segment); err != nil {
			return nil, err
		}
	}
	return segments, nil
}

// join is the inverse of split.
func join(segments ...string) string {
	var path strings.Builder
	for _, segment := range segments {
		path.WriteString("/" + url.PathEscape(segment))
	}
	return path.String()
}

// pathOf returns where an object, or the one that a reference leads to, is held.
func pathOf(o object) string {
	return join(text(o, "type")+"s", text(o, "id"))
}

// text returns a string of an object, empty if it has none of that name.
func text(o object, name string) string {
	value, _ := o[name].(string)
	return value
}

// attribute returns an attribute of an object, nil if it has none of that name.
func attribute(o object, name string) any {
	attributes, _ := o["attributes"].(object)
	return attributes[name]
}

// dated returns a copy of a value in which relative dates are Unix times.
func (s *Server) dated(value any) any {
	switch value := value.(type) {
	case object:
		dated := make(object, len(value))
		for name, member := range value {
			dated[name] = s.dated(member)
		}
		return dated
	case []any:
		dated := make([]any, len(value))
		for i, item := range value {
			dated[i] = s.dated(item)
		}
		return dated
	case string:
		if moment, ok := s.moment(value); ok {
			return moment.Unix()
		}
	}
	return value
}

var relativeDate = regexp.MustCompile(`^now(?:([+-]\d+)([dh]))?$`)

// moment returns the time that a relative date stands for.
func (s *Server) moment(date string) (time.Time, bool) {
	match := relativeDate.FindStringSubmatch(date)
	if match == nil {
		return time.Time{}, false
	}
	units := map[string]time.Duration{"d": 24 * time.Hour, "h": time.Hour}
	count, _ := strconv.Atoi(match[1]) // "now" alone counts none.
	return s.Now().Add(time.Duration(count) * units[match[2]]), true
}
