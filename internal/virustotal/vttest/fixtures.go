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
	"text/template"
	"time"
)

//go:embed all:fixtures all:week all:generated
var files embed.FS

// templates are the templates of generated fixtures. They are executed with the fixture's ID and number.
var templates = template.Must(template.New("").Funcs(template.FuncMap{
	"add": func(a, b int) int { return a + b },
	"mod": func(a, b int) int { return a % b },
}).ParseFS(files, "generated/*.json"))

// An object is a JSON object, usually one of VirusTotal's with ID, type and attributes, or a reference to one, which
// has no attributes.
type object = map[string]any

// load sets the fixtures in a directory of embedded files.
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

// generate sets an object that a template describes, and returns it. The caller holds the lock.
func (s *Server) generate(name, id string, number int) object {
	var text strings.Builder
	if err := templates.ExecuteTemplate(&text, name+".json", object{"ID": id, "N": number}); err != nil {
		panic(err)
	}
	value, err := decode(text.String())
	if err != nil {
		panic(fmt.Sprintf("vttest: the template %s: %v", name, err))
	}
	generated := value.(object) // All templates are objects.
	s.fixtures[pathOf(generated)] = generated
	return generated
}

// Set sets the fixture at an escaped path, given as JSON: an object for a path such as "/users/joe", a list of objects
// or references for "/users/joe/groups", an object, a reference or null for "/users/joe/api_quota_group". The user
// "a/b" is at "/users/a%2Fb". Strings such as "now", "now-200d" and "now+3h" are served as Unix times, relative to Now.
// Set panics if the path or the JSON is invalid.
func (s *Server) Set(path, json string) {
	value, err := decode(json)
	if err != nil {
		panic(fmt.Sprintf("vttest: %s: %v", path, err))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fixtures[canonical(path)] = value
}

// Delete deletes the fixture at the path. Fixtures below it stay.
func (s *Server) Delete(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.fixtures, canonical(path))
}

// decode decodes JSON and keeps numbers as json.Number.
func decode(text string) (value any, err error) {
	if !json.Valid([]byte(text)) { // A Decoder ignores what follows the first value.
		return nil, fmt.Errorf("invalid JSON")
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	err = decoder.Decode(&value)
	return value, err
}

// canonical returns a path in the escaping of the keys of Server.fixtures.
func canonical(path string) string {
	segments, err := split(path)
	if err != nil {
		panic(fmt.Sprintf("vttest: %s: %v", path, err))
	}
	return join(segments...)
}

// split splits a path and then unescapes the segments, so that an escaped slash does not separate segments.
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

// pathOf returns the path of an object or of a referenced object.
func pathOf(o object) string {
	return join(text(o, "type")+"s", text(o, "id"))
}

// text returns a string member of an object, or "" if there is none.
func text(o object, name string) string {
	value, _ := o[name].(string)
	return value
}

// attribute returns an attribute of an object, or nil if there is none.
func attribute(o object, name string) any {
	attributes, _ := o["attributes"].(object)
	return attributes[name]
}

// dated returns a copy of a value, with relative dates replaced by Unix times.
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
	count, _ := strconv.Atoi(match[1]) // 0 for "now".
	return s.Now().Add(time.Duration(count) * units[match[2]]), true
}
