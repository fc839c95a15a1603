package emulator_test

import (
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

const (
	edu         = "/v3/edu-papay/"
	eduPlan     = 101164396123311331
	templateURL = "https://localhost/template"
)

var eduBody = map[string]any{
	"appid": "wx8888888888888888", "openid": openID, "plan_id": "101164396123311331", "user_id": "20200330tony",
	"period_start_date": "2026-09-19", "trade_scene": "EDUCATION_PERIOD",
}

// atTemplate sets up a URL with the template of education.
func atTemplate(c *emulator.Config) {
	c.TerminateURLs = map[int64]string{eduPlan: templateURL}
}

func (p *pay) signEdu(pairs ...any) *emulator.Contract {
	p.t.Helper()
	contract, err := p.Agree(p.call("POST", edu+"contracts/presign", with(eduBody, pairs...), 200)["presign_token"].(string), "")
	if err != nil {
		p.t.Fatal(err)
	}
	return contract
}

// announce tells the user of the next deduction.
func (p *pay) announce(contract *emulator.Contract, status int) map[string]any {
	p.t.Helper()
	return p.call("POST", edu+"user-notifications/"+contract.ContractID+"/send", map[string]any{"appid": contract.AppID}, status)
}

func eduPayBody(contract *emulator.Contract, pairs ...any) map[string]any {
	return with(map[string]any{
		"appid": contract.AppID, "body": "新东方-语文课程", "out_trade_no": "edu001", "notify_url": "https://localhost/paid",
		"contract_id": contract.ContractID, "trade_scene": "EDUCATION_PERIOD", "amount": map[string]any{"total": 888},
		"device_information": map[string]any{"device_ip": "123.12.12.123"},
	}, pairs...)
}

func TestAnEducationContractLivesAndEnds(t *testing.T) {
	t.Parallel()
	p := newPay(t, atTemplate)
	contract := p.signEdu()
	told := p.lastEvent("ENTRUST.SIGNING", templateURL)
	info := told["contract_information"].(map[string]any)
	if told["sp_mchid"] != emulator.DefaultMchID || told["plan_id"] != "101164396123311331" || info["contract_id"] != contract.ContractID || info["contract_status"] != "ADD" {
		t.Errorf("ENTRUST.SIGNING: %v", told)
	}
	const who = "?appid=wx8888888888888888"
	got := p.call("GET", edu+"contracts/id/"+contract.ContractID+who, nil, 200)
	info = got["contract_information"].(map[string]any)
	if got["sp_mchid"] != emulator.DefaultMchID || got["openid"] != openID || info["contract_status"] != "ADD" || info["create_time"] != "2026-09-18T10:00:00+08:00" {
		t.Errorf("the query: %v", got)
	}
	p.refused("GET", edu+"contracts/id/"+contract.ContractID+who+"&sub_mchid=1900000110", nil, 404, "RESOURCE_NOT_EXISTS")
	p.call("DELETE", edu+"contracts/"+contract.ContractID, nil, 204)
	told = p.lastEvent("ENTRUST.RELEASE", templateURL)
	if told["contract_information"].(map[string]any)["contract_status"] != "DELETE" {
		t.Errorf("ENTRUST.RELEASE: %v", told)
	}
	got = p.call("GET", edu+"contracts/id/"+contract.ContractID+who, nil, 200)
	if got["contract_information"].(map[string]any)["contract_status"] != "DELETE" {
		t.Errorf("terminated: %v", got)
	}
	p.refused("DELETE", edu+"contracts/"+contract.ContractID, nil, 400, "INVALID_REQUEST")
	p.refused("DELETE", edu+"contracts/1", nil, 404, "RESOURCE_NOT_EXISTS")
	if _, err := p.Terminate(p.signEdu().ContractID, "", ""); err != nil {
		t.Fatal(err)
	}
	p.lastEvent("ENTRUST.RELEASE", templateURL)
}

func TestAnEducationTokenIsOfOneSigning(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	first := p.call("POST", edu+"contracts/presign", eduBody, 200)["presign_token"].(string)
	second := p.call("POST", edu+"contracts/presign", eduBody, 200)["presign_token"].(string)
	for _, token := range []string{first, second} {
		if _, err := p.Agree(token, ""); err != nil {
			t.Error(err)
		}
		if _, err := p.Agree(token, ""); err == nil {
			t.Error("a token signed twice")
		}
	}
	p.refused("POST", edu+"contracts/presign", with(eduBody, "plan_id", "12x"), 400, "PARAM_ERROR")
	third := p.call("POST", edu+"contracts/presign", eduBody, 200)["presign_token"].(string)
	p.clock.Advance(2 * time.Hour)
	if _, err := p.Agree(third, ""); err == nil {
		t.Error("a token was signed after two hours")
	}
}

func TestContractsAreListedByUser(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	var ids []string
	for range 3 {
		ids = append(ids, p.signEdu().ContractID)
	}
	p.signEdu("openid", "somebodyElse")
	p.signEdu("plan_id", "7")
	p.signEdu("sub_mchid", "1900000110")
	p.call("DELETE", edu+"contracts/"+ids[0], nil, 204)
	const list = edu + "user/" + openID + "/contracts?plan_id=101164396123311331&appid="
	for query, want := range map[string][]string{
		"": {ids[1], ids[2], ids[0]}, "&contract_status=ADD": {ids[1], ids[2]}, "&contract_status=DELETE": {ids[0]},
		"&limit=2": {ids[1], ids[2]}, "&limit=2&offset=2": {ids[0]}, "&offset=3": {}, "&limit=2&offset=1": {ids[2], ids[0]},
	} {
		got := p.call("GET", list+"wx8888888888888888"+query, nil, 200)
		data, _ := got["data"].([]any)
		var have []string
		for _, item := range data {
			have = append(have, item.(map[string]any)["contract_information"].(map[string]any)["contract_id"].(string))
		}
		total := 3.0
		if query == "&contract_status=ADD" {
			total = 2
		}
		if query == "&contract_status=DELETE" {
			total = 1
		}
		if len(have) != len(want) || got["total_count"] != total {
			t.Errorf("%q: %v", query, got)
			continue
		}
		for i := range want {
			if have[i] != want[i] {
				t.Errorf("%q: %v, want %v", query, have, want)
			}
		}
	}
	if got := p.call("GET", list+"wx8888888888888889", nil, 200); got["total_count"] != 0.0 || got["limit"] != 20.0 {
		t.Errorf("another appid: %v", got)
	}
	if got := p.call("GET", list+"wx8888888888888888&sub_mchid=1900000110", nil, 200); got["total_count"] != 1.0 {
		t.Errorf("the sub-merchant's: %v", got)
	}
	p.refused("GET", edu+"user/"+openID+"/contracts?plan_id=x&appid=wx8888888888888888", nil, 400, "PARAM_ERROR")
}

func TestARenewalIsAnnouncedOneToThreeDaysBefore(t *testing.T) {
	t.Parallel()
	for days := range 5 {
		p := newPay(t)
		contract := p.signEdu()
		p.refused("POST", edu+"transactions", eduPayBody(contract), 400, "INVALID_REQUEST")
		p.announce(contract, 204)
		if err := p.Advance(t.Context(), time.Duration(24*days)*time.Hour); err != nil {
			t.Fatal(err)
		}
		if days == 0 || days > 3 {
			p.refused("POST", edu+"transactions", eduPayBody(contract), 400, "INVALID_REQUEST")
		} else {
			p.call("POST", edu+"transactions", eduPayBody(contract), 204)
		}
	}
}

func TestTheDaysOfANoticeAreThoseOfBeijing(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signEdu()
	if err := p.Advance(t.Context(), 14*time.Hour-time.Second); err != nil { // to 23:59:59
		t.Fatal(err)
	}
	p.announce(contract, 204)
	p.refused("POST", edu+"transactions", eduPayBody(contract), 400, "INVALID_REQUEST")
	p.clock.Advance(time.Second)
	p.call("POST", edu+"transactions", eduPayBody(contract), 204)
}

func TestANoticeIsNotRepeatedWhileItHolds(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signEdu()
	p.announce(contract, 204)
	p.clock.Advance(3 * 24 * time.Hour)
	if got := p.announce(contract, 400); got["code"] != "ALREADY_EXISTS" {
		t.Errorf("on the third day: %v", got)
	}
	p.clock.Advance(24 * time.Hour)
	p.announce(contract, 204)
	p.call("DELETE", edu+"contracts/"+contract.ContractID, nil, 204)
	if got := p.announce(contract, 400); got["code"] != "INVALID_REQUEST" {
		t.Errorf("after the end: %v", got)
	}
}

func TestARenewalUsesItsNoticeUp(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signEdu()
	p.announce(contract, 204)
	p.clock.Advance(24 * time.Hour)
	if _, err := p.DeductionsEnd(contract.ContractID, emulator.OutcomeShort); err != nil {
		t.Fatal(err)
	}
	p.call("POST", edu+"transactions", eduPayBody(contract), 204)
	if got := p.call("GET", edu+"transactions/out-trade-no/edu001", nil, 200); got["trade_state"] != "ACCEPTED" || got["sp_mchid"] != emulator.DefaultMchID {
		t.Errorf("accepted: %v", got)
	}
	p.clock.Advance(time.Minute)
	if got := p.call("GET", edu+"transactions/out-trade-no/edu001", nil, 200); got["trade_state"] != "PAY_FAIL" || got["trade_state_description"] == nil {
		t.Errorf("failed: %v", got)
	}
	p.lastEvent("TRANSACTION.FAIL", "https://localhost/paid")
	if _, err := p.DeductionsEnd(contract.ContractID, emulator.OutcomePaid); err != nil {
		t.Fatal(err)
	}
	p.call("POST", edu+"transactions", eduPayBody(contract), 204)
	p.clock.Advance(time.Minute)
	got := p.call("GET", edu+"transactions/out-trade-no/edu001", nil, 200)
	if got["trade_state"] != "SUCCESS" || got["payer"].(map[string]any)["openid"] != openID {
		t.Errorf("tried again: %v", got)
	}
	p.lastEvent("TRANSACTION.SUCCESS", "https://localhost/paid")
	p.call("GET", edu+"transactions/id/"+got["transaction_id"].(string), nil, 200)
	p.refused("POST", edu+"transactions", eduPayBody(contract, "out_trade_no", "edu002"), 400, "INVALID_REQUEST")
	p.announce(contract, 204)
	p.refused("GET", "/v3/pay/transactions/out-trade-no/edu001?mchid="+emulator.DefaultMchID, nil, 404, "ORDER_NOT_EXIST")
}

func TestNoRenewalBeforeTheFirstDay(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signEdu("period_start_date", "2026-09-20")
	p.announce(contract, 204)
	p.clock.Advance(24 * time.Hour)
	p.refused("POST", edu+"transactions", eduPayBody(contract), 400, "INVALID_REQUEST")
	p.clock.Advance(24 * time.Hour)
	p.call("POST", edu+"transactions", eduPayBody(contract), 204)
}

func TestASubMerchantsRenewal(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	const sub = "1900000110"
	contract := p.signEdu("sub_mchid", sub, "sub_appid", "wx8888888888888889", "sub_openid", "sub")
	p.call("POST", edu+"user-notifications/"+contract.ContractID+"/send", map[string]any{"appid": contract.AppID, "sub_mchid": sub}, 204)
	p.clock.Advance(24 * time.Hour)
	p.call("POST", edu+"transactions", eduPayBody(contract, "sub_mchid", sub, "sub_appid", "wx8888888888888889"), 204)
	p.clock.Advance(time.Minute)
	got := p.call("GET", edu+"transactions/out-trade-no/edu001?sub_mchid="+sub, nil, 200)
	if payer := got["payer"].(map[string]any); payer["openid"] != openID || payer["sub_openid"] != "sub" || got["sub_mchid"] != sub {
		t.Errorf("paid: %v", got)
	}
	p.refused("GET", edu+"transactions/out-trade-no/edu001", nil, 404, "ORDER_NOT_EXIST")
}

func TestAContractIsOfItsProduct(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract, other := p.signEdu(), p.signGlobal(globalBody)
	p.refused("DELETE", edu+"contracts/"+other.ContractID, nil, 404, "RESOURCE_NOT_EXISTS")
	p.refused("GET", globalSign+contract.ContractID+"?appid=wx8888888888888888", nil, 404, "RESOURCE_NOT_EXISTS")
	p.refused("POST", edu+"transactions", eduPayBody(contract, "appid", "wx8888888888888889"), 400, "INVALID_REQUEST")
}
