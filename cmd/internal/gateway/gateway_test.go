package gateway_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/gateway"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

const token = "only-for-this-test-0123456789"

// creds are those of both sides, for all tests: keys take their time.
var creds = sync.OnceValue(func() *emulator.Credentials {
	c, err := emulator.NewCredentials(emulator.DefaultMchID, time.Now())
	if err != nil {
		panic(err)
	}
	return c
})

// world is a gateway before a WeChat Pay.
type world struct {
	url     string
	mu      sync.Mutex
	reports []gateway.Report
}

func (w *world) last() gateway.Report {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reports[len(w.reports)-1]
}

func open(t testing.TB, platform http.Handler, change func(*gateway.Config)) *world {
	t.Helper()
	server := httptest.NewServer(platform)
	t.Cleanup(server.Close)
	trust, err := creds().Trust(time.Now)
	if err != nil {
		t.Fatal(err)
	}
	w := &world{}
	transport := &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	cfg := gateway.Config{
		MchID: creds().MchID, Serial: creds().MerchantSerial(), Signer: creds().MerchantKey, Trust: trust,
		Token: token, BaseURL: server.URL, Transport: transport,
		Report: func(r gateway.Report) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.reports = append(w.reports, r)
		},
	}
	if change != nil {
		change(&cfg)
	}
	g, err := gateway.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	local := httptest.NewServer(g)
	t.Cleanup(local.Close)
	w.url = local.URL
	return w
}

func emulated(t testing.TB) *emulator.Emulator {
	t.Helper()
	e, err := emulator.New(emulator.Config{Credentials: creds()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// program is how a program asks: it follows no redirect.
var program = &http.Transport{DisableCompression: true}

// answered is an answer, read whole.
type answered struct {
	*http.Response
	body string
	err  error
}

func (w *world) do(t testing.TB, method, target, body string, header ...string) answered {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, w.url+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	res, err := program.RoundTrip(r)
	if err != nil {
		return answered{&http.Response{Header: http.Header{}}, "", err}
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	return answered{res, string(text), err}
}

// platform answers with a body that it signed, and keeps what it got.
type platform struct {
	mu     sync.Mutex
	status int
	body   []byte
	change func(http.Header) // of the signed answer

	got     *http.Request
	gotBody []byte
}

func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.gotBody, _ = io.ReadAll(r.Body)
	p.got = r
	stamp(w.Header(), p.body)
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Request-ID", "08F7")
	if p.change != nil {
		p.change(w.Header())
	}
	w.WriteHeader(p.status)
	_, _ = w.Write(p.body)
}

// stamp signs a body as WeChat Pay does.
func stamp(to http.Header, body []byte) {
	h := sign.Header{Timestamp: strconv.FormatInt(time.Now().Unix(), 10), Nonce: sign.Nonce(), Serial: creds().PublicKeyID, Type: sign.SchemeRSA}
	raw, err := sign.RSA.Sign(creds().PublicKeySigner, sign.AppendAnswer(nil, h.Timestamp, h.Nonce, body))
	if err != nil {
		panic(err)
	}
	h.Signature = base64.StdEncoding.EncodeToString(raw)
	h.Write(to)
}

// A program without any key calls an emulated WeChat Pay that checks every
// signature.
func TestAgainstTheEmulator(t *testing.T) {
	t.Parallel()
	w := open(t, emulated(t), nil)
	for _, tt := range []struct {
		name, method, target, body string
		status                     int
		want, verified             string
	}{
		{"a POST", "POST", "/v3/security/echo", "{ \"echo_message\" :\t\"中 \\u6587 <&>\" }\n", 200, `中 文`, "signature"},
		{"a GET with a query", "GET", "/v3/pay/transactions/out-trade-no/none%2Dsuch?mchid=1900000109", "", 404, `ORDER_NOT_EXIST`, "signature"},
		{"a wrong parameter", "POST", "/v3/security/echo", `{}`, 400, `PARAM_ERROR`, "signature"},
		{"no such path", "GET", "/v3/none/such", "", 404, ``, "no"},
		{"certificates", "GET", "/v3/certificates", "", 200, `encrypt_certificate`, "signature"},
	} {
		got := w.do(t, tt.method, tt.target, tt.body)
		if got.StatusCode != tt.status || !strings.Contains(got.body, tt.want) || got.Header.Get("Wxpay-Verified") != tt.verified || got.err != nil {
			t.Errorf("%s: %d %s, verified by %s, %v", tt.name, got.StatusCode, got.body, got.Header.Get("Wxpay-Verified"), got.err)
		}
	}
	if r := w.last(); r.Path != "/v3/certificates" || r.Status != 200 || r.Error != "" {
		t.Errorf("told %+v", r)
	}
}

// Not a byte is changed on the way there, nor on the way back.
func TestBytesStay(t *testing.T) {
	t.Parallel()
	p := &platform{status: 200, body: []byte(" {\r\n\t\"z\":1.50e2,\"a\" : \"\\u4e2d<\u2028>\" }\n\n")}
	w := open(t, p, nil)
	body := "\ufeff {\"b\":1,\r\n \"a\":\"\\/中\", \"a\":2.0 } \n"
	got := w.do(t, "POST", "/v3/new/endpoint/a%2Fb/%e4%b8%ad?x=%20y&x=+&z", body, "Accept-Language", "en", "X-Forwarded-For", "1.2.3.4", "Cookie", "a=b", "Wxpay-Token", "other")
	if got.body != string(p.body) || got.StatusCode != 200 || got.Header.Get("Request-ID") != "08F7" || got.ContentLength != int64(len(p.body)) {
		t.Errorf("answered %d %q %v", got.StatusCode, got.body, got.Header)
	}
	if string(p.gotBody) != body || p.got.RequestURI != "/v3/new/endpoint/a%2Fb/%e4%b8%ad?x=%20y&x=+&z" {
		t.Errorf("sent %s %q", p.got.RequestURI, p.gotBody)
	}
	a, err := sign.ParseAuthorization(p.got.Header.Get("Authorization"))
	if err != nil {
		t.Fatal(err)
	}
	message, err := sign.AppendRequest(nil, "POST", p.got.RequestURI, a.Timestamp, a.Nonce, p.gotBody)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(a.Signature)
	if err != nil || sign.RSA.Verify(creds().MerchantKey.Public(), message, raw) != nil {
		t.Errorf("the signature does not hold: %v", err)
	}
	h := p.got.Header
	if h.Get("Wechatpay-Serial") != creds().PublicKeyID || h.Get("Accept-Language") != "en" || h.Get("Accept") == "" || h.Get("User-Agent") == "" || h.Get("Content-Type") == "" {
		t.Errorf("sent %v", h)
	}
	for _, name := range []string{"X-Forwarded-For", "Cookie", "Wxpay-Token", "Accept-Encoding"} {
		if h[name] != nil {
			t.Errorf("%s went to WeChat Pay", name)
		}
	}
}

func TestTheToken(t *testing.T) {
	t.Parallel()
	p := &platform{status: 204}
	w := open(t, p, nil)
	for _, tt := range []struct {
		authorization, own string
		ok                 bool
	}{
		{"Bearer " + token, "", true},
		{"bearer " + token, "", true},
		{"", token, true},
		{"", "", false},
		{"Bearer ", "", false},
		{"Bearer " + token + "x", "", false},
		{token, "", false},
		{"", token[1:], false},
	} {
		p.got = nil
		got := w.do(t, "POST", "/v3/x", "{}", "Authorization", tt.authorization, "Wxpay-Token", tt.own)
		if tt.ok != (got.StatusCode == 204) || tt.ok != (p.got != nil) || !tt.ok && got.Header.Get("Wxpay-Error") != "WXPAY_TOKEN" {
			t.Errorf("%+v: %d %s", tt, got.StatusCode, got.body)
		}
	}
}

// What must not be used does not reach the program; what WeChat Pay refuses
// does.
func TestAnswersThatAreNoGood(t *testing.T) {
	t.Parallel()
	without := func(h http.Header) { h.Del("Wechatpay-Signature") }
	stale := func(h http.Header) { h.Set("Wechatpay-Timestamp", "1554208460") }
	for _, tt := range []struct {
		name     string
		status   int
		body     string
		change   func(http.Header)
		want     int
		code     string
		verified string
	}{
		{"unsigned", 200, "{}", without, 502, "WXPAY_UNVERIFIED", ""},
		{"stale", 200, "{}", stale, 502, "WXPAY_UNVERIFIED", ""},
		{"no body, unsigned", 204, "", without, 502, "WXPAY_UNVERIFIED", ""},
		{"a probe", 200, "{}", func(h http.Header) {
			h.Set("Wechatpay-Signature", sign.ProbePrefix+h.Get("Wechatpay-Signature"))
		}, 502, "WXPAY_UNVERIFIED", ""},
		{"a redirect", 302, "", func(h http.Header) { h.Set("Location", "/v3/elsewhere") }, 502, "WXPAY_UNVERIFIED", ""},
		{"too long", 200, strings.Repeat(" ", 8<<20+1), nil, 502, "WXPAY_UNVERIFIED", ""},
		{"packed under a signature of what is sent", 200, "\x1f\x8b not unpacked", func(h http.Header) { h.Set("Content-Encoding", "gzip") }, 200, "", "signature"},
		{"a signed error", 403, `{"code":"NO_AUTH"}`, nil, 403, "", "signature"},
		{"an unsigned error", 401, `{"code":"SIGN_ERROR"}`, without, 401, "", "no"},
		{"a page of a load balancer", 502, "<html>", without, 502, "", "no"},
	} {
		p := &platform{status: tt.status, body: []byte(tt.body), change: tt.change}
		w := open(t, p, nil)
		got := w.do(t, "POST", "/v3/security/echo", `{"echo_message":"x"}`, "Accept-Encoding", "identity")
		if got.StatusCode != tt.want || got.Header.Get("Wxpay-Error") != tt.code || got.Header.Get("Wxpay-Verified") != tt.verified {
			t.Errorf("%s: %d %s %v", tt.name, got.StatusCode, got.body, got.Header)
		}
		if tt.code == "" && got.body != tt.body {
			t.Errorf("%s: passed on %q", tt.name, got.body)
		}
		var own struct{ Code, Message string }
		if tt.code != "" && (json.Unmarshal([]byte(got.body), &own) != nil || own.Code != tt.code || own.Message == "" || w.last().Error != tt.code) {
			t.Errorf("%s: said %s, told %+v", tt.name, got.body, w.last())
		}
	}
}

func TestRequestsThatAreNoGood(t *testing.T) {
	t.Parallel()
	p := &platform{status: 204}
	w := open(t, p, nil)
	for _, tt := range []struct {
		name, method, body string
		header             []string
		status             int
	}{
		{"a GET with a body", "GET", "{}", nil, 400},
		{"a method in lower case", "post", "{}", nil, 400},
		{"an upload without meta", "POST", "--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n--b--\r\n", []string{"Content-Type", "multipart/form-data; boundary=b"}, 400},
		{"a packed body", "POST", "{}", []string{"Content-Encoding", "gzip"}, 400},
		{"one that is too long", "POST", strings.Repeat(" ", 64<<20+1), nil, 413},
	} {
		got := w.do(t, tt.method, "/v3/x", tt.body, tt.header...)
		if got.StatusCode != tt.status || p.got != nil {
			t.Errorf("%s: %d %s; sent: %v", tt.name, got.StatusCode, got.body, p.got != nil)
		}
	}
}

func TestNobodyThere(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed at once
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	w := open(t, http.NotFoundHandler(), func(c *gateway.Config) { c.BaseURL = "http://" + l.Addr().String() })
	if got := w.do(t, "GET", "/v3/certificates", ""); got.StatusCode != 502 || got.Header.Get("Wxpay-Error") != "WXPAY_UNREACHABLE" {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	release := make(chan struct{})
	slow := open(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }), func(c *gateway.Config) { c.Timeout = 20 * time.Millisecond })
	if got := slow.do(t, "GET", "/v3/certificates", ""); got.StatusCode != 504 || got.Header.Get("Wxpay-Error") != "WXPAY_TIMEOUT" {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
	close(release)
}

// Of an upload the part meta is signed, and all of it is sent as it came.
func TestUpload(t *testing.T) {
	t.Parallel()
	w := open(t, emulated(t), nil)
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	file := []byte("\x89PNG\r\n\x1a\n not really")
	meta := `{ "filename":"a.png", "sha256":"` + hexSHA256(file) + `" }`
	part, err := form.CreateFormFile("file", "a.png")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write(file)
	if part, err = form.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="meta"`}, "Content-Type": {"application/json"}}); err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(part, meta)
	_ = form.Close()
	got := w.do(t, "POST", "/v3/merchant/media/upload", b.String(), "Content-Type", form.FormDataContentType())
	if got.StatusCode != 200 || !strings.Contains(got.body, "media_id") {
		t.Errorf("%d %s", got.StatusCode, got.body)
	}
}

// A file of which WeChat Pay signs the digest is passed on while it comes, and
// broken off if the digest is another one; a file that nothing vouches for is
// passed on.
func TestDownloads(t *testing.T) {
	t.Parallel()
	w := open(t, emulated(t), nil)
	if got := w.do(t, "GET", "/v3/billdownload/file?token=abc", ""); got.StatusCode != 200 || got.Header.Get("Wxpay-Verified") != "no" || !strings.Contains(got.body, "abc") {
		t.Errorf("%d %q %v", got.StatusCode, got.body, got.err)
	}
	content := bytes.Repeat([]byte("`2026-01-02,`100\r\n"), 1<<16)
	for _, tt := range []struct {
		name  string
		bytes []byte
		ok    bool
	}{
		{"the file that was signed", content, true},
		{"packed", gzipped(t, content), true},
		{"a file that lost a byte", content[1:], false},
		{"packed without a byte", gzipped(t, content[1:]), false},
		{"packed and cut", gzipped(t, content)[:200], false},
		{"nothing of it", nil, false},
	} {
		statement := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Wechatpay-Statement-Sha1", hexSHA1(content))
			stamp(w.Header(), []byte(`{"sha1":"`+hexSHA1(content)+`"}`))
			_, _ = w.Write(tt.bytes)
		})
		w := open(t, statement, nil)
		got := w.do(t, "GET", "/v3/global/statements?mchid=1900000109&date=20260102&currency=HKD", "")
		if (got.err == nil) != tt.ok || tt.ok && got.StatusCode != 200 || tt.ok && got.body != string(tt.bytes) {
			t.Errorf("%s: %d, %d bytes, %v", tt.name, got.StatusCode, len(got.body), got.err)
		}
	}
	unsigned := open(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(content) }), nil)
	if got := unsigned.do(t, "GET", "/v3/global/statements?mchid=1900000109&date=20260102&currency=HKD", ""); got.StatusCode != 502 {
		t.Errorf("an unsigned statement: %d", got.StatusCode)
	}
}

// Sensitive members are encrypted where it is asked for, and nothing else is
// touched.
func TestSeal(t *testing.T) {
	t.Parallel()
	const body = `{"z":1.50,"user_name":"张三丰","out_bill_no":"a","nested":{"user_name":"b"}}`
	for _, on := range []bool{false, true} {
		p := &platform{status: 204}
		w := open(t, p, func(c *gateway.Config) { c.Seal = on })
		if got := w.do(t, "POST", "/v3/fund-app/mch-transfer/transfer-bills", body, "Wechatpay-Serial", "PUB_KEY_ID_OTHER"); got.StatusCode != 204 {
			t.Fatalf("%d %s", got.StatusCode, got.body)
		}
		if !on {
			if string(p.gotBody) != body || p.got.Header.Get("Wechatpay-Serial") != "PUB_KEY_ID_OTHER" {
				t.Errorf("sent %s", p.gotBody)
			}
			continue
		}
		var sent struct {
			UserName string `json:"user_name"`
		}
		if err := json.Unmarshal(p.gotBody, &sent); err != nil {
			t.Fatal(err)
		}
		plain, err := seal.DecryptField(creds().PublicKeySigner, sent.UserName)
		want := strings.Replace(body, `"user_name":"张三丰"`, `"user_name":"`+sent.UserName+`"`, 1)
		if err != nil || plain != "张三丰" || string(p.gotBody) != want || p.got.Header.Get("Wechatpay-Serial") != creds().PublicKeyID {
			t.Errorf("sent %s, %q, %v", p.gotBody, plain, err)
		}
		if got := w.do(t, "POST", "/v3/fund-app/mch-transfer/transfer-bills", `{"user_name":"`+strings.Repeat("长", 80)+`"}`); got.StatusCode != 400 || !strings.Contains(got.body, "user_name") || strings.Contains(got.body, "长") {
			t.Errorf("a long one: %d %s", got.StatusCode, got.body)
		}
		if got := w.do(t, "POST", "/v3/fund-app/mch-transfer/transfer-bills", `user_name=x`); got.StatusCode != 400 {
			t.Errorf("no JSON: %d %s", got.StatusCode, got.body)
		}
	}
}
