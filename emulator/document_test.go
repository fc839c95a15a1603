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
	for name, table := range map[string]string{"rules": ruleTable(), "scenarios": scenarioTable(), "faults": faultTable(), "samples": sampleTable()} {
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
	b.WriteString("| behaviour | rule | from | test |\n| --- | --- | --- | --- |\n")
	for _, behavior := range emulator.Behaviors() {
		for _, r := range behavior.Rules {
			fmt.Fprintf(&b, "| `%s` | %s | %s: %s | `%s` |\n", behavior.Name, r.Says, r.Provenance.Kind, r.Provenance.Source, r.Test)
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

// sampleTable lists the contract products that have endpoints without a
// behaviour.
func sampleTable() string {
	contract, without, all := map[string]string{}, map[string]int{}, map[string]int{}
	var order []string
	for _, p := range spec.Products() {
		if p.Contract {
			contract[p.Name] = p.Title
			order = append(order, p.Name)
		}
	}
	for op := range spec.Operations() {
		all[op.Product]++
		if op.Behavior.Name == "" {
			without[op.Product]++
		}
	}
	var b strings.Builder
	b.WriteString("| product | | endpoints | of which answer with samples alone |\n| --- | --- | ---: | ---: |\n")
	for _, name := range order {
		fmt.Fprintf(&b, "| %s | %s | %d | %d |\n", name, contract[name], all[name], without[name])
	}
	return b.String()
}
