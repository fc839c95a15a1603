package emulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

const (
	globalSign = "/v3/global/papay/contracts/"
	globalPay  = "/v3/global/papay/transactions"
)

var globalBody = map[string]any{
	"appid": "wxd678efh567hg6787", "plan_id": 123, "out_contract_code": "100001256", "user_display_name": "张三",
	"success_notify_url": "https://localhost/signed", "openid": openID,
}

var globalPartnerBody = with(globalBody, "appid", nil, "sp_appid", "wx8888888888888888", "sub_mchid", "1900000110", "sub_appid", "wxcbda96de0b165484")

// signGlobal signs a cross-border contract in an app.
func (p *pay) signGlobal(body map[string]any) *emulator.Contract {
	p.t.Helper()
	session := p.call("POST", globalSign+"app-pre-entrust-sign", body, 200)["session_id"].(string)
	contract, err := p.Agree(session, "")
	if err != nil {
		p.t.Fatal(err)
	}
	return contract
}

func globalPayBody(contractID string, pairs ...any) map[string]any {
	return with(map[string]any{
		"appid": "wxd678efh567hg6787", "description": "QQ公仔", "notify_url": "https://localhost/paid", "out_trade_no": "g1",
		"merchant_category_code": "1011", "contract_id": contractID, "amount": map[string]any{"total": 888, "currency": "HKD"},
	}, pairs...)
}

// lastEvent is the resource of the newest notification, which must be of the
// type and to the URL.
func (p *pay) lastEvent(typ, to string) map[string]any {
	p.t.Helper()
	if _, err := p.Summary(); err != nil { // which lets happen what is due
		p.t.Fatal(err)
	}
	events, err := p.LastEvents(1)
	if err != nil || len(events) != 1 {
		p.t.Fatalf("%d events, %v", len(events), err)
	}
	if events[0].Type != typ || events[0].URL != to {
		p.t.Fatalf("the last event is %s to %s; want %s to %s", events[0].Type, events[0].URL, typ, to)
	}
	return decode(p.t, string(events[0].Resource))
}

func TestCrossBorderScenesAreAnsweredInTheirOwnWay(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	for scene, member := range map[string]string{"app": "session_id", "miniprogram": "session_id", "h5": "sign_url", "jsapi": "sign_url", "web": "show_code_url"} {
		body := with(globalBody, "out_contract_code", scene)
		if scene == "h5" || scene == "web" {
			delete(body, "openid")
		}
		answer := p.call("POST", globalSign+scene+"-pre-entrust-sign", body, 200)
		got, _ := answer[member].(string)
		if len(answer) != 1 || member != "session_id" && !strings.HasPrefix(got, "http://127.0.0.1:1/_wxpay/sessions/") {
			t.Errorf("%s: %v", scene, answer)
		}
		if _, err := p.Agree(got[strings.LastIndex(got, "/")+1:], ""); err != nil {
			t.Errorf("%s: %v", scene, err)
		}
	}
}

func TestExpiredTimeEndsTheSession(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	until := start.Add(5 * time.Minute)
	session := p.call("POST", globalSign+"app-pre-entrust-sign", with(globalBody, "expired_time", until.Format(time.RFC3339)), 200)["session_id"].(string)
	p.clock.Advance(5*time.Minute - time.Second)
	if s, err := p.Session(session); err != nil || s.State != emulator.SessionOpen || !s.ExpiresAt.Equal(until) {
		t.Errorf("a second before: %+v, %v", s, err)
	}
	p.clock.Advance(time.Second)
	if _, err := p.Agree(session, ""); err == nil {
		t.Error("a session that is over was signed")
	}
	lasting := p.call("POST", globalSign+"app-pre-entrust-sign", with(globalBody, "out_contract_code", "2"), 200)["session_id"].(string)
	if s, err := p.Session(lasting); err != nil || s.ExpiresAt.Sub(s.CreatedAt) != 2*time.Hour {
		t.Errorf("without expired_time: %+v, %v", s, err)
	}
	for _, past := range []time.Time{start, p.clock.Now()} {
		p.refused("POST", globalSign+"app-pre-entrust-sign", with(globalBody, "expired_time", past.Format(time.RFC3339)), 400, "PARAM_ERROR")
	}
}

func TestOnlyTheNamedAddressSigns(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	session := p.call("POST", globalSign+"app-pre-entrust-sign", with(globalBody, "user_client_ip", "119.145.83.6"), 200)["session_id"].(string)
	if _, err := p.AgreeFrom(session, "", "119.145.83.7"); err == nil || !strings.Contains(err.Error(), "user_client_ip") {
		t.Errorf("another address: %v", err)
	}
	if contract, err := p.AgreeFrom(session, "", "119.145.83.6"); err != nil || contract.State != emulator.Signed {
		t.Errorf("the named one: %+v, %v", contract, err)
	}
	p.refused("POST", globalSign+"app-pre-entrust-sign", with(globalBody, "out_contract_code", "3", "user_client_ip", "here"), 400, "PARAM_ERROR")
	other := p.call("POST", globalSign+"app-pre-entrust-sign", with(globalBody, "out_contract_code", "2"), 200)["session_id"].(string)
	if _, err := p.AgreeFrom(other, "", "119.145.83.7"); err != nil {
		t.Errorf("where none was named: %v", err)
	}
}

func TestACrossBorderContractLivesAndEnds(t *testing.T) {
	t.Parallel()
	p := newPay(t, func(c *emulator.Config) { c.TerminateURLs = map[int64]string{123: "https://localhost/ended"} })
	p.refused("GET", globalSign+"out-contract-code/100001256?plan_id=123&appid=wxd678efh567hg6787", nil, 404, "RESOURCE_NOT_EXISTS")
	contract := p.signGlobal(globalBody)
	told := p.lastEvent("PAPAY.SIGN", "https://localhost/signed")
	if told["mchid"] != emulator.DefaultMchID || told["openid"] != openID || told["plan_id"] != 123.0 || told["contract_id"] != contract.ContractID ||
		told["operate_time"] != "2026-09-18T10:00:00+08:00" || told["contract_termination_mode"] != nil {
		t.Errorf("PAPAY.SIGN: %v", told)
	}
	got := p.call("GET", globalSign+contract.ContractID+"?appid=wxd678efh567hg6787", nil, 200)
	if got["state"] != "SIGNED" || got["user_display_name"] != "张三" || got["signed_time"] != "2026-09-18T10:00:00+08:00" || got["mchid"] != emulator.DefaultMchID || got["termination_mode"] != nil {
		t.Errorf("signed: %v", got)
	}
	for _, other := range []string{"?appid=wxd678efh567hg6787&plan_id=124", "?appid=wxd678efh567hg6788", "?sub_mchid=1900000110&sp_appid=wxd678efh567hg6787"} {
		p.refused("GET", globalSign+contract.ContractID+other, nil, 404, "RESOURCE_NOT_EXISTS")
	}
	p.clock.Advance(time.Hour)
	end := map[string]any{"appid": "wxd678efh567hg6787", "termination_note": "不再需要"}
	p.call("POST", globalSign+contract.ContractID+"/terminate", end, 204)
	told = p.lastEvent("PAPAY.TERMINATE", "https://localhost/ended")
	if told["contract_termination_mode"] != "MERCHANT" || told["operate_time"] != "2026-09-18T11:00:00+08:00" {
		t.Errorf("PAPAY.TERMINATE: %v", told)
	}
	got = p.call("GET", globalSign+"out-contract-code/100001256?plan_id=123&appid=wxd678efh567hg6787", nil, 200)
	if got["state"] != "TERMINATED" || got["termination_mode"] != "MERCHANT" || got["termination_note"] != "不再需要" || got["terminated_time"] != "2026-09-18T11:00:00+08:00" {
		t.Errorf("terminated: %v", got)
	}
	p.refused("POST", globalSign+contract.ContractID+"/terminate", end, 400, "INVALID_REQUEST")
	p.refused("POST", globalSign+"app-pre-entrust-sign", globalBody, 400, "INVALID_REQUEST")
}

func TestTheThreeWhoEndACrossBorderContract(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	for mode, want := range map[string]string{"": "USER", "SYSTEM_TERMINATE": "PLATFORM", "CUSTOMER_SERVICE_TERMINATE": "PLATFORM", "MERCHANT": "MERCHANT"} {
		contract := p.signGlobal(with(globalBody, "out_contract_code", "m"+mode[:min(len(mode), 3)]))
		if _, err := p.Terminate(contract.ContractID, mode, ""); err != nil {
			t.Fatal(err)
		}
		if told := p.lastEvent("PAPAY.TERMINATE", "https://localhost/signed"); told["contract_termination_mode"] != want {
			t.Errorf("%q is told as %v, want %s", mode, told["contract_termination_mode"], want)
		}
	}
}

func TestACrossBorderSigningThatFailedLeavesNoContract(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	session := p.call("POST", globalSign+"app-pre-entrust-sign", globalBody, 200)["session_id"].(string)
	contract, err := p.Fail(session, "")
	if err != nil {
		t.Fatal(err)
	}
	p.refused("GET", globalSign+contract.ContractID+"?appid=wxd678efh567hg6787", nil, 404, "RESOURCE_NOT_EXISTS")
	if events, err := p.Events(); err != nil || len(events) != 0 {
		t.Errorf("notified: %v, %v", events, err)
	}
	if _, err := p.Lapse(p.signGlobal(with(globalBody, "out_contract_code", "2")).ContractID); err == nil {
		t.Error("a contract that cannot be renewed is to be renewed")
	}
}

func TestAnInstitutionSpeaksForItsSubMerchant(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signGlobal(globalPartnerBody)
	if contract.SubOpenID != openID || contract.OpenID == openID {
		t.Errorf("openid is of the user under the sub-merchant's appid: %+v", contract)
	}
	told := p.lastEvent("PAPAY.SIGN", "https://localhost/signed")
	if told["sp_mchid"] != emulator.DefaultMchID || told["sub_mchid"] != "1900000110" || told["sub_openid"] != openID || told["mchid"] != nil || told["openid"] != nil {
		t.Errorf("PAPAY.SIGN: %v", told)
	}
	const who = "?sp_appid=wx8888888888888888&sub_mchid="
	got := p.call("GET", globalSign+contract.ContractID+who+"1900000110", nil, 200)
	if got["sp_mchid"] != emulator.DefaultMchID || got["mchid"] != nil || got["appid"] != nil || got["openid"] != openID {
		t.Errorf("the query: %v", got)
	}
	p.refused("GET", globalSign+contract.ContractID+who+"1900000111", nil, 404, "RESOURCE_NOT_EXISTS")
	body := globalPayBody(contract.ContractID, "appid", nil, "sp_appid", "wx8888888888888888", "sub_mchid", "1900000110")
	paid := p.call("POST", globalPay, body, 200)
	if payer := paid["payer"].(map[string]any); paid["sub_mchid"] != "1900000110" || payer["sub_openid"] != openID || payer["openid"] != nil {
		t.Errorf("paid: %v", paid)
	}
	p.call("GET", globalPay+"/"+paid["transaction_id"].(string)+"?sub_mchid=1900000110", nil, 200)
	p.refused("GET", globalPay+"/"+paid["transaction_id"].(string), nil, 404, "ORDER_NOT_EXIST")
}

func TestACrossBorderDeductionIsAnsweredWithItsResult(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signGlobal(globalBody)
	paid := p.call("POST", globalPay, globalPayBody(contract.ContractID), 200)
	amount := paid["amount"].(map[string]any)
	if paid["trade_state"] != "SUCCESS" || paid["trade_type"] != "AUTH" || amount["payer_total"] != 888.0 || amount["payer_currency"] != "HKD" {
		t.Errorf("paid: %v", paid)
	}
	if told := p.lastEvent("TRANSACTION.SUCCESS", "https://localhost/paid"); told["out_trade_no"] != "g1" {
		t.Errorf("TRANSACTION.SUCCESS: %v", told)
	}
	again := p.call("POST", globalPay, globalPayBody(contract.ContractID), 200)
	if events, err := p.Events(); err != nil || len(events) != 2 || again["transaction_id"] != paid["transaction_id"] {
		t.Errorf("the same request again: %v, %d events, %v", again, len(events), err)
	}
	p.refused("POST", globalPay, globalPayBody(contract.ContractID, "attach", "x"), 403, "OUT_TRADE_NO_USED")
	got := p.call("GET", globalPay+"/out-trade-no/g1", nil, 200)
	if got["transaction_id"] != paid["transaction_id"] || got["trade_state"] != "SUCCESS" {
		t.Errorf("the query: %v", got)
	}
}

func TestACrossBorderDeductionThatIsNotPaidIsAnError(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signGlobal(globalBody)
	for how, code := range map[emulator.Outcome]string{emulator.OutcomeShort: "NOT_ENOUGH", emulator.OutcomeLate: "NOT_ENOUGH", emulator.OutcomeClosed: "NOT_ENOUGH", emulator.OutcomeLimit: "RULE_LIMIT"} {
		if _, err := p.DeductionsEnd(contract.ContractID, how); err != nil {
			t.Fatal(err)
		}
		p.refused("POST", globalPay, globalPayBody(contract.ContractID), 403, code)
	}
	p.refused("GET", globalPay+"/out-trade-no/g1", nil, 404, "ORDER_NOT_EXIST")
	if _, err := p.DeductionsEnd(contract.ContractID, emulator.OutcomePaid); err != nil {
		t.Fatal(err)
	}
	p.call("POST", globalPay, globalPayBody(contract.ContractID), 200)
	if _, err := p.Terminate(contract.ContractID, "", ""); err != nil {
		t.Fatal(err)
	}
	p.refused("POST", globalPay, globalPayBody(contract.ContractID, "out_trade_no", "g2"), 400, "INVALID_REQUEST")
}

func TestAReversalRefundsWhatIsPaid(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signGlobal(globalBody)
	const order = globalPay + "/out-trade-no/g1"
	p.refused("POST", order+"/reverse", nil, 404, "ORDER_NOT_EXIST")
	p.call("POST", globalPay, globalPayBody(contract.ContractID), 200)
	for range 2 {
		p.call("POST", order+"/reverse", nil, 204)
		if got := p.call("GET", order, nil, 200); got["trade_state"] != "REFUND" {
			t.Errorf("reversed: %v", got)
		}
	}
	jsapiOrder := p.order("out_trade_no", "elsewhere")
	if _, err := p.Pay(jsapiOrder, ""); err != nil {
		t.Fatal(err)
	}
	p.refused("POST", globalPay+"/out-trade-no/elsewhere/reverse", nil, 404, "ORDER_NOT_EXIST")
}
