package emulator_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
)

// TestEveryRuleHasItsTest: a rule that names a test which is not there is held
// by nothing.
func TestEveryRuleHasItsTest(t *testing.T) {
	t.Parallel()
	tests := map[string]bool{}
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok {
				tests[f.Name.Name] = true
			}
		}
	}
	count := 0
	for _, b := range emulator.Behaviors() {
		if b.Name == "" || b.Provenance.Kind == "" || b.Provenance.Source == "" {
			t.Errorf("%+v comes from nowhere", b)
		}
		for _, rule := range b.Rules {
			count++
			if !tests[rule.Test] {
				t.Errorf("%s: %s: there is no %s", b.Name, rule.Says, rule.Test)
			}
			if rule.Provenance.Kind == "" || rule.Provenance.Source == "" {
				t.Errorf("%s: %s comes from nowhere", b.Name, rule.Says)
			}
		}
	}
	if count < 30 {
		t.Errorf("%d rules", count)
	}
}

func TestAnAnswerSaysWhereItComesFrom(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract, target := p.periodic()
	for _, tt := range []struct {
		name, method, target string
		body                 any
		want                 string
	}{
		{"a behaviour", "POST", scheduledSign + "app", with(scheduledBody, "out_contract_code", "three"), "documented; https://pay.weixin.qq.com/doc/v3/merchant/4012524934 (2025-09-19)"},
		{"samples", "GET", "/v3/merchant/fund/balance/BASIC", nil, "documented; samples of https://pay.weixin.qq.com/doc/v3/"},
		{"a documented rule", "POST", schedules + contract.ContractID + "/schedule", reserveBody(1), "assumed; "},
		{"an observed one", "POST", "/v3/papay/contracts/" + p.signScheduled("out_contract_code", "two", "plan_id", 2).ContractID + "/notify", tellBody(1), "observed; https://developers.weixin.qq.com/"},
		{"an assumed one", "POST", target + "/fail-notify", map[string]any{"mchid": emulator.DefaultMchID, "appid": "wxd678efh567hg6787"}, "assumed; "},
	} {
		var body []byte
		if tt.body != nil {
			body = marshal(t, tt.body)
		}
		a := p.send(p.request(tt.method, tt.target, body))
		if got := a.header.Get("Wxpay-Provenance"); !strings.HasPrefix(got, tt.want) {
			t.Errorf("%s: %d %s: %q, want %q", tt.name, a.status, a.body, got, tt.want)
		}
	}
	r := p.request("GET", certificates, nil)
	r.Header.Del("Authorization")
	if a := p.send(r); a.status != 401 || a.header.Get("Wxpay-Provenance") != "" {
		t.Errorf("a check: %d, %v", a.status, a.header)
	}
}
