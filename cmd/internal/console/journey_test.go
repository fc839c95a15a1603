package console_test

import (
	"encoding/json"
	"html"
	"net/http"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
)

// has fails unless every part stands in the text.
func has(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(html.UnescapeString(text), part) {
			t.Errorf("%q is not in\n%s", part, text)
		}
	}
}

// The page of a failing signature names each of the mistakes that it was given,
// shows both texts, and marks where they differ.
func TestFailingSignaturePage(t *testing.T) {
	t.Parallel()
	const body = `{"appid":"wx1","note":"a/b","list":[1,2]}`
	replace := func(old, with string) mistake {
		return mistake{text: func(right string) string { return strings.Replace(right, old, with, 1) }}
	}
	sent := func(other string) mistake { return replace(body, other) }
	header := func(change func(string) string) mistake {
		return mistake{serve: func(r *http.Request) { r.Header.Set("Authorization", change(r.Header.Get("Authorization"))) }}
	}
	for name, tt := range map[string]struct {
		wrong   mistake
		en, zh  string
		signed  string // a part of the text on the right
		nothing bool   // the text on the right is not known
	}{
		"blanks":        {sent(`{"appid": "wx1", "note": "a/b", "list": [1, 2]}`), "the signed one has blanks behind colons and commas", "冒号和逗号后有空格", `"appid": "wx1"`, false},
		"indented":      {sent("{\n  \"appid\": \"wx1\",\n  \"note\": \"a/b\",\n  \"list\": [\n    1,\n    2\n  ]\n}"), "the signed one is indented", "带缩进", `"appid": "wx1"`, false},
		"sorted":        {sent(`{"appid":"wx1","list":[1,2],"note":"a/b"}`), "in another order", "成员顺序不同", `"list":[1,2],"note"`, false},
		"PHP":           {sent(`{"appid":"wx1","note":"a\/b","list":[1,2]}`), "slashes are escaped otherwise", "斜杠转义不同", `a\/b`, false},
		"newline":       {sent(body + "\n"), "a line break or a blank more at its end", "末尾多了换行", "↵", false},
		"not signed":    {sent(""), "left out of the signature", "请求体没有参与签名", "↵", false},
		"no last break": {mistake{text: func(right string) string { return strings.TrimSuffix(right, "\n") }}, "The last line feed is missing", "缺少最后一个换行符", "∅", false},
		"lower case":    {replace("POST", "post"), "signed in lower case", "请求方法用了小写", "post", false},
		"no query":      {replace("?a=1", ""), "without its query", "没有查询串", jsapi + "∅↵", false},
		"whole URL":     {replace("/v3", "https://api.mch.weixin.qq.com/v3"), "with scheme or host", "带有协议或域名", "https://api.mch", false},
		"another text":  {sent(`{"appid":"wx2"}`), "none of the usual mistakes", "常见错误均不吻合", "", true},
		"clock": {header(func(h string) string {
			return regexp.MustCompile(`timestamp="\d+"`).ReplaceAllString(h, `timestamp="1"`)
		}), "more than 5 minutes away", "相差超过 5 分钟", "", true},
		"serial": {header(func(h string) string {
			return regexp.MustCompile(`serial_no="\w+"`).ReplaceAllString(h, `serial_no="ABC"`)
		}), "names no certificate that is known", "对应的证书不存在", "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStage(t)
			if answer := s.call("POST", jsapi+"?a=1", body, tt.wrong); answer["code"] != "SIGN_ERROR" {
				t.Fatalf("the answer is %v", answer)
			}
			_, en := s.get(s.base+"/requests/1", "Accept-Language", "en")
			_, zh := s.get(s.base+"/requests/1", "Accept-Language", "zh")
			has(t, en, tt.en)
			has(t, zh, tt.zh)
			_, right, found := strings.Cut(en, `<pre id="signed">`)
			if found == tt.nothing {
				t.Fatalf("the text that was signed is shown: %t", found)
			}
			right, _, _ = strings.Cut(right, "</pre>")
			if found && tt.signed != "" {
				has(t, en, "<mark>")
				has(t, strings.NewReplacer("<mark>", "", "</mark>", "").Replace(right), tt.signed)
			}
		})
	}
}

// The user pays, is asked, and signs; then ends the contract in the wallet.
func TestPhoneAfterPayment(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	prepayID := s.order("20260918100000000001")
	session := s.presign("wxwtdk20260918000001", prepayID)
	page := s.base + "/phone/pay/" + prepayID
	_, text := s.get(s.base + "/phone/sign/" + session)
	has(t, text, "Pay first")
	_, text = s.get(page)
	has(t, text, "¥19.90", "After the payment you are asked to sign")
	text = s.submit(page, "/orders/"+prepayID+"/pay")
	has(t, text, "✓ paid", "Pay without a password next time?", `role="status">Paid`)
	text = s.submit(page, "/sessions/"+session+"/agree")
	has(t, text, "signed")
	contracts, err := s.pay.Contracts()
	if err != nil || contracts[0].State != emulator.Signed {
		t.Fatalf("contracts = %v, %v", contracts, err)
	}
	text = s.submit(s.base+"/phone/contracts", "/contracts/"+contracts[0].ContractID+"/terminate")
	has(t, text, "No contract is in force")
	if got, err := s.pay.Contract(contracts[0].ContractID); err != nil || got.Termination.Mode != "USER_TERMINATE" {
		t.Errorf("contract = %+v, %v", got, err)
	}
	_, text = s.get(s.base + "/contracts/service_id/12535/wxwtdk20260918000001")
	has(t, text, "pre-signed, scene pay-redirect", "the user agreed", "by the user", "ENTRUST.SIGN", "ENTRUST.TERMINATE", "POST "+afterPay)
	_, text = s.get(s.base + "/orders/" + prepayID)
	has(t, text, "placed", "TRANSACTION.SUCCESS", "POST "+jsapi)
}

func TestSigningPagesOfEveryEnd(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for name, tt := range map[string]struct{ do, has string }{
		"signs":    {"agree", "✓ Signed"},
		"declines": {"decline", "declined"},
	} {
		session := s.presign("wxwtdk2026091800"+name, "")
		page := s.base + "/phone/sign/" + session
		_, text := s.get(page)
		has(t, text, "Mini program", "微信用户")
		has(t, s.submit(page, "/sessions/"+session+"/"+tt.do), tt.has)
	}
	session := s.presign("wxwtdk20260918000003", "")
	has(t, s.submit(s.base+"/contracts/service_id/12535/wxwtdk20260918000003", "/sessions/"+session+"/fail"), "signing failed")
	session = s.presign("wxwtdk20260918000004", "")
	has(t, s.submit(s.base+"/contracts/service_id/12535/wxwtdk20260918000004", "/clock", "duration", "24h"), "The clock moved by 24h0m0s")
	_, text := s.get(s.base + "/phone/sign/" + session)
	has(t, text, "This page is over", "expired")
	s.presign("wxwtdk20260918000004", "")
	_, text = s.get(s.base + "/phone/sign/" + session)
	has(t, text, "This page is over", "replaced")
}

// What the merchant and the platform can do to a contract.
func TestContractEndsByEverybody(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for i, tt := range []struct{ mode, shown string }{
		{"USER_TERMINATE", "by the user"}, {"WEPAY_WEB_TERMINATE", "by the merchant on the platform"}, {"SYSTEM_TERMINATE", "by the platform"}, {"", "to be renewed"},
	} {
		code := "wxwtdk202609180000" + string(rune('a'+i))
		contract, err := s.pay.Agree(s.presign(code, ""), "")
		if err != nil {
			t.Fatal(err)
		}
		page, action := s.base+"/contracts/service_id/12535/"+code, "/contracts/"+contract.ContractID+"/terminate"
		if tt.mode == "" {
			action = "/contracts/" + contract.ContractID + "/lapse"
		}
		has(t, s.submit(page, action, "mode", tt.mode), tt.shown)
	}
}

// A merchant that is asked whether a user may leave offers a coupon, which the
// user takes at first; the pages show the policy and each answer.
func TestAUserIsRetained(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.status, s.answer = http.StatusOK, `{"retention_type":"COUPON","coupon_info":{"state":"SEND_COUPON","coupon_id":"c0001"}}`
	if err := s.pay.SetPlan(7, emulator.Plan{Retention: true}); err != nil {
		t.Fatal(err)
	}
	contract, err := s.pay.AddContract(emulator.Contract{
		Plan: 7, Code: "insured", AppID: "wx1", OpenID: "o1", NotifyURL: "https://shop.example/notify", DisplayAccount: "*明",
		Policy: &emulator.Policy{Start: "2026-10-01", End: "2026-12-31", Periods: []emulator.PolicyPeriod{{ID: 1, Date: "2026-10-01", Amount: 1990}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	page, wallet := s.base+"/contracts/insurance/7/insured", s.base+"/phone/contracts"
	_, text := s.get(page)
	has(t, text, "period 1", "¥19.90", "2026-10-01", "not reserved")
	text = s.submit(wallet, "/contracts/"+contract.ContractID+"/terminate")
	has(t, text, "The merchant was asked: the user is asked", "c0001", "Stay")
	has(t, s.submit(wallet, "/contracts/"+contract.ContractID+"/stay"), "The contract stays")
	_, text = s.get(page)
	has(t, text, "the merchant was asked", "the user stays", "in force")
	s.submit(wallet, "/contracts/"+contract.ContractID+"/terminate")
	has(t, s.submit(wallet, "/contracts/"+contract.ContractID+"/terminate"), "Ended", "No contract is in force")
	_, text = s.get(page)
	has(t, text, "by the user", "INSURANCE_ENTRUST.TERMINATE", "ENTRUST.TERMINATE_RETENTION")
}

// The contract of a vehicle is shown by its plate, and is paused and resumed.
func TestAVehicleIsPaused(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	contract, err := s.pay.OpenParking("wx1", "o1", "粤B888888", "BLUE")
	if err != nil {
		t.Fatal(err)
	}
	page := s.base + "/contracts/parking/0/" + contract.Code
	has(t, s.submit(page, "/scenarios/"+contract.ContractID, "scenario", "paused"), `paused</span> 粤B888888`)
	text := s.submit(page, "/scenarios/"+contract.ContractID, "scenario", "resumed")
	has(t, text, `in force</span> 粤B888888`, "plate_number")
	_, text = s.get(s.base + "/phone/contracts")
	has(t, text, "粤B888888")
}

// A scenario is let happen from the page of what it is about.
func TestScenarioFromItsPage(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	session := s.presign("wxwtdk20260918000001", "")
	page := s.base + "/contracts/service_id/12535/wxwtdk20260918000001"
	_, text := s.get(page)
	names := regexp.MustCompile(`<option value="([^"]+)">`).FindAllStringSubmatch(text, -1)
	if len(names) < 4 {
		t.Fatalf("scenarios = %v", names)
	}
	has(t, s.submit(page, "/scenarios/"+session, "scenario", names[0][1]), "It happened: "+names[0][1])
	if got, err := s.pay.Session(session); err != nil || got.State == emulator.SessionOpen {
		t.Errorf("after %s the session is %v, %v", names[0][1], got.State, err)
	}
}

// A notification is followed through its attempts, sent again with a fault, and
// handed over as a command that the receiver takes.
func TestNotificationPage(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.status = http.StatusInternalServerError
	if _, err := s.pay.Agree(s.presign("wxwtdk20260918000001", ""), ""); err != nil {
		t.Fatal(err)
	}
	has(t, s.submit(s.base+"/events", "/deliver"), "ENTRUST.SIGN", "1 attempts", "in 15 s")
	events, err := s.pay.LastEvents(1)
	if err != nil {
		t.Fatal(err)
	}
	page := s.base + "/events/" + events[0].ID
	_, text := s.get(page)
	has(t, text, "500", "Next attempt", `"contract_state": "SIGNED"`, `"ciphertext":`, "once more", "old timestamp")
	s.status = http.StatusOK
	text = s.submit(page, "/events/"+events[0].ID+"/send", "fault", "stale")
	has(t, text, "the answer was 200", "old timestamp")
	has(t, s.submit(page, "/clock", "duration", "20s"), "delivered")
}

// The command that the page shows is one that a shell and curl understand, and
// that a receiver can verify.
func TestNotificationAsCurl(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	if _, err := s.pay.Agree(s.presign("wxwtdk20260918000001", ""), ""); err != nil {
		t.Fatal(err)
	}
	events, err := s.pay.LastEvents(1)
	if err != nil {
		t.Fatal(err)
	}
	_, text := s.get(s.base + "/events/" + events[0].ID)
	_, command, _ := strings.Cut(text, `<pre id="curl">`)
	command, _, _ = strings.Cut(command, "</pre>")
	// The shell takes the command apart; nothing is sent.
	out, err := exec.CommandContext(t.Context(), "sh", "-c", `curl() { printf '%s\0' "$@"; }; `+html.UnescapeString(command)).Output()
	if err != nil {
		t.Fatal(err)
	}
	args := strings.Split(string(out), "\x00")
	body, header := "", http.Header{}
	for i, arg := range args {
		switch arg {
		case "-H":
			name, value, _ := strings.Cut(args[i+1], ": ")
			header.Set(name, value)
		case "--data-raw":
			body = args[i+1]
		}
	}
	if !slices.Contains(args, "https://shop.example/signed") || !json.Valid([]byte(body)) || body != events[0].Body {
		t.Errorf("args = %q", args)
	}
	if err := s.verify(header, body); err != nil {
		t.Error(err)
	}
}

// Every endpoint can be tried with its samples: the emulator takes the form as
// it is, or answers by the state of things.
func TestTryAnEndpoint(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	for _, tt := range []struct{ method, path, has string }{
		{"POST", mini, "pre_entrustweb_id"},
		{"GET", "/v3/certificates", "encrypt_certificate"},
		{"GET", "/v3/pay/transactions/out-trade-no/{out_trade_no}", "ORDER_NOT_EXIST"},
		{"POST", "/v3/security/echo", "echo_message"},
		{"POST", "/v3/merchant/media/upload", "media_id"},
	} {
		at := "/endpoints/try?method=" + tt.method + "&path=" + tt.path
		_, page := s.get(s.base + at)
		sample := ""
		if _, rest, ok := strings.Cut(page, "<textarea"); ok {
			_, rest, _ = strings.Cut(rest, ">")
			rest, _, _ = strings.Cut(rest, "</textarea>")
			sample = html.UnescapeString(rest)
		}
		text := s.submit(s.base+at, "/endpoints/try", "body", sample)
		has(t, text, tt.has, tt.method, "The text to be signed")
	}
}

// Everything that can be tried passes the checks with its samples.
func TestEveryEndpointCanBeTried(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	_, text := s.get(s.base + "/endpoints")
	links := regexp.MustCompile(`/endpoints/try\?[^"]+`).FindAllString(text, -1)
	if len(links) < 50 {
		t.Fatalf("%d endpoints are listed", len(links))
	}
	for _, link := range links {
		at := html.UnescapeString(link)
		_, page := s.get(s.base + at)
		sample := ""
		if _, rest, ok := strings.Cut(page, "<textarea"); ok {
			_, rest, _ = strings.Cut(rest, ">")
			rest, _, _ = strings.Cut(rest, "</textarea>")
			sample = html.UnescapeString(rest)
		}
		s.submit(s.base+at, "/endpoints/try", "body", sample)
		if x := s.pay.Exchanges()[0]; x.Status == http.StatusUnauthorized || x.Code == "PARAM_ERROR" || x.Status >= 500 || x.Operation == "" {
			t.Errorf("%s = %d %s", at, x.Status, x.Answer)
		}
	}
}

func TestCoveragePage(t *testing.T) {
	t.Parallel()
	s := newStage(t)
	s.fill()
	_, text := s.get(s.base + "/coverage")
	if !regexp.MustCompile(`<li class="met" title="[^"]+"><span aria-hidden="true">✓</span> <code>POST ` + mini + `</code> <small>\d×`).MatchString(text) {
		t.Errorf("the endpoint is not shown as met:\n%s", text)
	}
	has(t, text, "ENTRUST.SIGN", "others that have nothing to do with contracts")
	status, all := s.get("/_wxpay/coverage", "Accept", "application/json")
	var met emulator.Coverage
	if err := json.Unmarshal([]byte(all), &met); err != nil || status != http.StatusOK {
		t.Fatal(status, err)
	}
	if n, known := met.States["SIGN_FAILED"]; met.States["SIGNED"] != 2 || !known || n != 0 {
		t.Errorf("states = %v", met.States)
	}
}
