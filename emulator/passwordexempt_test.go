package emulator_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

// exempt is one pre-sign of a password-exempt contract: its address, a body
// that it takes, and the members that name the user, of which it wants one.
type exempt struct {
	target string
	body   map[string]any
	users  []string
}

// exempts are all eight.
func exempts() []exempt {
	const signing = "/v3/password-exempt-contract/contracts/"
	institution := with(providerBody, "sp_appid", nil, "appid", "wxd678efh567hg6787")
	roles := map[string]exempt{
		"normal":           {body: miniBody, users: []string{"openid"}},
		"ecommerce":        {body: miniBody, users: []string{"openid"}},
		"service-provider": {body: providerBody, users: []string{"sp_openid", "sub_openid"}},
		"qs":               {body: institution, users: []string{"openid", "sub_openid"}},
	}
	var all []exempt
	for role, e := range roles {
		all = append(all, exempt{signing + role + "/pre-entrust-sign/mini-program", e.body, e.users},
			exempt{signing + role + "/pre-entrust-sign/pay-redirect-sign", with(e.body, "prepay_id", foreign), e.users})
	}
	return all
}

func TestOneOfTheUsersIsNamed(t *testing.T) {
	t.Parallel()
	for _, e := range exempts() {
		p := newPay(t)
		nobody, both := e.body, e.body
		for _, user := range e.users {
			nobody, both = with(nobody, user, nil), with(both, user, openID)
		}
		p.refused("POST", e.target, nobody, 400, "PARAM_ERROR")
		p.call("POST", e.target, both, 200)
		for _, user := range e.users {
			p.call("POST", e.target, with(nobody, user, openID), 200)
		}
	}
}

func TestWhatAPreSignMayHold(t *testing.T) {
	t.Parallel()
	for _, e := range exempts() {
		p := newPay(t)
		for name := range e.body {
			if !slices.Contains(e.users, name) {
				p.refused("POST", e.target, with(e.body, name, nil), 400, "PARAM_ERROR")
			}
		}
		for name, bad := range map[string][]any{
			"out_contract_code":        {"with_underline", "with-hyphen", strings.Repeat("c", 33), ""},
			"notify_url":               {"http://localhost/notify", "https://localhost/notify?a=b", "https://localhost/" + strings.Repeat("n", 239), "/notify"},
			"contract_display_account": {strings.Repeat("户", 33), "a smile \U0001F600"},
			"service_id":               {"12535", 0},
			e.users[0]:                 {strings.Repeat("o", 129)},
			"plan_id":                  {12535},
		} {
			for _, value := range bad {
				p.refused("POST", e.target, with(e.body, name, value), 400, "PARAM_ERROR")
			}
		}
		p.call("POST", e.target, with(e.body, "out_contract_code", strings.Repeat("c", 32), "contract_display_account", strings.Repeat("户", 32),
			"notify_url", "https://localhost/"+strings.Repeat("n", 238)), 200)
	}
}

func TestAfterPaymentAnswersNoSession(t *testing.T) {
	t.Parallel()
	for _, e := range exempts() {
		want := []string{"mchid", "out_contract_code", "service_id"}
		if e.users[0] == "sp_openid" {
			want = append(want, "sub_mchid")
		}
		if e.body["prepay_id"] == nil {
			want = append(want, "pre_entrustweb_id", "sign_mp_appid", "sign_mp_path")
		}
		wantMembers(t, newPay(t).call("POST", e.target, e.body, 200), want...)
	}
}

// wantMembers wants an answer to have these members and no other.
func wantMembers(t *testing.T, answer map[string]any, want ...string) {
	t.Helper()
	for _, name := range want {
		if answer[name] == nil {
			t.Errorf("%v lacks %s", answer, name)
		}
	}
	if len(answer) != len(want) {
		t.Errorf("%v, want %v", answer, want)
	}
}

func TestTheQueryOfAPasswordExemptContract(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.signMini(code)
	always := []string{"mchid", "contract_id", "appid", "openid", "service_id", "out_contract_code", "contract_display_account", "contract_state", "contract_signed_time"}
	wantMembers(t, p.call("GET", contractPath(code), nil, 200), always...)
	p.refused("GET", contractPath(code)+"?sub_mchid=1900000110", nil, 400, "PARAM_ERROR")
	p.refused("GET", contractPath(code)+"?mchid="+emulator.DefaultMchID, nil, 400, "PARAM_ERROR")
	p.agree(p.call("POST", providerMini, with(providerBody, "out_contract_code", "sub"), 200))
	got := p.call("GET", contractPath("sub"), nil, 200)
	wantMembers(t, got, append(always, "sub_appid", "sub_openid")...)
	if got["appid"] != providerBody["sp_appid"] || got["sub_appid"] != providerBody["sub_appid"] || got["sub_openid"] != openID || got["openid"] == openID {
		t.Errorf("who is who: %v", got)
	}
}

func TestOnlyAContractInForceIsEnded(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.signMini(code)
	target, body := contractPath(code)+"/terminate", map[string]any{"contract_termination_remark": "r"}
	p.refused("POST", target, map[string]any{}, 400, "PARAM_ERROR")
	p.refused("POST", target, with(body, "contract_termination_remark", strings.Repeat("r", 257)), 400, "PARAM_ERROR")
	wantMembers(t, p.call("POST", target, body, 200), "mchid", "service_id", "out_contract_code")
	p.refused("POST", target, body, 400, "INVALID_REQUEST")
	info, _ := p.call("GET", contractPath(code), nil, 200)["contract_terminate_info"].(map[string]any)
	if info["contract_termination_mode"] != "MCH_API_TERMINATE" || info["contract_termination_remark"] != "r" || info["contract_terminated_time"] != "2026-09-18T10:00:00+08:00" {
		t.Errorf("%v", info)
	}
}

func TestAPasswordExemptContractIsNotDeductedFrom(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signMini(code)
	p.refused("POST", apply, applyBody(contract.ContractID), 404, "RESOURCE_NOT_EXISTS")
	p.refused("POST", "/v3/papay/contracts/"+contract.ContractID+"/notify", tellBody(100), 404, "RESOURCE_NOT_EXISTS")
}

func TestAPrepayIDPaysForTwoHours(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]string{2*time.Hour - time.Second: "", 2 * time.Hour: "conflict"} {
		p := newPay(t)
		prepayID := p.order()
		p.clock.Advance(age)
		if _, err := p.Pay(prepayID, ""); codeOf(err) != want {
			t.Errorf("after %v: %v", age, err)
		}
	}
}
