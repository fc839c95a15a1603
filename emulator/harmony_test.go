package emulator_test

import (
	"strings"
	"testing"
	"time"
)

func TestAHarmonySessionLivesTwoHours(t *testing.T) {
	t.Parallel()
	for age, want := range map[time.Duration]string{2*time.Hour - time.Second: "", 2 * time.Hour: "conflict"} {
		p := newPay(t)
		session := p.call("POST", harmony, harmonyBody, 200)["pre_entrustweb_id"].(string)
		p.clock.Advance(age)
		if _, err := p.Agree(session, ""); codeOf(err) != want {
			t.Errorf("after %v: %v", age, err)
		}
	}
}

func TestWhatAHarmonyPreSignHolds(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	for name := range harmonyBody {
		p.refused("POST", harmony, with(harmonyBody, name, nil), 400, "PARAM_ERROR")
	}
	device := harmonyBody["device_info"].(map[string]any)
	for name := range device {
		p.refused("POST", harmony, with(harmonyBody, "device_info", with(device, name, nil)), 400, "PARAM_ERROR")
	}
	for name, value := range map[string]any{"device_type": "DEVICE_TYPE_UNKNOWN", "days_since_first_login": "DAYS_SINCE_FIRST_LOGIN_MORE_THAN_180_DAYS"} {
		p.refused("POST", harmony, with(harmonyBody, "device_info", with(device, name, value)), 400, "PARAM_ERROR")
	}
	for name, value := range map[string]any{
		"sign_scene": "SIGN_SCENE_H5", "out_user_code": strings.Repeat("u", 65), "return_url": strings.Repeat("r", 257), "openid": strings.Repeat("o", 129),
		"out_contract_code": "a_b", "contract_notify_url": "https://localhost/notify?a=b",
	} {
		p.refused("POST", harmony, with(harmonyBody, name, value), 400, "PARAM_ERROR")
	}
	p.call("POST", harmony, with(harmonyBody, "return_url", "https://localhost/back", "openid", openID, "device_info",
		with(device, "device_type", "DEVICE_TYPE_UNKNOW", "days_since_first_login", "DAYS_SINCE_FIRST_LOGIN_MORE_THEN_180_DAYS")), 200)
}

func TestAHarmonyPreSignThatNamesAUser(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	session := p.call("POST", harmony, with(harmonyBody, "openid", openID), 200)["pre_entrustweb_id"].(string)
	if _, err := p.Agree(session, "oAnother"); codeOf(err) != "conflict" {
		t.Errorf("another user: %v", err)
	}
	if _, err := p.Agree(session, openID); err != nil {
		t.Fatal(err)
	}
	got := p.call("GET", "/v3/papay/sign/contracts/harmony-plan-id/12535/out-contract-code/"+code, nil, 200)
	if got["openid"] != openID || got["mask_wxid"] != "o***o" {
		t.Errorf("%v", got)
	}
	p.refused("POST", harmonyApply, applyBody(got["contract_id"].(string)), 400, "PARAM_ERROR") // without harmony_account_id
}

func TestASessionKnowsWhereTheUserReturns(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	id := p.call("POST", harmony, with(harmonyBody, "return_url", "https://localhost/back"), 200)["pre_entrustweb_id"].(string)
	if session, err := p.Session(id); err != nil || session.ReturnURL != "https://localhost/back" {
		t.Errorf("%+v, %v", session, err)
	}
}
