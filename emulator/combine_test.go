package emulator_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

const (
	combinePay     = "/v3/ecommerce/combine-papay/"
	combineSign    = combinePay + "contracts/pre-entrust-sign"
	combineDeduct  = combinePay + "transactions"
	combineReverse = combineDeduct + "/combined-1/reverse"
	combineQuery   = combinePay + "contracts/plan-id/12535/out-contract-code/" + code
	subMch         = "1900000110"
)

var combineBody = map[string]any{
	"appid": "wxd678efh567hg6787", "plan_id": 12535, "out_contract_code": code,
	"contract_display_account": "微信代扣用户A", "notify_url": "https://localhost/notify", "attach": "mine",
}

func suborder(number string, total int, pairs ...any) map[string]any {
	return with(map[string]any{
		"mchid": emulator.DefaultMchID, "sub_mchid": subMch, "out_trade_no": number, "description": "公仔", "attach": "深圳分店",
		"amount": map[string]any{"total_amount": total, "currency": "CNY"},
	}, pairs...)
}

// combined is a request to deduct two sub-orders, of 1 and of 2 yuan.
func combined(contractID string, pairs ...any) map[string]any {
	return with(map[string]any{
		"combine_appid": "wxd678efh567hg6787", "combine_mchid": emulator.DefaultMchID, "combine_out_trade_no": "combined-1",
		"contract_id": contractID, "sub_orders": []any{suborder("suborder-1", 100), suborder("suborder-2", 200)},
	}, pairs...)
}

func reversal(numbers ...string) map[string]any {
	list := []any{}
	for _, number := range numbers {
		list = append(list, map[string]any{"mchid": emulator.DefaultMchID, "sub_mchid": subMch, "out_trade_no": number})
	}
	return map[string]any{"combine_appid": "wxd678efh567hg6787", "sub_orders": list}
}

func (p *pay) signCombined(pairs ...any) *emulator.Contract {
	p.t.Helper()
	return p.agree(p.call("POST", combineSign, with(combineBody, pairs...), 200))
}

// substates are the states of the sub-orders of combined-1.
func (p *pay) substates() string {
	p.t.Helper()
	var states []string
	for _, order := range p.call("GET", combineDeduct+"/combined-1", nil, 200)["sub_orders"].([]any) {
		states = append(states, order.(map[string]any)["trade_state"].(string))
	}
	return strings.Join(states, " ")
}

func TestACombinedSessionLivesTwoHours(t *testing.T) {
	t.Parallel()
	for _, target := range []string{combineSign, combineSign + "/mini-program"} {
		for age, want := range map[time.Duration]bool{2*time.Hour - time.Second: true, 2 * time.Hour: false} {
			p := newPay(t)
			answer := p.call("POST", target, with(combineBody, "attach", nil), 200)
			if answer["mchid"] != emulator.DefaultMchID || answer["plan_id"] != 12535.0 || answer["out_contract_code"] != code {
				t.Errorf("%s answers %v", target, answer)
			}
			p.clock.Advance(age)
			if _, err := p.Agree(answer["pre_entrustweb_id"].(string), openID); (err == nil) != want {
				t.Errorf("%s after %s: %v", target, age, err)
			}
		}
	}
}

// TestACombinedContractIsToldAtItsPreSign: whatever URL is set up for the plan.
func TestACombinedContractIsToldAtItsPreSign(t *testing.T) {
	t.Parallel()
	shop, into := receiving(204)
	p := newPay(t, into, func(c *emulator.Config) { c.TerminateURLs = map[int64]string{12535: "https://localhost/ended"} })
	contract := p.signCombined()
	p.clock.Advance(time.Minute)
	echo := p.call("POST", combineQuery+"/terminate", map[string]any{"contract_termination_remark": "不再需要"}, 200)
	if len(echo) != 3 || echo["mchid"] != emulator.DefaultMchID || echo["plan_id"] != 12535.0 || echo["out_contract_code"] != code {
		t.Errorf("terminated: %v", echo)
	}
	p.refused("POST", combineQuery+"/terminate", map[string]any{"contract_termination_remark": "不再需要"}, 400, "INVALID_REQUEST")
	p.deliver()
	for i, want := range []struct{ typ, at, mode string }{
		{"ECOMMERCE_ENTRUST.SIGN", "2026-09-18T10:00:00.000+08:00", ""},
		{"ECOMMERCE_ENTRUST.TERMINATE", "2026-09-18T10:01:00.000+08:00", "MCH_API_TERMINATE"},
	} {
		n := shop.all()[i]
		envelope, got := p.open(n)
		mode, _ := got["contract_termination_mode"].(string)
		if envelope["event_type"] != want.typ || n.url != "https://localhost/notify" || mode != want.mode || got["operate_time"] != want.at ||
			got["attach"] != "mine" || got["contract_id"] != contract.ContractID || got["contract_expired_time"] != "2036-09-18T10:00:00.000+08:00" {
			t.Errorf("%v to %s: %v", envelope["event_type"], n.url, got)
		}
		event, _ := spec.LookupEvent(want.typ)
		p.fits(t, event.Resource, decodeValue(t, string(marshal(t, got))), want.typ)
	}
}

func TestAPlanOfCombinedDeductionIsForNothingElse(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	for id, kind := range map[int64]emulator.PlanKind{12535: emulator.PlanCombined, 2: emulator.PlanPeriodic} {
		if err := p.SetPlan(id, emulator.Plan{Kind: kind}); err != nil {
			t.Fatal(err)
		}
	}
	p.refused("POST", harmony, harmonyBody, 400, "INVALID_REQUEST")
	p.refused("POST", combineSign, with(combineBody, "plan_id", 2), 400, "INVALID_REQUEST")
	p.call("POST", combineSign, combineBody, 200)
}

func TestACombinedContractHasThreeStates(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.refused("GET", combineQuery, nil, 404, "RESOURCE_NOT_EXISTS")
	session := p.call("POST", combineSign, combineBody, 200)["pre_entrustweb_id"].(string)
	p.refused("GET", combineQuery, nil, 404, "RESOURCE_NOT_EXISTS") // nothing is signed
	if _, err := p.Fail(session, openID); err != nil {
		t.Fatal(err)
	}
	state := func(code string) any {
		return p.call("GET", strings.Replace(combineQuery, "/"+"wxwtdk20200910100000", "/"+code, 1), nil, 200)["contract_state"]
	}
	if got := state(code); got != "NOT_SIGNED" {
		t.Errorf("after a signing that failed: %v", got)
	}
	p.refused("POST", combineSign, combineBody, 400, "INVALID_REQUEST") // the code is used up
	contract := p.signCombined("out_contract_code", "second")
	if got := state("second"); got != "SIGNED" {
		t.Errorf("signed: %v", got)
	}
	p.play("user-terminated", contract.ContractID)
	if got := state("second"); got != "TERMINATED" {
		t.Errorf("terminated: %v", got)
	}
	p.play("to-be-renewed", p.signCombined("out_contract_code", "third").ContractID)
	if got := state("third"); got != "TERMINATED" {
		t.Errorf("run out: %v", got)
	}
}

func TestAContractOfAnotherFamilyIsNone(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signCombined()
	p.refused("GET", "/v3/papay/sign/contracts/plan-id/12535/out-contract-code/"+code, nil, 404, "RESOURCE_NOT_EXISTS")
	p.refused("POST", apply, applyBody(contract.ContractID), 404, "RESOURCE_NOT_EXISTS")
	p.agree(p.call("POST", harmony, harmonyBody, 200)) // the same code, in its own family
	if got := p.call("GET", combineQuery, nil, 200)["contract_id"]; got != contract.ContractID {
		t.Errorf("the query finds %v", got)
	}
}

func TestACombinedDeductionAnswersItsResult(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signCombined()
	answer := p.call("POST", combineDeduct, combined(contract.ContractID), 200)
	for i, got := range answer["sub_orders"].([]any) {
		order := got.(map[string]any)
		amount := order["amount"].(map[string]any)
		want := float64(100 * (i + 1))
		if order["trade_state"] != "SUCCESS" || order["trade_type"] != "PAP" || order["success_time"] != "2026-09-18T10:00:00+08:00" || order["attach"] != "深圳分店" ||
			order["mchid"] != emulator.DefaultMchID || order["sub_mchid"] != subMch || amount["total_amount"] != want || amount["payer_amount"] != want {
			t.Errorf("sub-order %d: %v", i, order)
		}
	}
	if answer["combine_payer_info"].(map[string]any)["openid"] != contract.OpenID || len(answer["sub_orders"].([]any)) != 2 {
		t.Errorf("got %v", answer)
	}
	if got := p.substates(); got != "SUCCESS SUCCESS" {
		t.Errorf("the query says %s", got)
	}
	if told := p.told("TRANSACTION.SUCCESS"); len(told) != 0 {
		t.Errorf("told %v", told)
	}
	p.refused("GET", combineDeduct+"/another", nil, 404, "ORDER_NOT_EXIST")
}

func TestCombinedDeductionWantsItsContract(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signCombined()
	p.refused("POST", combineDeduct, combined("1"), 404, "RESOURCE_NOT_EXISTS")
	p.refused("POST", combineDeduct, combined(contract.ContractID, "combine_appid", "wxanother"), 400, "INVALID_REQUEST")
	other := p.agree(p.call("POST", harmony, harmonyBody, 200))
	p.refused("POST", combineDeduct, combined(other.ContractID), 404, "RESOURCE_NOT_EXISTS")
	p.play("platform-terminated", contract.ContractID)
	p.refused("POST", combineDeduct, combined(contract.ContractID), 400, "INVALID_REQUEST")
}

func TestTheSameCombinedDeductionHasNoSecondEffect(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signCombined()
	first := p.call("POST", combineDeduct, combined(contract.ContractID), 200)
	p.clock.Advance(time.Hour)
	second := p.call("POST", combineDeduct, combined(contract.ContractID), 200)
	if string(marshal(t, first)) != string(marshal(t, second)) {
		t.Errorf("first %v, then %v", first, second)
	}
	p.refused("POST", combineDeduct, combined(contract.ContractID, "risk_info", "ip:1.2.3.4;"), 400, "INVALID_REQUEST")
}

func TestCombinedSubordersAreDeductedTogether(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signCombined()
	one := suborder("suborder-1", 100)
	for _, tt := range []struct {
		name   string
		second any
		status int
		code   string
	}{
		{"a number twice", one, 403, "OUT_TRADE_NO_USED"},
		{"another currency", suborder("suborder-2", 1, "amount", map[string]any{"total_amount": 1, "currency": "USD"}), 400, "PARAM_ERROR"},
		{"another platform", suborder("suborder-2", 1, "mchid", "1900000111"), 400, "PARAM_ERROR"},
	} {
		body := combined(contract.ContractID, "sub_orders", []any{one, tt.second})
		if got := p.call("POST", combineDeduct, body, tt.status); got["code"] != tt.code {
			t.Errorf("%s: %v", tt.name, got)
		}
		p.refused("GET", combineDeduct+"/combined-1", nil, 404, "ORDER_NOT_EXIST")
	}
	if orders, err := p.Orders(); err != nil || len(orders) != 0 {
		t.Errorf("%d orders, %v", len(orders), err)
	}
	p.refused("POST", combineDeduct, combined(contract.ContractID, "sub_orders", []any{}), 400, "PARAM_ERROR")
	p.refused("POST", combineDeduct, combined(contract.ContractID, "combine_mchid", "1900000111"), 400, "PARAM_ERROR")
	p.call("POST", combineDeduct, combined(contract.ContractID, "sub_orders", []any{one}), 200)
	p.refused("POST", combineDeduct, combined(contract.ContractID, "combine_out_trade_no", "combined-2"), 403, "OUT_TRADE_NO_USED")
}

func TestHowCombinedDeductionsEnd(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		how         emulator.Outcome
		status      int
		code        string
		then, later string
	}{
		{emulator.OutcomeShort, 403, "NOT_ENOUGH", "", ""},
		{emulator.OutcomeLimit, 403, "RULE_LIMIT", "", ""},
		{emulator.OutcomeClosed, 200, "", "PAYERROR PAYERROR", "PAYERROR PAYERROR"},
		{emulator.OutcomeLate, 200, "", "NOTPAY NOTPAY", "PAYERROR PAYERROR"},
	} {
		p := newPay(t)
		contract := p.signCombined()
		p.play(string(tt.how), contract.ContractID)
		answer := p.call("POST", combineDeduct, combined(contract.ContractID), tt.status)
		if tt.code != "" {
			if answer["code"] != tt.code {
				t.Errorf("%s: %v", tt.how, answer)
			}
			p.refused("GET", combineDeduct+"/combined-1", nil, 404, "ORDER_NOT_EXIST")
			continue
		}
		if got := p.substates(); got != tt.then {
			t.Errorf("%s: %s, want %s", tt.how, got, tt.then)
		}
		p.clock.Advance(2 * time.Hour)
		if got := p.substates(); got != tt.later {
			t.Errorf("%s: %s later, want %s", tt.how, got, tt.later)
		}
	}
}

func TestReversedIsRevokedOrClosed(t *testing.T) {
	t.Parallel()
	for how, want := range map[emulator.Outcome]string{
		emulator.OutcomePaid: "REVOKED REVOKED", emulator.OutcomeLate: "CLOSED CLOSED", emulator.OutcomeClosed: "CLOSED CLOSED",
	} {
		p := newPay(t)
		contract := p.signCombined()
		p.play(string(how), contract.ContractID)
		p.call("POST", combineDeduct, combined(contract.ContractID), 200)
		for range 2 { // once more has no second effect
			p.call("POST", combineReverse, reversal("suborder-1", "suborder-2"), 204)
		}
		p.clock.Advance(3 * time.Hour) // what was late comes no more
		if got := p.substates(); got != want {
			t.Errorf("%s: %s, want %s", how, got, want)
		}
	}
}

func TestAllSubordersAreReversed(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.call("POST", combineDeduct, combined(p.signCombined().ContractID), 200)
	p.refused("POST", combineReverse, reversal("suborder-1"), 400, "INVALID_REQUEST")
	p.refused("POST", combineReverse, reversal("suborder-1", "suborder-1"), 400, "INVALID_REQUEST")
	p.refused("POST", combineReverse, reversal("suborder-1", "suborder-2", "suborder-3"), 400, "INVALID_REQUEST")
	p.refused("POST", combineReverse, with(reversal("suborder-1", "suborder-2"), "combine_appid", "wxanother"), 400, "INVALID_REQUEST")
	p.refused("POST", combineDeduct+"/another/reverse", reversal("suborder-1", "suborder-2"), 404, "ORDER_NOT_EXIST")
	if got := p.substates(); got != "SUCCESS SUCCESS" {
		t.Errorf("refused, and %s", got)
	}
}

func TestACombinedSuborderIsRefunded(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.call("POST", combineDeduct, combined(p.signCombined().ContractID), 200)
	one := "/v3/pay/partner/transactions/out-trade-no/suborder-1?sp_mchid=" + emulator.DefaultMchID + "&sub_mchid=" + subMch
	if got := p.state(one); got != "SUCCESS" {
		t.Errorf("the query of the sub-order says %v", got)
	}
	p.call("POST", refunds, map[string]any{"sub_mchid": subMch, "out_trade_no": "suborder-1", "out_refund_no": "r1", "amount": refundAmount(40, 100)}, 200)
	p.clock.Advance(time.Minute)
	if got := p.substates(); got != "REFUND SUCCESS" {
		t.Errorf("the combined order says %s", got)
	}
	p.refused("POST", combineReverse, reversal("suborder-1", "suborder-2"), 400, "INVALID_REQUEST")
}

// TestCombinedOrdersAreListedAndImported: they are kept as what they are.
func TestCombinedOrdersAreListedAndImported(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.call("POST", combineDeduct, combined(p.signCombined().ContractID), 200)
	document := exported(t, p.Emulator)
	into := newPay(t)
	if err := into.Import(strings.NewReader(document)); err != nil {
		t.Fatal(err)
	}
	list, err := into.CombinedOrders()
	if err != nil || len(list) != 1 || list[0].OutTradeNo != "combined-1" || len(list[0].Orders) != 2 {
		t.Errorf("%+v, %v", list, err)
	}
	if got := into.substates(); got != "SUCCESS SUCCESS" {
		t.Errorf("imported: %s", got)
	}
	bad := strings.Replace(document, `"combine_out_trade_no": "combined-1"`, `"combine_out_trade_no": 1`, 1)
	if fault, ok := errors.AsType[*emulator.ActionError](into.Import(strings.NewReader(bad))); !ok || !strings.Contains(fault.Message, `bucket "combined"`) {
		t.Errorf("a combined order that is none: %v", fault)
	}
}
