package emulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

func TestAPeriodIsReservedFromTheDayBeforeToThe28thAfter(t *testing.T) {
	t.Parallel()
	for at, status := range map[string]int{
		"2026-10-30 19:00:00": 400, "2026-10-31 07:59:59": 400, "2026-10-31 08:00:00": 200, "2026-11-15 19:29:59": 200,
		"2026-11-15 19:30:00": 400, "2026-11-29 19:29:59": 200, "2026-11-30 08:00:00": 400,
	} {
		p := newPay(t)
		contract := p.insured()
		p.set(at)
		if got := p.reservePeriod(contract, 2, status); status == 400 && got["code"] != "INVALID_REQUEST" {
			t.Errorf("at %s: %v", at, got)
		}
	}
}

func TestAPeriodIsReservedOnceForItsAmount(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.insured()
	p.set("2026-09-30 10:00:00")
	target := insurancePeriod(contract, 1) + "/schedule"
	body := map[string]any{"appid": "wxd678efh567hg6787", "scheduled_amount": yuan(99)}
	p.refused("POST", target, body, 400, "INVALID_REQUEST")
	p.refused("POST", target, with(body, "scheduled_amount", map[string]any{"total": 100, "currency": "USD"}), 400, "PARAM_ERROR")
	p.refused("POST", insurancePeriod(contract, 9)+"/schedule", body, 404, "RESOURCE_NOT_EXISTS")
	if got := p.periodState(contract, 1); got != "NO_SCHEDULED" {
		t.Errorf("not reserved yet: %v", got)
	}
	got := p.reservePeriod(contract, 1, 200)
	if got["policy_period_state"] != "SCHEDULED" || got["deduct_start_date"] != "2026-10-01" || got["deduct_end_date"] != "2026-10-30" || got["deduct_date"] != nil {
		t.Errorf("%v", got)
	}
	p.reservePeriod(contract, 1, 400)
	free := newPay(t)
	contract = free.insured("policy_periods", periods(0, 100))
	free.set("2026-09-30 10:00:00")
	free.refused("POST", insurancePeriod(contract, 1)+"/schedule", with(body, "scheduled_amount", yuan(0)), 400, "INVALID_REQUEST")
}

func TestALaterReservationEndsTheEarlierOne(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.insured("policy_periods", onDay(periods(100, 100, 100), 1, "2026-10-20"))
	p.set("2026-10-01 10:00:00")
	p.reservePeriod(contract, 1, 200)
	p.set("2026-10-19 10:00:00")
	p.reservePeriod(contract, 2, 200)
	if got := p.periodState(contract, 1); got != "EXPIRED" {
		t.Errorf("the earlier one is %v", got)
	}
	p.set("2026-10-20 10:00:00")
	p.deductPeriod(contract, 1, 400)
	p.deductPeriod(contract, 2, 200)
}

func TestAPeriodIsDeductedFromTheDayAfterItsReservation(t *testing.T) {
	t.Parallel()
	for at, status := range map[string]int{
		"2026-10-31 19:00:00": 400, "2026-11-01 07:59:59": 400, "2026-11-01 08:00:00": 200, "2026-11-15 19:59:59": 200,
		"2026-11-15 20:00:00": 400, "2026-11-30 19:59:00": 200, "2026-11-30 20:00:00": 400,
	} {
		p := newPay(t)
		contract := p.insured()
		p.set("2026-10-31 10:00:00")
		p.reservePeriod(contract, 2, 200)
		p.set(at)
		p.deductPeriod(contract, 2, status)
		if got := p.periodState(contract, 2); (got == "PAID") != (status == 200) {
			t.Errorf("at %s: %v", at, got)
		}
	}
}

func TestAPeriodIsDeductedForWhatWasReserved(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.insured()
	p.set("2026-09-30 10:00:00")
	p.reservePeriod(contract, 1, 200)
	p.set("2026-10-01 10:00:00")
	body := applyBody(contract.ContractID, "policy_period_id", 1, "out_trade_no", "deduct1")
	const query = "/v3/pay/transactions/out-trade-no/deduct1?mchid=" + emulator.DefaultMchID
	p.refused("POST", insuranceApply, with(body, "amount", yuan(99)), 400, "INVALID_REQUEST")
	p.refused("POST", insuranceApply, with(body, "policy_period_id", 2), 400, "INVALID_REQUEST")
	if _, err := p.DeductionsEnd(contract.ContractID, emulator.OutcomeShort); err != nil {
		t.Fatal(err)
	}
	p.call("POST", insuranceApply, body, 200)
	p.clock.Advance(5 * time.Second)
	if p.state(query) != "PAYERROR" || p.periodState(contract, 1) != "SCHEDULED" || len(p.told("TRANSACTION.FAIL")) != 1 {
		t.Errorf("short of funds: %v, %v, told %s", p.state(query), p.periodState(contract, 1), p.types())
	}
	if _, err := p.DeductionsEnd(contract.ContractID, emulator.OutcomePaid); err != nil {
		t.Fatal(err)
	}
	p.call("POST", insuranceApply, body, 200)
	p.clock.Advance(5 * time.Second)
	if p.state(query) != "SUCCESS" || p.insuredState() != "SIGNED" || len(p.told("TRANSACTION.SUCCESS")) != 1 {
		t.Errorf("again: %v, the contract is %v, told %s", p.state(query), p.insuredState(), p.types())
	}
	p.deductPeriod(contract, 1, 400) // deducted once
}

// A plan that is said to be another one, later, changes no contract's rules.
func TestAPolicyIsWhatWasSigned(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract, other := p.insured(), p.signScheduled("out_contract_code", "scheduled")
	for _, kind := range []emulator.PlanKind{emulator.PlanOnDemand, emulator.PlanInsurance} {
		if err := p.SetPlan(12535, emulator.Plan{Kind: kind}); err != nil {
			t.Fatal(err)
		}
		p.refused("POST", insuranceApply, applyBody(contract.ContractID, "policy_period_id", 9, "out_trade_no", "nine"), 400, "INVALID_REQUEST")
	}
	p.call("POST", apply, applyBody(other.ContractID), 200)
}

func TestAPeriodRunsOutAt20OfThe29thDay(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.insured()
	p.set("2026-10-30 19:59:59")
	if got := p.periodState(contract, 1); got != "NO_SCHEDULED" {
		t.Errorf("before: %v", got)
	}
	p.set("2026-10-30 20:00:00")
	if got := p.periodState(contract, 1); got != "EXPIRED" {
		t.Errorf("then: %v", got)
	}
	p.set("2026-11-01 10:00:00")
	p.reservePeriod(contract, 2, 200)
	p.set("2026-11-30 19:59:58")
	p.call("POST", insuranceApply, applyBody(contract.ContractID, "policy_period_id", 2, "out_trade_no", "late"), 200)
	p.set("2026-11-30 20:00:10")
	if got := p.told("TRANSACTION.FAIL"); p.periodState(contract, 2) != "EXPIRED" || len(got) != 1 {
		t.Errorf("a deduction that comes too late: %v, told %v", p.periodState(contract, 2), got)
	}
}

func TestPeriodsArePaged(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	amounts := make([]int, 24)
	for i := range amounts {
		amounts[i] = 100
	}
	p.insured("policy_periods", periods(amounts...), "policy_end_date", "2029-09-30")
	for query, want := range map[string]struct{ count, limit, offset int }{
		"": {20, 20, 0}, "?limit=5": {5, 5, 0}, "?limit=5&offset=22": {2, 5, 22}, "?offset=24": {0, 20, 24}, "?limit=120": {24, 120, 0},
		"?offset=9223372036854775807": {0, 20, 1<<63 - 1},
	} {
		got := p.call("GET", insuranceList+query, nil, 200)
		data := got["data"].([]any)
		if len(data) != want.count || got["total_count"] != 24.0 || got["limit"] != float64(want.limit) || got["offset"] != float64(want.offset) {
			t.Errorf("%s: %d periods, %v", query, len(data), got)
		}
		if want.count > 0 && data[0].(map[string]any)["policy_period_id"] != float64(want.offset+1) {
			t.Errorf("%s begins with %v", query, data[0])
		}
	}
	p.call("GET", insuranceList+"?limit=121", nil, 400)
	p.refused("GET", strings.Replace(insuranceList, code, "none", 1), nil, 404, "RESOURCE_NOT_EXISTS")
}

func modifyPath(contract *emulator.Contract) string {
	return "/v3/papay/insurance-sign/policy-periods/plan-id/12535/contract-id/" + contract.ContractID + "/modify"
}

// modify changes the amounts of a contract's periods.
func (p *pay) modify(contract *emulator.Contract, status int, amounts ...int) map[string]any {
	p.t.Helper()
	return p.call("POST", modifyPath(contract), map[string]any{"appid": "wxd678efh567hg6787", "policy_periods": periods(amounts...)}, status)
}

func TestAnAmountMayOnlyBeLowered(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.insured()
	for name, tt := range map[string]struct {
		amounts []int
		code    string
	}{
		"raised": {[]int{100, 101, 100}, "INVALID_REQUEST"}, "none": {[]int{100, 100, 100}, "PARAM_ERROR"},
		"two": {[]int{99, 99, 100}, "PARAM_ERROR"}, "one left out": {[]int{100, 99}, "PARAM_ERROR"},
	} {
		if got := p.modify(contract, 400, tt.amounts...); got["code"] != tt.code {
			t.Errorf("%s: %v", name, got)
		}
	}
	moved := map[string]any{"appid": "wxd678efh567hg6787", "policy_periods": onDay(periods(100, 99, 100), 1, "2026-11-02")}
	p.refused("POST", modifyPath(contract), moved, 400, "PARAM_ERROR")
	p.refused("POST", strings.Replace(modifyPath(contract), "12535", "12536", 1), moved, 404, "RESOURCE_NOT_EXISTS")
	got := p.modify(contract, 200, 100, 99, 100)
	if text := string(marshal(t, got)); text != string(marshal(t, map[string]any{"policy_periods": periods(100, 99, 100)})) {
		t.Errorf("%s", text)
	}
	p.set("2026-11-01 10:00:00")
	p.reservePeriod(contract, 2, 400) // for 1 yuan
}

func TestModifiedOnceADayAndThreeTimesInAll(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.insured()
	p.set("2026-09-19 07:59:59")
	p.modify(contract, 400, 99, 100, 100)
	for i, at := range []string{"2026-09-19 08:00:00", "2026-09-20 18:59:59", "2026-09-21 10:00:00"} {
		p.set(at)
		p.modify(contract, 200, 99-i, 100, 100)
		if got := p.modify(contract, 403, 90-i, 100, 100); got["code"] != "RULE_LIMIT" {
			t.Errorf("twice a day: %v", got)
		}
	}
	p.set("2026-09-22 19:00:00")
	p.modify(contract, 400, 50, 100, 100)
	p.set("2026-09-23 10:00:00")
	p.modify(contract, 403, 50, 100, 100)
}

func TestAModifiedReservationIsCancelled(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.insured()
	p.set("2026-10-01 10:00:00")
	p.reservePeriod(contract, 1, 200)
	p.modify(contract, 400, 99, 100, 100)
	body := map[string]any{"appid": "wxd678efh567hg6787", "policy_periods": periods(99, 100, 100), "allow_cancel_scheduled": true}
	p.set("2026-10-29 10:00:00") // the last day of the reservation
	p.refused("POST", modifyPath(contract), body, 400, "INVALID_REQUEST")
	p.set("2026-10-28 10:00:00")
	got := p.call("POST", modifyPath(contract), body, 200)
	if got["cancel_scheduled_policy_period_id"] != 1.0 || p.periodState(contract, 1) != "NO_SCHEDULED" {
		t.Errorf("%v, the period is %v", got, p.periodState(contract, 1))
	}
	p.set("2026-10-30 20:00:00")
	p.modify(contract, 400, 98, 100, 100) // run out
}

func TestADiscountedFirstPeriodStaysBelow(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.agree(p.call("POST", insuranceSign+"app", with(insuredBody, "policy_periods", periods(50, 100, 100)), 200))
	p.modify(contract, 400, 50, 90, 100) // the first is not deducted yet
	paid := newPay(t)
	contract = paid.agree(paid.call("POST", insuranceSign+"app", with(insuredPaying, "policy_periods", periods(50, 100, 100), "amount", yuan(50)), 200))
	paid.modify(contract, 400, 50, 50, 100)
	paid.modify(contract, 200, 50, 51, 100)
}

func renewPath(contract *emulator.Contract) string {
	return "/v3/papay/insurance-sign/contracts/plan-id/12535/contract-id/" + contract.ContractID + "/renew"
}

// nextPeriods are those after the three of insuredBody.
func nextPeriods(amount int) map[string]any {
	list := periods(100, 100, 100, amount, amount)[3:]
	return map[string]any{"appid": "wxd678efh567hg6787", "policy_periods": list}
}

// toBeRenewed is a contract whose last period is over, and the first paid.
func (p *pay) toBeRenewed() *emulator.Contract {
	p.t.Helper()
	contract := p.agree(p.call("POST", insuranceSign+"app", insuredPaying, 200))
	p.set("2026-12-02 08:00:00")
	return contract
}

func TestAContractIsRenewed(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.agree(p.call("POST", insuranceSign+"app", insuredPaying, 200))
	p.set("2026-12-01 23:59:59")
	if got := p.insuredState(); got != "SIGNED" {
		t.Errorf("before: %v", got)
	}
	p.refused("POST", renewPath(contract), nextPeriods(100), 400, "INVALID_REQUEST")
	p.set("2026-12-02 08:00:00")
	if got := p.insuredState(); got != "TO_BE_RENEWED" {
		t.Errorf("then: %v", got)
	}
	p.call("POST", renewPath(contract), nextPeriods(100), 204)
	events := p.told("INSURANCE_ENTRUST.RENEW")
	if got := p.insuredState(); got != "SIGNED" || len(events) != 1 || events[0]["contract_state"] != "SIGNED" {
		t.Errorf("renewed: %v, told %v", got, events)
	}
	p.refused("POST", renewPath(contract), nextPeriods(100), 400, "PARAM_ERROR") // the numbers are used
	if got := p.call("GET", insuranceList, nil, 200); got["total_count"] != 5.0 {
		t.Errorf("%v", got)
	}
	p.set("2027-01-01 10:00:00")
	p.reservePeriod(contract, 4, 200)
	p.set("2027-02-02 00:00:00") // the fourth is not deducted: nothing of this list was
	if got := p.insuredState(); got != "SIGNED" {
		t.Errorf("none of the new ones is deducted: %v", got)
	}
}

func TestRenewedInItsDaysAndHours(t *testing.T) {
	t.Parallel()
	for at, status := range map[string]int{
		"2026-12-02 07:59:59": 400, "2026-12-02 08:00:00": 204, "2026-12-31 18:59:59": 204, "2026-12-31 19:00:00": 400, "2027-01-01 08:00:00": 400,
	} {
		p := newPay(t)
		contract := p.toBeRenewed()
		p.set(at)
		p.call("POST", renewPath(contract), map[string]any{"appid": "wxd678efh567hg6787", "policy_periods": onDay(periods(1, 1, 1, 100), 3, "2027-01-10")[3:]}, status)
	}
	for name, tt := range map[string]struct{ before, last, day, at string }{
		"by quarter":  {"2026-09-19", "2026-12-18", "2027-03-18", "2027-02-17 10:00:00"},
		"by year":     {"2026-09-19", "2027-09-18", "2028-09-18", "2028-08-19 10:00:00"},
		"a day early": {"2026-09-19", "2027-09-18", "2028-09-18", "2028-08-18 10:00:00"},
	} {
		p := newPay(t)
		list := onDay(onDay(periods(100, 100), 0, tt.before), 1, tt.last)
		contract := p.agree(p.call("POST", insuranceSign+"app", with(insuredPaying, "policy_periods", list, "policy_start_date", "2026-09-01", "policy_end_date", "2027-09-30"), 200))
		p.set(tt.at)
		status := 204
		if name == "a day early" {
			status = 400
		}
		p.call("POST", renewPath(contract), map[string]any{"appid": "wxd678efh567hg6787", "policy_periods": onDay(periods(1, 1, 100), 2, tt.day)[2:]}, status)
	}
}

func TestARenewalHasItsConditions(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.insured()
	p.set("2026-12-02 10:00:00")
	if got := p.insuredState(); got != "SIGNED" {
		t.Errorf("nothing was deducted: %v", got)
	}
	reserved := newPay(t)
	contract := reserved.agree(reserved.call("POST", insuranceSign+"app", insuredPaying, 200))
	reserved.set("2026-12-01 10:00:00")
	reserved.reservePeriod(contract, 3, 200)
	reserved.set("2026-12-02 10:00:00")
	if got := reserved.insuredState(); got != "SIGNED" {
		t.Errorf("the last is reserved: %v", got)
	}
	reserved.deductPeriod(contract, 3, 200)
	if got := reserved.insuredState(); got != "TO_BE_RENEWED" {
		t.Errorf("the last is deducted: %v", got)
	}
	once := newPay(t)
	once.agree(once.call("POST", insuranceSign+"app", with(insuredPaying, "can_auto_insure", nil), 200))
	once.set("2026-12-02 10:00:00")
	if got := once.insuredState(); got != "SIGNED" {
		t.Errorf("it cannot be renewed: %v", got)
	}
}

func TestARenewalFollowsWhatWasBefore(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.toBeRenewed()
	for name, list := range map[string][]any{
		"half and more": nextPeriods(151)["policy_periods"].([]any), "less than half": nextPeriods(49)["policy_periods"].([]any),
		"none": {}, "a number of before": periods(100, 100, 100)[2:], "a day of before": onDay(periods(1, 1, 1, 100), 3, "2026-12-01")[3:],
		"today":           onDay(periods(1, 1, 1, 100), 3, "2026-12-02")[3:],
		"thirteen":        periods(1, 1, 1, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100)[3:],
		"a number of 841": {with(periods(1, 1, 1, 100)[3].(map[string]any), "policy_period_id", 841)},
	} {
		got := p.call("POST", renewPath(contract), map[string]any{"appid": "wxd678efh567hg6787", "policy_periods": list}, 400)
		if got["code"] != "PARAM_ERROR" {
			t.Errorf("%s: %v", name, got)
		}
	}
	p.call("POST", renewPath(contract), nextPeriods(150), 204)
}

func TestWhatIsNotRenewedIsTerminated(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body     map[string]any
		last, at string
	}{
		"not renewed":     {insuredPaying, "2026-12-31 23:59:59", "2027-01-01 00:00:00"},
		"not to be so":    {with(insuredPaying, "can_auto_insure", nil), "2026-12-30 19:59:59", "2026-12-30 20:00:00"},
		"never deducted":  {insuredBody, "2026-12-31 23:59:59", "2027-01-01 00:00:00"},
		"looked at later": {insuredBody, "2026-12-31 23:59:59", "2027-08-01 00:00:00"},
	} {
		p := newPay(t)
		p.agree(p.call("POST", insuranceSign+"app", tt.body, 200))
		p.set(tt.last)
		if got := p.insuredState(); got == "TERMINATED" {
			t.Errorf("%s: terminated before", name)
		}
		p.set(tt.at)
		got := p.call("GET", insuranceContract, nil, 200)
		info, _ := got["contract_terminate_info"].(map[string]any)
		if info["contract_termination_mode"] != "SYSTEM_TERMINATE" || info["contract_terminated_time"] != got["contract_expired_time"] {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAToBeRenewedContractCanBeEnded(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.toBeRenewed()
	p.reservePeriod(contract, 3, 200)
	if _, err := p.Terminate(contract.ContractID, "", ""); err != nil || p.insuredState() != "TERMINATED" {
		t.Errorf("%v, %v", err, p.insuredState())
	}
	p.refused("POST", renewPath(contract), nextPeriods(100), 400, "INVALID_REQUEST")
}

// The course of a policy goes on after an import.
func TestAnImportedPolicyGoesOn(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.agree(p.call("POST", insuranceSign+"app", insuredPaying, 200))
	document := exported(t, p.Emulator)
	other := newPay(t)
	if err := other.Import(strings.NewReader(document)); err != nil {
		t.Fatal(err)
	}
	if got := exported(t, other.Emulator); got != document {
		t.Errorf("exported again it reads\n%s", got)
	}
	other.set("2026-12-02 08:00:00")
	if got := other.insuredState(); got != "TO_BE_RENEWED" {
		t.Errorf("the contract is %v", got)
	}
	for _, broken := range [][2]string{
		{`"policy_periods": [`, `"policy_periods": [], "x": [`}, {`"policy_periods": [`, `"in_force_from": 9, "policy_periods": [`},
		{`"kind": "insurance"`, `"kind": "plan_id"`}, {`"policy": {`, `"x": {`},
	} {
		if err := other.Import(strings.NewReader(strings.Replace(document, broken[0], broken[1], 1))); err == nil {
			t.Errorf("%s was imported", broken[1])
		}
	}
	for name, c := range map[string]emulator.Contract{
		"an empty policy":          {Policy: &emulator.Policy{}},
		"insurance without policy": {Kind: "insurance"},
		"a policy of another":      {Kind: "service_id", Policy: samplePolicy(emulator.PolicyPeriod{ID: 1, Date: "2026-12-01", Amount: 1})},
	} {
		c.Plan, c.Code, c.AppID, c.OpenID = 1, "c", "wx1", openID
		if _, err := other.AddContract(c); codeOf(err) != "invalid" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
