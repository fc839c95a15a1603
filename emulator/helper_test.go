package emulator_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/sign"
)

// start is when every test begins.
var start = time.Date(2026, 9, 18, 10, 0, 0, 0, time.FixedZone("CST", 8*3600))

// credentials are shared: making keys takes long, and they are read-only.
var credentials = sync.OnceValue(func() *emulator.Credentials {
	c, err := emulator.NewCredentials(emulator.DefaultMchID, start)
	if err != nil {
		panic(err)
	}
	return c
})

// pay is an emulator with a merchant of its own making: it signs requests and
// checks answers by hand, without the client of this repository.
type pay struct {
	*emulator.Emulator
	t     testing.TB
	clock *emulator.Clock
	creds *emulator.Credentials

	through http.Handler // of several merchants; nil: the emulator itself
}

func newPay(t testing.TB, change ...func(*emulator.Config)) *pay {
	t.Helper()
	cfg := emulator.Config{Credentials: credentials(), Clock: emulator.NewClock(start), BaseURL: "http://127.0.0.1:1"}
	for _, f := range change {
		f(&cfg)
	}
	e, err := emulator.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return &pay{Emulator: e, t: t, clock: cfg.Clock, creds: e.Credentials()}
}

// request makes a signed request. Changes made afterwards are not signed.
func (p *pay) request(method, target string, body []byte) *http.Request {
	p.t.Helper()
	return p.requestAt(p.clock.Now(), method, target, body)
}

func (p *pay) requestAt(at time.Time, method, target string, body []byte) *http.Request {
	p.t.Helper()
	auth := sign.Authorization{
		Scheme: sign.RSA.Scheme(), MchID: p.creds.MchID, Nonce: rand.Text(),
		Timestamp: strconv.FormatInt(at.Unix(), 10), Serial: p.creds.MerchantSerial(),
	}
	message, err := sign.AppendRequest(nil, method, target, auth.Timestamp, auth.Nonce, body)
	if err != nil {
		p.t.Fatal(err)
	}
	signature, err := sign.RSA.Sign(p.creds.MerchantKey, message)
	if err != nil {
		p.t.Fatal(err)
	}
	auth.Signature = base64.StdEncoding.EncodeToString(signature)
	r := httptest.NewRequest(method, target, bytes.NewReader(body))
	r.Host = "127.0.0.1:8080"
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "test")
	r.Header.Set("Authorization", auth.String())
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

func (p *pay) send(r *http.Request) answer {
	w := httptest.NewRecorder()
	if p.through != nil {
		p.through.ServeHTTP(w, r)
	} else {
		p.ServeHTTP(w, r)
	}
	return answer{w.Code, w.Header(), w.Body.String()}
}

// signed reports how the answer is signed: the error is nil if it holds.
func (p *pay) signed(a answer) error {
	certificate, err := sign.CertificatesAt(p.clock.Now, p.creds.PlatformCert)
	if err != nil {
		p.t.Fatal(err)
	}
	v := sign.Verifier{Trust: sign.AnyOf(sign.PublicKey(p.creds.PublicKeyID, p.creds.PublicKey()), certificate), Now: p.clock.Now}
	return v.Verify(context.Background(), sign.ReadHeader(a.header), []byte(a.body))
}

// call sends a request with a body made of v, and wants a status and a
// signature that holds.
func (p *pay) call(method, target string, v any, status int) map[string]any {
	p.t.Helper()
	return p.callWith(method, target, v, status, nil)
}

func (p *pay) callWith(method, target string, v any, status int, header http.Header) map[string]any {
	p.t.Helper()
	var body []byte
	if v != nil {
		var err error
		if body, err = json.Marshal(v); err != nil {
			p.t.Fatal(err)
		}
	}
	r := p.request(method, target, body)
	maps.Copy(r.Header, header)
	a := p.send(r)
	if a.status != status {
		p.t.Fatalf("%s %s = %d %s, want %d", method, target, a.status, a.body, status)
	}
	if err := p.signed(a); err != nil {
		p.t.Fatalf("%s %s: the answer's signature: %v", method, target, err)
	}
	return decode(p.t, a.body)
}

func decode(t testing.TB, body string) map[string]any {
	t.Helper()
	if body == "" {
		return nil
	}
	var v map[string]any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return v
}

// with copies a body and sets members, in pairs of name and value; a nil value
// removes the member.
func with(body map[string]any, pairs ...any) map[string]any {
	changed := map[string]any{}
	maps.Copy(changed, body)
	for i := 0; i < len(pairs); i += 2 {
		if changed[pairs[i].(string)] = pairs[i+1]; pairs[i+1] == nil {
			delete(changed, pairs[i].(string))
		}
	}
	return changed
}

// The five endpoints that this project began with, and the others that the
// tests use.
const (
	normalAfterPay   = "/v3/password-exempt-contract/contracts/normal/pre-entrust-sign/pay-redirect-sign"
	normalMini       = "/v3/password-exempt-contract/contracts/normal/pre-entrust-sign/mini-program"
	qsAfterPay       = "/v3/password-exempt-contract/contracts/qs/pre-entrust-sign/pay-redirect-sign"
	providerAfterPay = "/v3/password-exempt-contract/contracts/service-provider/pre-entrust-sign/pay-redirect-sign"
	providerMini     = "/v3/password-exempt-contract/contracts/service-provider/pre-entrust-sign/mini-program"
	harmony          = "/v3/papay/sign/contracts/pre-entrust-sign"
	jsapi            = "/v3/pay/transactions/jsapi"
	partnerJSAPI     = "/v3/pay/partner/transactions/jsapi"
	echoPath         = "/v3/security/echo"
)

const (
	openID  = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
	foreign = "wx201410272009395522657a690389285100" // a prepay_id of the documents
	code    = "wxwtdk20200910100000"
)

func contractPath(code string) string {
	return "/v3/password-exempt-contract/contracts/service-id/12535/out-contract-code/" + code
}

// presignBody is the sample of the normal pre-sign after a payment.
var presignBody = map[string]any{
	"appid": "wxd678efh567hg6787", "service_id": 12535, "out_contract_code": code,
	"notify_url": "https://localhost/notify", "contract_display_account": "微信代扣用户A",
	"prepay_id": foreign, "openid": openID,
}

// miniBody is the same for the mini program.
var miniBody = with(presignBody, "prepay_id", nil)

var providerBody = map[string]any{
	"sp_appid": "wxd678efh567hg6787", "sub_appid": "wxd678efh567hg6788", "sub_mchid": "1900000110",
	"service_id": 12535, "out_contract_code": code, "notify_url": "https://localhost/notify",
	"contract_display_account": "微信代扣用户A", "sub_openid": openID,
}

var harmonyBody = map[string]any{
	"sign_scene": "SIGN_SCENE_QRCODE", "appid": "wxd678efh567hg6787", "plan_id": 12535, "out_contract_code": code,
	"contract_display_account": "微信代扣用户A", "contract_notify_url": "https://localhost/notify", "out_user_code": "用户A",
	"device_info": map[string]any{
		"device_type": "DEVICE_TYPE_PHONE", "device_os": "HarmonyOS", "device_id": "id", "device_ip": "no address",
		"weixin_version": "8.0", "device_running_as_root": false, "weixin_installed": true,
		"days_since_first_login": "DAYS_SINCE_FIRST_LOGIN_WITHIN_1_DAY",
	},
}

var orderBody = map[string]any{
	"appid": "wxd678efh567hg6787", "mchid": emulator.DefaultMchID, "description": "Image形象店-深圳腾大-QQ公仔",
	"out_trade_no": "1217752501201407033233368018", "notify_url": "https://localhost/paid",
	"amount": map[string]any{"total": 100, "currency": "CNY"}, "payer": map[string]any{"openid": openID},
}

// order places an order and returns its prepay_id.
func (p *pay) order(pairs ...any) string {
	p.t.Helper()
	return p.call("POST", jsapi, with(orderBody, pairs...), 200)["prepay_id"].(string)
}

// signMini signs a contract of the given code from a mini program.
func (p *pay) signMini(code string) *emulator.Contract {
	p.t.Helper()
	session := p.call("POST", normalMini, with(miniBody, "out_contract_code", code), 200)["pre_entrustweb_id"].(string)
	contract, err := p.Agree(session, "")
	if err != nil {
		p.t.Fatal(err)
	}
	return contract
}

func contains(t *testing.T, body string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(body, part) {
			t.Errorf("%s\nlacks %s", body, part)
		}
	}
}
