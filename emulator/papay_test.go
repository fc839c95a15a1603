package emulator_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

const (
	scheduledSign = "/v3/papay/scheduled-deduct-sign/contracts/pre-entrust-sign/"
	partnerSign   = "/v3/papay/scheduled-deduct-sign/partner/contracts/pre-entrust-sign/"
	planContract  = "/v3/papay/sign/contracts/plan-id/12535/out-contract-code/"
	partnerPlan   = "/v3/papay/sign/partner/contracts/plan-id/12535/out-contract-code/"
)

// scheduledBody is a pre-sign of a deduction of 1 yuan on 2026-09-20.
var scheduledBody = map[string]any{
	"appid": "wxd678efh567hg6787", "openid": openID, "plan_id": 12535, "out_contract_code": code,
	"contract_display_account": "微信代扣用户A", "contract_notify_url": "https://localhost/notify",
	"deduct_schedule": schedule("2026-09-20", 100),
}

// partnerScheduled is the same by a service provider.
var partnerScheduled = with(scheduledBody, "appid", nil, "openid", nil, "sp_appid", "wxd678efh567hg6787",
	"sub_mchid", "1900000110", "sub_appid", "wxd678efh567hg6788", "sub_openid", openID)

func schedule(date string, total int) map[string]any {
	return map[string]any{"estimated_deduct_date": date, "estimated_deduct_amount": yuan(total), "description": "会员"}
}

func yuan(total int) map[string]any { return map[string]any{"total": total, "currency": "CNY"} }

// set moves the clock and does nothing else: what falls due in between is seen
// all the same.
func (p *pay) set(text string) {
	p.t.Helper()
	to, err := time.Parse("2006-01-02 15:04:05 -0700", text+" +0800")
	if err != nil {
		p.t.Fatal(err)
	}
	p.clock.Set(to)
}

// refused sends a request that must be refused with a code.
func (p *pay) refused(method, target string, body any, status int, code string) map[string]any {
	p.t.Helper()
	answer := p.call(method, target, body, status)
	if answer["code"] != code {
		p.t.Errorf("%s %s: %v, want %s", method, target, answer, code)
	}
	return answer
}

// signScheduled signs a contract of scheduled deduction.
func (p *pay) signScheduled(pairs ...any) *emulator.Contract {
	p.t.Helper()
	return p.agree(p.call("POST", scheduledSign+"mini-program", with(scheduledBody, pairs...), 200))
}

func (p *pay) agree(presigned map[string]any) *emulator.Contract {
	p.t.Helper()
	contract, err := p.Agree(presigned["pre_entrustweb_id"].(string), "")
	if err != nil {
		p.t.Fatal(err)
	}
	return contract
}

// told lists the events of a type, as plaintext.
func (p *pay) told(eventType string) (told []map[string]any) {
	p.t.Helper()
	events, err := p.Events()
	if err != nil {
		p.t.Fatal(err)
	}
	for _, event := range events {
		if event.Type == eventType {
			var resource map[string]any
			if err := json.Unmarshal(event.Resource, &resource); err != nil {
				p.t.Fatal(err)
			}
			told = append(told, resource)
		}
	}
	return told
}

func TestAScheduledSessionLivesTenMinutes(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]string{10*time.Minute - time.Second: "", 10 * time.Minute: "conflict"} {
		p := newPay(t)
		session := p.call("POST", scheduledSign+"mini-program", scheduledBody, 200)["pre_entrustweb_id"].(string)
		p.clock.Advance(age)
		if _, err := p.Agree(session, ""); codeOf(err) != want {
			t.Errorf("after %v: %v", age, err)
		}
	}
}

func TestTheSignerIsTheUserOfThePreSign(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	session := p.call("POST", scheduledSign+"mini-program", scheduledBody, 200)["pre_entrustweb_id"].(string)
	if _, err := p.Agree(session, "oAnother"); codeOf(err) != "conflict" {
		t.Errorf("another user: %v", err)
	}
	if contract, err := p.Agree(session, openID); err != nil || contract.OpenID != openID {
		t.Errorf("the user: %v", err)
	}
	open := p.call("POST", scheduledSign+"app", with(scheduledBody, "openid", nil, "out_contract_code", "open"), 200)["pre_entrustweb_id"].(string)
	if contract, err := p.Agree(open, "oAnybody"); err != nil || contract.OpenID != "oAnybody" {
		t.Errorf("nobody was named: %v", err)
	}
}

func TestPreSignBefore19OfTheDayBefore(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.set("2026-09-19 18:59:59")
	p.call("POST", scheduledSign+"app", scheduledBody, 200)
	p.set("2026-09-19 19:00:00")
	p.refused("POST", scheduledSign+"app", scheduledBody, 400, "INVALID_REQUEST")
	p.refused("POST", scheduledSign+"app", with(scheduledBody, "deduct_schedule", schedule("2026-09-18", 100)), 400, "INVALID_REQUEST")
	p.refused("POST", scheduledSign+"app", with(scheduledBody, "deduct_schedule", schedule("2026-02-30", 100)), 400, "PARAM_ERROR")
}

func TestTheExpectedAmountIsAtMostTheStandardPrice(t *testing.T) {
	t.Parallel()
	p := newPay(t, func(c *emulator.Config) { c.Plans = map[int64]emulator.Plan{12535: {StandardPrice: 100}} })
	p.call("POST", scheduledSign+"app", scheduledBody, 200)
	p.refused("POST", scheduledSign+"app", with(scheduledBody, "deduct_schedule", schedule("2026-09-20", 101)), 400, "INVALID_REQUEST")
	if err := p.SetPlan(12535, emulator.Plan{StandardPrice: 101}); err != nil {
		t.Fatal(err)
	}
	p.call("POST", scheduledSign+"app", with(scheduledBody, "deduct_schedule", schedule("2026-09-20", 101)), 200)
	money := map[string]any{"estimated_deduct_date": "2026-09-20", "estimated_deduct_amount": map[string]any{"total": 1, "currency": "USD"}, "description": "d"}
	p.refused("POST", scheduledSign+"app", with(scheduledBody, "deduct_schedule", money), 400, "PARAM_ERROR")
}

func TestAPlanIsWhatWasSetUp(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.adminOK("POST", "/plans/12535", `{"kind":"scheduled"}`)
	p.refused("POST", scheduledSign+"app", with(scheduledBody, "deduct_schedule", nil), 400, "INVALID_REQUEST")
	p.adminOK("POST", "/plans/12535", `{"kind":"periodic","standard_price":5}`)
	p.refused("POST", scheduledSign+"app", scheduledBody, 400, "INVALID_REQUEST")
	if got, err := p.Plans(); err != nil || got[12535] != (emulator.Plan{Kind: emulator.PlanPeriodic, StandardPrice: 5}) {
		t.Errorf("%v, %v", got, err)
	}
	if a := p.admin("POST", "/plans/12535", `{"kind":"yearly"}`); a.status != 400 {
		t.Errorf("an unknown kind: %d", a.status)
	}
	if _, err := emulator.New(emulator.Config{Credentials: credentials(), Plans: map[int64]emulator.Plan{1: {Kind: "yearly"}}}); err == nil {
		t.Error("an unknown kind in the configuration")
	}
	if err := p.Reset(); err != nil {
		t.Fatal(err)
	}
	if got, err := p.Plans(); err != nil || len(got) != 0 {
		t.Errorf("after a reset: %v, %v", got, err)
	}
}

func TestAUserHasAtMostTenContractsInForcePerPlan(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	for i := range 10 {
		p.signScheduled("out_contract_code", fmt.Sprintf("c%d", i))
	}
	p.refused("POST", scheduledSign+"app", with(scheduledBody, "out_contract_code", "c10"), 403, "RULE_LIMIT")
	p.call("POST", scheduledSign+"app", with(scheduledBody, "out_contract_code", "c11", "plan_id", 2), 200)
	p.call("POST", scheduledSign+"app", with(scheduledBody, "out_contract_code", "c12", "openid", "oAnother"), 200)
	late := p.call("POST", scheduledSign+"app", with(scheduledBody, "out_contract_code", "c13", "openid", nil), 200)["pre_entrustweb_id"].(string)
	if contract, err := p.Agree(late, openID); err != nil || contract.State != emulator.SignFailed {
		t.Errorf("the eleventh is %v, %v", contract, err)
	}
	p.call("POST", planContract+"c3/terminate", map[string]any{"contract_termination_remark": "r"}, 200)
	if contract := p.signScheduled("out_contract_code", "c14"); contract.State != emulator.Signed {
		t.Errorf("the tenth again is %s", contract.State)
	}
}

func TestAnOutUserCodeHasOneContractInForcePerPlan(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.signScheduled("out_user_code", "A")
	again := with(scheduledBody, "out_contract_code", "again", "out_user_code", "A")
	p.refused("POST", scheduledSign+"app", again, 400, "INVALID_REQUEST")
	p.call("POST", scheduledSign+"app", with(again, "out_user_code", "B"), 200)
	p.call("POST", scheduledSign+"app", with(again, "plan_id", 2), 200)
	p.call("POST", planContract+code+"/terminate", map[string]any{"contract_termination_remark": "r"}, 200)
	p.call("POST", scheduledSign+"app", again, 200)
}

func TestEachSceneIsAnsweredInItsOwnWay(t *testing.T) {
	t.Parallel()
	for scene, want := range map[string][]string{
		"app":          {"pre_entrustweb_id", "miniprogram_username", "miniprogram_path"},
		"mini-program": {"pre_entrustweb_id", "redirect_appid", "redirect_path"},
		"h5":           {"redirect_url"},
		"jsapi":        {"redirect_url"},
	} {
		for address, body := range map[string]map[string]any{scheduledSign: scheduledBody, partnerSign: partnerScheduled} {
			answer := newPay(t).call("POST", address+scene, body, 200)
			for _, name := range want {
				if answer[name] == nil || answer[name] == "" {
					t.Errorf("%s%s lacks %s: %v", address, scene, name, answer)
				}
			}
			if len(answer) != len(want) {
				t.Errorf("%s%s: %v, want %v", address, scene, answer, want)
			}
			if url, ok := answer["redirect_url"].(string); ok && !strings.HasPrefix(url, "http://127.0.0.1:1/_wxpay/sessions/") {
				t.Errorf("redirect_url %s", url)
			}
		}
	}
}

func TestEachSceneNamesItsUser(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	for scene, status := range map[string]int{"app": 200, "h5": 200, "jsapi": 400, "mini-program": 400} {
		p.call("POST", scheduledSign+scene, with(scheduledBody, "openid", nil), status)
		p.call("POST", partnerSign+scene, with(partnerScheduled, "sub_openid", nil), status)
		p.call("POST", partnerSign+scene, with(partnerScheduled, "sub_openid", nil, "sp_openid", openID), 200)
	}
}

func TestACodeIsUsedUpByAFailedSigning(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	session := p.call("POST", scheduledSign+"app", scheduledBody, 200)["pre_entrustweb_id"].(string)
	if _, err := p.Fail(session, ""); err != nil {
		t.Fatal(err)
	}
	p.refused("POST", scheduledSign+"app", scheduledBody, 400, "INVALID_REQUEST")
	if events := p.told("ENTRUST.SIGN"); len(events) != 0 {
		t.Errorf("a failed signing is notified: %v", events)
	}
}

func TestTheContractHoldsItsReservation(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.signScheduled()
	got := p.call("GET", planContract+code, nil, 200)
	want := `{"estimated_deduct_amount":{"currency":"CNY","total":100},"estimated_deduct_date":"2026-09-20","schedule_state":"NO_SCHEDULED"}`
	if text := string(marshal(t, got["deduct_schedule"])); text != want || got["contract_state"] != "SIGNED" {
		t.Errorf("%v, want %s", got, want)
	}
	if events := p.told("ENTRUST.SIGN"); len(events) != 1 || string(marshal(t, events[0]["deduct_schedule"])) != want {
		t.Errorf("told %v", events)
	}
}

func TestASubMerchantsContractIsItsOwn(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.agree(p.call("POST", partnerSign+"mini-program", partnerScheduled, 200))
	p.refused("GET", planContract+code, nil, 404, "RESOURCE_NOT_EXISTS")
	p.refused("GET", partnerPlan+code+"?sub_mchid=1900000111", nil, 404, "RESOURCE_NOT_EXISTS")
	got := p.call("GET", partnerPlan+code+"?sub_mchid=1900000110", nil, 200)
	if got["sp_mchid"] != p.creds.MchID || got["sub_openid"] != openID || len(got["sp_openid"].(string)) != 28 || got["mchid"] != nil {
		t.Errorf("%v", got)
	}
	event := p.told("ENTRUST.SIGN")[0]
	if event["sp_mchid"] != p.creds.MchID || event["sub_mchid"] != "1900000110" || event["mchid"] != nil || event["openid"] != nil {
		t.Errorf("told %v", event)
	}
	p.refused("POST", planContract+code+"/terminate", map[string]any{"contract_termination_remark": "r"}, 404, "RESOURCE_NOT_EXISTS")
}

func TestTerminateAnswersTheWholeContract(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.signScheduled()
	p.agree(p.call("POST", partnerSign+"mini-program", with(partnerScheduled, "out_contract_code", "partner"), 200))
	for target, body := range map[string]map[string]any{
		planContract + code + "/terminate":     {"contract_termination_remark": "不用了"},
		partnerPlan + "partner" + "/terminate": {"contract_termination_remark": "不用了", "sub_mchid": "1900000110"},
	} {
		got := p.call("POST", target, body, 200)
		info, _ := got["contract_terminate_info"].(map[string]any)
		if got["contract_state"] != "TERMINATED" || info["contract_termination_mode"] != "MCH_API_TERMINATE" || info["contract_termination_remark"] != "不用了" || got["deduct_schedule"] == nil {
			t.Errorf("%s: %v", target, got)
		}
		p.refused("POST", target, body, 400, "INVALID_REQUEST")
	}
	if events := p.told("ENTRUST.TERMINATE"); len(events) != 2 {
		t.Errorf("told %v", events)
	}
}
