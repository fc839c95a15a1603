package emulator_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
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
	for _, part := range emulator.Parts() {
		for _, rule := range part.Rules {
			if !tests[rule.Test] {
				t.Errorf("%s: %s: there is no %s", part.Title, rule.Says, rule.Test)
			}
			if rule.Provenance.Kind == "" || rule.Provenance.Source == "" {
				t.Errorf("%s: %s comes from nowhere", part.Title, rule.Says)
			}
		}
	}
}

// TestEveryPartHasItsRules: of each part of what is documented something is
// held, and every behaviour holds something.
func TestEveryPartHasItsRules(t *testing.T) {
	t.Parallel()
	documented := map[string]int{}
	behaviors := map[string]bool{"": true}
	for _, b := range emulator.Behaviors() {
		behaviors[b.Name] = true
		if len(b.Rules) == 0 || b.Provenance.Kind == "" || b.Provenance.Source == "" {
			t.Errorf("%s: %d rules, %+v", b.Name, len(b.Rules), b.Provenance)
		}
	}
	for _, part := range emulator.Parts() {
		for _, rule := range part.Rules {
			if !behaviors[rule.Behavior] {
				t.Errorf("%s: there is no behaviour %s", part.Title, rule.Behavior)
			}
			if rule.Provenance.Kind == emulator.Documented {
				documented[part.Title]++
			}
		}
	}
	for _, title := range []string{
		"免密支付", "下单并授权／签约", "鸿蒙委托代扣", "协议查询与解约", "预约扣费签约", "预约扣费", "受理扣款", "周期扣费", "保险自动续费",
		"电商合单委托代扣", "个人收款方签约", "车主服务", "境外委托代扣", "教育续费通", "校园轻松付", "信贷还款",
		"签名验签／加解密测试", "跳转签约页", "通知", "平台证书与账单",
	} {
		found := 0
		for part, n := range documented {
			if strings.Contains(part, "("+title+")") {
				found += n
			}
		}
		if found == 0 {
			t.Errorf("nothing documented is held of %s", title)
		}
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

// TestArgumentsOfBehavioursAreRead: an argument that nothing reads says
// something that is not held.
func TestArgumentsOfBehavioursAreRead(t *testing.T) {
	t.Parallel()
	read := []string{"by", "contracts", "currency", "file", "kind", "offset", "role", "scene", "session", "trade_type"}
	for op := range spec.Operations() {
		for name := range op.Behavior.Args {
			if !slices.Contains(read, name) {
				t.Errorf("%s %s: nothing reads %s", op.Method, op.Path, name)
			}
		}
	}
}
