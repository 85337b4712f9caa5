package gig

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/engagement.md")

const documented = "../../docs/engagement.md"

var sideWords = map[Side]string{BySeeker: "求职者 worker", ByEmployer: "用工方 employer", BySystem: "系统 system"}

// The drawing is the table: whoever changes one is told of the other.
func TestTheDocumentedStateMachineIsTheOneInForce(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	b.WriteString("# 用工关系的状态 · The states of an engagement\n\n")
	b.WriteString("由 `internal/gig/engagement.go` 的表画出，测试保证两者一致。Drawn from the table in `internal/gig/engagement.go`; a test holds the two together\n(`go test ./internal/gig -run Documented -update` draws it anew).\n\n")
	b.WriteString("```mermaid\nstateDiagram-v2\n    [*] --> applied: apply 报名\n    [*] --> confirmed: apply 报名（急招）\n    [*] --> invited: invite 邀请\n")
	for _, x := range transitions {
		for _, from := range x.from {
			fmt.Fprintf(&b, "    %s --> %s: %s\n", from, x.to, x.act)
		}
	}
	b.WriteString("```\n\n| act | from | to | who |\n|---|---|---|---|\n")
	for _, x := range transitions {
		from, who := make([]string, len(x.from)), make([]string, len(x.by))
		for i, s := range x.from {
			from[i] = string(s)
		}
		for i, s := range x.by {
			who[i] = sideWords[s]
		}
		if len(who) == 0 {
			who = []string{"工作人员 staff"}
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", x.act, strings.Join(from, ", "), x.to, strings.Join(who, ", "))
	}
	b.WriteString("\n工作人员可以代办任何一方的动作，记在经过里。Staff may act for either side; the history says so.\n")
	if *update {
		if err := os.WriteFile(documented, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(documented)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != b.String() {
		t.Error("docs/engagement.md is not what the table says; run with -update and read the difference")
	}
}
