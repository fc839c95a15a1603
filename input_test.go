package wxpay_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

func faults(t *testing.T, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	e, ok := errors.AsType[*wxpay.InputError](err)
	if !ok {
		t.Fatalf("error = %T %v, want *InputError", err, err)
	}
	var fields []string
	for _, f := range e.Faults {
		if f.Rule == "" || f.Remedy == "" {
			t.Errorf("fault of %s has no rule or no remedy", f.Field)
		}
		fields = append(fields, f.Field)
	}
	return fields
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	own := certificate(t, merchantKey(), merchantSerial, time.Hour)
	tests := []struct {
		name   string
		change func(*wxpay.Config)
		want   []string
	}{
		{"a good configuration", func(*wxpay.Config) {}, nil},
		{"serial read from the certificate", func(c *wxpay.Config) { c.Serial, c.Certificate = "", own }, nil},
		{"nothing at all", func(c *wxpay.Config) { *c = wxpay.Config{} }, []string{"MchID", "Serial", "Signer", "Trust"}},
		{"merchant number with a letter", func(c *wxpay.Config) { c.MchID = "190000O109" }, []string{"MchID"}},
		{"appid for the merchant number", func(c *wxpay.Config) { c.MchID = "wxd678efh567hg6787" }, []string{"MchID"}},
		{"serial that is no hex", func(c *wxpay.Config) { c.Serial = "serial" }, []string{"Serial"}},
		{"serial with colons", func(c *wxpay.Config) { c.Serial = "40:8B" }, []string{"Serial"}},
		{"public key id for the serial", func(c *wxpay.Config) { c.Serial = publicKeyID }, []string{"Serial"}},
		{"elliptic key", func(c *wxpay.Config) { c.Signer = ec }, []string{"Signer"}},
		{"key of another certificate", func(c *wxpay.Config) { c.Certificate, c.Signer = own, strangerKey() }, []string{"Signer"}},
		{"serial of another certificate", func(c *wxpay.Config) { c.Certificate, c.Serial = own, "AB" }, []string{"Serial"}},
		{"keys swapped: the merchant's own public key", func(c *wxpay.Config) { c.Trust = sign.PublicKey(publicKeyID, merchantKey().Public()) }, []string{"Trust"}},
		{"keys swapped: the merchant's own serial", func(c *wxpay.Config) { c.Trust = sign.PublicKey(merchantSerial, platformKey().Public()) }, []string{"Trust"}},
		{"base URL with a path", func(c *wxpay.Config) { c.BaseURL = "https://api.mch.weixin.qq.com/v3" }, []string{"BaseURL"}},
		{"base URL with a query", func(c *wxpay.Config) { c.BaseURL = "https://api.mch.weixin.qq.com?x=1" }, []string{"BaseURL"}},
		{"base URL without a scheme", func(c *wxpay.Config) { c.BaseURL = "api.mch.weixin.qq.com" }, []string{"BaseURL"}},
		{"base URL with a password", func(c *wxpay.Config) { c.BaseURL = "https://a:b@example.com" }, []string{"BaseURL"}},
		{"WeChat Pay without TLS", func(c *wxpay.Config) { c.BaseURL = "http://api.mch.weixin.qq.com" }, []string{"BaseURL"}},
		{"an address for a name", func(c *wxpay.Config) { c.BaseURL = "https://203.205.219.1" }, []string{"BaseURL"}},
		{"bad backup", func(c *wxpay.Config) { c.BackupURL = "ftp://x" }, []string{"BackupURL"}},
		{"a trailing slash is harmless", func(c *wxpay.Config) { c.BaseURL = "http://127.0.0.1:8080/" }, nil},
		{"negative numbers", func(c *wxpay.Config) { c.Timeout, c.Retry.Attempts = -1, -1 }, []string{"Timeout", "Retry"}},
		{"unknown language", func(c *wxpay.Config) { c.Language = "de" }, []string{"Language"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			cfg := config(func(*http.Request) (*http.Response, error) { t.Error("New did I/O"); return nil, io.EOF })
			tt.change(&cfg)
			_, err := wxpay.New(cfg)
			if got := faults(t, err); !slices.Equal(got, tt.want) {
				t.Errorf("faults of %v, want %v (%v)", got, tt.want, err)
			}
		})
	}
}

func TestNewCertificatesRefuses(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"", "short", strings.Repeat("k", 33)} {
		_, err := wxpay.NewCertificates(config(nil), key)
		if got := faults(t, err); !slices.Equal(got, []string{"APIv3Key"}) {
			t.Errorf("key of %d bytes: faults of %v", len(key), got)
		}
		if err != nil && key != "" && strings.Contains(err.Error(), key) {
			t.Error("the error holds the key")
		}
	}
}

// everything is a request with one field of each kind.
type everything struct {
	Code    string      `json:"code,omitzero"`
	Scene   string      `json:"scene,omitzero"`
	URL     string      `json:"notify_url,omitzero"`
	Account string      `json:"account,omitzero"`
	Day     string      `json:"day,omitzero"`
	Time    string      `json:"time,omitzero"`
	Total   int64       `json:"total"`
	OpenID  string      `json:"openid,omitzero"`
	SubOpen string      `json:"sub_openid,omitzero"`
	Payer   *payer      `json:"payer,omitzero"`
	Goods   []payer     `json:"goods,omitzero"`
	Points  *int64      `json:"points,omitzero"`
	Path    string      `json:"-" path:"id"`
	Nested  *everything `json:"-"`
}

type payer struct {
	Name string `json:"name,omitzero"`
}

func (p *payer) Check(c *wxpay.Check) { c.String("name", p.Name, wxpay.Rule{Required: true}) }

var codePattern = wxpay.NewPattern("^[0-9A-Za-z]+$")

func (e *everything) Check(c *wxpay.Check) {
	c.String("code", e.Code, wxpay.Rule{Required: true, Max: 6, Min: 2, Pattern: codePattern})
	c.String("scene", e.Scene, wxpay.Rule{Enum: []string{"APP", "QRCODE"}})
	c.String("notify_url", e.URL, wxpay.Rule{Max: 40, Format: wxpay.FormatNotifyURL})
	c.String("account", e.Account, wxpay.Rule{Max: 4})
	c.String("day", e.Day, wxpay.Rule{Format: wxpay.FormatDate})
	c.String("time", e.Time, wxpay.Rule{Format: wxpay.FormatDateTime})
	c.Int("total", e.Total, wxpay.IntRule{Min: new(int64(1)), Max: new(int64(100))})
	c.OptionalInt("points", e.Points, wxpay.IntRule{Enum: []int64{0, 100}})
	c.AnyOf(e.OpenID != "" || e.SubOpen != "", "openid", "sub_openid")
	c.Given("payer", e.Payer != nil)
	if e.Payer != nil {
		c.In("payer", e.Payer)
	}
	c.Count("goods", len(e.Goods), 2)
	for i := range e.Goods {
		c.Item("goods", i, &e.Goods[i])
	}
}

func TestRequestRefused(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*everything)
		want   []string
	}{
		{"a good request", func(*everything) {}, nil},
		{"everything missing, all named at once", func(e *everything) { *e = everything{} }, []string{"code", "total", "openid", "payer"}},
		{"missing", func(e *everything) { e.Code = "" }, []string{"code"}},
		{"too long", func(e *everything) { e.Code = "1234567" }, []string{"code"}},
		{"too short", func(e *everything) { e.Code = "1" }, []string{"code"}},
		{"length counts characters, not bytes", func(e *everything) { e.Account = "微信用户" }, nil},
		{"one character too long", func(e *everything) { e.Account = "微信用户A" }, []string{"account"}},
		{"pattern", func(e *everything) { e.Code = "a_b" }, []string{"code"}},
		{"wrong enum", func(e *everything) { e.Scene = "app" }, []string{"scene"}},
		{"UTF-8 of four bytes", func(e *everything) { e.Account = "A😀" }, []string{"account"}},
		{"no UTF-8", func(e *everything) { e.Account = "\xff" }, []string{"account"}},
		{"notify URL without https", func(e *everything) { e.URL = "http://a.example/x" }, []string{"notify_url"}},
		{"notify URL with a query", func(e *everything) { e.URL = "https://a.example/x?y=1" }, []string{"notify_url"}},
		{"notify URL without a host", func(e *everything) { e.URL = "https:///x" }, []string{"notify_url"}},
		{"neither openid nor sub_openid", func(e *everything) { e.OpenID = "" }, []string{"openid"}},
		{"sub_openid alone", func(e *everything) { e.OpenID, e.SubOpen = "", "s" }, nil},
		{"both", func(e *everything) { e.SubOpen = "s" }, nil},
		{"integer missing", func(e *everything) { e.Total = 0 }, []string{"total"}},
		{"integer too small", func(e *everything) { e.Total = -5 }, []string{"total"}},
		{"integer too large", func(e *everything) { e.Total = 101 }, []string{"total"}},
		{"integer that is no documented value", func(e *everything) { e.Points = new(int64(7)) }, []string{"points"}},
		{"zero is a value", func(e *everything) { e.Points = new(int64(0)) }, nil},
		{"bad date", func(e *everything) { e.Day = "2022-02-30" }, []string{"day"}},
		{"bad time", func(e *everything) { e.Time = "yesterday" }, []string{"time"}},
		{"inside an object", func(e *everything) { e.Payer.Name = "" }, []string{"payer/name"}},
		{"inside an array", func(e *everything) { e.Goods = []payer{{"a"}, {""}} }, []string{"goods/1/name"}},
		{"too many items", func(e *everything) { e.Goods = []payer{{"a"}, {"b"}, {"c"}} }, []string{"goods"}},
		{"path value missing", func(e *everything) { e.Path = "" }, []string{"id"}},
		{"path value of dots", func(e *everything) { e.Path = ".." }, []string{"id"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := &answering{t: t, replies: []any{reply{body: `{}`}}}
			in := &everything{Code: "wx1", Total: 1, OpenID: "o", Payer: &payer{"n"}, Path: "7"}
			tt.change(in)
			err := newClient(t, config(a.do)).At("v3/x/{id}").Post(t.Context(), in, nil)
			if got := faults(t, err); !slices.Equal(got, tt.want) {
				t.Errorf("faults of %v, want %v (%v)", got, tt.want, err)
			}
			if sent := len(a.sent) > 0; sent != (tt.want == nil) {
				t.Errorf("sent = %v", sent)
			}
		})
	}
}

func TestUncheckedSends(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: `{}`}}}
	if err := newClient(t, config(a.do)).Do(t.Context(), &echo, &echoRequest{Message: "longer than eight"}, nil, wxpay.Unchecked()); err != nil {
		t.Error(err)
	}
}

func TestCallRefused(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: `{}`}}}
	wx := newClient(t, config(a.do))
	ctx := t.Context()
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"nil pointer", wx.Do(ctx, &echo, (*echoRequest)(nil), nil), "request"},
		{"a value that is no JSON", wx.At("v3/x").Post(ctx, func() {}, nil), "request"},
		{"raw text that is no JSON", wx.At("v3/x").Post(ctx, []byte(nil), nil), ""},
		{"a full URL for a path", wx.Chain("https://api.mch.weixin.qq.com/v3/x?y").Get(ctx, nil), "path"},
		{"two slashes", wx.Chain("//evil.example/v3").Get(ctx, nil), "path"},
		{"a query in the path", wx.Chain("v3/x?y=1").Get(ctx, nil), "path"},
		{"an open brace", wx.Chain("v3/{id").Get(ctx, nil), "path"},
		{"an empty parameter", wx.Chain("v3/{}").Get(ctx, nil), "path"},
		{"a line break", wx.Chain("v3/x\ny").Get(ctx, nil), "path"},
		{"a broken escape", wx.Chain("v3/%zz").Get(ctx, nil), "path"},
		{"a value too few", wx.At("v3/{a}/{b}", 1).Get(ctx, nil), "b"},
		{"a value too many", wx.At("v3/{a}", 1, 2).Get(ctx, nil), "values"},
		{"a value that is no text", wx.At("v3/{a}", 1.5).Get(ctx, nil), "a"},
		{"a parameter that is not there", wx.Chain("v3/x").Get(ctx, nil, wxpay.Path("id", 1)), "id"},
		{"a query value that is no text", wx.Chain("v3/x").Get(ctx, nil, wxpay.Query("q", 1.5)), "q"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.want == "" {
				return
			}
			if got := faults(t, tt.err); !slices.Equal(got, []string{tt.want}) {
				t.Errorf("faults of %v, want %s (%v)", got, tt.want, tt.err)
			}
		})
	}
}

func TestSealedFields(t *testing.T) {
	t.Parallel()
	secret, err := seal.EncryptField(merchantKey().Public(), "回显")
	if err != nil {
		t.Fatal(err)
	}
	a := &answering{t: t, replies: []any{reply{status: 500}, reply{body: `{"echo_message":"m","encrypted_echo_message":"` + secret + `"}`}}}
	cfg := config(a.do)
	cfg.Retry.Wait = time.Nanosecond
	wx := newClient(t, cfg)
	in := &echoRequest{Message: "m", Secret: "张三"}
	for range 2 {
		out, err := wxpay.Call[echoResponse](t.Context(), wx, &echo, in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if out.Secret != "回显" {
			t.Errorf("answer = %q", out.Secret)
		}
	}
	if in.Secret != "张三" {
		t.Errorf("the caller's request was changed to %q", in.Secret)
	}
	for _, s := range a.sent { // two calls and one retry, each encrypted once
		_, rest, _ := strings.Cut(s.body, `"encrypted_echo_message":"`)
		plain, err := seal.DecryptField(platformKey(), strings.TrimSuffix(rest, `"}`))
		if err != nil || plain != "张三" {
			t.Errorf("sent %q, %v", plain, err)
		}
		if s.header.Get("Wechatpay-Serial") != publicKeyID {
			t.Error("the key is not named")
		}
	}
}

type deepRequest struct {
	People []*person          `json:"people"`
	Other  map[string]*person `json:"other,omitzero"`
}

type person struct {
	Name string  `json:"name" seal:"oaep"`
	Next *person `json:"next,omitzero"`
}

func TestSealedFieldsDeepInside(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: `{}`}}}
	in := &deepRequest{People: []*person{{Name: "a", Next: &person{Name: "b"}}, nil, {Name: ""}}}
	if err := newClient(t, config(a.do)).At("v3/x").Post(t.Context(), in, nil); err != nil {
		t.Fatal(err)
	}
	if in.People[0].Name != "a" || in.People[0].Next.Name != "b" {
		t.Error("the caller's request was changed")
	}
	if body := a.sent[0].body; strings.Contains(body, `"a"`) || strings.Contains(body, `"b"`) || !strings.Contains(body, `"name":""`) {
		t.Errorf("body = %s", body)
	}
}

func TestSealedFieldThatIsTooLong(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: `{}`}}}
	err := newClient(t, config(a.do)).Do(t.Context(), &echo, &echoRequest{Message: "m", Secret: strings.Repeat("s", 215)}, nil)
	if got := faults(t, err); !slices.Equal(got, []string{"request"}) || len(a.sent) != 0 || strings.Contains(err.Error(), "sss") {
		t.Errorf("error = %v, sent %d", err, len(a.sent))
	}
}

// onlySigner is a key in a service that signs and does nothing else.
type onlySigner struct{ crypto.Signer }

func TestSealedAnswerNeedsADecrypter(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: `{"encrypted_echo_message":"AAAA"}`}}}
	cfg := config(a.do)
	cfg.Signer = onlySigner{merchantKey()}
	out, err := callEcho(newClient(t, cfg))
	if e, ok := errors.AsType[*wxpay.InputError](err); !ok || e.Faults[0].Field != "Signer" || out != nil {
		t.Errorf("answer %v, error %v", out, err)
	}
}

func TestEncryptForDeclaredCalls(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: `{}`}}}
	wx := newClient(t, config(a.do))
	cipher, serial, err := wx.Encrypt(t.Context(), "张三")
	if err != nil {
		t.Fatal(err)
	}
	if err := wx.At("v3/x").Post(t.Context(), map[string]string{"name": cipher}, nil, wxpay.Serial(serial)); err != nil {
		t.Fatal(err)
	}
	if plain, err := seal.DecryptField(platformKey(), cipher); err != nil || plain != "张三" || serial != publicKeyID {
		t.Errorf("decrypts to %q, %v", plain, err)
	}
}

// Nothing that could be abused, and nothing about a user, reaches a log or an
// error.
func TestLogsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	a := &answering{t: t, replies: []any{
		reply{status: 500, body: `{"code":"SYSTEM_ERROR","message":"x"}`},
		reply{body: `{"openid":"oSecretUser"}`, header: map[string]string{"Wechatpay-Signature": "AAAA"}},
	}}
	cfg := config(a.do)
	cfg.Retry.Wait = time.Nanosecond
	cfg.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	err := newClient(t, cfg).At("v3/users/{openid}", "oSecretUser").Get(t.Context(), nil, wxpay.Query("card", "6222"), wxpay.Header("X-Token", "tok"))
	if err == nil {
		t.Fatal("no error")
	}
	text := log.String() + err.Error()
	for _, secret := range append([]string{"oSecretUser", "6222", "tok", "WECHATPAY2", "AAAA"}, a.sent[0].header["Authorization"]...) {
		if strings.Contains(text, secret) {
			t.Errorf("%q is in:\n%s", secret, text)
		}
	}
	for _, want := range []string{"path=/v3/users/{openid}", "attempt=2", "status=500", "code=SYSTEM_ERROR", "request_id=08F5B8C2B506-0"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in:\n%s", want, text)
		}
	}
}

// Trap 18: the shapes of time that notifications and answers really have.
func TestTrap18Times(t *testing.T) {
	t.Parallel()
	want := time.Date(2018, 2, 25, 11, 22, 33, 0, wxpay.Beijing)
	for _, s := range []string{"2018-02-25T11:22:33+08:00", "2018-02-25T11:22:33.000+08:00", "2018-02-25T03:22:33Z", "2018-02-25T03:22:33.000Z", "20180225112233"} {
		if got, err := wxpay.ParseTime(s); err != nil || !got.Equal(want) {
			t.Errorf("ParseTime(%q) = %v, %v", s, got, err)
		}
	}
	if _, err := wxpay.ParseTime("2018-02-25"); err == nil {
		t.Error("a day is no time")
	}
}
