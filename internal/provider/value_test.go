// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"golang.org/x/text/unicode/norm"
)

// decoded decodes JSON into a T and returns it as text, or "" if it is rejected.
func decoded[T any](t *testing.T, sent string, show func(T) string) string {
	t.Helper()
	var value *T
	if err := json.Unmarshal([]byte(sent), &value); err != nil {
		return ""
	}
	if value == nil {
		return "null"
	}
	return show(*value)
}

func TestDate(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"1594718163":          "2020-07-14T09:16:03Z",
		"0":                   "1970-01-01T00:00:00Z",
		"-1":                  "1969-12-31T23:59:59Z",
		"253402300799":        "9999-12-31T23:59:59Z",
		"253402300800":        "", // RFC 3339 has four-digit years.
		"-62167219200":        "0000-01-01T00:00:00Z",
		"-62167219201":        "",
		"1594136453392":       "", // Milliseconds.
		"9223372036854775807": "",
		"1.5":                 "",
		`"1594718163"`:        "",
		"true":                "",
		"null":                "null",
		"1594718163.0":        "2020-07-14T09:16:03Z",
		"1.594718163e9":       "2020-07-14T09:16:03Z",
	} {
		if got := decoded(t, sent, func(d date) string { return string(d) }); got != want {
			t.Errorf("%s is %q, want %q", sent, got, want)
		}
	}
}

func TestSet(t *testing.T) {
	t.Parallel()
	if got := decoded(t, `["b","a","b"]`, func(s set) string { return strings.Join(s, ",") }); got != "a,b" {
		t.Errorf("the set is %s", got)
	}
}

func TestNumber(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"0.95":                         "0.95",
		"1e3":                          "1000",
		"-0.1":                         "-0.1",
		"-0":                           "0",
		"9223372036854775807":          "9223372036854775807",
		"1e400":                        "", // Written out, it would have 400 digits.
		"1e-400":                       "",
		"1e-999999999":                 "",
		"1" + strings.Repeat("0", 100): "",
		`"1"`:                          "",
		"{}":                           "",
		"null":                         "null",
	} {
		if got := decoded(t, sent, func(n number) string { return string(n) }); got != want {
			t.Errorf("%s is %q, want %q", sent, got, want)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	key := strings.Repeat("0f", 32)
	for sent, want := range map[string]string{
		strings.Repeat("[", 101) + strings.Repeat("]", 101): strings.Repeat("[", 101) + strings.Repeat("]", 101),
		strings.Repeat("[", 102) + strings.Repeat("]", 102): "", // Terraform's renderer hangs on a thousand levels.
		`{"a":` + strings.Repeat("9", 101) + `}`:            "",
		`{"token":"` + key + `","url":"https://x/?apikey=` + key + `&y",` +
			`"` + key + `":[1]}`: `{"[API key]":[1],"token":"[API key]","url":"https://x/?apikey=[API key]&y"}`,
		`"tab\t\u00e9\ud83d\ude00"`:        `"tab\té😀"`,
		`{"b":1,"a":{"d":[3,2],"c":null}}`: `{"a":{"c":null,"d":[3,2]},"b":1}`,
		`{"ms":1594136453392,"f":1.10}`:    `{"f":1.10,"ms":1594136453392}`,
		`"<a & b>"`:                        `"<a & b>"`,
		` [ 1 , 2 ] `:                      `[1,2]`,
		`false`:                            `false`,
	} {
		if got := decoded(t, sent, func(v jsonText) string { return string(v) }); got != want {
			t.Errorf("%s is %q, want %q", sent, got, want)
		}
	}
}

// TestTextIsStable puts every character that Terraform's normalization could compose or replace, at the beginning, at
// the end and behind each escape and each other such character, into names and strings.
func TestTextIsStable(t *testing.T) {
	t.Parallel()
	firsts := map[string]rune{} // The first characters of each combining class and kind.
	for r := rune(0x80); r <= unicode.MaxRune; r++ {
		p := norm.NFC.PropertiesString(string(r))
		if utf8.ValidRune(r) && (!p.BoundaryBefore() || !norm.NFC.IsNormalString(string(r))) {
			kind := fmt.Sprint(p.CCC(), p.BoundaryBefore(), norm.NFC.QuickSpanString(string(r)), r > 0xffff)
			if _, found := firsts[kind]; !found {
				firsts[kind] = r
			}
		}
	}
	if len(firsts) < 50 {
		t.Fatalf("only %d kinds of characters", len(firsts))
	}
	marks := []string{"\u0301", "\u0338", "c\u0323\u0301", strings.Repeat("\u0301", 40), "\u1100\u1161\u11a8", "\u212b", "\U0001d15e", "\u0958"}
	for _, r := range firsts {
		marks = append(marks, string(r))
	}
	for _, mark := range marks {
		for _, before := range []string{"", "a", "\n", "\t", "\"", "\\", "<", ">", "&", "\u2028", "\u0000", "\x1f", "b3<", "é", "\u0323", "😀"} {
			for _, whole := range []any{
				before + mark, mark + before, before + mark + "\n", []any{before + mark, mark}, map[string]any{before + mark: before + mark},
			} {
				sent, err := json.Marshal(whole)
				if err != nil {
					t.Fatal(err)
				}
				text := decoded(t, string(sent), func(v jsonText) string { return string(v) })
				var got any
				if err := json.Unmarshal([]byte(norm.NFC.String(text)), &got); err != nil || norm.NFC.String(text) != text || !reflect.DeepEqual(got, whole) {
					t.Errorf("%+q is stored as %+q, which is %+q: %v", whole, text, got, err)
				}
			}
		}
	}
}

func TestQuota(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string][2]string{
		`{"allowed":10,"used":9}`:                   {"1", "0.9"},
		`{"allowed":3,"used":1}`:                    {"2", "0.3333333333333333"},
		`{"allowed":25,"used":241}`:                 {"0", "9.64"},
		`{"allowed":0,"used":5}`:                    {"0", "1"},
		`{"allowed":0,"used":0}`:                    {"0", "0"},
		`{"allowed":-5,"used":0}`:                   {"null", "null"},
		`{"allowed":60000000000,"used":4}`:          {"59999999996", "0.00000000006666666666666667"},
		`{"allowed":9223372036854775807,"used":-1}`: {"null", "null"},
		`{"allowed":null,"used":4}`:                 {"null", "null"},
		`{"allowed":4}`:                             {"null", "null"},
	} {
		var q quota
		if err := json.Unmarshal([]byte(sent), &q); err != nil {
			t.Errorf("%s: %v", sent, err)
			continue
		}
		got := [2]string{"null", "null"}
		if q.Remaining != nil {
			got[0] = strconv.FormatInt(*q.Remaining, 10)
		}
		if q.Utilization != nil {
			got[1] = string(*q.Utilization)
		}
		if got != want {
			t.Errorf("%s leaves %v, want %v", sent, got, want)
		}
	}
}

// TestQuotaSummaries checks that there is no summary if a quota is hidden, because that one may be used up.
func TestQuotaSummaries(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]struct {
		exhausted []string
		highest   string
	}{
		`{"a":{"allowed":10,"used":10},"b":{"allowed":10,"used":1}}`:   {[]string{"a"}, "1"},
		`{"a":{"allowed":10,"used":5},"b":{"allowed":0}}`:              {[]string{}, "0.5"},
		`{"a":{"allowed":10,"used":5},"b":{"allowed":0,"used":null}}`:  {[]string{}, "0.5"},
		`{"a":{"allowed":0,"used":0}}`:                                 {[]string{}, "null"},
		`{}`:                                                           {[]string{}, "null"},
		`{"a":{"allowed":10,"used":10},"b":null}`:                      {nil, "null"},
		`{"a":{"allowed":10,"used":10},"b":{}}`:                        {nil, "null"},
		`{"a":{"allowed":10,"used":10},"b":{"allowed":5}}`:             {nil, "null"},
		`{"a":{"allowed":10,"used":10},"b":{"used":5}}`:                {nil, "null"},
		`{"a":{"allowed":10,"used":10},"b":{"allowed":null,"used":5}}`: {nil, "null"},
		`null`: {nil, "null"},
	} {
		var quotas map[string]*quota
		if err := json.Unmarshal([]byte(sent), &quotas); err != nil {
			t.Fatal(err)
		}
		highest := "null"
		if n := highestUtilization(quotas); n != nil {
			highest = string(*n)
		}
		used := exhausted(quotas)
		if !slices.Equal(used, want.exhausted) || (used == nil) != (want.exhausted == nil) || highest != want.highest {
			t.Errorf("%s: exhausted %v, highest utilization %s", sent, used, highest)
		}
	}
}
