package emulator_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

// certificates is the plainest request there is.
const certificates = "/v3/certificates"

func TestUnknownPathIs404WithAnEmptyBody(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	for _, target := range []string{"/", "/v3", "/v3/nothing", "/v3/certificates/", "//v3/certificates", "/v3/../_wxpay/reset", "/_wxpayx"} {
		a := p.send(p.request("GET", target, nil))
		if a.status != 404 || a.body != "" || a.header.Get("Wechatpay-Signature") != "" {
			t.Errorf("GET %s = %d %q", target, a.status, a.body)
		}
	}
}

func TestWrongMethodIs405WithAnEmptyBodyAndAllow(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	a := p.send(p.request("POST", certificates, []byte("{}")))
	if a.status != 405 || a.body != "" || a.header.Get("Allow") != "GET" {
		t.Errorf("POST %s = %d %q, Allow %q", certificates, a.status, a.body, a.header.Get("Allow"))
	}
}

// TestTrap02ChecksComeInTheLiveOrder begins with a request that is wrong in
// every way, and mends it from the first check to the last: each time the next
// check must be the one that refuses.
func TestTrap02ChecksComeInTheLiveOrder(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	good := p.request("POST", echoPath, []byte(`{"echo_message":"a"}`)).Header.Get("Authorization")
	stale := p.requestAt(start.Add(-time.Hour), "POST", echoPath, nil).Header.Get("Authorization")
	method, target, body := "PUT", "/v3/nothing", `{}`
	header := http.Header{"Accept": {"*/*"}, "Authorization": {"?"}}
	for _, step := range []struct {
		mend   func()
		status int
		want   string
	}{
		{func() {}, 404, ""},
		{func() { target = echoPath }, 405, ""},
		{func() { method = "POST" }, 400, "Http头缺少Accept或User-Agent"},
		{func() { header.Set("User-Agent", "x") }, 401, "Http头Authorization值格式错误"},
		{func() { header.Set("Authorization", strings.Replace(stale, "WECHATPAY2-SHA256-RSA2048", "X", 1)) }, 401, "Http头Authorization认证类型不正确"},
		{func() { header.Set("Authorization", stale) }, 401, "不得超过5分钟"},
		{func() { header.Set("Authorization", good) }, 401, "签名错误"},
		{func() {
			header.Set("Authorization", p.request("POST", echoPath, []byte(body)).Header.Get("Authorization"))
		}, 400, "/echo_message"},
		{func() {
			body = `{"echo_message":"a"}`
			header.Set("Authorization", good)
		}, 200, `{"echo_message":"a"}`},
	} {
		step.mend()
		r := p.request("POST", "/", []byte(body))
		r.Method, r.RequestURI, r.Header = method, target, header
		if a := p.send(r); a.status != step.status || !strings.Contains(a.body, step.want) || (step.want == "") != (a.body == "") {
			t.Errorf("got %d %s, want %d %s", a.status, a.body, step.status, step.want)
		}
	}
}

func TestHeadChecks(t *testing.T) {
	t.Parallel()
	const (
		format = `{"code":"SIGN_ERROR","message":"Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》"}`
		scheme = `{"code":"SIGN_ERROR","message":"Http头Authorization认证类型不正确"}`
		clock  = `{"code":"SIGN_ERROR","message":"Http头Authorization中的timestamp与发起请求的时间不得超过5分钟"}`
		serial = `{"code":"SIGN_ERROR","message":"商户证书序列号有误。请使用签名私钥匹配的证书序列号"}`
		absent = `{"code":"INVALID_REQUEST","message":"Http头缺少Accept或User-Agent"}`
	)
	edit := func(old, with string) func(*http.Request) {
		return func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, with, 1))
		}
	}
	at := strconv.FormatInt(start.Unix(), 10)
	tests := []struct {
		name   string
		change func(*http.Request)
		status int
		body   string
	}{
		{"no Accept", func(r *http.Request) { r.Header.Del("Accept") }, 400, absent},
		{"no User-Agent", func(r *http.Request) { r.Header.Del("User-Agent") }, 400, absent},
		{"the headers come before the signature", func(r *http.Request) { r.Header.Del("Accept"); r.Header.Del("Authorization") }, 400, absent},
		{"no Authorization", func(r *http.Request) { r.Header.Del("Authorization") }, 401, format},
		{"another kind of Authorization", func(r *http.Request) { r.Header.Set("Authorization", "Bearer x") }, 401, format},
		{"single quotes", edit(`mchid="1900000109"`, `mchid='1900000109'`), 401, format},
		{"a blank between the pairs", edit(`",`, `", `), 401, format},
		{"unknown scheme", edit("WECHATPAY2-SHA256-RSA2048", "WECHATPAY2-MD5"), 401, scheme},
		{"timestamp that is no number", edit(at, "yesterday"), 401, format},
		{"timestamp in milliseconds", edit(at, at+"000"), 401, clock},
		{"the clock comes before the signature", edit(at, "1554208460"), 401, clock},
		{"unknown serial", edit("serial_no=\"", "serial_no=\"00FF"), 401, serial},
		{"unknown merchant", edit(`mchid="1900000109"`, `mchid="1900000000"`), 401, `{"code":"SIGN_ERROR","message":"签名错误"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPay(t)
			r := p.request("GET", certificates, nil)
			tt.change(r)
			a := p.send(r)
			if a.status != tt.status || a.body != tt.body {
				t.Errorf("got %d %s\nwant %d %s", a.status, a.body, tt.status, tt.body)
			}
			if a.header.Get("Wechatpay-Signature") != "" {
				t.Error("the answer is signed, though the request was not known to be the merchant's")
			}
		})
	}
}

func TestClockWindowIsFiveMinutesBothWays(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	for away, status := range map[time.Duration]int{
		5 * time.Minute: 200, -5 * time.Minute: 200,
		5*time.Minute + time.Second: 401, -5*time.Minute - time.Second: 401,
	} {
		if a := p.send(p.requestAt(start.Add(away), "GET", certificates, nil)); a.status != status {
			t.Errorf("a request signed %v away = %d, want %d", away, a.status, status)
		}
	}
}

func TestSignatureMismatchShowsWhatWasSigned(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	body := []byte(`{"微信支付密码":"x"}`)
	r := p.request("POST", "/v3/security/echo?a=%2F", body)
	auth := r.Header.Get("Authorization")
	at := strings.Index(auth, `signature="`) + len(`signature="`)
	flipped := byte('A')
	if auth[at] == 'A' {
		flipped = 'B'
	}
	r.Header.Set("Authorization", auth[:at]+string(flipped)+auth[at+1:])
	nonce := auth[strings.Index(auth, `nonce_str="`)+len(`nonce_str="`):]
	nonce = nonce[:strings.Index(nonce, `"`)]
	length := len("POST\n/v3/security/echo?a=%2F\n1789696800\n\n\n") + len(nonce) + len(body)
	want := `{"code":"SIGN_ERROR","message":"签名错误","detail":{"detail":{"issue":"sign not match"},"field":"signature","location":"authorization",` +
		`"sign_information":{"method":"POST","sign_message_length":` + strconv.Itoa(length) + `,"truncated_sign_message":"POST\n/v3/security/echo?a=%2F\n1789696800\n` +
		nonce + `\n{\"微信支付密码\n","url":"/v3/security/echo?a=%2F"}}}`
	if a := p.send(r); a.status != 401 || a.body != want {
		t.Errorf("got %d %s\nwant 401 %s", a.status, a.body, want)
	}
}

func TestAChangedBodyOrTargetDoesNotVerify(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	one, other := p.request("POST", echoPath, []byte(`{"echo_message":"a"}`)), p.request("POST", echoPath, []byte(`{"echo_message":"b"}`))
	other.Header = one.Header
	if a := p.send(other); a.status != 401 {
		t.Errorf("another body = %d", a.status)
	}
	r := p.request("GET", certificates, nil)
	r.RequestURI = certificates + "?algorithm_type=RSA"
	if a := p.send(r); a.status != 401 {
		t.Errorf("another query = %d", a.status)
	}
}

func TestABodyOverTheLimitIsRefused(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	a := p.send(p.request("POST", echoPath, []byte(`{"echo_message":"`+strings.Repeat("x", 1<<20)+`"}`)))
	want := `{"code":"PARAM_ERROR","message":"参数错误","detail":{"field":"","issue":"the body is larger than 1 MiB","location":"body"}}`
	if a.status != 400 || a.body != want {
		t.Errorf("got %d %s", a.status, a.body)
	}
}

func TestAnswerHeadersAreThoseOfTheDocumentedSample(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	a := p.send(p.request("GET", certificates, nil))
	for name, want := range map[string]string{
		"Content-Type": "application/json; charset=utf-8", "Cache-Control": "no-cache, must-revalidate",
		"X-Content-Type-Options": "nosniff", "Content-Language": "zh-CN", "Wechatpay-Timestamp": "1789696800",
		"Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048", "Wechatpay-Serial": p.creds.PlatformSerial(),
		"Date": "Fri, 18 Sep 2026 02:00:00 GMT",
	} {
		if got := a.header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	nonce := a.header.Get("Wechatpay-Nonce")
	if len(nonce) != 32 || strings.Trim(nonce, "0123456789abcdef") != "" {
		t.Errorf("Wechatpay-Nonce: %q is not 32 lower-case hexadecimal digits", nonce)
	}
	if id := a.header.Get("Request-ID"); len(id) != 46 || !strings.HasSuffix(id, "-0") {
		t.Errorf("Request-ID: %q", id)
	}
}

func TestAcceptLanguageChoosesTheTextOfErrors(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	for asked, want := range map[string][2]string{
		"":                 {"zh-CN", "参数错误"},
		"zh-TW":            {"zh-CN", "参数错误"},
		"en":               {"en", "A parameter is missing or breaks a rule."},
		"en-US,en;q=0.5":   {"en", "A parameter is missing or breaks a rule."},
		"entirely unknown": {"zh-CN", "参数错误"},
	} {
		r := p.request("POST", echoPath, []byte(`{}`))
		r.Header.Set("Accept-Language", asked)
		a := p.send(r)
		if got := decode(t, a.body)["message"]; a.header.Get("Content-Language") != want[0] || got != want[1] {
			t.Errorf("Accept-Language %q: %s %v, want %v", asked, a.header.Get("Content-Language"), got, want)
		}
	}
}

// TestAnswersAreSignedWithTheKeyThatTheRequestNames is the table of the
// migration from certificates to the public key.
func TestAnswersAreSignedWithTheKeyThatTheRequestNames(t *testing.T) {
	t.Parallel()
	public, certificate := credentials().PublicKeyID, credentials().PlatformSerial()
	const refused = "refused"
	for _, tt := range []struct {
		mode  emulator.KeyMode
		named string
		want  string
	}{
		{emulator.KeyBoth, "", certificate},
		{emulator.KeyBoth, public, public},
		{emulator.KeyBoth, certificate, certificate},
		{emulator.KeyBoth, strings.ToLower(certificate), certificate},
		{emulator.KeyBoth, "PUB_KEY_ID_1", refused},
		{emulator.KeyPublic, "", public},
		{emulator.KeyPublic, public, public},
		{emulator.KeyPublic, certificate, refused},
		{emulator.KeyCertificate, "", certificate},
		{emulator.KeyCertificate, public, certificate},
		{emulator.KeyCertificate, certificate, certificate},
	} {
		p := newPay(t, func(c *emulator.Config) { c.Keys = tt.mode })
		r := p.request("POST", echoPath, []byte(`{"echo_message":"a"}`))
		r.Header.Set("Wechatpay-Serial", tt.named)
		a := p.send(r)
		if err := p.signed(a); err != nil {
			t.Errorf("%s, %q: %v", tt.mode, tt.named, err)
		}
		want := `{"code":"PARAM_ERROR","message":"平台证书序列号Wechatpay-Serial错误"}`
		if tt.want == refused {
			if a.status != 400 || a.body != want {
				t.Errorf("%s, %q: %d %s", tt.mode, tt.named, a.status, a.body)
			}
			continue
		}
		if got := a.header.Get("Wechatpay-Serial"); a.status != 200 || got != tt.want {
			t.Errorf("%s, %q: %d, signed by %s, want %s", tt.mode, tt.named, a.status, got, tt.want)
		}
	}
}
