package emulator_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

const (
	insuranceSign     = "/v3/papay/insurance-sign/contracts/pre-entrust-sign/"
	insuranceContract = "/v3/papay/insurance-sign/contracts/plan-id/12535/out-contract-code/" + code
	insuranceList     = "/v3/papay/insurance-sign/policy_periods/plan-id/12535/out-contract-code/" + code
	insurancePeriods  = "/v3/papay/insurance-pay/policy-periods/contract-id/"
	insuranceApply    = "/v3/papay/insurance-pay/transactions/apply"
	firstQuery        = "/v3/pay/transactions/out-trade-no/first1?mchid=" + emulator.DefaultMchID
)

// periods are monthly ones of an amount, from 2026-10-01.
func periods(amounts ...int) []any {
	list := make([]any, len(amounts))
	for i, amount := range amounts {
		date := time.Date(2026, 10+time.Month(i), 1, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
		list[i] = map[string]any{"policy_period_id": i + 1, "estimated_deduct_date": date, "estimated_deduct_amount": yuan(amount)}
	}
	return list
}

// onDay is a list of periods in which one day is another.
func onDay(list []any, i int, date string) []any {
	list[i] = with(list[i].(map[string]any), "estimated_deduct_date", date)
	return list
}

// insuredBody is a pre-sign of three monthly deductions of 1 yuan.
var insuredBody = map[string]any{
	"appid": "wxd678efh567hg6787", "openid": openID, "plan_id": 12535, "out_contract_code": code, "insured_display_name": "*明",
	"contract_notify_url": "https://localhost/notify", "policy_start_date": "2026-10-01", "policy_end_date": "2027-09-30",
	"policy_periods": periods(100, 100, 100), "can_auto_insure": true,
}

// insuredPaying pays the first of them while signing.
var insuredPaying = with(insuredBody, "amount", yuan(100), "out_trade_no", "first1", "description", "保险", "transaction_notify_url", "https://localhost/paid", "attach", "a")

func (p *pay) insured(pairs ...any) *emulator.Contract {
	p.t.Helper()
	return p.agree(p.call("POST", insuranceSign+"app", with(insuredBody, pairs...), 200))
}

func insurancePeriod(contract *emulator.Contract, id int) string {
	return insurancePeriods + contract.ContractID + "/policy-period-id/" + strconv.Itoa(id)
}

func (p *pay) reservePeriod(contract *emulator.Contract, id, status int) map[string]any {
	p.t.Helper()
	return p.call("POST", insurancePeriod(contract, id)+"/schedule", map[string]any{"appid": "wxd678efh567hg6787", "scheduled_amount": yuan(100)}, status)
}

// deductPeriod applies for the deduction of a period, under a number of its
// own, and waits for it.
func (p *pay) deductPeriod(contract *emulator.Contract, id, status int) {
	p.t.Helper()
	body := applyBody(contract.ContractID, "policy_period_id", id, "out_trade_no", "period"+strconv.Itoa(id))
	p.call("POST", insuranceApply, body, status)
	p.clock.Advance(5 * time.Second)
}

func (p *pay) periodState(contract *emulator.Contract, id int) any {
	p.t.Helper()
	return p.call("GET", insurancePeriod(contract, id), nil, 200)["policy_period_state"]
}

func (p *pay) insuredState() any {
	p.t.Helper()
	return p.call("GET", insuranceContract, nil, 200)["contract_state"]
}

func TestInsuranceStandsApart(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.insured()
	got := p.call("GET", insuranceContract, nil, 200)
	if got["insured_display_name"] != "*明" || got["contract_state"] != "SIGNED" || got["openid"] != openID {
		t.Errorf("%v", got)
	}
	if events := p.told("INSURANCE_ENTRUST.SIGN"); len(events) != 1 || events[0]["insured_display_name"] != "*明" || len(p.told("ENTRUST.SIGN")) != 0 {
		t.Errorf("told %v", events)
	}
	p.refused("GET", planContract+code, nil, 404, "RESOURCE_NOT_EXISTS")
	p.refused("POST", apply, applyBody(contract.ContractID), 404, "RESOURCE_NOT_EXISTS")
	p.signScheduled("out_contract_code", "scheduled", "plan_id", 2)
	p.refused("GET", strings.Replace(strings.Replace(insuranceContract, code, "scheduled", 1), "12535", "2", 1), nil, 404, "RESOURCE_NOT_EXISTS")
	p.adminOK("POST", "/plans/7", `{"kind":"insurance"}`)
	p.refused("POST", scheduledSign+"app", with(scheduledBody, "plan_id", 7, "out_contract_code", "c7"), 400, "INVALID_REQUEST")
	end := p.call("POST", insuranceContract+"/terminate", map[string]any{"contract_termination_remark": "不用了"}, 200)
	if events := p.told("INSURANCE_ENTRUST.TERMINATE"); end["contract_state"] != "TERMINATED" || len(events) != 1 {
		t.Errorf("%v, told %v", end, events)
	}
}

func TestInsurancePeriodsRise(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change []any
		status int
	}{
		"as they should":      {nil, 200},
		"today":               {[]any{"policy_periods", onDay(periods(100, 100), 0, "2026-09-18")}, 400},
		"tomorrow":            {[]any{"policy_periods", onDay(periods(100, 100), 0, "2026-09-19")}, 200},
		"falling days":        {[]any{"policy_periods", onDay(periods(100, 100), 1, "2026-09-30")}, 400},
		"the same number":     {[]any{"policy_periods", []any{periods(100)[0], with(periods(100, 100)[1].(map[string]any), "policy_period_id", 1)}}, 400},
		"after the policy":    {[]any{"policy_periods", onDay(periods(100, 100), 1, "2027-10-01")}, 400},
		"none":                {[]any{"policy_periods", []any{}}, 400},
		"one":                 {[]any{"policy_periods", periods(100)}, 200},
		"an end that is none": {[]any{"policy_end_date", "2026-09-30"}, 400},
		"a whole name":        {[]any{"insured_display_name", "小明"}, 400},
		"several":             {[]any{"insured_display_name", "多人保单-**明等"}, 200},
		"four stars":          {[]any{"insured_display_name", "****G"}, 400},
	} {
		got := newPay(t).call("POST", insuranceSign+"h5", with(insuredBody, tt.change...), tt.status)
		if tt.status == 400 && got["code"] != "PARAM_ERROR" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestTheModesOfInsuranceAmounts(t *testing.T) {
	t.Parallel()
	far := onDay(onDay(periods(200, 100, 100), 1, "2026-11-20"), 2, "2026-12-20")
	for name, tt := range map[string]struct {
		body   map[string]any
		status int
	}{
		"equal":                     {insuredBody, 200},
		"a lower first":             {with(insuredBody, "policy_periods", periods(50, 100, 100)), 200},
		"a free first":              {with(insuredBody, "policy_periods", periods(0, 100, 100)), 200},
		"a higher first":            {with(insuredBody, "policy_periods", far), 400},
		"unequal ones":              {with(insuredBody, "policy_periods", periods(100, 100, 101)), 400},
		"paid, equal":               {insuredPaying, 200},
		"paid, free":                {with(insuredPaying, "policy_periods", periods(0, 100, 100), "amount", yuan(0)), 400},
		"paid, another amount":      {with(insuredPaying, "amount", yuan(99)), 400},
		"paid, for two":             {with(insuredPaying, "policy_periods", far, "amount", yuan(200), "combined_deduct_period_count", 2), 200},
		"paid, for two, too early":  {with(insuredPaying, "policy_periods", periods(200, 100, 100), "amount", yuan(200), "combined_deduct_period_count", 2), 400},
		"paid, for two, of three":   {with(insuredPaying, "policy_periods", far, "amount", yuan(200), "combined_deduct_period_count", 3), 400},
		"paid, for four":            {with(insuredPaying, "policy_periods", onDay(periods(400, 100), 1, "2027-09-01"), "amount", yuan(400)), 400},
		"paid, without its number":  {with(insuredPaying, "out_trade_no", nil), 400},
		"paid in another currency":  {with(insuredPaying, "amount", map[string]any{"total": 100, "currency": "USD"}), 400},
		"a number without payment":  {with(insuredBody, "out_trade_no", "first1"), 400},
		"a period in another money": {with(insuredBody, "policy_periods", []any{with(periods(1)[0].(map[string]any), "estimated_deduct_amount", map[string]any{"total": 1, "currency": "USD"})}), 400},
	} {
		got := newPay(t).call("POST", insuranceSign+"jsapi", tt.body, tt.status)
		if tt.status == 400 && got["code"] != "PARAM_ERROR" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestCoverageIsGivenForEveryPeriod(t *testing.T) {
	t.Parallel()
	covered := func(amounts []int, details ...string) map[string]any {
		list := periods(amounts...)
		for i, detail := range details {
			if detail != "" {
				list[i] = with(list[i].(map[string]any), "policy_coverage_detail", map[string]any{"policy_amount": detail})
			}
		}
		return with(insuredBody, "policy_periods", list)
	}
	equal, lower := []int{100, 100, 100}, []int{50, 100, 100}
	for name, tt := range map[string]struct {
		body   map[string]any
		status int
	}{
		"all alike":              {covered(equal, "50000", "50000", "50000"), 200},
		"one without":            {covered(equal, "50000", "50000"), 400},
		"the first without":      {covered(lower, "", "50000", "50000"), 400},
		"the last differs":       {covered(equal, "50000", "50000", "60000"), 400},
		"the first differs":      {covered(equal, "40000", "50000", "50000"), 400},
		"a lower first differs":  {covered(lower, "40000", "50000", "50000"), 200},
		"those after it do, too": {covered(lower, "40000", "50000", "60000"), 400},
	} {
		if got := newPay(t).call("POST", insuranceSign+"mini-program", tt.body, tt.status); tt.status == 400 && got["code"] != "PARAM_ERROR" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAPaymentNeedsTwoPeriods(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	got := p.refused("POST", insuranceSign+"app", with(insuredPaying, "policy_periods", periods(100)), 400, "PARAM_ERROR")
	if got["message"] != "保单的扣费周期列表个数不符合规范，请核查后再试。" {
		t.Errorf("%v", got)
	}
}

func TestARenewalIsOfOneKind(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.refused("POST", insuranceSign+"app", with(insuredBody, "can_auto_reinsure", true), 400, "PARAM_ERROR")
	p.call("POST", insuranceSign+"app", with(insuredBody, "can_auto_reinsure", false), 200)
}

func TestWhoMustSignIsOpenedAndChecked(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	serial := http.Header{"Wechatpay-Serial": {p.creds.PublicKeyID}}
	body := func(number string) map[string]any {
		return with(insuredBody, "real_identity", map[string]any{"real_name": p.seal("张三"), "id_card_number": p.seal(number)})
	}
	p.callWith("POST", insuranceSign+"app", body("110101199003070000"), 200, serial)
	bad := p.callWith("POST", insuranceSign+"app", body("110101199013070000"), 400, serial)
	if detail, _ := bad["detail"].(map[string]any); detail["field"] != "/real_identity/id_card_number" || detail["value"] != nil {
		t.Errorf("%v", bad)
	}
	plain := with(insuredBody, "real_identity", map[string]any{"real_name": "张三", "id_card_number": "110101199003070000"})
	if got := p.callWith("POST", insuranceSign+"app", plain, 400, serial); got["message"] != "平台私钥解密失败" {
		t.Errorf("in plain text: %v", got)
	}
	contract, err := p.Contracts()
	if err != nil || !contract[0].Policy.NamedPerson || strings.Contains(exported(t, p.Emulator), "11010119") {
		t.Errorf("%+v, %v; the document must not be kept", contract, err)
	}
}

func TestTheUserSignsAndPays(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	body := with(insuredPaying, "policy_periods", onDay(periods(100, 100), 0, "2026-09-18"), "policy_start_date", "2026-09-18")
	presigned := p.call("POST", insuranceSign+"mini-program", body, 200)
	p.refused("GET", firstQuery, nil, 404, "ORDER_NOT_EXIST")
	contract := p.agree(presigned)
	order := p.call("GET", firstQuery, nil, 200)
	if order["trade_state"] != "SUCCESS" || order["trade_type"] != "JSAPI" || order["attach"] != "a" || order["payer"].(map[string]any)["openid"] != openID {
		t.Errorf("the order is %v", order)
	}
	if p.types() != "TRANSACTION.SUCCESS INSURANCE_ENTRUST.SIGN" {
		t.Errorf("told %s", p.types())
	}
	got := p.call("GET", insurancePeriod(contract, 1), nil, 200)
	if got["policy_period_state"] != "PAID" || got["deduct_date"] != "2026-09-18" || got["deduct_amount"].(map[string]any)["total"] != 100.0 {
		t.Errorf("the period is %v", got)
	}
	p.refused("POST", insuranceSign+"app", with(insuredPaying, "out_contract_code", "second"), 403, "OUT_TRADE_NO_USED")
	p.call("POST", refunds, refundBody("r1", 100, "out_trade_no", "first1"), 200)
}

func TestAFirstPaymentThatFails(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	session := p.call("POST", insuranceSign+"app", insuredPaying, 200)["pre_entrustweb_id"].(string)
	if _, err := p.Fail(session, ""); err != nil {
		t.Fatal(err)
	}
	got := p.call("GET", insuranceContract, nil, 200)
	if got["contract_state"] != "SIGN_FAILED" || got["insured_display_name"] != nil || p.types() != "" || p.state(firstQuery) != "PAYERROR" {
		t.Errorf("%v, told %q, the order is %v", got, p.types(), p.state(firstQuery))
	}
	p.refused("GET", insuranceList, nil, 404, "RESOURCE_NOT_EXISTS")
	p.refused("POST", insuranceSign+"app", with(insuredBody), 400, "INVALID_REQUEST")
	p.refused("POST", insuranceSign+"app", with(insuredPaying, "out_contract_code", "second"), 403, "OUT_TRADE_NO_USED")
}

// Two signings of one payment: the second is no payment.
func TestAFirstPaymentIsMadeOnce(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	first := p.call("POST", insuranceSign+"app", insuredPaying, 200)
	second := p.call("POST", insuranceSign+"app", with(insuredPaying, "out_contract_code", "second"), 200)
	if got := p.agree(first); got.State != emulator.Signed {
		t.Errorf("the first is %s", got.State)
	}
	if got := p.agree(second); got.State != emulator.SignFailed || p.types() != "TRANSACTION.SUCCESS INSURANCE_ENTRUST.SIGN" {
		t.Errorf("the second is %s, told %s", got.State, p.types())
	}
}
