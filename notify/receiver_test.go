package notify_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/notify"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

const (
	apiV3Key = "0123456789abcdef0123456789abcdef"
	keyID    = "PUB_KEY_ID_0119000001092024110100000000001"
	certID   = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"

	signed = `{"mchid":"1900000109","appid":"wxd678efh567hg6787","openid":"oUpF8","service_id":12535,"contract_id":"123124412412423431","out_contract_code":"wxwtdk20200910100000","contract_display_account":"微信代扣用户A","contract_state":"SIGNED","contract_signed_time":"2020-09-10T13:29:35+08:00"}`
)

var (
	now  = time.Unix(1624523846, 0)
	keys = [3]func() *rsa.PrivateKey{sync.OnceValue(newKey), sync.OnceValue(newKey), sync.OnceValue(newKey)}
)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// message is a notification to be made; the zero value of each field is right.
type message struct {
	typ    string
	plain  string
	edit   func(envelope, resource map[string]any) // before signing
	body   string                                  // instead of all that
	key    int
	serial string
	at     time.Time
	header map[string]string // after signing
	method string
	lower  bool // header names as HTTP/2 writes them
}

func (m message) request(t testing.TB) *http.Request {
	t.Helper()
	if m.typ == "" {
		m.typ = "ENTRUST.SIGN"
	}
	if m.plain == "" {
		m.plain = signed
	}
	if m.serial == "" {
		m.serial = keyID
	}
	if m.at.IsZero() {
		m.at = now
	}
	if m.method == "" {
		m.method = http.MethodPost
	}
	if m.body == "" {
		m.body = m.envelope(t)
	}
	req := httptest.NewRequest(m.method, "/notify", strings.NewReader(m.body))
	h := sign.Header{Timestamp: strconv.FormatInt(m.at.Unix(), 10), Nonce: "EcZ9Cmy4Xyx1i6RlJQzLcCyEqDa26NBz", Serial: m.serial, Type: sign.RSA.Scheme()}
	signature, err := sign.RSA.Sign(keys[m.key](), sign.AppendAnswer(nil, h.Timestamp, h.Nonce, []byte(m.body)))
	if err != nil {
		t.Fatal(err)
	}
	h.Signature = base64.StdEncoding.EncodeToString(signature)
	h.Write(req.Header)
	for k, v := range m.header {
		if req.Header.Set(k, v); v == "" {
			req.Header.Del(k)
		}
	}
	if m.lower {
		for k, v := range maps.Clone(req.Header) {
			delete(req.Header, k)
			req.Header[strings.ToLower(k)] = v
		}
	}
	return req
}

func (m message) envelope(t testing.TB) string {
	t.Helper()
	sealed, err := seal.Close([]byte(apiV3Key), []byte(m.plain), "entrust", "Kj7QIyUiYx1q")
	if err != nil {
		t.Fatal(err)
	}
	resource := map[string]any{
		"original_type": "entrust", "algorithm": sealed.Algorithm, "ciphertext": sealed.Ciphertext,
		"associated_data": sealed.AssociatedData, "nonce": sealed.Nonce,
	}
	envelope := map[string]any{
		"id": "EV-2018022511223320873", "create_time": "2020-06-08T10:34:56+08:00", "resource_type": "encrypt-resource",
		"event_type": m.typ, "summary": "委托代扣签约通知", "resource": resource,
	}
	if m.edit != nil {
		m.edit(envelope, resource)
	}
	b, err := json.Marshal(envelope)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func receiver(t testing.TB, log io.Writer) *notify.Receiver {
	t.Helper()
	cfg := notify.Config{
		Trust:    sign.AnyOf(sign.PublicKey(keyID, keys[0]().Public()), sign.PublicKey(certID, keys[1]().Public())),
		APIv3Key: apiV3Key, Now: func() time.Time { return now },
	}
	if log != nil {
		cfg.Logger = slog.New(slog.NewTextHandler(log, nil))
	}
	r, err := notify.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestReadOpens(t *testing.T) {
	t.Parallel()
	r := receiver(t, nil)
	for name, m := range map[string]message{
		"signed by the public key":                 {},
		"signed by the other key of the migration": {key: 1, serial: certID},
		"without summary, as some samples":         {edit: func(e, _ map[string]any) { delete(e, "summary") }},
		"without original_type, as some samples":   {edit: func(_, r map[string]any) { delete(r, "original_type") }},
		"without a signature type, as older pages": {header: map[string]string{"Wechatpay-Signature-Type": ""}},
		"with members that nobody knows":           {edit: func(e, r map[string]any) { e["new"], r["new"] = 1, []int{2} }},
		"with a state that nobody knows":           {plain: strings.Replace(signed, `"SIGNED"`, `"SLEEPING"`, 1)},
		"with resource_type as one page prints it": {edit: func(e, _ map[string]any) { e["resource_type"] = "encryptresource" }},
		"at four minutes and 59 seconds of age":    {at: now.Add(-299 * time.Second)},
		"from a clock that is as much ahead":       {at: now.Add(299 * time.Second)},
		"header names in lower case":               {lower: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ev, err := r.Read(m.request(t))
			if err != nil {
				t.Fatal(err)
			}
			got, ok := ev.Resource.(*notify.EntrustSign)
			if !ok || got.OutContractCode != "wxwtdk20200910100000" || ev.ID != "EV-2018022511223320873" || ev.Type != "ENTRUST.SIGN" {
				t.Errorf("event = %+v", ev)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	r := receiver(t, nil)
	without := func(field string) message {
		return message{edit: func(e, res map[string]any) {
			maps.DeleteFunc(e, func(k string, _ any) bool { return k == field })
			maps.DeleteFunc(res, func(k string, _ any) bool { return "resource."+k == field })
		}}
	}
	set := func(field string, v any) message {
		return message{edit: func(_, res map[string]any) { res[field] = v }}
	}
	tests := []struct {
		name   string
		m      message
		status int
		field  string
	}{
		{"id missing", without("id"), 400, "id"},
		{"create_time missing", without("create_time"), 400, "create_time"},
		{"event_type missing", without("event_type"), 400, "event_type"},
		{"resource_type missing", without("resource_type"), 400, "resource_type"},
		{"resource missing", without("resource"), 400, "resource"},
		{"algorithm missing", without("resource.algorithm"), 400, "resource.algorithm"},
		{"ciphertext missing", without("resource.ciphertext"), 400, "resource.ciphertext"},
		{"nonce missing", without("resource.nonce"), 400, "resource.nonce"},
		{"nonce of 11", set("nonce", "Kj7QIyUiYx1"), 400, "resource.nonce"},
		{"nonce of 13", set("nonce", "Kj7QIyUiYx1qX"), 400, "resource.nonce"},
		{"nonce of 16", set("nonce", "0123456789abcdef"), 400, "resource.nonce"},
		{"another nonce", set("nonce", "Kj7QIyUiYx1r"), 400, "resource.ciphertext"},
		{"other associated data", set("associated_data", "x"), 400, "resource.ciphertext"},
		{"bad base64", set("ciphertext", "!!!!"), 400, "resource.ciphertext"},
		{"ciphertext under 16 bytes", set("ciphertext", "AAAA"), 400, "resource.ciphertext"},
		{"another algorithm", set("algorithm", "AEAD_SM4_GCM"), 400, "resource.algorithm"},
		{"resource of another type", message{edit: func(e, _ map[string]any) { e["resource"] = "x" }}, 400, "body"},
		{"no JSON", message{body: "<xml>"}, 400, "body"},
		{"an array", message{body: "[]"}, 400, "body"},
		{"null", message{body: "null"}, 400, "id"},
		{"resource that is no JSON", message{plain: "x"}, 400, "resource"},
		{"over 1 MiB", message{body: strings.Repeat(" ", 1<<20+1)}, 400, "body"},
		{"a GET", message{method: http.MethodGet}, 405, ""},

		{"replayed after 5 minutes", message{at: now.Add(-5 * time.Minute)}, 401, ""},
		{"from the future", message{at: now.Add(5 * time.Minute)}, 401, ""},
		{"signed by the wrong key", message{key: 2}, 401, ""},
		{"unknown serial", message{serial: "PUB_KEY_ID_1"}, 401, ""},
		{"serial of the other key", message{serial: certID}, 401, ""},
		{"signature missing", message{header: map[string]string{"Wechatpay-Signature": ""}}, 401, ""},
		{"serial missing", message{header: map[string]string{"Wechatpay-Serial": ""}}, 401, ""},
		{"nonce header missing", message{header: map[string]string{"Wechatpay-Nonce": ""}}, 401, ""},
		{"timestamp missing", message{header: map[string]string{"Wechatpay-Timestamp": ""}}, 401, ""},
		{"timestamp in another text", message{header: map[string]string{"Wechatpay-Timestamp": "+1624523846"}}, 401, ""},
		{"signature probe", message{header: map[string]string{"Wechatpay-Signature": "WECHATPAY/SIGNTEST/xyz"}}, 401, ""},
		{"another scheme", message{header: map[string]string{"Wechatpay-Signature-Type": "WECHATPAY2-SM2-WITH-SM3"}}, 401, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ev, err := r.Read(tt.m.request(t))
			e, ok := errors.AsType[*notify.Error](err)
			if !ok || e.Status != tt.status || e.Field != tt.field || ev != nil {
				t.Fatalf("event %v, error %+v; want status %d, field %q", ev, err, tt.status, tt.field)
			}
			if distrust := errors.Is(err, sign.ErrUntrusted); distrust != (tt.status == 401) {
				t.Errorf("ErrUntrusted = %v", distrust)
			}
			for _, secret := range []string{apiV3Key, "wxwtdk20200910100000", "EcZ9Cmy4"} {
				if strings.Contains(err.Error(), secret) {
					t.Errorf("the error holds %q: %v", secret, err)
				}
			}
		})
	}
}

func TestReadBoundsABodyOfUnknownLength(t *testing.T) {
	t.Parallel()
	r := receiver(t, nil)
	req := message{}.request(t)
	req.ContentLength = -1
	if _, err := r.Read(req); err != nil {
		t.Errorf("a short one: %v", err)
	}
	req = message{body: strings.Repeat(" ", 1<<20+1)}.request(t)
	req.ContentLength = -1
	if e, ok := errors.AsType[*notify.Error](second(r.Read(req))); !ok || e.Field != "body" {
		t.Errorf("a long one: %v", e)
	}
	req = message{}.request(t)
	req.ContentLength += 10
	if e, ok := errors.AsType[*notify.Error](second(r.Read(req))); !ok || e.Status != 400 {
		t.Errorf("a truncated one: %v", e)
	}
}

func second[T any](_ T, err error) error { return err }

func TestEventOfUnknownType(t *testing.T) {
	t.Parallel()
	r := receiver(t, nil)

	ev, err := r.Read(message{typ: "PASSWORD_EXEMPT.WHATEVER"}.request(t))
	if err != nil {
		t.Fatal(err)
	}
	c, ok := ev.Resource.(*notify.ContractChange)
	if !ok || c.ServiceID != "12535" || c.ContractState != "SIGNED" || c.OpenID != "oUpF8" || c.ContractDisplayAccount != "微信代扣用户A" {
		t.Errorf("a contract under an unknown type = %+v", ev.Resource)
	}

	ev, err = r.Read(message{typ: "FUTURE.EVENT", plain: `{"a":[1]}`}.request(t))
	if err != nil {
		t.Fatal(err)
	}
	if raw, ok := ev.Resource.(json.RawMessage); !ok || string(raw) != `{"a":[1]}` {
		t.Errorf("an unknown event = %+v", ev.Resource)
	}
	if _, ok := ev.Contract(); ok {
		t.Error("it is no contract")
	}
}

// What WeChat Pay signed is not lost because its shape is not the documented
// one.
func TestEventOfKnownTypeAndOtherShape(t *testing.T) {
	t.Parallel()
	ev, err := receiver(t, nil).Read(message{plain: `{"out_contract_code":"c","contract_state":"SIGNED","plan_id":"p12","mchid":"1"}`}.request(t))
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := ev.Resource.(*notify.ContractChange); !ok || c.PlanID != "p12" {
		t.Errorf("resource = %+v", ev.Resource)
	}
}

func TestContractOfKnownEvents(t *testing.T) {
	t.Parallel()
	ev, err := receiver(t, nil).Read(message{plain: strings.Replace(signed, `"service_id":12535`, `"plan_id":"12535"`, 1)}.request(t))
	if err != nil {
		t.Fatal(err)
	}
	if c, ok := ev.Contract(); !ok || c.PlanID != "12535" || c.ServiceID != "" || c.ContractID != "123124412412423431" {
		t.Errorf("contract = %+v", c)
	}
}

func TestHandler(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		m       message
		accept  func(context.Context, *notify.Event) error
		status  int
		log     string // "" is silence
		reached bool
	}{
		{"accepted", message{}, func(context.Context, *notify.Event) error { return nil }, 204, "", true},
		{"not accepted", message{}, func(context.Context, *notify.Event) error { return errors.New("database is away") }, 500, "database is away", true},
		{"panicking", message{}, func(context.Context, *notify.Event) error { panic("oops") }, 500, "oops", true},
		{"distrusted", message{key: 2}, nil, 401, "does not match", false},
		{"probe", message{header: map[string]string{"Wechatpay-Signature": "WECHATPAY/SIGNTEST/xyz"}}, nil, 401, "", false},
		{"unreadable", message{body: "{"}, nil, 400, "must be a JSON object", false},
		{"another method", message{method: http.MethodPut}, nil, 405, "must be a POST", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			reached := false
			h := receiver(t, &log).Handler(func(ctx context.Context, ev *notify.Event) error {
				reached = true
				return tt.accept(ctx, ev)
			})
			w := httptest.NewRecorder()
			h.ServeHTTP(w, tt.m.request(t))
			if w.Code != tt.status || reached != tt.reached {
				t.Errorf("status = %d, reached = %v", w.Code, reached)
			}
			if want := `{"code":"FAIL","message":"失败"}`; tt.status == 204 && w.Body.Len() > 0 || tt.status != 204 && w.Body.String() != want {
				t.Errorf("body = %s", w.Body)
			}
			if got := log.String(); (got == "") != (tt.log == "") || !strings.Contains(got, tt.log) {
				t.Errorf("log = %q, want %q", got, tt.log)
			}
		})
	}
}

func TestHandlerAnswersWithData(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		answer any
		status int
		body   string
	}{
		"data":            {map[string]string{"retention_type": "COUPON"}, 200, `{"retention_type":"COUPON"}`},
		"what is no JSON": {func() {}, 500, `{"code":"FAIL","message":"失败"}`},
	} {
		h := receiver(t, nil).Handler(func(_ context.Context, ev *notify.Event) error {
			ev.Answer = tt.answer
			return nil
		})
		w := httptest.NewRecorder()
		h.ServeHTTP(w, message{typ: "ENTRUST.TERMINATE_RETENTION"}.request(t))
		if w.Code != tt.status || w.Body.String() != tt.body || w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	trust := sign.PublicKey(keyID, keys[0]().Public())
	for want, cfg := range map[string]notify.Config{
		"Trust":    {APIv3Key: apiV3Key},
		"APIv3Key": {Trust: trust, APIv3Key: "short"},
		"MaxBody":  {Trust: trust, APIv3Key: apiV3Key, MaxBody: -1},
	} {
		_, err := notify.New(cfg)
		if e, ok := errors.AsType[*notify.Error](err); !ok || e.Field != want || e.Remedy == "" {
			t.Errorf("%s: %v", want, err)
		}
	}
}

// FuzzOpen checks that nothing but what the key holder sealed comes out: the
// plaintext of an event is exactly what was put in, or there is an error.
func FuzzOpen(f *testing.F) {
	r := receiver(f, nil)
	good := message{}.request(f)
	body, err := io.ReadAll(good.Body)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(body, good.Header.Get("Wechatpay-Signature"), good.Header.Get("Wechatpay-Nonce"))
	f.Add([]byte(`{"id":"x"}`), "AAAA", "n")
	f.Fuzz(func(t *testing.T, b []byte, signature, nonce string) {
		h := good.Header.Clone()
		h.Set("Wechatpay-Signature", signature)
		h.Set("Wechatpay-Nonce", nonce)
		ev, err := r.Open(t.Context(), h, b)
		if (err == nil) != bytes.Equal(b, body) && err == nil {
			t.Fatalf("opened another body: %s", b)
		}
		if err == nil && string(ev.Plaintext) != signed {
			t.Errorf("plaintext = %s", ev.Plaintext)
		}
	})
}

// FuzzEnvelope checks the same of bodies that are well signed.
func FuzzEnvelope(f *testing.F) {
	r := receiver(f, nil)
	f.Add(message{}.envelope(f))
	f.Add(`{"id":"x","create_time":"x","event_type":"x","resource_type":"x","resource":{"algorithm":"AEAD_AES_256_GCM","ciphertext":"AAAA","nonce":"x"}}`)
	f.Fuzz(func(t *testing.T, body string) {
		if body == "" {
			return
		}
		req := message{body: body}.request(t)
		ev, err := r.Read(req)
		if err != nil {
			if e, ok := errors.AsType[*notify.Error](err); !ok || e.Status != 400 || ev != nil {
				t.Errorf("error = %v", err)
			}
			return
		}
		if string(ev.Plaintext) != signed {
			t.Errorf("plaintext = %s", ev.Plaintext)
		}
	})
}
