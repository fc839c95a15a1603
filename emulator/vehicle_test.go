package emulator_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

const (
	etc     = "/v3/vehicle/etc/"
	toll    = etc + "transactions/highway"
	etcApp  = "wxd678efh567hg6787"
	plate   = "浙ASB945"
	tollURL = etc + "transactions/out-trade-no/toll-1"
)

// preopen opens a session in which the user may sign ETC.
func (p *pay) preopen(pairs ...any) string {
	p.t.Helper()
	body := with(map[string]any{
		"sp_appid": etcApp, "openid": openID, "plan_id": "97619", "plate_number": plate,
		"identify": map[string]any{"encrypted_real_name": p.seal("张三"), "encrypted_credential_id": p.seal("110101199003070000"), "credential_type": "ID_CARD"},
	}, pairs...)
	return p.callWith("POST", etc+"preopen", body, 200, http.Header{"Wechatpay-Serial": {p.creds.PublicKeyID}})["preopen_id"].(string)
}

func (p *pay) signETC() *emulator.Contract {
	p.t.Helper()
	contract, err := p.Agree(p.preopen(), "")
	if err != nil {
		p.t.Fatal(err)
	}
	return contract
}

func etcOf(openID, plan, plate string) string {
	return etc + "users/" + openID + "/contracts?plan_id=" + plan + "&plate_number=" + url.QueryEscape(plate)
}

func tollBody(contractID string, pairs ...any) map[string]any {
	return with(map[string]any{
		"out_trade_no": "toll-1", "appid": etcApp, "contract_id": contractID, "description": "高速通行费", "attach": "mine", "amount": yuan(888),
		"highway_info": map[string]any{
			"plate_number": plate, "start_time": "2026-09-18T09:00:00+08:00", "end_time": "2026-09-18T09:59:00+08:00",
			"channel_type": "ETC", "entrance": "沿江深圳-大铲湾",
		},
	}, pairs...)
}

func TestETCFromPreopenToClosing(t *testing.T) {
	t.Parallel()
	shop, into := receiving(204)
	p := newPay(t, into, func(c *emulator.Config) { c.TerminateURLs = map[int64]string{97619: "https://localhost/etc"} })
	plain := map[string]any{
		"sp_appid": etcApp, "openid": openID, "plan_id": "97619",
		"identify": map[string]any{"encrypted_real_name": "张三", "encrypted_credential_id": "1", "credential_type": "ID_CARD"},
	}
	if got := p.callWith("POST", etc+"preopen", plain, 400, http.Header{"Wechatpay-Serial": {p.creds.PublicKeyID}}); got["code"] != "PARAM_ERROR" {
		t.Errorf("in plain text: %v", got)
	}
	byUser := etcOf(openID, "97619", plate)
	p.preopen()
	p.refused("GET", byUser, nil, 404, "RESOURCE_NOT_EXISTS")
	contract := p.signETC()
	for _, step := range []struct{ scenario, state string }{{"", "OPENED"}, {"paused", "PAUSE"}, {"resumed", "OPENED"}, {"user-terminated", "DELETED"}} {
		if step.scenario != "" {
			p.play(step.scenario, contract.ContractID)
		}
		for _, target := range []string{byUser, etc + "contracts/" + contract.ContractID} {
			got := p.call("GET", target, nil, 200)
			if got["bind_state"] != step.state || got["contract_id"] != contract.ContractID || got["plate_number"] != plate || got["sp_openid"] != openID || got["appid"] != etcApp {
				t.Errorf("after %q: %v", step.scenario, got)
			}
		}
	}
	p.refused("GET", etcOf(openID, "97618", plate), nil, 404, "RESOURCE_NOT_EXISTS")
	p.refused("GET", byUser+"&sub_mchid="+subMch, nil, 404, "RESOURCE_NOT_EXISTS")
	p.deliver()
	var states []string
	event, _ := spec.LookupEvent("VEHICLE.USER_STATE_CHANGE")
	for _, n := range shop.all() {
		envelope, got := p.open(n)
		p.fits(t, event.Resource, decodeValue(t, string(marshal(t, got))), "")
		if envelope["event_type"] != event.Type || n.url != "https://localhost/etc" {
			t.Errorf("%v to %s", envelope["event_type"], n.url)
		}
		states = append(states, got["bind_state"].(string))
	}
	if got := strings.Join(states, " "); got != "OPENED PAUSE OPENED DELETED" {
		t.Errorf("told %s", got)
	}
	if again := p.signETC(); again.ContractID == contract.ContractID || p.call("GET", byUser, nil, 200)["bind_state"] != "OPENED" {
		t.Errorf("signed again: %+v", again)
	}
}

func TestTheUserChoosesAVehicle(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	session := p.preopen("plate_number", nil, "sub_mchid", subMch)
	p.clock.Advance(2*time.Hour - time.Second)
	contract, err := p.Agree(session, "")
	if err != nil {
		t.Fatal(err)
	}
	got := p.call("GET", etcOf(openID, "97619", contract.Plate)+"&sub_mchid="+subMch, nil, 200)
	if got["contract_id"] != contract.ContractID || !strings.HasPrefix(contract.Plate, "京A") || got["sub_mchid"] != subMch || contract.DisplayAccount != contract.Plate {
		t.Errorf("got %v of %+v", got, contract)
	}
	session = p.preopen()
	p.clock.Advance(2 * time.Hour)
	if _, err := p.Agree(session, ""); codeOf(err) != "conflict" {
		t.Errorf("after two hours: %v", err)
	}
	if len(p.told("VEHICLE.USER_STATE_CHANGE")) != 0 {
		t.Error("told, and no URL is set up")
	}
}

// TestAVehiclesContractIsPaused: and no other one, and not twice.
func TestAVehiclesContractIsPaused(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signETC()
	for _, tt := range []struct {
		name, id string
		do       func(string) (*emulator.Contract, error)
		code     string
	}{
		{"not paused", contract.ContractID, p.Resume, "conflict"},
		{"paused", contract.ContractID, p.Pause, ""},
		{"paused twice", contract.ContractID, p.Pause, "conflict"},
		{"resumed", contract.ContractID, p.Resume, ""},
		{"run out", contract.ContractID, p.Lapse, "conflict"},
		{"another family's", p.signMini(code).ContractID, p.Pause, "conflict"},
		{"nobody's", "1", p.Pause, "not_found"},
	} {
		if _, err := tt.do(tt.id); codeOf(err) != tt.code {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if got := p.adminOK("POST", "/contracts/"+contract.ContractID+"/pause", ""); got["paused"] != true {
		t.Errorf("by the admin interface: %v", got)
	}
}

func TestATollWantsAnOpenContract(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	contract := p.signETC()
	p.refused("POST", toll, tollBody("1"), 404, "RESOURCE_NOT_EXISTS")
	p.refused("POST", toll, tollBody(contract.ContractID, "sub_mchid", subMch), 404, "RESOURCE_NOT_EXISTS")
	p.refused("POST", toll, tollBody(contract.ContractID, "amount", map[string]any{"total": 1, "currency": "USD"}), 400, "PARAM_ERROR")
	other := with(tollBody("")["highway_info"].(map[string]any), "plate_number", "粤B888888")
	p.refused("POST", toll, tollBody(contract.ContractID, "highway_info", other), 400, "INVALID_REQUEST")
	p.play("paused", contract.ContractID)
	p.refused("POST", toll, tollBody(contract.ContractID), 400, "INVALID_REQUEST")
	p.play("resumed", contract.ContractID)
	p.call("POST", toll, tollBody(contract.ContractID), 200)
	p.play("user-terminated", contract.ContractID)
	p.refused("POST", toll, tollBody(contract.ContractID, "out_trade_no", "toll-2"), 400, "INVALID_REQUEST")
}

func TestHowTollsEnd(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		how         emulator.Outcome
		status      int
		then, later string // the code, or the states
	}{
		{emulator.OutcomePaid, 200, "SUCCESS", "SUCCESS"},
		{emulator.OutcomeShort, 403, "NOT_ENOUGH", ""},
		{emulator.OutcomeLimit, 403, "RULE_LIMIT", ""},
		{emulator.OutcomeClosed, 200, "PAY_FAIL", "PAY_FAIL"},
		{emulator.OutcomeLate, 200, "ACCEPTED", "PAY_FAIL"},
	} {
		p := newPay(t)
		contract := p.signETC()
		p.play(string(tt.how), contract.ContractID)
		got := p.call("POST", toll, tollBody(contract.ContractID), tt.status)
		if tt.status != 200 {
			if got["code"] != tt.then {
				t.Errorf("%s: %v", tt.how, got)
			}
			p.refused("GET", tollURL, nil, 404, "ORDER_NOT_EXIST")
			continue
		}
		if got["trade_state"] != tt.then || got["mchid"] != emulator.DefaultMchID || got["payer"].(map[string]any)["sp_openid"] != openID || got["trade_type"] != "PAP" || got["attach"] != "mine" {
			t.Errorf("%s: %v", tt.how, got)
		}
		if tt.then != "PAY_FAIL" { // that would be tried again
			if again := p.call("POST", toll, tollBody(contract.ContractID), 200); string(marshal(t, again)) != string(marshal(t, got)) {
				t.Errorf("%s, again: %v", tt.how, again)
			}
			p.call("POST", toll, tollBody(contract.ContractID, "attach", "another"), map[string]int{"SUCCESS": 403, "ACCEPTED": 400}[tt.then])
		}
		p.clock.Advance(2 * time.Hour)
		for _, target := range []string{tollURL, etc + "transactions/id/" + got["transaction_id"].(string)} {
			if state := p.state(target); state != tt.later {
				t.Errorf("%s: %s says %v, want %s", tt.how, target, state, tt.later)
			}
		}
		if events, err := p.Events(); err != nil || len(events) != 0 {
			t.Errorf("%s: told %v, %v", tt.how, events, err)
		}
	}
}
