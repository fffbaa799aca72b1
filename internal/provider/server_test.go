// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"reflect"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestServersAgree reads every data source through the provider's server and through the framework's, and compares the
// states. It fails if an update of the framework changes what happens to a state after Read.
func TestServersAgree(t *testing.T) {
	t.Parallel()
	fake := serve(t, vttest.SecurityHead)
	fake.Now = fixedNow
	servers := map[string]tfprotov6.ProviderServer{
		"own":       NewServer("test", fake.env.get),
		"framework": providerserver.NewProtocol6(New("test", fake.env.get))(),
	}
	schemas, err := servers["own"].GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range servers {
		empty := dynamic(t, schemas.Provider, nil)
		resp, err := s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: empty})
		if err != nil || len(resp.Diagnostics) != 0 {
			t.Fatal(err, resp)
		}
	}
	arguments := map[string]map[string]any{"virustotal_client_config": {}}
	for _, s := range sources() {
		id := map[string]string{"user": vttest.SecurityHead, "group": vttest.Company, "service account": vttest.ServiceAccount}[s.parent.noun]
		of := map[string]any{s.argument(): id}
		for _, a := range s.arguments {
			if a.required {
				of[a.name] = a.example(fixedNow())
			}
		}
		arguments["virustotal_"+s.name] = of
	}
	if len(arguments) != len(schemas.DataSourceSchemas) {
		t.Errorf("%d data sources are read of %d", len(arguments), len(schemas.DataSourceSchemas))
	}
	for name, described := range schemas.DataSourceSchemas {
		states := map[string]tftypes.Value{}
		for server, s := range servers {
			resp, err := s.ReadDataSource(t.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: dynamic(t, described, arguments[name])})
			if err != nil || len(resp.Diagnostics) != 0 {
				t.Fatalf("%s through the %s server: %v, %+v", name, server, err, resp.Diagnostics)
			}
			states[server], err = resp.State.Unmarshal(described.ValueType())
			if err != nil {
				t.Fatal(err)
			}
		}
		if !states["own"].Equal(states["framework"]) {
			t.Errorf("%s: the servers disagree:\n%s\n%s", name, states["own"], states["framework"])
		}
	}
}

// dynamic returns a configuration with these arguments and null for the rest.
func dynamic(t *testing.T, described *tfprotov6.Schema, arguments map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	typ := described.ValueType()
	values := map[string]tftypes.Value{}
	for name, of := range typ.(tftypes.Object).AttributeTypes {
		values[name] = tftypes.NewValue(of, nil)
		if value, ok := arguments[name]; ok {
			values[name] = asValue(value)
		}
	}
	config, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, values))
	if err != nil {
		t.Fatal(err)
	}
	return &config
}

// TestHiddenInterfaces lists the methods of the framework's server that the wrapper hides, because it embeds an
// interface without them. A new method in the list is a feature of the protocol that the wrapper has to forward as soon
// as the provider has anything for it.
func TestHiddenInterfaces(t *testing.T) {
	t.Parallel()
	inner := providerserver.NewProtocol6(New("test", noVariables))()
	wrapper := reflect.TypeFor[server]()
	var lost []string
	for method := range reflect.TypeOf(inner).Methods() {
		if _, ok := wrapper.MethodByName(method.Name); !ok {
			lost = append(lost, method.Name)
		}
	}
	// Each of these serves something that the provider does not have.
	known := []string{
		"InvokeAction", "PlanAction", "ValidateActionConfig",
		"ListResource", "ValidateListResourceConfig",
		"ConfigureStateStore", "ValidateStateStoreConfig", "GetStates", "DeleteState", "LockState", "UnlockState",
		"ReadStateBytes", "WriteStateBytes",
	}
	for _, name := range lost {
		if !slices.Contains(known, name) {
			t.Errorf("server hides %s: forward it, or say here why it need not", name)
		}
	}
	switch New("test", noVariables).(type) {
	case provider.ProviderWithActions, provider.ProviderWithListResources, provider.ProviderWithStateStores:
		t.Error("the provider has actions, list resources or state stores, which server hides")
	}
}
