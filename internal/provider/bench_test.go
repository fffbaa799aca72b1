// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
)

// pages is a transport that answers with full pages of equal items. Only the first item of a page has an attribute with
// the page's number, so that no two pages are equal.
type pages struct {
	data  string // One page: `{"data":[…]`.
	count int    // Number of pages.
}

func pagesOf(item string, count int) pages {
	return pages{`{"data":[` + item + strings.Repeat(","+item, virustotal.PageSize-1) + `]`, count / virustotal.PageSize}
}

func (p pages) RoundTrip(req *http.Request) (*http.Response, error) {
	page := 1
	if cursor := req.URL.Query().Get("cursor"); cursor != "" {
		if _, err := fmt.Sscan(cursor, &page); err != nil {
			return nil, err
		}
	}
	end := "}"
	if page < p.count {
		end = fmt.Sprintf(`,"meta":{"cursor":"%d"}}`, page+1)
	}
	head, tail, _ := strings.Cut(p.data, `"attributes":{`)
	body := io.MultiReader(
		strings.NewReader(head), strings.NewReader(fmt.Sprintf(`"attributes":{"page":%d,`, page)), strings.NewReader(tail), strings.NewReader(end),
	)
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(body)}, nil
}

// largeFile returns a file object of 200 KB, with a handful of attributes that the provider shows.
func largeFile() string {
	return `{"id":"` + aKey + `","type":"file","attributes":{"sha256":"` + aKey + `","size":7340032,"names":["a.exe"],"tags":["peexe"],` +
		`"last_analysis_results":[` + strings.Repeat(`{"engine_name":"Beacon","category":"malicious","result":null},`, 3200) + `{}]},` +
		`"context_attributes":{"notification_id":"n","rule_name":"crane"}}`
}

// keptPerFile reads files and returns the bytes of memory in use per file afterwards, including the cache.
func keptPerFile(tb testing.TB, count int) float64 {
	tb.Helper()
	client := &virustotal.Client{BaseURL: &url.URL{Scheme: "https", Host: "vt.example"}, Transport: pagesOf(largeFile(), count)}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	files, _, _, err := collect(virustotal.Pages[matchedFile](tb.Context(), client, nil, "users", "x", "hunting_notification_files"), nil)
	if err != nil || len(files) != count {
		tb.Fatalf("%d files, %v", len(files), err)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(client)
	runtime.KeepAlive(files)
	return float64(int64(after.HeapAlloc)-int64(before.HeapAlloc)) / float64(count)
}

// TestOnlyShownAttributesAreKept reads file objects of 200 KB each and checks that they take only a few KB of memory.
func TestOnlyShownAttributesAreKept(t *testing.T) { // Not parallel: it measures the whole heap.
	if kept := keptPerFile(t, 200); kept > 8<<10 {
		t.Errorf("%.0f bytes per file are kept", kept)
	}
}

// BenchmarkFiles reads 2,000 files of 200 KB. B/op is the total allocated, kept-B/item is the memory in use per file
// afterwards.
func BenchmarkFiles(b *testing.B) {
	const count = 2000
	b.ReportAllocs()
	kept := 0.
	for b.Loop() {
		kept = keptPerFile(b, count)
	}
	b.ReportMetric(kept, "kept-B/item")
}

// BenchmarkRead reads large lists as Terraform does, from the response bodies to the encoded state.
func BenchmarkRead(b *testing.B) {
	var quotas []string
	for _, name := range []string{
		"api_requests_daily", "api_requests_hourly", "api_requests_monthly", "intelligence_downloads_monthly",
		"intelligence_hunting_rules", "intelligence_searches_monthly", "private_scans_monthly", "private_scans_per_minute",
	} {
		quotas = append(quotas, fmt.Sprintf(`%q:{"allowed":500,"used":13}`, name))
	}
	for _, bench := range []struct {
		source, argument, item string
		count                  int
	}{
		{"virustotal_group_users", "group_id", `{"id":"yuki","type":"user","attributes":{"email":"yuki@puffinferries.example","first_name":"Yuki",` +
			`"last_login":1767225600,"status":"active","user_since":1577836800,"quotas":{` + strings.Join(quotas, ",") + `}}}`, 5000},
		{"virustotal_user_comments", "user_id", `{"id":"u-0-0","type":"comment","attributes":{"date":1767225600,"text":"` + strings.Repeat("x", 200) +
			`","html":"` + strings.Repeat("x", 200) + `","tags":["a","b"],"votes":{"positive":7,"negative":1,"abuse":0}}}`, 10000},
	} {
		b.Run(bench.source, func(b *testing.B) {
			answers := pagesOf(bench.item, bench.count)
			api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				answer, err := answers.RoundTrip(r)
				if err != nil {
					b.Error(err)
					return
				}
				_, err = io.Copy(w, answer.Body)
				if err = errors.Join(err, answer.Body.Close()); err != nil {
					b.Error(err)
				}
			}))
			defer api.Close()
			env := variables{"VIRUSTOTAL_API_KEY": aKey, "VIRUSTOTAL_BASE_URL": api.URL}
			b.ReportAllocs()
			for b.Loop() {
				state, err := readAs(b.Context(), NewServer("bench", env.get), bench.source, map[string]string{bench.argument: "x"})
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(state)), "state-B")
			}
		})
	}
}

// readAs configures a provider and reads a data source. The arguments are strings.
func readAs(ctx context.Context, s tfprotov6.ProviderServer, source string, arguments map[string]string) ([]byte, error) {
	told, err := s.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	config := func(of *tfprotov6.Schema, arguments map[string]string) *tfprotov6.DynamicValue {
		values := map[string]tftypes.Value{}
		for name, typ := range of.ValueType().(tftypes.Object).AttributeTypes {
			values[name] = tftypes.NewValue(typ, nil)
			if value, ok := arguments[name]; ok {
				values[name] = tftypes.NewValue(typ, value)
			}
		}
		value, invalid := tfprotov6.NewDynamicValue(of.ValueType(), tftypes.NewValue(of.ValueType(), values))
		err = errors.Join(err, invalid)
		return &value
	}
	configured, invalid := s.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: config(told.Provider, nil)})
	read, failed := s.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: source, Config: config(told.DataSourceSchemas[source], arguments)})
	if err := errors.Join(err, invalid, failed); err != nil {
		return nil, err
	}
	for _, d := range append(configured.Diagnostics, read.Diagnostics...) {
		return nil, fmt.Errorf("%s: %s", d.Summary, d.Detail)
	}
	return read.State.MsgPack, nil
}

func nullObject(ctx context.Context, s schema.Schema) tftypes.Value {
	typ := s.Type().TerraformType(ctx)
	all := map[string]tftypes.Value{}
	for name, attribute := range typ.(tftypes.Object).AttributeTypes {
		all[name] = tftypes.NewValue(attribute, nil)
	}
	return tftypes.NewValue(typ, all)
}

// BenchmarkDecode decodes a fixture of each type, from the response body to the encoded value.
func BenchmarkDecode(b *testing.B) {
	for name, bench := range map[string]func(*testing.B){
		"user": decoding[user]("users/marit.json"), "group": decoding[group]("groups/puffin_ferries.json"),
		"service account": decoding[account]("service_accounts/puffin_ferries_ci.json"),
		"comment":         decoding[comment]("users/marit/comments.json"), "graph": decoding[graph]("users/marit/graphs.json"),
		"hunting ruleset":      decoding[huntingRuleset]("users/marit/hunting_rulesets.json"),
		"hunting notification": decoding[huntingNotification]("users/marit/hunting_notifications.json"),
		"file":                 decoding[matchedFile]("users/marit/hunting_notification_files.json"),
		"retrohunt job":        decoding[retrohuntJob]("users/marit/retrohunt_jobs.json"),
		"vote":                 decoding[vote]("users/marit/votes.json"),
	} {
		b.Run(name, bench)
	}
}

// decoding decodes the first object of a fixture, with one fixed date in place of relative ones.
func decoding[A any](fixture string) func(*testing.B) {
	return func(b *testing.B) {
		content, err := os.ReadFile(filepath.Join("..", "virustotal", "vttest", "fixtures", fixture))
		if err != nil {
			b.Fatal(err)
		}
		var list []jsontext.Value
		if json.Unmarshal(content, &list) == nil {
			content = list[0]
		}
		content = regexp.MustCompile(`"now[^"]*"`).ReplaceAll(content, []byte("1594718163"))
		encoder := newEncoder(b.Context(), reflect.TypeFor[*A]())
		b.ReportAllocs()
		b.SetBytes(int64(len(content)))
		for b.Loop() {
			client := &virustotal.Client{BaseURL: &url.URL{Scheme: "https", Host: "vt.example"}, Transport: body(`{"data":` + string(content) + `}`)}
			found, err := virustotal.Get[A](b.Context(), client, nil, "x")
			if err != nil {
				b.Fatal(err)
			}
			if err := encoder.encode(msgpack.NewEncoder(io.Discard), reflect.ValueOf(found.Attributes)); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkComments reads 10,000 comments over 250 pages.
func BenchmarkComments(b *testing.B) {
	item := `{"id":"f-` + aKey + `-7c1d9a2e","type":"comment","attributes":{"date":1594718163,"text":"` + strings.Repeat("x", 200) +
		`","html":"` + strings.Repeat("x", 200) + `","tags":["a","b"],"votes":{"positive":7,"negative":1,"abuse":0},"more":"` + strings.Repeat("y", 2000) + `"}}`
	b.ReportAllocs()
	for b.Loop() {
		client := &virustotal.Client{BaseURL: &url.URL{Scheme: "https", Host: "vt.example"}, Transport: pagesOf(item, 10000)}
		comments, _, _, err := collect(virustotal.Pages[comment](b.Context(), client, nil, "users", "x", "comments"), nil)
		if err != nil || len(comments) != 10000 {
			b.Fatalf("%d comments, %v", len(comments), err)
		}
	}
}
