package emulator_test

import (
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

const (
	jsapiContract = "/v3/pay/transactions/jsapi-with-contract"
	appContract   = "/v3/pay/transactions/app-with-contract"
)

// payingBody is an order under a password-exempt contract.
func payingBody(contractID string, pairs ...any) map[string]any {
	return with(with(orderBody, "contract_info", map[string]any{"password_free_contract_id": contractID}), pairs...)
}

// signingBody is an order with whose payment the user signs.
func signingBody(pairs ...any) map[string]any {
	return with(with(orderBody, "contract_info", map[string]any{
		"plan_id": "12535", "contract_mchid": emulator.DefaultMchID, "contract_appid": "wxd678efh567hg6787", "contract_code": "paying1",
		"request_serial": "1695", "contract_display_account": "A", "contract_notify_url": "https://localhost/signed",
	}), pairs...)
}

func TestAContractPaysWithoutAPassword(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signMini(code)
	first := p.call("POST", jsapiContract, payingBody(contract.ContractID), 200)["prepay_id"]
	if again := p.call("POST", jsapiContract, payingBody(contract.ContractID), 200)["prepay_id"]; again != first || p.state(orderQuery) != "NOTPAY" {
		t.Errorf("the same order again is %v, not %v", again, first)
	}
	p.clock.Advance(time.Second)
	order := p.call("GET", orderQuery, nil, 200)
	if order["trade_state"] != "SUCCESS" || order["trade_type"] != "JSAPI" || order["success_time"] != "2026-09-18T10:00:01+08:00" {
		t.Errorf("%v", order)
	}
	if events := p.told("TRANSACTION.SUCCESS"); len(events) != 1 || events[0]["out_trade_no"] != orderBody["out_trade_no"] {
		t.Errorf("told %v", events)
	}
	if got, err := p.Contract(contract.ContractID); err != nil || got.State != emulator.Signed {
		t.Errorf("the contract is %v, %v", got, err)
	}
}

func TestAnotherUsersContractDoesNotPay(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signMini(code)
	p.refused("POST", jsapiContract, payingBody(contract.ContractID, "payer", map[string]any{"openid": "oAnother"}), 400, "INVALID_REQUEST")
	p.refused("POST", jsapiContract, payingBody("1"), 400, "INVALID_REQUEST")
	scheduled := p.signScheduled()
	p.refused("POST", jsapiContract, payingBody(scheduled.ContractID), 400, "INVALID_REQUEST")
	if orders, err := p.Orders(); err != nil || len(orders) != 0 {
		t.Errorf("a refused order is kept: %v, %v", orders, err)
	}
	p.call("POST", jsapiContract, payingBody(contract.ContractID), 200)
	if _, err := p.Terminate(contract.ContractID, "", ""); err != nil {
		t.Fatal(err)
	}
	p.clock.Advance(time.Minute)
	if state := p.state(orderQuery); state != "NOTPAY" {
		t.Errorf("paid under a contract that ended: %v", state)
	}
	p.refused("POST", jsapiContract, payingBody(contract.ContractID, "out_trade_no", "another-order"), 400, "INVALID_REQUEST")
}

func TestASubMerchantsContractPaysItsOrders(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	session := p.call("POST", providerMini, providerBody, 200)["pre_entrustweb_id"].(string)
	contract, err := p.Agree(session, "")
	if err != nil {
		t.Fatal(err)
	}
	body := map[string]any{
		"sp_appid": "wxd678efh567hg6787", "sp_mchid": emulator.DefaultMchID, "sub_appid": "wxd678efh567hg6788", "sub_mchid": "1900000110",
		"description": "d", "out_trade_no": "partner-1", "notify_url": "https://localhost/paid", "amount": map[string]any{"total": 1},
		"payer": map[string]any{"sub_openid": openID}, "contract_info": map[string]any{"password_free_contract_id": contract.ContractID},
	}
	const target = "/v3/pay/partner/transactions/jsapi-with-contract"
	p.refused("POST", target, with(body, "sub_mchid", "1900000111"), 400, "INVALID_REQUEST")
	p.refused("POST", target, with(body, "payer", map[string]any{"sub_openid": "oAnother"}), 400, "INVALID_REQUEST")
	p.call("POST", target, body, 200)
	p.clock.Advance(time.Second)
	if state := p.state("/v3/pay/partner/transactions/out-trade-no/partner-1?sub_mchid=1900000110&sp_mchid=" + emulator.DefaultMchID); state != "SUCCESS" {
		t.Errorf("%v", state)
	}
}

func TestTheUserSignsByPaying(t *testing.T) {
	t.Parallel()
	for target, payer := range map[string]any{jsapiContract: orderBody["payer"], appContract: nil} {
		p := newPay(t)
		prepayID := p.call("POST", target, signingBody("payer", payer), 200)["prepay_id"].(string)
		p.call("POST", target, signingBody("payer", payer), 200)
		p.refused("GET", planContract+"paying1", nil, 404, "RESOURCE_NOT_EXISTS")
		if _, err := p.Agree(prepayID, ""); codeOf(err) != "conflict" {
			t.Errorf("signed without paying: %v", err)
		}
		if _, err := p.Pay(prepayID, openID); err != nil {
			t.Fatal(err)
		}
		got := p.call("GET", planContract+"paying1", nil, 200)
		if got["contract_state"] != "SIGNED" || got["openid"] != openID {
			t.Errorf("%v", got)
		}
		if len(p.told("TRANSACTION.SUCCESS")) != 1 || len(p.told("ENTRUST.SIGN")) != 1 {
			t.Error("both are to be told, once")
		}
		p.refused("POST", target, signingBody("payer", payer, "out_trade_no", "another-order"), 400, "INVALID_REQUEST")
	}
}

func TestWhoDeclinesPaysWithoutSigning(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	prepayID := p.call("POST", jsapiContract, signingBody(), 200)["prepay_id"].(string)
	if err := p.Decline(prepayID); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Pay(prepayID, ""); err != nil {
		t.Fatal(err)
	}
	p.refused("GET", planContract+"paying1", nil, 404, "RESOURCE_NOT_EXISTS")
	if state := p.state(orderQuery); state != "SUCCESS" {
		t.Errorf("the order: %v", state)
	}
}

func TestATokenIsTakenAsItIs(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	prepayID := p.call("POST", jsapiContract, with(orderBody, "contract_info", map[string]any{"token": "201710180325670965"}), 200)["prepay_id"].(string)
	if _, err := p.Pay(prepayID, ""); err != nil {
		t.Fatal(err)
	}
	if state := p.state(orderQuery); state != "SUCCESS" {
		t.Errorf("the order: %v", state)
	}
}

func TestAContractOrderNamesItsContract(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.refused("POST", jsapiContract, with(orderBody, "contract_info", nil), 400, "PARAM_ERROR")
	p.refused("POST", jsapiContract, with(orderBody, "contract_info", map[string]any{}), 400, "PARAM_ERROR")
	info := signingBody()["contract_info"].(map[string]any)
	for name := range info {
		if name != "contract_notify_url" {
			p.refused("POST", jsapiContract, with(orderBody, "contract_info", with(info, name, nil)), 400, "PARAM_ERROR")
		}
	}
	p.refused("POST", jsapiContract, with(orderBody, "contract_info", with(info, "plan_id", 12535)), 400, "PARAM_ERROR")
	p.refused("POST", jsapiContract, with(orderBody, "contract_info", with(info, "plan_id", "twelve")), 400, "PARAM_ERROR")
	p.call("POST", jsapiContract, with(orderBody, "contract_info", info), 200)
}

func TestASubMerchantsUserHasItsAppID(t *testing.T) {
	t.Parallel()
	body := map[string]any{
		"sp_appid": "wxd678efh567hg6787", "sp_mchid": emulator.DefaultMchID, "sub_mchid": "1900000110", "description": "d", "out_trade_no": "partner-1",
		"notify_url": "https://localhost/paid", "amount": map[string]any{"total": 1}, "payer": map[string]any{"sub_openid": openID},
	}
	for target, body := range map[string]map[string]any{
		partnerJSAPI: body,
		"/v3/pay/partner/transactions/jsapi-with-contract": with(body, "contract_info", map[string]any{"token": "t"}),
		partnerSign + "jsapi":                              with(partnerScheduled, "sub_appid", nil),
	} {
		p := newPay(t)
		got := p.refused("POST", target, body, 400, "PARAM_ERROR")
		if at := got["detail"].(map[string]any); at["field"] != "/sub_appid" {
			t.Errorf("%s: %v", target, got)
		}
		p.call("POST", target, with(body, "sub_appid", "wxd678efh567hg6788"), 200)
	}
}
