package emulator_test

import (
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

func tellBody(amount int, pairs ...any) map[string]any {
	return with(map[string]any{
		"mchid": emulator.DefaultMchID, "appid": "wxd678efh567hg6787",
		"estimated_amount": map[string]any{"amount": amount}, "deduct_duration": map[string]any{"count": 1, "unit": "DAY"},
	}, pairs...)
}

// periodic is a contract of 周期扣费, signed by APIv2 a day ago, and where it is
// told of.
func (p *pay) periodic() (*emulator.Contract, string) {
	p.t.Helper()
	contract, err := p.AddContract(emulator.Contract{
		Plan: 12535, Code: code, AppID: "wxd678efh567hg6787", OpenID: openID, NotifyURL: "https://localhost/notify",
		SignedAt: p.clock.Now().AddDate(0, 0, -1),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return contract, "/v3/papay/contracts/" + contract.ContractID
}

func TestToldFrom07To22(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]int{"2026-09-19 06:59:59": 400, "2026-09-19 07:00:00": 204, "2026-09-19 21:59:59": 204, "2026-09-19 22:00:00": 400} {
		p := newPay(t)
		_, target := p.periodic()
		p.set(at)
		p.call("POST", target+"/notify", tellBody(100), want)
	}
}

func TestOnlyAPeriodicPlanIsTold(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	_, target := p.periodic()
	if err := p.SetPlan(12535, emulator.Plan{Kind: emulator.PlanOnDemand}); err != nil {
		t.Fatal(err)
	}
	got := p.refused("POST", target+"/notify", tellBody(100), 400, "INVALID_REQUEST")
	if got["message"] != "当前签约的模板不是周期扣费类型,不能下发扣费前通知" {
		t.Errorf("%v", got)
	}
	scheduled := p.signScheduled("plan_id", 2, "out_contract_code", "two")
	p.refused("POST", "/v3/papay/contracts/"+scheduled.ContractID+"/notify", tellBody(100), 400, "INVALID_REQUEST")
	p.refused("POST", "/v3/papay/contracts/1/notify", tellBody(100), 404, "RESOURCE_NOT_EXISTS")
}

func TestTheFirst12HoursNeedNoNotice(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]int{0: 200, 12*time.Hour - time.Second: 200, 12 * time.Hour: 400} {
		p := newPay(t)
		contract, err := p.AddContract(emulator.Contract{Plan: 1, Code: code, AppID: "wxd678efh567hg6787", OpenID: openID})
		if err != nil {
			t.Fatal(err)
		}
		p.clock.Advance(after)
		p.call("POST", apply, applyBody(contract.ContractID), want)
		p.clock.Advance(time.Minute)
		p.refused("POST", apply, applyBody(contract.ContractID, "out_trade_no", "deduct-2"), 400, "INVALID_REQUEST")
	}
}

func TestTheWaitingDays(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]int{
		"2026-09-18 12:00:00": 400, "2026-09-19 21:00:00": 400, "2026-09-20 07:00:00": 200, "2026-09-20 21:59:59": 200, "2026-09-21 07:00:00": 400,
	} {
		p := newPay(t)
		contract, target := p.periodic()
		p.call("POST", target+"/notify", tellBody(100), 204)
		p.set(at)
		p.call("POST", apply, applyBody(contract.ContractID), want)
	}
	p := newPay(t)
	contract, target := p.periodic()
	p.call("POST", target+"/notify", tellBody(100, "deduct_duration", nil), 204)
	p.set("2026-09-26 21:00:00") // the ninth day
	p.call("POST", apply, applyBody(contract.ContractID), 200)
	p.set("2026-09-27 07:00:00")
	p.refused("POST", apply, applyBody(contract.ContractID, "out_trade_no", "deduct-2"), 400, "INVALID_REQUEST")
}

func TestPeriodicDeductionFrom07To22(t *testing.T) {
	t.Parallel()
	for at, want := range map[string]int{"2026-09-20 06:59:59": 400, "2026-09-20 07:00:00": 200, "2026-09-20 22:00:00": 400} {
		p := newPay(t)
		contract, target := p.periodic()
		p.call("POST", target+"/notify", tellBody(100), 204)
		p.set(at)
		p.call("POST", apply, applyBody(contract.ContractID), want)
	}
}

func TestAtMostTheAmountTold(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract, target := p.periodic()
	p.call("POST", target+"/notify", tellBody(99), 204)
	p.set("2026-09-20 07:00:00")
	p.refused("POST", apply, applyBody(contract.ContractID), 400, "INVALID_REQUEST")
	p.call("POST", apply, applyBody(contract.ContractID, "amount", yuan(98)), 200)
}

func TestOneSuccessACycle(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract, target := p.periodic()
	p.call("POST", target+"/notify", tellBody(100), 204)
	p.refused("POST", target+"/notify", tellBody(100), 400, "INVALID_REQUEST") // one is open
	p.set("2026-09-20 07:00:00")
	p.call("POST", apply, applyBody(contract.ContractID), 200)
	p.clock.Advance(time.Minute)
	p.refused("POST", apply, applyBody(contract.ContractID, "out_trade_no", "deduct-2"), 400, "INVALID_REQUEST")
	if got, err := p.Contract(contract.ContractID); err != nil || got.State != emulator.Signed {
		t.Errorf("the contract ended: %v, %v", got, err)
	}
	p.call("POST", target+"/notify", tellBody(100), 204)
	p.set("2026-09-22 07:00:00")
	p.call("POST", apply, applyBody(contract.ContractID, "out_trade_no", "deduct-2"), 200)
	p.clock.Advance(time.Minute)
	if n := len(p.told("TRANSACTION.SUCCESS")); n != 2 {
		t.Errorf("%d deductions in two cycles", n)
	}
}

func TestTheMoneyMoves24HoursLater(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract, target := p.periodic()
	if err := p.SetPlan(12535, emulator.Plan{Kind: emulator.PlanPeriodic24}); err != nil {
		t.Fatal(err)
	}
	p.refused("POST", target+"/notify", tellBody(100), 400, "INVALID_REQUEST") // the two modes exclude each other
	p.call("POST", apply, applyBody(contract.ContractID), 200)
	p.clock.Advance(24*time.Hour - time.Second)
	if state := p.state(deductQuery); state != "NOTPAY" {
		t.Errorf("before: %v", state)
	}
	p.clock.Advance(time.Second)
	if state := p.state(deductQuery); state != "SUCCESS" {
		t.Errorf("after: %v", state)
	}
}

func TestToldAgainAfterAFailure(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract, target := p.periodic()
	body := map[string]any{"mchid": emulator.DefaultMchID, "appid": "wxd678efh567hg6787"}
	p.refused("POST", target+"/fail-notify", body, 400, "INVALID_REQUEST")
	p.call("POST", target+"/notify", tellBody(100), 204)
	p.set("2026-09-20 07:00:00")
	p.refused("POST", target+"/fail-notify", body, 400, "INVALID_REQUEST")
	if _, err := p.DeductionsEnd(contract.ContractID, emulator.OutcomeShort); err != nil {
		t.Fatal(err)
	}
	p.call("POST", apply, applyBody(contract.ContractID), 200)
	p.clock.Advance(time.Minute)
	p.call("POST", target+"/fail-notify", body, 204)
	if _, err := p.DeductionsEnd(contract.ContractID, emulator.OutcomePaid); err != nil {
		t.Fatal(err)
	}
	p.call("POST", apply, applyBody(contract.ContractID), 200)
	p.clock.Advance(time.Minute)
	p.refused("POST", target+"/fail-notify", body, 400, "INVALID_REQUEST")
}

func TestAPartnerTellsForASubMerchant(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract, err := p.AddContract(emulator.Contract{Plan: 1, Code: code, AppID: "wxd678efh567hg6787", OpenID: openID, SubMchID: "1900000110"})
	if err != nil {
		t.Fatal(err)
	}
	body := tellBody(100, "mchid", nil, "appid", nil, "sp_mchid", emulator.DefaultMchID, "sp_appid", "wxd678efh567hg6787", "sub_mchid", "1900000110")
	p.refused("POST", "/v3/papay/contracts/"+contract.ContractID+"/notify", tellBody(100), 404, "RESOURCE_NOT_EXISTS")
	p.call("POST", "/v3/partner-papay/contracts/"+contract.ContractID+"/notify", body, 204)
}
