package console_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/console"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/sign"
)

// start is where every clock stands at first.
var start = time.Date(2026, 9, 18, 10, 0, 0, 0, time.FixedZone("CST", 8*3600))

var credentials = sync.OnceValue(func() *emulator.Credentials {
	c, err := emulator.NewCredentials(emulator.DefaultMchID, start)
	if err != nil {
		panic(err)
	}
	return c
})

// stage is a console with its emulator, a receiver of notifications, and a
// merchant's program that signs by hand.
type stage struct {
	t    testing.TB
	pay  *emulator.Emulator
	url  string
	base string // of the merchant's pages
	web  *http.Client

	platform *emulator.Platform
	handler  http.Handler // the console

	mu       sync.Mutex
	received int
	status   int // that the receiver answers with
	answer   string
}

func newStage(t testing.TB) *stage {
	t.Helper()
	s := &stage{t: t, status: http.StatusNoContent}
	receiver := httptest.NewServer(http.HandlerFunc(s.receive))
	t.Cleanup(receiver.Close)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	p, err := emulator.NewPlatform(emulator.PlatformConfig{Config: emulator.Config{
		Credentials: credentials(), Clock: emulator.NewClock(start), Exchanges: 100, BaseURL: server.URL, ForwardTo: receiver.URL,
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	s.handler = console.New(console.Config{Platform: p, Folder: "/shop/.wxpay", Next: p})
	s.platform, s.pay, s.url, s.base = p, p.First(), server.URL, server.URL+console.Path+emulator.DefaultMchID
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	s.web = &http.Client{Jar: jar}
	return s
}

func (s *stage) receive(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.received++
	w.WriteHeader(s.status)
	if s.answer != "" {
		_, _ = io.WriteString(w, s.answer) // whose failure shows in what follows
	}
}

// get fetches a page.
func (s *stage) get(at string, header ...string) (int, string) {
	s.t.Helper()
	return s.do(http.MethodGet, at, nil, header...)
}

func (s *stage) do(method, at string, body io.Reader, header ...string) (int, string) {
	s.t.Helper()
	if strings.HasPrefix(at, "/") {
		at = s.url + at
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, at, body)
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Accept", "text/html")
	for i := 0; i < len(header); i += 2 {
		if r.Header.Set(header[i], header[i+1]); header[i] == "Host" {
			r.Host = header[i+1]
		}
	}
	answer, err := s.web.Do(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

// submit finds the form of a page by its action, and sends it with values.
func (s *stage) submit(page, action string, values ...string) string {
	s.t.Helper()
	_, text := s.get(page)
	_, rest, ok := strings.Cut(text, `action="`+strings.TrimPrefix(s.base, s.url)+action+`"`)
	if !ok {
		s.t.Fatalf("%s has no form %s:\n%s", page, action, text)
	}
	inside, _, _ := strings.Cut(rest, "</form>")
	form := url.Values{}
	for part := range strings.SplitSeq(inside, "<input ") {
		if name, value := attribute(part, "name"), attribute(part, "value"); name != "" {
			form.Set(name, value)
		}
	}
	for i := 0; i < len(values); i += 2 {
		form.Set(values[i], values[i+1])
	}
	status, answer := s.do(http.MethodPost, s.base+action, strings.NewReader(form.Encode()), "Content-Type", "application/x-www-form-urlencoded")
	if status != http.StatusOK {
		s.t.Fatalf("%s on %s = %d\n%s", action, page, status, answer)
	}
	return answer
}

func attribute(tag, name string) string {
	_, rest, ok := strings.Cut(tag, name+`="`)
	if !ok {
		return ""
	}
	value, _, _ := strings.Cut(rest, `"`)
	return strings.NewReplacer("&amp;", "&", "&#34;", `"`, "&lt;", "<", "&#43;", "+").Replace(value)
}

// mistake changes what is signed.
type mistake struct {
	text  func(right string) string
	serve func(r *http.Request)
}

// call sends a request as the merchant's program, with a mistake if it has one.
func (s *stage) call(method, target string, body any, wrong ...mistake) map[string]any {
	s.t.Helper()
	var raw []byte
	switch b := body.(type) {
	case nil:
	case string:
		raw = []byte(b)
	default:
		var err error
		if raw, err = json.Marshal(b); err != nil {
			s.t.Fatal(err)
		}
	}
	creds := s.pay.Credentials()
	auth := sign.Authorization{
		Scheme: sign.SchemeRSA, MchID: creds.MchID, Nonce: sign.Nonce(), Timestamp: strconv.FormatInt(s.pay.Clock().Now().Unix(), 10), Serial: creds.MerchantSerial(),
	}
	text, err := sign.AppendRequest(nil, method, target, auth.Timestamp, auth.Nonce, raw)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, w := range wrong {
		if w.text != nil {
			text = []byte(w.text(string(text)))
		}
	}
	signature, err := sign.RSA.Sign(creds.MerchantKey, text)
	if err != nil {
		s.t.Fatal(err)
	}
	auth.Signature = base64.StdEncoding.EncodeToString(signature)
	r := httptest.NewRequest(method, target, bytes.NewReader(raw))
	r.Host = strings.TrimPrefix(s.url, "http://")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "shop")
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", auth.String())
	for _, w := range wrong {
		if w.serve != nil {
			w.serve(r)
		}
	}
	answer := httptest.NewRecorder()
	s.pay.ServeHTTP(answer, r)
	var known map[string]any
	if answer.Body.Len() > 0 {
		if err := json.Unmarshal(answer.Body.Bytes(), &known); err != nil {
			s.t.Fatalf("%v in %s", err, answer.Body)
		}
	}
	return known
}

const (
	jsapi    = "/v3/pay/transactions/jsapi"
	afterPay = "/v3/password-exempt-contract/contracts/normal/pre-entrust-sign/pay-redirect-sign"
	mini     = "/v3/password-exempt-contract/contracts/normal/pre-entrust-sign/mini-program"
	harmony  = "/v3/papay/sign/contracts/pre-entrust-sign"
	openID   = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
)

// order places an order, and returns its prepay_id.
func (s *stage) order(number string) string {
	s.t.Helper()
	return s.must(s.call("POST", jsapi, map[string]any{
		"appid": "wxd678efh567hg6787", "mchid": emulator.DefaultMchID, "description": "Image形象店-深圳腾大-QQ公仔", "out_trade_no": number,
		"notify_url": "https://shop.example/paid", "amount": map[string]any{"total": 1990, "currency": "CNY"}, "payer": map[string]any{"openid": openID},
	}), "prepay_id")
}

// presign pre-signs a contract; prepayID may be empty.
func (s *stage) presign(code, prepayID string) string {
	s.t.Helper()
	body := map[string]any{
		"appid": "wxd678efh567hg6787", "service_id": 12535, "out_contract_code": code, "notify_url": "https://shop.example/signed",
		"contract_display_account": "微信用户 " + code, "openid": openID,
	}
	if prepayID == "" {
		return s.must(s.call("POST", mini, body), "pre_entrustweb_id")
	}
	body["prepay_id"] = prepayID
	s.call("POST", afterPay, body)
	sessions, err := s.pay.Sessions()
	if err != nil {
		s.t.Fatal(err)
	}
	for _, session := range sessions {
		if session.PrepayID == prepayID {
			return session.ID
		}
	}
	s.t.Fatal("no session follows the order")
	return ""
}

// harmonyQR pre-signs a contract whose user scans a code, and returns the
// address that the code is to hold.
func (s *stage) harmonyQR(code string) string {
	s.t.Helper()
	return s.must(s.call("POST", harmony, map[string]any{
		"sign_scene": "SIGN_SCENE_QRCODE", "appid": "wxd678efh567hg6787", "plan_id": 12535, "out_contract_code": code,
		"contract_display_account": "微信用户 " + code, "contract_notify_url": "https://shop.example/signed", "out_user_code": "用户A", "return_url": "https://shop.example/back",
		"device_info": map[string]any{
			"device_type": "DEVICE_TYPE_PHONE", "device_os": "HarmonyOS", "device_id": "id", "device_ip": "no address",
			"weixin_version": "8.0", "device_running_as_root": false, "weixin_installed": true,
			"days_since_first_login": "DAYS_SINCE_FIRST_LOGIN_WITHIN_1_DAY",
		},
	}), "redirect_url")
}

// scheduled pre-signs a contract of one deduction, in a scene of papay.
func (s *stage) scheduled(scene, code string) map[string]any {
	s.t.Helper()
	answer := s.call("POST", "/v3/papay/scheduled-deduct-sign/contracts/pre-entrust-sign/"+scene, map[string]any{
		"appid": "wxd678efh567hg6787", "openid": openID, "plan_id": 12536, "out_contract_code": code,
		"contract_display_account": "微信用户 " + code, "contract_notify_url": "https://shop.example/signed",
		"deduct_schedule": map[string]any{"estimated_deduct_date": "2026-09-20", "estimated_deduct_amount": map[string]any{"total": 2500, "currency": "CNY"}, "description": "九月会员"},
	})
	if answer["code"] != nil {
		s.t.Fatalf("%s: %v", scene, answer)
	}
	return answer
}

func (s *stage) must(answer map[string]any, name string) string {
	s.t.Helper()
	text, ok := answer[name].(string)
	if !ok {
		s.t.Fatalf("the answer has no %s: %v", name, answer)
	}
	return text
}

// deliver sends what is due.
func (s *stage) deliver() {
	s.t.Helper()
	if _, err := s.pay.Deliver(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// fill makes one of everything: contracts in several states, orders,
// notifications, and requests that were refused.
func (s *stage) fill() {
	s.t.Helper()
	paid := s.order("20260918100000000001")
	s.presign("wxwtdk20260918000001", paid)
	if _, err := s.pay.Pay(paid, ""); err != nil {
		s.t.Fatal(err)
	}
	s.order("20260918100000000002")
	for i, code := range []string{"wxwtdk20260918000002", "wxwtdk20260918000003"} {
		contract, err := s.pay.Agree(s.presign(code, ""), "")
		if err != nil {
			s.t.Fatal(err)
		}
		if i == 1 {
			if _, err := s.pay.Terminate(contract.ContractID, "", "不再需要"); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	s.presign("wxwtdk20260918000004", "")
	s.harmonyQR("wxwtdk20260918000005")
	for i, scene := range []string{"h5", "app", "jsapi"} {
		s.scheduled(scene, "wxwtdk2026091800001"+strconv.Itoa(i))
	}
	s.deliver()
	if _, err := s.pay.Disrupt(emulator.Disruption{Case: "slow", Path: "/v3/papay/*", Chance: 0.5, Count: 3}); err != nil {
		s.t.Fatal(err)
	}
	s.call("GET", "/v3/pay/transactions/out-trade-no/none?mchid="+emulator.DefaultMchID, nil)
	s.call("POST", jsapi, map[string]any{"appid": "x"})
	s.spoiled()
}

// spoiled sends a request whose body was serialised twice.
func (s *stage) spoiled() {
	s.t.Helper()
	s.call("POST", jsapi, `{"appid":"wxd678efh567hg6787","mchid":"1900000109","description":"QQ公仔"}`, mistake{text: func(right string) string {
		return strings.ReplaceAll(strings.ReplaceAll(right, `":`, `": `), `,"`, `, "`)
	}})
}

// verify checks a notification as its receiver would.
func (s *stage) verify(header http.Header, body string) error {
	creds := s.pay.Credentials()
	v := sign.Verifier{Trust: sign.PublicKey(creds.PublicKeyID, creds.PublicKey()), Now: s.pay.Clock().Now}
	return v.Verify(s.t.Context(), sign.ReadHeader(header), []byte(body))
}
