package emulator_test

import (
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

const school = "/v3/eduschoolpay/"

var schoolBody = map[string]any{
	"appid": "wx8888888888888888", "openid": openID, "plan_id": "101164396123311331", "user_id": "20200330tony",
	"school_id": "18260256813396", "out_contract_code": "20190806125346",
}

func (p *pay) signSchool(pairs ...any) *emulator.Contract {
	p.t.Helper()
	contract, err := p.Agree(p.call("POST", school+"contracts/presign", with(schoolBody, pairs...), 200)["presign_token"].(string), "")
	if err != nil {
		p.t.Fatal(err)
	}
	return contract
}

func schoolPayBody(contract *emulator.Contract, pairs ...any) map[string]any {
	return with(map[string]any{
		"appid": contract.AppID, "sub_mchid": "1900000110", "description": "中山大学-第二食堂-海鲜炒饭", "out_trade_no": "school1",
		"notify_url": "https://localhost/paid", "contract_id": contract.ContractID, "user_id": "20200330tony",
		"amount":     map[string]any{"total": 888, "currency": "CNY"},
		"scene_info": map[string]any{"start_time": "2026-09-18T10:00:00+08:00", "school_id": "18260256813396", "scene_type": "CANTEEN"},
	}, pairs...)
}

func TestACampusContractLivesAndEnds(t *testing.T) {
	t.Parallel()
	p := newPay(t, atTemplate)
	contract := p.signSchool()
	told := p.lastEvent("PAYSCORE.USER_OPEN_SERVICE", templateURL)
	if told["contract_id"] != contract.ContractID || told["contract_status"] != "ADD" || told["plan_id"] != "101164396123311331" {
		t.Errorf("PAYSCORE.USER_OPEN_SERVICE: %v", told)
	}
	got := p.call("GET", school+"contracts/"+contract.ContractID, nil, 200)
	if got["contract_status"] != "ADD" || got["out_contract_code"] != "20190806125346" || got["create_time"] != "2026-09-18T10:00:00+08:00" {
		t.Errorf("the query: %v", got)
	}
	p.refused("POST", school+"contracts/presign", schoolBody, 400, "INVALID_REQUEST")
	p.call("POST", school+"contracts/"+contract.ContractID+"/terminate", nil, 204)
	p.lastEvent("PAYSCORE.USER_CLOSE_SERVICE", templateURL)
	if got := p.call("GET", school+"contracts/"+contract.ContractID, nil, 200); got["contract_status"] != "DELETE" {
		t.Errorf("terminated: %v", got)
	}
	p.refused("POST", school+"contracts/1/terminate", nil, 404, "NOT_FOUND")
	p.refused("GET", school+"contracts/1", nil, 404, "NOT_FOUND")
}

func TestACampusTokenLivesTwoHours(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	token := p.call("POST", school+"contracts/presign", schoolBody, 200)["presign_token"].(string)
	p.clock.Advance(2*time.Hour - time.Second)
	if _, err := p.Agree(token, "somebody else"); err == nil {
		t.Error("another user signed")
	}
	p.clock.Advance(time.Second)
	if _, err := p.Agree(token, ""); err == nil {
		t.Error("a token was signed after two hours")
	}
}

func TestACardOfItsOwnNeedsItsOwner(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	sealed := map[string][]string{"Wechatpay-Serial": {p.creds.PublicKeyID}}
	identity := map[string]any{"real_name": p.seal("张三"), "credential_type": "IDENTITY_CARD"}
	card := map[string]any{"bank_card_no": p.seal("6222020000000000000")}
	for _, mode := range []string{"LIMIT_BANK_CARD", "PRIORITY_BANK_CARD"} {
		body := with(schoolBody, "contract_mode", mode, "identity", identity, "bank_card", card)
		p.callWith("POST", school+"contracts/presign", body, 200, sealed)
		for _, without := range []string{"identity", "bank_card"} {
			got := p.callWith("POST", school+"contracts/presign", with(body, without, nil), 400, sealed)
			if got["code"] != "PARAM_ERROR" || got["detail"].(map[string]any)["field"] != "/"+without {
				t.Errorf("%s without %s: %v", mode, without, got)
			}
		}
	}
	p.call("POST", school+"contracts/presign", with(schoolBody, "contract_mode", "DEFAULT"), 200)
}

func TestAPageOfCampusContractsKnowsItsNeighbours(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	for _, code := range []string{"a", "b", "c"} {
		p.signSchool("out_contract_code", code)
	}
	const list = school + "users/" + openID + "/contracts"
	got := p.call("GET", list+"?plan_id=101164396123311331&contract_status=ALL&limit=1&offset=1", nil, 200)
	links, data := got["links"].(map[string]any), got["data"].([]any)
	if len(data) != 1 || data[0].(map[string]any)["out_contract_code"] != "b" || got["total_count"] != 3.0 {
		t.Errorf("the page: %v", got)
	}
	for name, offset := range map[string]string{"self": "offset=1", "next": "offset=2", "prev": "offset=0"} {
		link, _ := links[name].(string)
		if !strings.HasPrefix(link, list+"?") || !strings.Contains(link, offset) || !strings.Contains(link, "limit=1") {
			t.Errorf("%s: %s", name, link)
		}
		p.call("GET", link, nil, 200)
	}
	p.refused("GET", list+"?plan_id=101164396123311331&contract_status=ALL&limit=2&offset=1", nil, 400, "PARAM_ERROR")
}

func TestACampusDeductionAnswersTheOrder(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signSchool()
	got := p.call("POST", school+"transactions", schoolPayBody(contract), 200)
	if got["trade_state"] != "ACCEPTED" || got["trade_type"] != "AUTH" || got["mchid"] != emulator.DefaultMchID || got["sub_mchid"] != "1900000110" {
		t.Errorf("accepted: %v", got)
	}
	p.call("POST", school+"transactions", schoolPayBody(contract, "out_trade_no", "meanwhile"), 200)
	p.clock.Advance(time.Minute)
	const order = school + "transactions/out-trade-no/school1?sub_mchid=1900000110"
	paid := p.call("GET", order, nil, 200)
	if paid["trade_state"] != "SUCCESS" || paid["payer"].(map[string]any)["openid"] != openID {
		t.Errorf("paid: %v", paid)
	}
	if told := p.lastEvent("TRANSACTION.INDUSTRY_SUCCESS", "https://localhost/paid"); told["trade_state"] != "SUCCESS" {
		t.Errorf("TRANSACTION.INDUSTRY_SUCCESS: %v", told)
	}
	if again := p.call("POST", school+"transactions", schoolPayBody(contract), 200); again["transaction_id"] != paid["transaction_id"] {
		t.Errorf("the same request again: %v", again)
	}
	sync := p.call("POST", school+"transactions", schoolPayBody(contract, "out_trade_no", "school2", "payment_mode", "SYNC"), 200)
	if sync["trade_state"] != "SUCCESS" {
		t.Errorf("in sync: %v", sync)
	}
	p.refused("POST", school+"transactions", schoolPayBody(contract, "out_trade_no", "school3", "user_id", "somebodyElse"), 400, "INVALID_REQUEST")
}

func TestADebtBarsTheUserUntilItIsPaidBack(t *testing.T) {
	t.Parallel()
	p := newPay(t, atTemplate)
	const state = school + "users/" + openID + "/debt-state"
	p.refused("GET", state, nil, 404, "RESOURCE_NOT_EXISTS")
	contract := p.signSchool()
	if got := p.call("GET", state, nil, 200); got["debt_count"] != 0.0 || got["state"] != "NORMAL" {
		t.Errorf("without debts: %v", got)
	}
	if _, err := p.Play(t.Context(), "debts-paid", contract.ContractID); err == nil {
		t.Error("debts were paid where there are none")
	}
	if _, err := p.DeductionsEnd(contract.ContractID, emulator.OutcomeClosed); err != nil {
		t.Fatal(err)
	}
	got := p.call("POST", school+"transactions", schoolPayBody(contract, "payment_mode", "SYNC"), 200)
	if got["trade_state"] != "PAY_FAIL" || p.call("GET", state, nil, 200)["debt_count"] != 0.0 {
		t.Errorf("an account that is closed: %v", got)
	}
	if _, err := p.DeductionsEnd(contract.ContractID, emulator.OutcomeShort); err != nil {
		t.Fatal(err)
	}
	p.call("POST", school+"transactions", schoolPayBody(contract, "out_trade_no", "school2"), 200)
	p.clock.Advance(time.Minute)
	got = p.call("GET", state, nil, 200)
	if got["debt_count"] != 1.0 || got["state"] != "FORBIDDEN" || got["update_time"] != "2026-09-18T10:00:05+08:00" {
		t.Errorf("with a debt: %v", got)
	}
	events, err := p.LastEvents(2)
	if err != nil || events[1].Type != "TRANSACTION.INDUSTRY_FAILED" || events[0].Type != "EDU_SCHOOL_PAY.USER_DEBT_STATE_UPDATE" || events[0].URL != templateURL {
		t.Errorf("told: %s, %s to %s, %v", events[1].Type, events[0].Type, events[0].URL, err)
	}
	if _, err := p.DeductionsEnd(contract.ContractID, emulator.OutcomePaid); err != nil {
		t.Fatal(err)
	}
	p.refused("POST", school+"transactions", schoolPayBody(contract, "out_trade_no", "school3"), 403, "RULE_LIMIT")
	if _, err := p.Play(t.Context(), "debts-paid", contract.ContractID); err != nil {
		t.Fatal(err)
	}
	if told := p.lastEvent("EDU_SCHOOL_PAY.USER_DEBT_STATE_UPDATE", templateURL); told["debt_count"] != 0.0 || told["state"] != "NORMAL" {
		t.Errorf("paid back: %v", told)
	}
	order := p.call("GET", school+"transactions/out-trade-no/school2?sub_mchid=1900000110", nil, 200)
	if order["trade_state"] != "PAY_BACK" || order["success_time"] == nil {
		t.Errorf("the order: %v", order)
	}
	p.call("GET", school+"transactions/id/"+order["transaction_id"].(string)+"?sub_mchid=1900000110", nil, 200)
	p.call("POST", school+"transactions", schoolPayBody(contract, "out_trade_no", "school3"), 200)
}

func TestDebtsAndListsAreImported(t *testing.T) {
	t.Parallel()
	p, q := newPay(t), newPay(t)
	contract := p.signSchool()
	if _, err := p.DeductionsEnd(contract.ContractID, emulator.OutcomeShort); err != nil {
		t.Fatal(err)
	}
	p.call("POST", school+"transactions", schoolPayBody(contract, "payment_mode", "SYNC"), 200)
	var state strings.Builder
	if err := p.Export(&state); err != nil {
		t.Fatal(err)
	}
	if err := q.Import(strings.NewReader(state.String())); err != nil {
		t.Fatal(err)
	}
	if got := q.call("GET", school+"users/"+openID+"/debt-state", nil, 200); got["debt_count"] != 1.0 {
		t.Errorf("the debts: %v", got)
	}
	got := q.call("GET", school+"users/"+openID+"/contracts?plan_id=101164396123311331&contract_status=ADD", nil, 200)
	if got["total_count"] != 1.0 {
		t.Errorf("the list: %v", got)
	}
	spoilt := strings.Replace(state.String(), `"orders": [`, `"orders": [7, `, 1)
	if err := q.Import(strings.NewReader(spoilt)); err == nil || !strings.Contains(err.Error(), "debts") {
		t.Errorf("debts that are none: %v", err)
	}
}
