// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestAuditRefusals checks that wrong policies are refused before anything is read, and that each error begins with the group's ID.
func TestAuditRefusals(t *testing.T) {
	t.Parallel()
	refused := map[string]document{
		"an unknown control to skip":         {"skip": document{"dormnat": "Off."}},
		"unknown cannot be skipped":          {"skip": document{"unknown": "Off."}},
		"a severity of incomplete":           {"severity": document{"incomplete": "low"}},
		"a severity that is none":            {"severity": document{"dormant": "lwo"}},
		"a number of days":                   {"dormant_days": 0.5},
		"a negative share":                   {"quota_share": -1},
		"single sign-on without the group":   {"require_single_sign_on": true, "read_group": false},
		"a roster without lists":             roster(document{"members": nil, "administrators": nil, "service_accounts": nil, "roles": nil}),
		"a reviewer without letters":         roster(document{"reviewed_by": "-"}),
		"a reviewer that is a number":        roster(document{"reviewed_by": 5}),
		"a reviewer that is a boolean":       roster(document{"reviewed_by": true}),
		"an unknown attribute of the roster": roster(document{"member": []string{"cy"}}),
		"a review in the future":             roster(document{"reviewed_on": "9999-12-31"}),
		"a review on no day":                 roster(document{"reviewed_on": "2026-02-30"}),
		"a reviewer who is no approver":      with(roster(nil), document{"approvers": []string{"ada"}}),
		"a waiver that ends too late":        {"waivers": []any{waiver("dormant", "cy", document{"until": "9999-12-31"})}},
		"a waiver on no day":                 {"waivers": []any{waiver("dormant", "cy", document{"until": "soon"})}},
		"an unknown attribute of a waiver":   {"waivers": []any{waiver("dormant", "cy", document{"ends": "2026-02-28"})}},
		"a waiver without a reason":          {"waivers": []any{waiver("dormant", "cy", document{"reason": " "})}},
		"a waiver of what cannot be waived":  {"waivers": []any{waiver("incomplete", "", nil)}},
		"a waiver of no control":             {"waivers": []any{waiver("dormnat", "cy", nil)}},
		"what of a control that names none":  {"waivers": []any{waiver("dormant", "cy", document{"what": []string{"x"}})}},
		"a pattern":                          {"waivers": []any{waiver("dormant", "*", nil)}},
		"an approver who is none":            {"approvers": []string{"ada"}, "roster": nil, "waivers": []any{waiver("dormant", "cy", nil)}},
		"a waiver that is no object":         {"waivers": []any{"dormant"}},
		"a reason of line feeds":             {"waivers": []any{waiver("dormant", "cy", document{"reason": "\n\t"})}},
		"an approver of line feeds":          {"waivers": []any{waiver("dormant", "cy", document{"approved_by": "\n"})}},
		"a ticket that is no text":           {"waivers": []any{waiver("dormant", "cy", document{"ticket": []string{"x"}})}},
		"commands to the pipeline":           {"skip": document{":::error title=a::b ##[error]c ###vso[task]d \n::warning::e": "Off."}},
		"a quota that is null":               {"quotas": []any{nil}},
		"a reason that is null":              {"skip": document{"dormant": nil}},
		"a member who is null":               roster(document{"members": []any{nil}}),
		"a holder of a role who is null":     roster(document{"roles": document{"X": []any{nil}}}),
		"waivers that are no list":           {"waivers": waiver("dormant", "cy", nil)},
	}
	fake := serve(t)
	c := auditCLI(t, "examples/audit", fake.env(vttest.SecurityHead)...)
	policies := map[string]any{}
	for name, policy := range refused {
		delete(policy, "at")
		policies[strings.ReplaceAll(name, " ", "_")] = policy
	}
	content, err := json.Marshal(document{"groups": policies, "at": cellTime})
	if err != nil {
		t.Fatal(err)
	}
	c.WriteFile("refused.auto.tfvars.json", string(content))
	printed, exit := c.Run("plan", "-input=false", "-no-color")
	if exit != 1 {
		t.Errorf("exit code %d\n%s", exit, printed)
	}
	for _, request := range fake.Requests() {
		if strings.HasPrefix(request.Path, "/groups/") {
			t.Errorf("with a wrong policy, %s is read", request.Path)
		}
	}
	for group := range policies {
		if !strings.Contains(printed, group+": ") {
			t.Errorf("%s is not refused", group)
		}
	}
	for _, command := range []string{"::", "##[", "##vso["} {
		if strings.Contains(printed, command) {
			t.Errorf("Terraform's messages have %s\n%s", command, printed)
		}
	}
	for line := range strings.Lines(printed) {
		if strings.Contains(line, "Error: ") && !strings.Contains(line, "Resource precondition failed") {
			t.Error(line)
		}
	}
}
