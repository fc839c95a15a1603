package emulator_test

import (
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
)

func TestAContractFromElsewhere(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	got := p.adminOK("POST", "/contracts", `{"plan":12535,"out_contract_code":"v2","appid":"wx1","openid":"o1","contract_id":"202609180000000000000001","deduct_schedule":{"estimated_deduct_date":"2026-09-20","estimated_deduct_amount":5,"description":"d"}}`)
	if got["contract_state"] != "SIGNED" || got["mchid"] != p.creds.MchID {
		t.Errorf("%v", got)
	}
	if found := p.call("GET", planContract+"v2", nil, 200); found["contract_id"] != "202609180000000000000001" {
		t.Errorf("%v", found)
	}
	p.set("2026-09-21 08:00:00")
	if found := p.call("GET", planContract+"v2", nil, 200); found["contract_state"] != "TERMINATED" {
		t.Errorf("its day is over: %v", found)
	}
	for name, tt := range map[string]struct {
		contract emulator.Contract
		code     string
	}{
		"nothing":          {emulator.Contract{}, "invalid"},
		"a used code":      {emulator.Contract{Plan: 12535, Code: "v2", AppID: "wx1", OpenID: "o1"}, "conflict"},
		"a used id":        {emulator.Contract{Plan: 12535, Code: "v3", AppID: "wx1", OpenID: "o1", ContractID: "202609180000000000000001"}, "conflict"},
		"no state":         {emulator.Contract{Plan: 12535, Code: "v4", AppID: "wx1", OpenID: "o1", State: emulator.PreSigned}, "invalid"},
		"no kind":          {emulator.Contract{Plan: 12535, Code: "v5", AppID: "wx1", OpenID: "o1", Kind: "plan"}, "invalid"},
		"no date":          {emulator.Contract{Plan: 12535, Code: "v6", AppID: "wx1", OpenID: "o1", Schedule: &emulator.Schedule{Date: "tomorrow"}}, "invalid"},
		"a terminated one": {emulator.Contract{Plan: 12535, Code: "v7", AppID: "wx1", OpenID: "o1", State: emulator.Terminated}, ""},
	} {
		if _, err := p.AddContract(tt.contract); codeOf(err) != tt.code {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnOrderFromElsewhere(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	const order = `{"order":{"out_trade_no":"elsewhere-1","appid":"wx1","notify_url":"https://localhost/paid"},"total":888}`
	id := p.adminOK("POST", "/orders", order)["transaction_id"].(string)
	if got := p.call("GET", "/v3/pay/transactions/id/"+id+"?mchid="+p.creds.MchID, nil, 200); got["trade_state"] != "SUCCESS" {
		t.Errorf("%v", got)
	}
	if a := p.admin("POST", "/orders", order); a.status != 409 {
		t.Errorf("again: %d %s", a.status, a.body)
	}
	if a := p.admin("POST", "/orders", `{}`); a.status != 400 {
		t.Errorf("nothing: %d %s", a.status, a.body)
	}
}
