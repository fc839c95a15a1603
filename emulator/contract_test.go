package emulator_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

// codeOf is the code of an ActionError, or "".
func codeOf(err error) string {
	if e, ok := errors.AsType[*emulator.ActionError](err); ok {
		return e.Code
	}
	return ""
}

func described(t *testing.T, method, path string) *spec.Field {
	t.Helper()
	op, ok := spec.Lookup(method, path)
	if !ok {
		t.Fatalf("no %s %s", method, path)
	}
	return op.Response
}

func TestAfterPaymentContractFromPreSignToTermination(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	prepayID := p.order()
	answer := p.call("POST", normalAfterPay, with(presignBody, "prepay_id", prepayID), 200)
	if answer["mchid"] != emulator.DefaultMchID || answer["service_id"] != 12535.0 || answer["out_contract_code"] != code || len(answer) != 3 {
		t.Errorf("pre-sign: %v", answer)
	}
	p.call("GET", contractPath(code), nil, 404) // pre-signed is not signed
	if _, err := p.Agree(prepayID, ""); codeOf(err) != "conflict" {
		t.Errorf("agreed before the payment: %v", err)
	}
	if _, err := p.Pay(prepayID, openID); err != nil {
		t.Fatal(err)
	}
	p.call("GET", contractPath(code), nil, 404) // offered is not signed
	contract, err := p.Agree(prepayID, "")
	if err != nil {
		t.Fatal(err)
	}
	got := p.call("GET", contractPath(code), nil, 200)
	p.fits(t, described(t, "GET", "/v3/password-exempt-contract/contracts/service-id/{service_id}/out-contract-code/{out_contract_code}"), decodeValue(t, string(marshal(t, got))), "")
	if got["contract_state"] != "SIGNED" || got["contract_id"] != contract.ContractID || got["openid"] != openID || got["contract_signed_time"] != "2026-09-18T10:00:00+08:00" {
		t.Errorf("signed: %v", got)
	}
	p.clock.Advance(time.Hour)
	end := p.call("POST", contractPath(code)+"/terminate", map[string]any{"contract_termination_remark": "用户解约"}, 200)
	if len(end) != 3 || end["out_contract_code"] != code {
		t.Errorf("terminate answers an echo: %v", end)
	}
	got = p.call("GET", contractPath(code), nil, 200)
	info, _ := got["contract_terminate_info"].(map[string]any)
	if got["contract_state"] != "TERMINATED" || info["contract_termination_mode"] != "MCH_API_TERMINATE" ||
		info["contract_terminated_time"] != "2026-09-18T11:00:00+08:00" || info["contract_termination_remark"] != "用户解约" {
		t.Errorf("terminated: %v", got)
	}
	again := p.call("POST", contractPath(code)+"/terminate", map[string]any{"contract_termination_remark": "x"}, 400)
	if again["code"] != "INVALID_REQUEST" {
		t.Errorf("terminated twice: %v", again)
	}
}

func TestTrap17ContractIDIsMoreThanAFloatCanHold(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	id, other := p.signMini("a1").ContractID, p.signMini("a2").ContractID
	if len(id) < 17 || strings.Trim(id, "0123456789") != "" || len(id) > 32 || id == other {
		t.Errorf("contract ids %q and %q", id, other)
	}
}

func TestNoContractIs404(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	if answer := p.call("GET", contractPath("nothing"), nil, 404); answer["code"] != "RESOURCE_NOT_EXISTS" {
		t.Errorf("query: %v", answer)
	}
	remark := map[string]any{"contract_termination_remark": "x"}
	p.call("POST", contractPath("nothing")+"/terminate", remark, 404)
	p.call("POST", normalMini, miniBody, 200)
	p.call("POST", contractPath(code)+"/terminate", remark, 404)
}

// TestTrap20AUsedCodeStaysUsed: signed, failed and terminated codes are spent;
// declined and expired ones are not.
func TestTrap20AUsedCodeStaysUsed(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		end    func(p *pay, session string) error
		status int
		state  string
	}{
		{"signed", func(p *pay, s string) error { _, err := p.Agree(s, ""); return err }, 400, "SIGNED"},
		{"failed", func(p *pay, s string) error { _, err := p.Fail(s, ""); return err }, 400, "SIGN_FAILED"},
		{"terminated", func(p *pay, s string) error {
			c, err := p.Agree(s, "")
			if err == nil {
				_, err = p.Terminate(c.ContractID, "", "")
			}
			return err
		}, 400, "TERMINATED"},
		{"lapsed", func(p *pay, s string) error {
			c, err := p.Agree(s, "")
			if err == nil {
				_, err = p.Lapse(c.ContractID)
			}
			return err
		}, 400, "TO_BE_RENEWED"},
		{"declined", func(p *pay, s string) error { return p.Decline(s) }, 200, ""},
		{"expired", func(p *pay, s string) error { p.clock.Advance(2 * time.Hour); return nil }, 200, ""},
		{"still open", func(p *pay, s string) error { return nil }, 200, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPay(t)
			session := p.call("POST", normalMini, miniBody, 200)["pre_entrustweb_id"].(string)
			if err := tt.end(p, session); err != nil {
				t.Fatal(err)
			}
			if tt.state != "" {
				if got := p.call("GET", contractPath(code), nil, 200); got["contract_state"] != tt.state {
					t.Errorf("state %v, want %s", got["contract_state"], tt.state)
				}
			}
			answer := p.call("POST", normalMini, miniBody, tt.status)
			if tt.status == 400 && (answer["code"] != "INVALID_REQUEST" || answer["message"] != "商户签约协议号已使用，请更换后重试") {
				t.Errorf("pre-signed again: %v", answer)
			}
		})
	}
}

func TestACodeIsOfOneContractPerMerchant(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.call("POST", normalMini, with(miniBody, "service_id", 12536), 200) // nobody signed it
	p.signMini(code)
	p.refused("POST", normalMini, with(miniBody, "service_id", 12536), 400, "INVALID_REQUEST")
	p.refused("GET", strings.Replace(contractPath(code), "12535", "12536", 1), nil, 404, "RESOURCE_NOT_EXISTS")
	p.call("POST", harmony, harmonyBody, 200) // a plan is no service
	p.signScheduled("out_contract_code", "planned")
	p.refused("POST", scheduledSign+"app", with(scheduledBody, "out_contract_code", "planned", "plan_id", 12536), 400, "INVALID_REQUEST")
	p.refused("GET", strings.Replace(planContract, "12535", "12536", 1)+"planned", nil, 404, "RESOURCE_NOT_EXISTS")
}

func TestANewSessionReplacesTheOldOne(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	old := p.call("POST", normalMini, miniBody, 200)["pre_entrustweb_id"].(string)
	fresh := p.call("POST", normalMini, miniBody, 200)["pre_entrustweb_id"].(string)
	if _, err := p.Agree(old, ""); codeOf(err) != "conflict" {
		t.Errorf("the old session: %v", err)
	}
	if _, err := p.Agree(fresh, ""); err != nil {
		t.Errorf("the new session: %v", err)
	}
}

func TestTrap19ASessionDiesAtItsAge(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		after time.Duration
		want  string
	}{{2*time.Hour - time.Second, ""}, {2 * time.Hour, "conflict"}} {
		p := newPay(t)
		session := p.call("POST", normalMini, miniBody, 200)["pre_entrustweb_id"].(string)
		p.clock.Advance(tt.after)
		if _, err := p.Agree(session, ""); codeOf(err) != tt.want {
			t.Errorf("agreed after %v: %v", tt.after, err)
		}
	}
}

func TestAfterPaymentOfferIsOverWithItsSession(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	prepayID := p.order()
	p.clock.Advance(time.Hour)
	p.call("POST", normalAfterPay, with(presignBody, "prepay_id", prepayID), 200)
	if _, err := p.Pay(prepayID, ""); err != nil {
		t.Fatal(err)
	}
	p.clock.Advance(2 * time.Hour)
	if _, err := p.Agree(prepayID, ""); codeOf(err) != "conflict" {
		t.Errorf("agreed after the session: %v", err)
	}
}

func TestPreSignAfterPaymentWantsAnOrderThatCanBePaid(t *testing.T) {
	t.Parallel()
	strict := func(c *emulator.Config) { c.Strict = true }
	for _, tt := range []struct {
		name    string
		change  []func(*emulator.Config)
		prepare func(p *pay) string
		status  int
		message string
	}{
		{"made elsewhere", nil, func(*pay) string { return foreign }, 200, ""},
		{"made elsewhere, strictly", []func(*emulator.Config){strict}, func(*pay) string { return foreign }, 400, "prepay_id无效"},
		{"made here, strictly", []func(*emulator.Config){strict}, func(p *pay) string { return p.order() }, 200, ""},
		{"ill-formed", nil, func(*pay) string { return "wx1" }, 400, "prepay_id无效"},
		{"paid", nil, func(p *pay) string { id := p.order(); _, _ = p.Pay(id, ""); return id }, 400, "订单已支付"},
		{"expired", nil, func(p *pay) string { id := p.order(); p.clock.Advance(2 * time.Hour); return id }, 400, "prepay_id已过期"},
		{"a partner's", nil, func(p *pay) string {
			return p.call("POST", partnerJSAPI, map[string]any{
				"sp_appid": "wxd678efh567hg6787", "sp_mchid": emulator.DefaultMchID, "sub_mchid": "1900000110", "description": "d",
				"out_trade_no": "123456", "notify_url": "https://localhost/paid", "amount": map[string]any{"total": 1}, "payer": map[string]any{"sp_openid": openID},
			}, 200)["prepay_id"].(string)
		}, 400, "prepay_id与商户不匹配"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPay(t, tt.change...)
			answer := p.call("POST", normalAfterPay, with(presignBody, "prepay_id", tt.prepare(p)), tt.status)
			if tt.status == 400 && (answer["code"] != "INVALID_REQUEST" || answer["message"] != tt.message) {
				t.Errorf("got %v, want %s", answer, tt.message)
			}
		})
	}
}

func TestAnOrderMadeElsewhereCanBePreSignedAgainAndAgain(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	for range 3 {
		p.call("POST", normalAfterPay, presignBody, 200)
		p.clock.Advance(3 * time.Hour)
	}
	p.call("POST", normalAfterPay, presignBody, 200)
	if _, err := p.Pay(foreign, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Agree(foreign, ""); err != nil {
		t.Error(err)
	}
}

func TestOnlyTheUserOfThePreSignMaySign(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	session := p.call("POST", normalMini, miniBody, 200)["pre_entrustweb_id"].(string)
	if _, err := p.Agree(session, "oSomebodyElse"); codeOf(err) != "conflict" {
		t.Errorf("somebody else signed: %v", err)
	}
	if _, err := p.Agree(session, openID); err != nil {
		t.Error(err)
	}
}

func TestAnotherPayerIsNotOffered(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	prepayID := p.order()
	p.call("POST", normalAfterPay, with(presignBody, "prepay_id", prepayID, "openid", "oSomebodyElse"), 200)
	if _, err := p.Pay(prepayID, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Agree(prepayID, ""); codeOf(err) != "conflict" {
		t.Errorf("another payer was offered the contract: %v", err)
	}
}

// TestTrap23OnlyTheServiceProvidersAnswerHasSubMchID also looks at the names
// of the signing mini program, which differ between the families.
func TestTrap23OnlyTheServiceProvidersAnswerHasSubMchID(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	qs := map[string]any{
		"appid": "wxd678efh567hg6787", "sub_appid": "wxd678efh567hg6788", "sub_mchid": "1900000110", "service_id": 12535,
		"out_contract_code": "qs1", "notify_url": "https://localhost/notify", "contract_display_account": "a", "prepay_id": foreign, "sub_openid": openID,
	}
	if answer := p.call("POST", qsAfterPay, qs, 200); answer["sub_mchid"] != nil {
		t.Errorf("qs: %v", answer)
	}
	if answer := p.call("POST", providerAfterPay, with(providerBody, "prepay_id", foreign), 200); answer["sub_mchid"] != "1900000110" {
		t.Errorf("service provider: %v", answer)
	}
	mini := p.call("POST", providerMini, with(providerBody, "out_contract_code", "sp2"), 200)
	if mini["sign_mp_appid"] != "wxbd687630cd02ce1d" || mini["sign_mp_path"] != "pages/PwdExemptContract/index" || mini["pre_entrustweb_id"] == "" {
		t.Errorf("service provider, mini program: %v", mini)
	}
	contract, err := p.Agree(mini["pre_entrustweb_id"].(string), "")
	if err != nil {
		t.Fatal(err)
	}
	got := p.call("GET", contractPath("sp2"), nil, 200)
	if got["sub_openid"] != openID || got["openid"] != contract.OpenID || len(contract.OpenID) != 28 || got["sub_appid"] != "wxd678efh567hg6788" {
		t.Errorf("query: %v", got)
	}
}

func TestHarmonySessionsAnswerByScene(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	code := p.call("POST", harmony, harmonyBody, 200)
	session := code["pre_entrustweb_id"].(string)
	if code["redirect_url"] != "http://127.0.0.1:1/_wxpay/sessions/"+session || code["mini_program_path"] != nil {
		t.Errorf("QR code: %v", code)
	}
	app := p.call("POST", harmony, with(harmonyBody, "sign_scene", "SIGN_SCENE_APP", "out_contract_code", "app1"), 200)
	if app["redirect_url"] != nil || app["mini_program_username"] == nil || app["mini_program_path"] == nil {
		t.Errorf("app: %v", app)
	}
	if _, err := p.Agree(session, "oUser"); err != nil {
		t.Fatal(err)
	}
	for _, kind := range []string{"harmony-plan-id", "plan-id"} {
		got := p.call("GET", "/v3/papay/sign/contracts/"+kind+"/12535/out-contract-code/"+harmonyBody["out_contract_code"].(string), nil, 200)
		if got["contract_state"] != "SIGNED" || got["openid"] != "oUser" || got["out_user_code"] != "用户A" {
			t.Errorf("%s: %v", kind, got)
		}
	}
}

// TestTrap22TerminateAnswersDifferInShape: papay answers the whole contract,
// password-exempt an echo.
func TestTrap22TerminateAnswersDifferInShape(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	session := p.call("POST", harmony, harmonyBody, 200)["pre_entrustweb_id"].(string)
	if _, err := p.Agree(session, ""); err != nil {
		t.Fatal(err)
	}
	got := p.call("POST", "/v3/papay/sign/contracts/plan-id/12535/out-contract-code/"+code+"/terminate", map[string]any{"contract_termination_remark": "x"}, 200)
	info, _ := got["contract_terminate_info"].(map[string]any)
	if got["contract_state"] != "TERMINATED" || info["contract_termination_mode"] != "MCH_API_TERMINATE" {
		t.Errorf("got %v", got)
	}
}

func TestActionsRefuse(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signMini(code)
	if _, err := p.Terminate(contract.ContractID, "WEPAY_WEB_TERMINATE", "r"); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{
		"no such session":     p.Decline("x"),
		"no such contract":    second(p.Terminate("1", "", "")),
		"terminated already":  second(p.Terminate(contract.ContractID, "", "")),
		"lapsed after ending": second(p.Lapse(contract.ContractID)),
		"session over":        second(p.Agree(contract.SessionID, "")),
	} {
		want := "conflict"
		if strings.HasPrefix(name, "no such") {
			want = "not_found"
		}
		if codeOf(err) != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}

func second[T any](_ T, err error) error { return err }
