// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// TestAuditTexts checks the texts of an audit that others parse or sign: the policy, IDs of results, and figures.
func TestAuditTexts(t *testing.T) {
	t.Parallel()
	// Every character that JSON escapes, before every mark that composes with a letter, also with two of them.
	marks := []rune{0x316, 0x345, 0x5b0}
	for mark := rune(0x300); mark <= 0x338; mark++ {
		if slices.ContainsFunc([]rune("abcdefghijklmnopqrstuvwxyz=<>"), func(base rune) bool {
			composed := []rune(norm.NFC.String(string([]rune{base, mark})))
			return len(composed) == 1
		}) {
			marks = append(marks, mark)
		}
	}
	var hostile strings.Builder
	for _, escaped := range "<>&\"\\\n\r\t\b\f\v\x01\x0e\x1a\x1b\x1c\x1d\x1e\x1f\u2028\u2029" {
		for _, first := range marks {
			hostile.WriteString(string([]rune{escaped, first}))
			hostile.WriteString(string([]rune{escaped, first, 0x301, ' ', escaped, 0x323, first, 0x30c, 'x'}))
		}
	}
	owner := norm.NFC.String(hostile.String())
	plain := "Anne \"Élan\" & <Ö>\n"

	g := clean()
	dotted := []string{"/\u0307", "/\u0323\u0307", "a%2F", "/"}
	for _, id := range dotted {
		g.members = append(g.members, shownMember(id))
		g.with = append(g.with, references(id)...)
	}
	member("cy", document{"quotas": document{
		"a": document{"allowed": 100, "used": 64}, "b": document{"allowed": 1000, "used": 950}, "c": document{"allowed": 3, "used": 2},
		"d": document{"allowed": 25000000, "used": 15750000}, "e": document{"allowed": 100, "used": 50}, "f": document{"allowed": 1, "used": 1},
	}})(&g)
	// Everybody's last login is in the future, on another day for each, and nine roles of the roster are gone.
	future := clean()
	roles := document{}
	for i := range 9 {
		id := fmt.Sprintf("m%d", i)
		m := shownMember(id)
		m["attributes"].(document)["last_login"] = at2030 + i*86400
		future.members = append(future.members, m)
		future.with = append(future.with, references(id)...)
		roles[fmt.Sprintf("R%d", i)] = []string{"cy"}
	}
	for i, id := range []string{"ada", "bo", "cy", "di"} {
		replaced(id, with(shownMember(id), document{"attributes": with(shownMember(id)["attributes"].(document), document{"last_login": at2030 - i*86400})}))(&future)
	}
	audits := auditPlanted(t, map[string]plantedGroup{"g": g, "plain": clean(), "future": future}, map[string]document{
		"future": roster(document{"roles": roles}),
		"g": with(strict(), document{"owner": owner, "quota_share": 0.5, "member_daily_limit": nil, "waivers": []any{
			waiver("dormant", "cy", document{"reason": owner}),
			waiver("quota_nearly_used_up", "cy", document{"what": []string{"a", "c", "d", "e", "f", "g", "h"}}),
		}}),
		"plain": with(strict(), document{"owner": plain}),
	}, "")

	for name, want := range map[string]string{"g": owner, "plain": plain} {
		evidence := audits[name].Evidence
		var policy struct {
			Owner   string
			Waivers []struct{ Reason string }
		}
		if err := json.Unmarshal([]byte(evidence.Policy), &policy); err != nil {
			t.Errorf("%s: %v\n%s", name, err, evidence.Policy)
		}
		if norm.NFC.String(policy.Owner) != want || name == "g" && norm.NFC.String(policy.Waivers[0].Reason) != want {
			t.Errorf("%s: the policy's owner is %q, want %q", name, policy.Owner, want)
		}
		if digest := sha256.Sum256([]byte(evidence.Policy)); evidence.Digest != hex.EncodeToString(digest[:]) {
			t.Errorf("%s: the digest is %s", name, evidence.Digest)
		}
		if !norm.NFC.IsNormalString(evidence.Policy) {
			t.Errorf("%s: Terraform would change %q", name, evidence.Policy)
		}
	}
	for _, id := range []string{"%2F%CC%87", "%2F\u0323%CC%87", "a%252F", "%2F"} {
		if _, ok := audits["g"].Results["g/unexpected_member/"+id]; !ok {
			t.Errorf("there is no result of %q", id)
		}
	}
	if why := audits["future"].Results["future/unknown"].Why; strings.Count(why, "VirusTotal shows") != 5 || !strings.HasSuffix(why, "And 7 more.") {
		t.Errorf("unknown: %s", why)
	}
	if why := audits["future"].Results["future/roster_stale/cy"].Why; !strings.Contains(why, "R0, R1, R2, R3, R4 and 4 more") {
		t.Errorf("roster_stale: %s", why)
	}
	found := audits["g"].Results["g/quota_nearly_used_up/cy"]
	for _, figure := range []string{
		"a: 64 % (64 of 100)", "b: 95 % (950 of 1,000)", "c: 66 % (2 of 3)", "d: 63 % (15,750,000 of 25,000,000)", "e: 50 % (50 of 100) and 1 more",
		"Accepted: a until 2026-02-28, c until 2026-02-28, d until 2026-02-28, e until 2026-02-28, f until 2026-02-28.",
	} {
		if !strings.Contains(found.Why, figure) {
			t.Errorf("%q does not say %q", found.Why, figure)
		}
	}
	if found.What != "a,b,c,d,e,f" {
		t.Errorf("found %s", found.What)
	}
}
