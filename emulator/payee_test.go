package emulator_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

const (
	payees    = "/v3/ecommerce/individual-contracts/"
	payeeSign = payees + "pre-entrust-sign/"
	namedSign = payees + "pre-entrust-sign-with-real-name-identity/"
	payeeApp  = "wxd678efh567h23787"
	payeeCode = "APPLYMENT_00000000001"
)

var payeeBody = map[string]any{"appid": payeeApp, "out_contract_code": payeeCode}

func payeeQuery(code string) string {
	return payees + "out-contract-code/" + code + "?appid=" + payeeApp
}

func payeeByUser(openID string) string {
	return payees + openID + "?appid=" + payeeApp + "&permission_type=INDIVIDUAL_PAYEE"
}

func TestAPayeesSession(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]bool{2*time.Hour - time.Second: true, 2 * time.Hour: false} {
		p := newPay(t)
		answer := p.call("POST", payeeSign+"app", payeeBody, 200)
		p.clock.Advance(age)
		if _, err := p.Agree(answer["pre_entrustweb_id"].(string), openID); (err == nil) != want || len(answer) != 1 {
			t.Errorf("after %s: %v, %v", age, answer, err)
		}
	}
}

func TestAPayeesCode(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	long := strings.Repeat("_-aA0123", 16)
	p.call("POST", payeeSign+"app", with(payeeBody, "out_contract_code", long), 200)
	p.refused("POST", payeeSign+"app", with(payeeBody, "out_contract_code", long+"a"), 400, "PARAM_ERROR")
	p.refused("POST", payeeSign+"app", with(payeeBody, "out_contract_code", "a b"), 400, "PARAM_ERROR")
	if contract := p.agree(p.call("POST", payeeSign+"app", payeeBody, 200)); contract.DisplayAccount != contract.Code {
		t.Errorf("it is shown as %q", contract.DisplayAccount)
	}
	p.refused("POST", payeeSign+"app", payeeBody, 400, "INVALID_REQUEST")
}

func TestAPayeeIsAuthorized(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.refused("GET", payeeQuery(payeeCode), nil, 404, "RESOURCE_NOT_EXISTS")
	presigned := p.call("POST", payeeSign+"mini-program", with(payeeBody, "openid", openID), 200)
	p.clock.Advance(time.Minute)
	if got := p.call("GET", payeeQuery(payeeCode), nil, 200); got["auth_state"] != "UNAUTHORIZED" || got["signed_time"] != "2026-09-18T10:00:00+08:00" || got["individual_auth_id"] != nil {
		t.Errorf("before the signing: %v", got)
	}
	contract := p.agree(presigned)
	want := p.call("GET", payeeQuery(payeeCode), nil, 200)
	if want["auth_state"] != "AUTHORIZED" || want["signed_time"] != "2026-09-18T10:01:00+08:00" || want["individual_auth_id"] != contract.ContractID || want["individual_openid"] != openID || want["real_name_auth_result"] != nil {
		t.Errorf("signed: %v", want)
	}
	p.clock.Advance(time.Minute)
	p.play("user-terminated", contract.ContractID)
	if got := p.call("GET", payeeQuery(payeeCode), nil, 200); got["auth_state"] != "UNAUTHORIZED" || got["signed_time"] != want["signed_time"] {
		t.Errorf("terminated: %v", got)
	}
	failed := p.call("POST", payeeSign+"app", with(payeeBody, "out_contract_code", "failed"), 200)
	p.play("failed", failed["pre_entrustweb_id"].(string))
	if got := p.call("GET", payeeQuery("failed"), nil, 200); got["auth_state"] != "UNAUTHORIZED" || got["individual_auth_id"] != nil {
		t.Errorf("failed: %v", got)
	}
	if events, err := p.Events(); err != nil || len(events) != 0 {
		t.Errorf("told %v, %v", events, err)
	}
}

func TestAPayeeIsFoundByTheOpenID(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.refused("GET", payeeByUser(openID), nil, 404, "RESOURCE_NOT_EXISTS")
	sign := func(code string) map[string]any {
		return p.call("POST", payeeSign+"mini-program", with(payeeBody, "out_contract_code", code, "openid", openID), 200)
	}
	first := p.agree(sign("first"))
	p.clock.Advance(time.Minute)
	second := p.agree(sign("second"))
	p.play("failed", sign("third")["pre_entrustweb_id"].(string)) // changes nothing
	got := p.call("GET", payeeByUser(openID), nil, 200)
	if got["individual_auth_id"] != second.ContractID || got["auth_state"] != "AUTHORIZED" || got["operation_time"] != "2026-09-18T10:01:00+08:00" {
		t.Errorf("got %v, after %s", got, first.ContractID)
	}
	p.clock.Advance(time.Minute)
	p.play("user-terminated", second.ContractID)
	if got := p.call("GET", payeeByUser(openID), nil, 200); got["auth_state"] != "UNAUTHORIZED" || got["operation_time"] != "2026-09-18T10:02:00+08:00" {
		t.Errorf("terminated: %v", got)
	}
	p.play("to-be-renewed", p.agree(sign("fourth")).ContractID)
	if got := p.call("GET", payeeByUser(openID), nil, 200); got["auth_state"] != "UNAUTHORIZED" {
		t.Errorf("run out: %v", got)
	}
	other := strings.NewReplacer(payeeApp, "wxanother")
	p.refused("GET", other.Replace(payeeByUser(openID)), nil, 404, "RESOURCE_NOT_EXISTS")
	p.refused("GET", other.Replace(payeeQuery("first")), nil, 404, "RESOURCE_NOT_EXISTS")
}

func TestAPayeesNameIsEncrypted(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	header := http.Header{"Wechatpay-Serial": {p.creds.PublicKeyID}}
	body := with(payeeBody, "openid", openID, "real_name", p.seal("张三丰"), "cred_type", "ID_CARD", "cred_id", p.seal("110101199003070000"))
	for name, bad := range map[string]any{"real_name": "张三丰", "cred_id": p.seal(strings.Repeat("1", 65)), "cred_type": "PASSPORT"} {
		if got := p.callWith("POST", namedSign+"mini-program", with(body, name, bad), 400, header); got["code"] != "PARAM_ERROR" {
			t.Errorf("%s: %v", name, got)
		}
	}
	contract := p.agree(p.callWith("POST", namedSign+"mini-program", body, 200, header))
	proof, _ := p.call("GET", payeeQuery(payeeCode), nil, 200)["real_name_auth_result"].(map[string]any)
	if proof["scope"] != "pay_realname" || proof["access_token"] == "" || proof["access_token_expire_time"] != "2026-09-18T12:00:00+08:00" {
		t.Errorf("proof: %v", proof)
	}
	if state := exported(t, p.Emulator); strings.Contains(state, "张三丰") || strings.Contains(state, "110101199003070000") {
		t.Error("the state holds the payee's name or number")
	}
	p.play("user-terminated", contract.ContractID)
	if got := p.call("GET", payeeQuery(payeeCode), nil, 200); got["real_name_auth_result"] != nil {
		t.Errorf("terminated: %v", got)
	}
	app := with(body, "openid", nil, "out_contract_code", "app")
	signed := p.agree(p.callWith("POST", namedSign+"app", app, 200, header))
	if got := p.call("GET", payeeByUser(signed.OpenID), nil, 200); got["auth_state"] != "AUTHORIZED" {
		t.Errorf("signed in an app: %v", got)
	}
}

// TestAPayeeIsTakenIn: one who signed before the emulator was started.
func TestAPayeeIsTakenIn(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	if _, err := p.AddContract(emulator.Contract{Kind: "individual", Code: "earlier", AppID: payeeApp, OpenID: openID}); err != nil {
		t.Fatal(err)
	}
	for _, target := range []string{payeeQuery("earlier"), payeeByUser(openID)} {
		if got := p.call("GET", target, nil, 200); got["auth_state"] != "AUTHORIZED" {
			t.Errorf("%s: %v", target, got)
		}
	}
	if _, err := p.AddContract(emulator.Contract{Kind: "nothing", Plan: 1, Code: "x", AppID: "x", OpenID: "x"}); err == nil || !strings.Contains(err.Error(), "individual") {
		t.Errorf("a kind that is none: %v", err)
	}
}
