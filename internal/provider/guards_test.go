// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal"
	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestActivePrivileges reads privileges at the second in which one expires.
func TestActivePrivileges(t *testing.T) {
	t.Parallel()
	client := &virustotal.Client{
		BaseURL: &url.URL{Scheme: "https", Host: "vt.example"},
		Now:     func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 999, time.UTC) },
		Transport: body(`{"data":{"id":"joe","attributes":{"privileges":{
			"expired":{"granted":true,"expiration_date":1767225600},
			"lasting":{"granted":true,"expiration_date":1767225601},
			"endless":{"granted":true},
			"refused":{"granted":false}
		}}}}`),
	}
	user, err := readUser(t.Context(), client, input{id: "joe"})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(user.ActivePrivileges, set{"endless", "lasting"}) || !slices.Equal(user.GrantedPrivileges, set{"endless", "expired", "lasting"}) {
		t.Errorf("active: %v, granted: %v", user.ActivePrivileges, user.GrantedPrivileges)
	}
}

// TestEmptyAPIKey checks that an empty key is not handed on.
func TestEmptyAPIKey(t *testing.T) {
	t.Parallel()
	fake := serve(t, vttest.SecurityHead)
	fake.Inject("/users/tobias", 100, vttest.Body(http.StatusOK, "application/json", `{"data":{"id":"tobias","attributes":{"apikey":""}}}`))
	failed(t, fake.echo(t, `ephemeral "virustotal_api_key" "ci" { user_id = "tobias" }`), "sent the user without its API key")
}

// TestNoHome checks that without a home directory, .vt.toml in the current directory is not read. It runs alone, since
// it changes that directory.
func TestNoHome(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile(".vt.toml", []byte(`apikey = "`+aKey+`"`), 0o600); err != nil {
		t.Fatal(err)
	}
	_, diags := configuration{}.session(variables{}.get, "")
	if got := faults(diags)["api_key"]; !strings.Contains(got, "No API key is configured") {
		t.Errorf("said %q", got)
	}
}

// responding is a server that always sends the same response, and can encode a state.
type responding struct {
	tfprotov6.ProviderServer
	state    []byte
	response *tfprotov6.ReadDataSourceResponse
	err      error
}

func (r responding) ReadDataSource(ctx context.Context, _ *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	if encoded, ok := ctx.Value(stateKey{}).(*[]byte); ok {
		*encoded = r.state
	}
	return r.response, r.err
}

// TestStateOfAFailedRead checks that a state is replaced only if Read encoded one and the framework did not fail.
func TestStateOfAFailedRead(t *testing.T) {
	t.Parallel()
	of := func(state string) *tfprotov6.ReadDataSourceResponse {
		return &tfprotov6.ReadDataSourceResponse{State: &tfprotov6.DynamicValue{MsgPack: []byte(state)}}
	}
	for name, test := range map[string]struct {
		server responding
		want   string
	}{
		"encoded":     {responding{state: []byte("ours"), response: of("framework's")}, "ours"},
		"not encoded": {responding{response: of("framework's")}, "framework's"},
		"failed":      {responding{state: []byte("ours"), err: errors.New("failed")}, ""},
	} {
		resp, err := server{test.server}.ReadDataSource(t.Context(), nil)
		if !errors.Is(err, test.server.err) || resp != nil && string(resp.State.MsgPack) != test.want || (resp == nil) != (test.want == "") {
			t.Errorf("%s: %v, %v", name, resp, err)
		}
	}
}
