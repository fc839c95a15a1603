package emulator_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

// onDemand is a contract that is deducted from whenever it is wanted.
func (p *pay) onDemand(plan emulator.Plan) *emulator.Contract {
	p.t.Helper()
	contract, _ := p.periodic()
	plan.Kind = emulator.PlanOnDemand
	if err := p.SetPlan(12535, plan); err != nil {
		p.t.Fatal(err)
	}
	return contract
}

// deduct accepts a deduction and makes it.
func (p *pay) deduct(contract *emulator.Contract, number string, total, status int) {
	p.t.Helper()
	answer := p.call("POST", apply, applyBody(contract.ContractID, "out_trade_no", number, "amount", yuan(total)), status)
	if status != 200 && answer["code"] != "RULE_LIMIT" {
		p.t.Errorf("%s: %v", number, answer)
	}
	p.clock.Advance(time.Minute)
}

func TestFiveDeductionsADay(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.onDemand(emulator.Plan{})
	for i := range 5 {
		p.deduct(contract, fmt.Sprintf("first-%d", i), 100, 200)
	}
	p.deduct(contract, "first-5", 100, 403)
	p.set("2026-09-18 23:58:00")
	p.deduct(contract, "first-6", 100, 403)
	p.set("2026-09-19 00:00:00")
	p.deduct(contract, "second-0", 100, 200)
	for i := 1; i <= 5; i++ { // accepted at once, of which one is too many
		p.call("POST", apply, applyBody(contract.ContractID, "out_trade_no", fmt.Sprintf("second-%d", i)), 200)
	}
	p.clock.Advance(time.Minute)
	if paid, failed := len(p.told("TRANSACTION.SUCCESS")), p.told("TRANSACTION.FAIL"); paid != 10 || len(failed) != 1 || failed[0]["trade_state"] != "PAY_FAIL" {
		t.Errorf("%d paid, failed: %v", paid, failed)
	}
}

func TestAFailedDeductionDoesNotCount(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.onDemand(emulator.Plan{LimitDayCount: 1})
	if _, err := p.DeductionsEnd(contract.ContractID, emulator.OutcomeShort); err != nil {
		t.Fatal(err)
	}
	p.deduct(contract, "short-of-funds", 100, 200)
	if _, err := p.DeductionsEnd(contract.ContractID, emulator.OutcomePaid); err != nil {
		t.Fatal(err)
	}
	p.deduct(contract, "another", 100, 200)
	p.deduct(contract, "too-many", 100, 403)
}

func TestTheLimitsOfAmounts(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.onDemand(emulator.Plan{LimitDayCount: 100})
	p.deduct(contract, "too-much", 500_00+1, 403)
	for i := range 5 {
		p.deduct(contract, fmt.Sprintf("deduct-%d", i), 500_00, 200)
	}
	p.deduct(contract, "a-fen-more", 1, 403)
	test := newPay(t) // a plan for tests: 10 fen, a hundred times a day
	contract = test.onDemand(emulator.Plan{LimitAmount: 10, LimitDayAmount: 1000, LimitDayCount: 100})
	test.deduct(contract, "too-much", 11, 403)
	for i := range 6 {
		test.deduct(contract, fmt.Sprintf("deduct-%d", i), 10, 200)
	}
	if a := test.admin("POST", "/plans/12535", `{"limit_amount":-1}`); a.status != 400 {
		t.Errorf("a limit below 0: %d", a.status)
	}
}

func TestAPeriodicDeductionHasItsLimit(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract, target := p.periodic()
	p.call("POST", target+"/notify", tellBody(600_00), 204)
	p.set("2026-09-20 07:00:00")
	p.deduct(contract, "too-much", 600_00, 403)
	p.deduct(contract, "allowed", 500_00, 200)
}

func TestFivePaymentsADayWithoutAPassword(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signMini(code)
	order := func(number string) (prepayID string, state any) {
		prepayID = p.call("POST", jsapiContract, payingBody(contract.ContractID, "out_trade_no", number), 200)["prepay_id"].(string)
		p.clock.Advance(time.Minute)
		return prepayID, p.state("/v3/pay/transactions/out-trade-no/" + number + "?mchid=" + emulator.DefaultMchID)
	}
	for i := range 5 {
		if _, state := order(fmt.Sprintf("number-%d", i)); state != "SUCCESS" {
			t.Errorf("order %d: %v", i, state)
		}
	}
	sixth, state := order("number-5")
	if state != "NOTPAY" {
		t.Errorf("the sixth: %v", state)
	}
	if _, err := p.Pay(sixth, openID); err != nil {
		t.Errorf("the sixth is the user's to pay: %v", err)
	}
	p.set("2026-09-19 00:00:00")
	if _, state := order("number-6"); state != "SUCCESS" {
		t.Errorf("the next day: %v", state)
	}
}

func TestADisabledPlanSignsNothingNew(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.reserved()
	session := p.call("POST", normalMini, with(miniBody, "out_contract_code", "open"), 200)["pre_entrustweb_id"].(string)
	p.adminOK("POST", "/plans/12535", `{"disabled":true}`)
	p.refused("POST", scheduledSign+"app", with(scheduledBody, "out_contract_code", "new", "deduct_schedule", schedule("2026-09-22", 100)), 400, "INVALID_REQUEST")
	p.refused("POST", normalMini, with(miniBody, "out_contract_code", "new"), 400, "INVALID_REQUEST")
	if got, err := p.Agree(session, ""); err != nil || got.State != emulator.SignFailed {
		t.Errorf("a session that was open is %v, %v", got, err)
	}
	p.call("POST", apply, applyBody(contract.ContractID), 200)
	p.clock.Advance(time.Minute)
	if state := p.state(deductQuery); state != "SUCCESS" {
		t.Errorf("the contract in force: %v", state)
	}
}
