package emulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

const (
	schedules    = "/v3/papay/pay/schedules/contract-id/"
	apply        = "/v3/papay/pay/transactions/apply"
	partnerApply = "/v3/papay/pay/partner/transactions/apply"
	harmonyApply = "/v3/papay/pay/harmony/transactions/apply"
	deductQuery  = "/v3/pay/transactions/out-trade-no/deduct-1?mchid=" + emulator.DefaultMchID
)

func reserveBody(total int) map[string]any {
	return map[string]any{"appid": "wxd678efh567hg6787", "schedule_amount": yuan(total)}
}

func applyBody(contractID string, pairs ...any) map[string]any {
	return with(map[string]any{
		"appid": "wxd678efh567hg6787", "out_trade_no": "deduct-1", "description": "会员", "contract_id": contractID,
		"transaction_notify_url": "https://localhost/paid", "amount": yuan(100), "attach": "a",
	}, pairs...)
}

// reserved is a contract whose deduction is reserved, at the beginning of its
// day.
func (p *pay) reserved() *emulator.Contract {
	p.t.Helper()
	contract := p.signScheduled()
	p.set("2026-09-19 08:00:00")
	p.call("POST", schedules+contract.ContractID+"/schedule", reserveBody(100), 200)
	p.set("2026-09-20 00:00:00")
	return contract
}

func (p *pay) state(target string) any {
	p.t.Helper()
	return p.call("GET", target, nil, 200)["trade_state"]
}

func TestReservedFrom08To1930OfTheDayBefore(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]int{
		"2026-09-18 19:00:00": 400, "2026-09-19 07:59:59": 400, "2026-09-19 08:00:00": 200,
		"2026-09-19 19:29:59": 200, "2026-09-19 19:30:00": 400, "2026-09-20 08:00:00": 400,
	} {
		p := newPay(t)
		contract := p.signScheduled()
		p.set(at)
		got := p.call("POST", schedules+contract.ContractID+"/schedule", reserveBody(100), want)
		if want == 400 && got["code"] != "INVALID_REQUEST" {
			t.Errorf("at %s: %v", at, got)
		}
	}
}

func TestTheReservedAmountIsTheExpectedOne(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signScheduled()
	p.set("2026-09-19 08:00:00")
	target := schedules + contract.ContractID + "/schedule"
	p.refused("POST", target, reserveBody(99), 400, "INVALID_REQUEST")
	p.refused("POST", target, reserveBody(101), 400, "INVALID_REQUEST")
	p.refused("POST", target, with(reserveBody(100), "appid", "wxanother"), 400, "INVALID_REQUEST")
	p.refused("POST", schedules+"1/schedule", reserveBody(100), 404, "RESOURCE_NOT_EXISTS")
	p.call("POST", target, reserveBody(100), 200)
}

func TestOneReservationAContract(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signScheduled()
	p.set("2026-09-19 08:00:00")
	target := schedules + contract.ContractID
	p.call("POST", target+"/schedule", reserveBody(100), 200)
	p.refused("POST", target+"/schedule", reserveBody(100), 400, "INVALID_REQUEST")
	got := p.call("GET", target, nil, 200)
	if got["schedule_state"] != "SCHEDULED" || got["deduct_start_date"] != "2026-09-20" || got["deduct_end_date"] != "2026-09-20" {
		t.Errorf("%v", got)
	}
	p.refused("GET", strings.Replace(target, "/pay/", "/pay/partner/", 1)+"?sub_mchid=1900000110", nil, 404, "RESOURCE_NOT_EXISTS")
}

func TestScheduleStates(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signScheduled()
	state := func() any { return p.call("GET", schedules+contract.ContractID, nil, 200)["schedule_state"] }
	if got := state(); got != "NO_SCHEDULED" {
		t.Errorf("signed: %v", got)
	}
	p.set("2026-09-19 08:00:00")
	p.call("POST", schedules+contract.ContractID+"/schedule", reserveBody(100), 200)
	if got := state(); got != "SCHEDULED" {
		t.Errorf("reserved: %v", got)
	}
	p.set("2026-09-20 23:59:59")
	if got := state(); got != "SCHEDULED" {
		t.Errorf("on its day: %v", got)
	}
	p.set("2026-09-21 00:00:00")
	if got := state(); got != "EXPIRED" {
		t.Errorf("after its day: %v", got)
	}
	paid := newPay(t)
	contract = paid.reserved()
	paid.call("POST", apply, applyBody(contract.ContractID), 200)
	paid.clock.Advance(time.Minute)
	got := paid.call("GET", schedules+contract.ContractID, nil, 200)
	if amount := got["deduct_amount"].(map[string]any)["total"]; got["schedule_state"] != "PAID" || got["deduct_date"] != "2026-09-20" || amount != 100.0 {
		t.Errorf("deducted: %v", got)
	}
}

func TestWithoutSuccessTheSystemTerminatesAt08(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.reserved()
	p.set("2026-09-21 07:59:59")
	if got := p.call("GET", planContract+code, nil, 200); got["contract_state"] != "SIGNED" {
		t.Errorf("before: %v", got)
	}
	p.set("2026-09-22 12:00:00")
	got := p.call("GET", planContract+code, nil, 200)
	info, _ := got["contract_terminate_info"].(map[string]any)
	if info["contract_termination_mode"] != "SYSTEM_TERMINATE" || info["contract_terminated_time"] != "2026-09-21T08:00:00+08:00" {
		t.Errorf("after: %v", got)
	}
	if events := p.told("ENTRUST.TERMINATE"); len(events) != 1 || events[0]["deduct_schedule"].(map[string]any)["schedule_state"] != "EXPIRED" {
		t.Errorf("told %v", events)
	}
}

func TestAcceptedIsNotPaid(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.reserved()
	got := p.call("POST", apply, applyBody(contract.ContractID), 200)
	if got["out_trade_no"] != "deduct-1" || got["amount"].(map[string]any)["total"] != 100.0 || len(got) != 2 {
		t.Errorf("accepted: %v", got)
	}
	if state := p.state(deductQuery); state != "NOTPAY" || len(p.told("TRANSACTION.SUCCESS")) != 0 {
		t.Errorf("at once: %v", state)
	}
	p.clock.Advance(5 * time.Second)
	order := p.call("GET", deductQuery, nil, 200)
	if order["trade_state"] != "SUCCESS" || order["trade_type"] != "PAP" || order["mchid"] != p.creds.MchID || order["success_time"] != "2026-09-20T00:00:05+08:00" || order["attach"] != "a" {
		t.Errorf("then: %v", order)
	}
	if byID := p.call("GET", "/v3/pay/transactions/id/"+order["transaction_id"].(string)+"?mchid="+p.creds.MchID, nil, 200); byID["out_trade_no"] != "deduct-1" {
		t.Errorf("by its other number: %v", byID)
	}
	event := p.told("TRANSACTION.SUCCESS")[0]
	if event["trade_type"] != "PAP" || event["contract_id"] != nil || event["payer"].(map[string]any)["openid"] != openID || event["appid"] != "wxd678efh567hg6787" {
		t.Errorf("told %v", event)
	}
}

func TestDeductedOnTheExpectedDayOnly(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]int{"2026-09-19 23:59:59": 400, "2026-09-20 00:00:00": 200, "2026-09-20 23:59:50": 200, "2026-09-21 00:00:00": 400} {
		p := newPay(t)
		contract := p.reserved()
		p.set(at)
		p.call("POST", apply, applyBody(contract.ContractID), want)
	}
	p := newPay(t)
	contract := p.reserved()
	p.set("2026-09-20 23:59:59") // accepted, and made too late
	p.call("POST", apply, applyBody(contract.ContractID), 200)
	p.clock.Advance(time.Minute)
	if state := p.state(deductQuery); state != "PAYERROR" {
		t.Errorf("made after the day: %v", state)
	}
	p = newPay(t)
	contract = p.signScheduled() // never reserved
	p.set("2026-09-20 10:00:00")
	p.refused("POST", apply, applyBody(contract.ContractID), 400, "INVALID_REQUEST")
}

func TestTheDeductedAmountIsTheReservedOne(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.reserved()
	p.refused("POST", apply, applyBody(contract.ContractID, "amount", yuan(99)), 400, "INVALID_REQUEST")
	p.refused("POST", apply, applyBody(contract.ContractID, "amount", yuan(101)), 400, "INVALID_REQUEST")
	p.refused("POST", apply, applyBody(contract.ContractID, "amount", map[string]any{"total": 100, "currency": "USD"}), 400, "PARAM_ERROR")
	p.refused("POST", apply, applyBody("1"), 404, "RESOURCE_NOT_EXISTS")
	p.call("POST", apply, applyBody(contract.ContractID, "amount", map[string]any{"total": 100}), 200)
}

func TestAFailedDeductionIsTriedAgain(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.reserved()
	for _, end := range []string{"short-of-funds", "account-closed", "failing-late"} {
		p.adminOK("POST", "/contracts/"+contract.ContractID+"/deductions", `{"end":"`+end+`"}`)
		before := len(p.told("TRANSACTION.FAIL"))
		p.call("POST", apply, applyBody(contract.ContractID), 200)
		p.refused("POST", apply, applyBody(contract.ContractID, "out_trade_no", "deduct-2"), 400, "INVALID_REQUEST") // one is under way
		p.clock.Advance(2 * time.Hour)
		events := p.told("TRANSACTION.FAIL")
		if len(events) != before+1 || events[before]["trade_state"] != "PAY_FAIL" || p.state(deductQuery) != "PAYERROR" {
			t.Errorf("%s: %v", end, events)
		}
		if got := p.call("GET", schedules+contract.ContractID, nil, 200); got["schedule_state"] != "SCHEDULED" {
			t.Errorf("%s: %v", end, got)
		}
	}
	if _, err := p.DeductionsEnd(contract.ContractID, emulator.OutcomeLimit); err != nil {
		t.Fatal(err)
	}
	p.refused("POST", apply, applyBody(contract.ContractID, "out_trade_no", "deduct-3"), 403, "RULE_LIMIT")
	if _, err := p.DeductionsEnd(contract.ContractID, "sometimes"); codeOf(err) != "invalid" {
		t.Errorf("an unknown end: %v", err)
	}
	if _, err := p.DeductionsEnd(contract.ContractID, ""); err != nil {
		t.Fatal(err)
	}
	p.call("POST", apply, applyBody(contract.ContractID, "out_trade_no", "deduct-4"), 200)
	p.clock.Advance(time.Minute)
	if len(p.told("TRANSACTION.SUCCESS")) != 1 {
		t.Error("the last one did not succeed")
	}
}

func TestSuccessTerminatesTheContract(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.reserved()
	p.call("POST", apply, applyBody(contract.ContractID), 200)
	p.clock.Advance(5 * time.Second)
	got := p.call("GET", planContract+code, nil, 200)
	if info := got["contract_terminate_info"].(map[string]any); info["contract_termination_mode"] != "SYSTEM_TERMINATE" || info["contract_terminated_time"] != "2026-09-20T00:00:05+08:00" {
		t.Errorf("%v", got)
	}
	event := p.told("ENTRUST.TERMINATE")[0]
	if event["deduct_schedule"].(map[string]any)["schedule_state"] != "PAID" || event["contract_state"] != "TERMINATED" {
		t.Errorf("told %v", event)
	}
	p.refused("POST", apply, applyBody(contract.ContractID, "out_trade_no", "deduct-2"), 400, "INVALID_REQUEST")
	p.set("2026-09-21 12:00:00")
	if got := p.told("ENTRUST.TERMINATE"); len(got) != 1 {
		t.Errorf("terminated %d times", len(got))
	}
}

func TestTheSameDeductionHasNoSecondEffect(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.reserved()
	first := p.call("POST", apply, applyBody(contract.ContractID), 200)
	p.refused("POST", apply, applyBody(contract.ContractID, "description", "else"), 400, "INVALID_REQUEST")
	again := p.call("POST", apply, applyBody(contract.ContractID), 200)
	p.clock.Advance(time.Minute)
	later := p.call("POST", apply, applyBody(contract.ContractID), 200)
	if first["out_trade_no"] != again["out_trade_no"] || again["out_trade_no"] != later["out_trade_no"] {
		t.Errorf("%v, %v, %v", first, again, later)
	}
	p.refused("POST", apply, applyBody(contract.ContractID, "description", "else"), 403, "OUT_TRADE_NO_USED")
	p.clock.Advance(time.Minute)
	if events := p.told("TRANSACTION.SUCCESS"); len(events) != 1 {
		t.Errorf("deducted %d times", len(events))
	}
}

func TestAContractThatEndedIsNotDeductedFrom(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.reserved()
	p.call("POST", apply, applyBody(contract.ContractID), 200)
	if _, err := p.Terminate(contract.ContractID, "", ""); err != nil {
		t.Fatal(err)
	}
	p.clock.Advance(time.Minute)
	if state := p.state(deductQuery); state != "PAYERROR" {
		t.Errorf("the one under way: %v", state)
	}
	p.refused("POST", apply, applyBody(contract.ContractID, "out_trade_no", "deduct-2"), 400, "INVALID_REQUEST")
}

func TestPartnerDeduction(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.agree(p.call("POST", partnerSign+"mini-program", partnerScheduled, 200))
	who := []any{"appid", nil, "sp_appid", "wxd678efh567hg6787", "sub_mchid", "1900000110"}
	p.set("2026-09-19 08:00:00")
	reserve := "/v3/papay/pay/partner/schedules/contract-id/" + contract.ContractID
	p.refused("POST", reserve+"/schedule", with(with(reserveBody(100), who...), "sub_mchid", "1900000111"), 404, "RESOURCE_NOT_EXISTS")
	p.call("POST", reserve+"/schedule", with(reserveBody(100), who...), 200)
	p.set("2026-09-20 08:00:00")
	p.refused("POST", apply, applyBody(contract.ContractID), 404, "RESOURCE_NOT_EXISTS")
	p.call("POST", partnerApply, with(applyBody(contract.ContractID), who...), 200)
	p.clock.Advance(time.Minute)
	order := p.call("GET", "/v3/pay/partner/transactions/out-trade-no/deduct-1?sp_mchid="+p.creds.MchID+"&sub_mchid=1900000110", nil, 200)
	if order["trade_state"] != "SUCCESS" || order["sp_mchid"] != p.creds.MchID || order["sub_mchid"] != "1900000110" {
		t.Errorf("%v", order)
	}
	if event := p.told("TRANSACTION.SUCCESS")[0]; event["sp_mchid"] != p.creds.MchID || event["payer"].(map[string]any)["sub_openid"] != openID {
		t.Errorf("told %v", event)
	}
}

func TestHarmonyDeduction(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.agree(p.call("POST", harmony, with(harmonyBody, "openid", openID), 200))
	body := applyBody(contract.ContractID, "harmony_account_id", "h1")
	p.refused("POST", apply, applyBody(contract.ContractID), 400, "INVALID_REQUEST")
	p.call("POST", harmonyApply, body, 200)
	p.call("POST", harmonyApply, with(body, "out_trade_no", "deduct-2"), 200)
	p.clock.Advance(time.Minute)
	if n := len(p.told("TRANSACTION.SUCCESS")); n != 2 {
		t.Errorf("%d deductions", n)
	}
	if got, err := p.Contract(contract.ContractID); err != nil || got.State != emulator.Signed {
		t.Errorf("the contract is %v, %v", got, err)
	}
}
