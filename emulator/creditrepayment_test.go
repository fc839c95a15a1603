package emulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

const credit = "/v3/credit-repayment/partner/"

var creditBody = map[string]any{
	"appid": "wxd678efh567hg6787", "plan_id": "123", "out_contract_code": "100001256", "display_name": "*明",
	"contract_notify_url": "https://localhost/signed", "repayment_day": 19, "repayment_amount_limit": "10000",
}

func (p *pay) signCredit(pairs ...any) *emulator.Contract {
	p.t.Helper()
	contract, err := p.Agree(p.call("POST", credit+"contracts/app-presign", with(creditBody, pairs...), 200)["presign_token"].(string), openID)
	if err != nil {
		p.t.Fatal(err)
	}
	return contract
}

func recordBody(contract *emulator.Contract, pairs ...any) map[string]any {
	item := with(map[string]any{
		"out_record_id": "1234567abcde", "sub_mchid": "1900000110", "repayment_amount": "10000", "min_repayment_amount": "2000", "repayment_date": "2026-09-19",
	}, pairs...)
	return map[string]any{"contract_id": contract.ContractID, "appid": contract.AppID, "openid": contract.OpenID, "schedule_items": []any{item}}
}

func repayBody(contract *emulator.Contract, pairs ...any) map[string]any {
	return with(map[string]any{
		"contract_id": contract.ContractID, "out_trade_no": "repay1", "out_record_id": "1234567abcde", "deduct_amount": "8000",
		"notify_url": "https://localhost/paid", "description": "信贷还款",
	}, pairs...)
}

func TestACreditContractLivesAndEnds(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.refused("GET", credit+"contracts/100001256", nil, 404, "RESOURCE_NOT_EXISTS")
	contract := p.signCredit()
	told := p.lastEvent("CREDIT_REPAYMENT.SIGN_CONTRACT", "https://localhost/signed")
	if told["sp_mchid"] != emulator.DefaultMchID || told["plan_id"] != 123.0 || told["contract_terminated_mode"] != "TERMINATION_MODE_INVALID" ||
		told["repayment_amount_limit"] != "10000" || told["openid"] != openID {
		t.Errorf("CREDIT_REPAYMENT.SIGN_CONTRACT: %v", told)
	}
	got := p.call("GET", credit+"contracts/100001256", nil, 200)
	if got["contract_id"] != contract.ContractID || got["plan_id"] != "123" || got["contract_state"] != "CONTRACT_STATE_EFFECTIVE" ||
		got["repayment_amount_limit"] != 10000.0 || got["repayment_day"] != 19.0 || got["display_name"] != "*明" {
		t.Errorf("the query: %v", got)
	}
	end := map[string]any{"out_contract_code": "100001256", "contract_termination_remark": "已结清"}
	got = p.call("POST", credit+"contracts/terminate", end, 200)["contract_info"].(map[string]any)
	if got["contract_state"] != "CONTRACT_STATE_TERMINATED" || got["contract_terminated_mode"] != "TERMINATION_MODE_BY_MERCHANT" || got["contract_termination_remark"] != "已结清" {
		t.Errorf("terminated: %v", got)
	}
	if told := p.lastEvent("CREDIT_REPAYMENT.TERMINATE_CONTRACT", "https://localhost/signed"); told["contract_terminated_mode"] != "TERMINATION_MODE_BY_MERCHANT" {
		t.Errorf("CREDIT_REPAYMENT.TERMINATE_CONTRACT: %v", told)
	}
	p.refused("POST", credit+"contracts/terminate", end, 400, "INVALID_REQUEST")
	for mode, want := range map[string]string{"": "BY_USER", "CUSTOMER_SERVICE_TERMINATE": "BY_CUSTOMER_SERVICE"} {
		if _, err := p.Terminate(p.signCredit("out_contract_code", "x"+want[3:5]).ContractID, mode, ""); err != nil {
			t.Fatal(err)
		}
		if told := p.lastEvent("CREDIT_REPAYMENT.TERMINATE_CONTRACT", "https://localhost/signed"); told["contract_terminated_mode"] != "TERMINATION_MODE_"+want {
			t.Errorf("%q: %v", mode, told)
		}
	}
}

func TestACreditTokenLivesTenMinutes(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	url := p.call("POST", credit+"contracts/h5-presign", creditBody, 200)["redirect_url"].(string)
	token := url[strings.LastIndex(url, "/")+1:]
	p.clock.Advance(10*time.Minute - time.Second)
	if s, err := p.Session(token); err != nil || s.State != emulator.SessionOpen {
		t.Errorf("a second before: %+v, %v", s, err)
	}
	p.clock.Advance(time.Second)
	if _, err := p.Agree(token, ""); err == nil {
		t.Error("a token was signed after ten minutes")
	}
}

func TestACreditCodeIsUsedUpByWhateverTheUserAnswers(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	for code, answer := range map[string]func(token string) error{
		"declined": p.Decline,
		"failed":   func(token string) error { _, err := p.Fail(token, ""); return err },
		"abandoned": func(token string) error {
			_, err := p.Play(t.Context(), "abandoned", token)
			return err
		},
	} {
		body := with(creditBody, "out_contract_code", code)
		token := p.call("POST", credit+"contracts/app-presign", body, 200)["presign_token"].(string)
		if err := answer(token); err != nil {
			t.Fatal(err)
		}
		p.refused("POST", credit+"contracts/app-presign", body, 400, "INVALID_REQUEST")
		p.refused("GET", credit+"contracts/"+code, nil, 404, "RESOURCE_NOT_EXISTS")
		p.refused("POST", credit+"contracts/app-presign", with(body, "plan_id", "124"), 400, "INVALID_REQUEST")
	}
	for range 2 {
		p.call("POST", credit+"contracts/app-presign", creditBody, 200)
	}
	if events, err := p.Events(); err != nil || len(events) != 0 {
		t.Errorf("notified: %v, %v", events, err)
	}
}

func TestTheIdentityOfASigningIsOpened(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	identity := map[string]any{"identity_type": "REAL_IDENTITY_TYPE_ID_CARD", "identity_id": p.seal("11010119900101001X"), "real_name": p.seal("张三")}
	header := map[string][]string{"Wechatpay-Serial": {p.creds.PublicKeyID}}
	p.callWith("POST", credit+"contracts/app-presign", with(creditBody, "real_identity", identity), 200, header)
	got := p.callWith("POST", credit+"contracts/app-presign", with(creditBody, "real_identity", with(identity, "real_name", "张三")), 400, header)
	if got["code"] != "PARAM_ERROR" || got["detail"].(map[string]any)["field"] != "/real_identity/real_name" {
		t.Errorf("in the clear: %v", got)
	}
}

func TestARepaymentIsScheduledForTomorrowToThe14thDay(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signCredit()
	const at = credit + "schedule-records/batch-create"
	for date, ok := range map[string]bool{"2026-09-18": false, "2026-09-19": true, "2026-10-02": true, "2026-10-03": false} {
		body := recordBody(contract, "out_record_id", strings.ReplaceAll(date, "-", ""), "repayment_date", date)
		if ok {
			p.call("POST", at, body, 200)
		} else {
			p.refused("POST", at, body, 400, "INVALID_REQUEST")
		}
	}
	p.refused("POST", at, with(recordBody(contract), "openid", "somebodyElse"), 400, "INVALID_REQUEST")
	p.refused("POST", at, with(recordBody(contract), "schedule_items", []any{}), 400, "PARAM_ERROR")
}

func TestTheAmountsOfARepayment(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signCredit()
	const at = credit + "schedule-records/batch-create"
	p.refused("POST", at, recordBody(contract, "repayment_amount", "10001"), 403, "RULE_LIMIT")
	for _, amounts := range [][2]string{{"10000", "499"}, {"10000", "10001"}, {"0", "0"}, {"10000", "99999999999999999999"}} {
		p.refused("POST", at, recordBody(contract, "repayment_amount", amounts[0], "min_repayment_amount", amounts[1]), 400, "PARAM_ERROR")
	}
	p.call("POST", at, recordBody(contract, "min_repayment_amount", "500"), 200)
	whole := p.call("POST", at, recordBody(contract, "out_record_id", "whole", "min_repayment_amount", nil), 200)
	if record := whole["schedule_records"].([]any)[0].(map[string]any); record["min_repayment_amount"] != "10000" {
		t.Errorf("without a least amount: %v", record)
	}
}

func TestAScheduledRepaymentIsRepeatedAndQueried(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signCredit()
	const at = credit + "schedule-records/"
	for range 2 {
		p.call("POST", at+"batch-create", recordBody(contract), 200)
	}
	p.refused("POST", at+"batch-create", recordBody(contract, "repayment_amount", "9000"), 400, "ALREADY_EXISTS")
	got := p.call("GET", at+"1234567abcde?contract_id="+contract.ContractID, nil, 200)
	if got["repayment_amount"] != "10000" || got["repayment_date"] != "2026-09-19" || got["contract_id"] != contract.ContractID {
		t.Errorf("the query: %v", got)
	}
	p.refused("GET", at+"1?contract_id="+contract.ContractID, nil, 404, "RESOURCE_NOT_EXISTS")
	p.refused("GET", at+"1234567abcde?contract_id=1", nil, 404, "RESOURCE_NOT_EXISTS")
	if _, err := p.Terminate(contract.ContractID, "", ""); err != nil {
		t.Fatal(err)
	}
	p.refused("POST", at+"batch-create", recordBody(contract, "out_record_id", "later"), 400, "INVALID_REQUEST")
}

func TestARepaymentIsMadeOnItsDayAndOnce(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signCredit()
	const at = credit + "deduct-orders"
	p.refused("POST", at, repayBody(contract), 400, "INVALID_REQUEST")
	p.call("POST", credit+"schedule-records/batch-create", recordBody(contract), 200)
	p.refused("POST", at, repayBody(contract), 400, "INVALID_REQUEST")
	p.clock.Advance(24 * time.Hour)
	for _, amount := range []string{"1999", "10001"} {
		p.refused("POST", at, repayBody(contract, "deduct_amount", amount), 400, "INVALID_REQUEST")
	}
	got := p.call("POST", at, repayBody(contract), 200)
	if got["order_state"] != "DEDUCT_ORDER_STATE_PENDING" || got["deduct_amount"] != "8000" || got["appid"] != contract.AppID || got["openid"] != openID || got["pay_success_amount"] != nil {
		t.Errorf("accepted: %v", got)
	}
	p.refused("POST", at, repayBody(contract, "out_trade_no", "repay2"), 400, "INVALID_REQUEST")
	p.clock.Advance(time.Minute)
	got = p.call("GET", at+"/repay1", nil, 200)
	if got["order_state"] != "DEDUCT_ORDER_STATE_PAY_SUCCESS" || got["pay_success_amount"] != "8000" || got["transaction_id"] == nil {
		t.Errorf("paid: %v", got)
	}
	told := p.lastEvent("CREDIT_REPAYMENT.DEDUCTION_PAY", "https://localhost/paid")
	if told["sub_mchid"] != "1900000110" || told["order_state"] != "DEDUCT_ORDER_STATE_PAY_SUCCESS" || told["out_record_id"] != "1234567abcde" {
		t.Errorf("CREDIT_REPAYMENT.DEDUCTION_PAY: %v", told)
	}
	p.refused("POST", at, repayBody(contract, "out_trade_no", "repay2"), 400, "INVALID_REQUEST")
	p.refused("POST", at, repayBody(contract, "attach", "x"), 403, "OUT_TRADE_NO_USED")
	p.refused("GET", at+"/repay2", nil, 404, "ORDER_NOT_EXIST")
}

func TestARepaymentThatFailedIsNotNotified(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signCredit()
	p.call("POST", credit+"schedule-records/batch-create", recordBody(contract), 200)
	p.clock.Advance(24 * time.Hour)
	if _, err := p.DeductionsEnd(contract.ContractID, emulator.OutcomeShort); err != nil {
		t.Fatal(err)
	}
	p.call("POST", credit+"deduct-orders", repayBody(contract), 200)
	p.clock.Advance(time.Minute)
	if got := p.call("GET", credit+"deduct-orders/repay1", nil, 200); got["order_state"] != "DEDUCT_ORDER_STATE_PAY_FAIL" {
		t.Errorf("failed: %v", got)
	}
	p.lastEvent("CREDIT_REPAYMENT.SIGN_CONTRACT", "https://localhost/signed")
	if _, err := p.DeductionsEnd(contract.ContractID, emulator.OutcomePaid); err != nil {
		t.Fatal(err)
	}
	p.call("POST", credit+"deduct-orders", repayBody(contract, "out_trade_no", "repay2"), 200)
	p.clock.Advance(time.Minute)
	p.lastEvent("CREDIT_REPAYMENT.DEDUCTION_PAY", "https://localhost/paid")
}

func TestTheOrderOfASigningIsDeductedWithIt(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	trade := map[string]any{"out_trade_no": "first1", "deduct_amount": 500, "notify_url": "https://localhost/paid"}
	p.refused("POST", credit+"contracts/app-presign", with(creditBody, "trade_info", with(trade, "deduct_amount", 10001)), 403, "RULE_LIMIT")
	p.signCredit("trade_info", trade, "sub_mchid", "1900000110")
	if got := p.call("GET", credit+"deduct-orders/first1", nil, 200); got["order_state"] != "DEDUCT_ORDER_STATE_PENDING" || got["deduct_amount"] != "500" {
		t.Errorf("accepted: %v", got)
	}
	p.clock.Advance(time.Minute)
	if got := p.call("GET", credit+"deduct-orders/first1", nil, 200); got["order_state"] != "DEDUCT_ORDER_STATE_PAY_SUCCESS" {
		t.Errorf("paid: %v", got)
	}
	if told := p.lastEvent("CREDIT_REPAYMENT.DEDUCTION_PAY", "https://localhost/paid"); told["pay_success_amount"] != "500" {
		t.Errorf("told: %v", told)
	}
}

func TestACreditContractHasARepayment(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := emulator.Contract{Kind: "credit", Plan: 123, Code: "1", AppID: "wxd678efh567hg6787", OpenID: openID}
	if _, err := p.AddContract(contract); err == nil {
		t.Error("one without was taken in")
	}
	contract.Repayment = &emulator.Repayment{Limit: 10000}
	if _, err := p.AddContract(contract); err != nil {
		t.Error(err)
	}
}
