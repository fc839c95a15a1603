package emulator_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

var update = flag.Bool("update", false, "write the tables of docs/emulator.md anew")

const document = "../docs/emulator.md"

// TestDocument holds the tables of docs/emulator.md to the code: the rules with
// their tests, the scenarios, the faults, and what answers with samples alone.
func TestDocument(t *testing.T) {
	t.Parallel()
	have, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	text := string(have)
	for name, table := range map[string]string{"rules": ruleTable(), "scenarios": scenarioTable(), "faults": faultTable(), "samples": sampleTable(t)} {
		begin, end := "<!-- "+name+" -->\n", "<!-- end of "+name+" -->"
		before, rest, ok := strings.Cut(text, begin)
		_, after, closed := strings.Cut(rest, end)
		if !ok || !closed {
			t.Fatalf("the marks of the table of %s are missing", name)
		}
		text = before + begin + "\n" + table + "\n" + end + after
	}
	if text == string(have) {
		return
	}
	if !*update {
		t.Fatal("docs/emulator.md is stale: go test ./emulator -run TestDocument -update")
	}
	if err := os.WriteFile(document, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func ruleTable() string {
	var b strings.Builder
	for i, part := range emulator.Parts() {
		if i > 0 {
			b.WriteString("\n")
		}
		fmt.Fprintf(&b, "### %s\n\n| rule | from | test | of |\n| --- | --- | --- | --- |\n", part.Title)
		for _, r := range part.Rules {
			of := "everything"
			if r.Behavior != "" {
				of = "`" + r.Behavior + "`"
			}
			fmt.Fprintf(&b, "| %s | %s: %s | `%s` | %s |\n", r.Says, r.Provenance.Kind, r.Provenance.Source, r.Test, of)
		}
	}
	return b.String()
}

func scenarioTable() string {
	var b strings.Builder
	b.WriteString("| name | what happens | starts from |\n| --- | --- | --- |\n")
	for _, s := range emulator.Scenarios() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", s.Name, s.Does, s.From)
	}
	return b.String()
}

func faultTable() string {
	var b strings.Builder
	b.WriteString("| case | what happens |\n| --- | --- |\n")
	for _, c := range emulator.DisruptionCases() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", c.Name, c.Does)
	}
	return b.String()
}

// samplesAlone says of each contract product with endpoints that answer with
// samples alone why they do.
var samplesAlone = map[string]string{
	"ebike":          "one state of a contract, from a sample; no event, no termination, and no way from the pre-opening to the id of its contract",
	"offlineface":    "it begins with a face at a camera, of which no page has rules",
	"offlinefacemch": "it begins with users whom an institution brings in, of which no page has rules",
}

// sampleTable lists the contract products that have endpoints without a
// behaviour.
func sampleTable(t *testing.T) string {
	t.Helper()
	without, all := map[string]int{}, map[string]int{}
	for op := range spec.Operations() {
		all[op.Product]++
		if op.Behavior.Name == "" {
			without[op.Product]++
		}
	}
	var b strings.Builder
	b.WriteString("| product | | endpoints | of which answer with samples alone | because |\n| --- | --- | ---: | ---: | --- |\n")
	for _, p := range spec.Products() {
		if !p.Contract {
			continue
		}
		why := samplesAlone[p.Name]
		if (without[p.Name] > 0) != (why != "") {
			t.Errorf("%s: %d endpoints answer with samples alone, and the reason given is %q", p.Name, without[p.Name], why)
		}
		fmt.Fprintf(&b, "| %s | %s | %d | %d | %s |\n", p.Name, p.Title, all[p.Name], without[p.Name], why)
	}
	return b.String()
}
