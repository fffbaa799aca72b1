// SPDX-License-Identifier: MPL-2.0

package acceptance

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/virustotal/terraform-provider-virustotal/internal/virustotal/vttest"
)

// TestGitHub runs the nightly workflow and its action on Monday and on Tuesday, with an API key that is not allowed to
// read the members, without a report, and with a policy by which the gate passes.
func TestGitHub(t *testing.T) {
	t.Parallel()
	repo, hook, monday, tuesday := newTeamRepository(t), newWebhook(t), serve(t), serve(t)
	tuesday.Day(2)
	if err := os.RemoveAll(filepath.Join(repo.dir, "ledger")); err != nil { // The action has one.
		t.Fatal(err)
	}
	context := map[string]string{
		"inputs.first": "true", "github.server_url": "https://github.example", "github.repository": "acme/access", "github.run_id": "7", "github.run_attempt": "1",
	}
	all := []string{"Prepare", "Audit", "Summarize", "Record and notify", "Gate"}
	expect := func(want []string, verdict string) {
		t.Helper()
		ran := repo.workflow(t, "virustotal-audit.yml", context)
		if !slices.Equal(ran.ran, want) || ran.outputs[""]["verdict"] != verdict || ran.passed != (verdict == "0") {
			t.Errorf("ran %q, want %q; the verdict is %v, want %v; passed: %v", ran.ran, want, ran.outputs[""], verdict, ran.passed)
		}
		reports := ran.artifacts["reports"]
		if (reports != "") != slices.Equal(want, all) || reports != ran.outputs[""]["reports"] {
			t.Errorf("kept %q, and the reports are %q", ran.artifacts, ran.outputs[""]["reports"])
		}
		if reports != "" {
			for _, name := range []string{"report.html", "report.sarif", "SHA256SUMS"} {
				if _, err := os.Stat(filepath.Join(reports, name)); err != nil {
					t.Error(err)
				}
			}
		}
	}
	repo.use(monday, vttest.SecurityHead)
	expect(all, "1")
	contains(t, repo.content(t, "summary"), "# VirusTotal access audit", "changes that are not committed")
	contains(t, repo.content(t, "ledger/terraform.tfstate"), "puffin_ferries/dormant/henrik", "tobias")

	context["inputs.first"] = ""
	repo.secrets["NOTIFY_URL"] = hook.URL + secretPath
	repo.use(tuesday, vttest.SecurityHead)
	expect(all, "1")
	contains(t, strings.Join(hook.answers(http.StatusOK), "\n"), ": tobias (puffin_ferries)", "henrik")
	state := repo.content(t, "ledger/terraform.tfstate")
	contains(t, state, "puffin_ferries/administrator_without_2fa/tobias")

	// The API key of a plain member cannot read the members. The report says so, and the ledger keeps what it has.
	repo.use(tuesday, vttest.Member)
	expect(all, "2")
	contains(t, strings.Join(hook.answers(http.StatusOK), "\n"), "Not looked at: ")
	state = repo.content(t, "ledger/terraform.tfstate")
	contains(t, state, "puffin_ferries/administrator_without_2fa/tobias")
	contains(t, state, "puffin_ferries/incomplete")

	// Without a plan there is no report: one line is posted, and nothing is summarized or recorded.
	if err := os.RemoveAll(filepath.Join(repo.dir, "summary")); err != nil {
		t.Fatal(err)
	}
	repo.secrets["VIRUSTOTAL_API_KEY"] = "fa4e"
	expect([]string{"Prepare", "Audit", "Notify of a failed audit"}, "2")
	if posted := hook.answers(http.StatusOK); len(posted) != 1 || !strings.Contains(posted[0], "The access audit failed") ||
		!strings.HasSuffix(posted[0], "\nhttps://github.example/acme/access/actions/runs/7") {
		t.Errorf("posted %q", posted)
	}
	if repo.content(t, "summary") != "" || repo.content(t, "ledger/terraform.tfstate") != state {
		t.Error("a failed audit was summarized or recorded")
	}

	repo.policy(t, `fail_on = "critical"`)
	repo.use(monday, vttest.SecurityHead)
	expect(all, "0")
}

// TestActionInputs checks that neither names in the policy nor inputs are run or obeyed, and that with hold, the ledger decides.
func TestActionInputs(t *testing.T) {
	t.Parallel()
	repo, fake := newTeamRepository(t), serve(t)
	repo.use(fake, vttest.SecurityHead)
	const hostile = `$(touch pwned)'; touch pwned; "` + "`touch pwned`"
	owner := "::error title=x::\n::error title=x::y ##[error]z $" + hostile
	repo.write(t, "terraform.tfvars", "groups = {\n"+fmt.Sprintf("%q = { owner = %q }\n", "$"+hostile, owner)+"}\n")
	root := filepath.Join(repo.dir, hostile)
	if err := os.Mkdir(root, 0o700); err != nil {
		t.Fatal(err)
	}
	if printed, ok := repo.run(t, nil, "bash", "-ec", "mv *.tf *.tfvars .terraform.lock.hcl \"$0\" && rm -r .terraform ledger", root); !ok {
		t.Fatal(printed)
	}
	j := &job{repo, map[string]string{
		"github.server_url": "https://github.example", "github.repository": "acme/access", "github.run_id": "7", "github.run_attempt": "1",
	}, nil, true, map[string]string{}, map[string]map[string]string{}, ""}
	run := func(with map[string]any) {
		t.Helper()
		with["api-key"], with["directory"], with["ledger"], with["hold"] = fake.Key(vttest.SecurityHead), hostile, hostile+"/led ger", true
		j.ran, j.passed = nil, true
		j.action(t, workflowStep{Name: "action", With: with}, map[string]string{
			"GITHUB_STEP_SUMMARY": filepath.Join(repo.dir, "summary"), "RUNNER_TEMP": t.TempDir(), "GITHUB_ACTIONS": "true", "GITHUB_ACTOR": hostile,
		})
	}
	run(map[string]any{"first": true})
	if j.outputs[""]["verdict"] != "2" {
		t.Errorf("the verdict is %q: a group that is not there is audited", j.outputs[""]["verdict"])
	}
	run(map[string]any{})
	if want := []string{"Prepare", "Audit", "Summarize", "Record and notify", "Gate"}; !j.passed || !slices.Equal(j.ran, want) {
		t.Errorf("nothing is new; passed: %v, ran %q", j.passed, j.ran)
	}
	for line := range strings.Lines(j.printed) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") {
			t.Errorf("a command: %q", line)
		}
	}
	for _, directory := range []string{repo.dir, root, filepath.Join(root, "led ger")} {
		if _, err := os.Stat(filepath.Join(directory, "pwned")); err == nil {
			t.Errorf("a name was run in %s", directory)
		}
	}
	// A group more is something new.
	repo.write(t, filepath.Join(hostile, "terraform.tfvars"), "groups = { puffin_ferries = {} }\n")
	run(map[string]any{})
	if j.passed || j.outputs[""]["verdict"] != "1" || j.ran[len(j.ran)-1] != "Record and notify" {
		t.Errorf("new findings pass with hold; ran %q", j.ran)
	}
}

// TestGitHubPolicy runs the workflow for pull requests.
func TestGitHubPolicy(t *testing.T) {
	t.Parallel()
	repo := newTeamRepository(t)
	// The stub filters the comments in a file, as gh does, and records any other command.
	repo.stub(t, "gh", `[ "$GH_TOKEN" = token ] || exit 1
		case "$*" in
		"api repos/$GITHUB_REPOSITORY/issues/7/comments --paginate --jq "*) jq "$5" comments ;;
		*) echo "$*" >commented; cp policy.md posted.md ;;
		esac`)
	const comment = `{"id": %d, "user": {"login": %q}, "body": %q}`
	foreign := fmt.Sprintf(comment, 1, "joe", "### Access policy") + "," + fmt.Sprintf(comment, 2, "github-actions[bot]", "### Coverage")
	repo.write(t, "comments", "["+foreign+"]")
	commit := "git init -q && git add *.tf *.sh terraform.tfvars && git -c user.name=x -c user.email=x@example.com commit -qm x"
	if printed, ok := repo.run(t, nil, "bash", "-ec", commit); !ok {
		t.Fatal(printed)
	}
	context := map[string]string{"github.event.pull_request.base.sha": "HEAD", "github.event.pull_request.number": "7", "github.token": "token"}
	repo.env = append(repo.env, "GITHUB_REPOSITORY=acme/access")

	repo.write(t, "zz.auto.tfvars", `fail_on = "critical"`)
	if j := repo.workflow(t, "virustotal-policy.yml", context); !j.passed || !slices.Equal(j.ran, []string{"Compare", "Comment"}) {
		t.Errorf("ran %q, passed: %v", j.ran, j.passed)
	}
	posted := repo.content(t, "posted.md")
	contains(t, posted, "|  | <code>fail_on</code> | <code>high</code> | <code>critical</code> |\n")
	contains(t, repo.content(t, "summary"), posted)
	contains(t, repo.content(t, "commented"), "pr comment 7 --body-file policy.md\n")

	// The next push updates the comment.
	if err := os.Remove(filepath.Join(repo.dir, "zz.auto.tfvars")); err != nil {
		t.Fatal(err)
	}
	mine := fmt.Sprintf(comment, 16, "github-actions[bot]", posted) + "," + fmt.Sprintf(comment, 17, "github-actions[bot]", posted)
	repo.write(t, "comments", "["+mine+","+foreign+"]")
	repo.workflow(t, "virustotal-policy.yml", context)
	contains(t, repo.content(t, "posted.md"), "No changes.", "Weaker")
	contains(t, repo.content(t, "commented"), "api repos/acme/access/issues/comments/17 --method PATCH --field body=@policy.md --silent\n")

	// Without the base, the difference is not known. Without the comments, a second one could be added.
	context["github.event.pull_request.base.sha"] = strings.Repeat("0123456789", 4)
	if j := repo.workflow(t, "virustotal-policy.yml", context); j.passed || len(j.ran) != 1 {
		t.Errorf("an unknown base: ran %q, passed: %v", j.ran, j.passed)
	}
	context["github.event.pull_request.base.sha"] = "HEAD"
	repo.write(t, "comments", "not JSON")
	if j := repo.workflow(t, "virustotal-policy.yml", context); j.passed || len(j.ran) != 2 {
		t.Errorf("without the comments: ran %q, passed: %v", j.ran, j.passed)
	}

	repo.write(t, "terraform.tfvars", "groups = {")
	if j := repo.workflow(t, "virustotal-policy.yml", context); j.passed || len(j.ran) != 1 {
		t.Errorf("an invalid policy: ran %q, passed: %v", j.ran, j.passed)
	}
}
