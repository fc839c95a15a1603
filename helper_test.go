package wxpay_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"io"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/sign"
)

// now is the time of every test that does not say otherwise.
var now = time.Unix(1722850421, 0)

const (
	merchantSerial = "408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB"
	publicKeyID    = "PUB_KEY_ID_0119000001092024110100000000001"
	apiV3Key       = "0123456789abcdef0123456789abcdef"
)

// Keys are made once for the whole test binary: making one takes a while.
var (
	merchantKey = sync.OnceValue(newKey)
	platformKey = sync.OnceValue(newKey)
	strangerKey = sync.OnceValue(newKey)
)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// roundTrip is a transport made of a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// config is a good configuration whose requests go to f.
func config(f func(*http.Request) (*http.Response, error)) wxpay.Config {
	return wxpay.Config{
		MchID: "1900007291", Serial: merchantSerial, Signer: merchantKey(),
		Trust:     sign.PublicKey(publicKeyID, platformKey().Public()),
		Transport: roundTrip(f),
		Now:       func() time.Time { return now },
	}
}

func newClient(t testing.TB, cfg wxpay.Config) *wxpay.Client {
	t.Helper()
	wx, err := wxpay.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return wx
}

// reply is an answer before it is signed.
type reply struct {
	status   int
	body     string
	header   map[string]string // set after signing; "" deletes
	key      *rsa.PrivateKey   // platformKey if nil
	serial   string            // publicKeyID if ""
	time     time.Time         // now if zero
	unsigned bool
	length   int64 // Content-Length if not 0
}

func (r reply) response(t testing.TB) *http.Response {
	t.Helper()
	if r.status == 0 {
		r.status = 200
	}
	h := http.Header{"Content-Type": {"application/json; charset=utf-8"}, "Request-Id": {"08F5B8C2B506-0"}}
	if !r.unsigned {
		r.sign(t, h)
	}
	for k, v := range r.header {
		if h.Set(k, v); v == "" {
			h.Del(k)
		}
	}
	n := int64(len(r.body))
	if r.length != 0 {
		n = r.length
	}
	return &http.Response{StatusCode: r.status, Header: h, Body: io.NopCloser(strings.NewReader(r.body)), ContentLength: n}
}

func (r reply) sign(t testing.TB, h http.Header) {
	t.Helper()
	if r.key == nil {
		r.key = platformKey()
	}
	if r.serial == "" {
		r.serial = publicKeyID
	}
	if r.time.IsZero() {
		r.time = now
	}
	sh := sign.Header{Timestamp: strconv.FormatInt(r.time.Unix(), 10), Nonce: "d824f2e086d3c1df967785d13fcd22ef", Serial: r.serial, Type: sign.RSA.Scheme()}
	signature, err := sign.RSA.Sign(r.key, sign.AppendAnswer(nil, sh.Timestamp, sh.Nonce, []byte(r.body)))
	if err != nil {
		t.Fatal(err)
	}
	sh.Signature = base64.StdEncoding.EncodeToString(signature)
	sh.Write(h)
}

// answering is a transport that gives each reply in turn, the last one for
// ever, and keeps what it was asked.
type answering struct {
	t       testing.TB
	replies []any // reply or error

	mu   sync.Mutex
	sent []*sent
}

// sent is a request as it left.
type sent struct {
	method, host, target string
	header               http.Header
	body                 string
}

func (a *answering) do(req *http.Request) (*http.Response, error) {
	s := &sent{method: req.Method, host: req.URL.Host, target: req.URL.RequestURI(), header: req.Header.Clone()}
	if req.Body != nil {
		b, err := io.ReadAll(req.Body)
		if err != nil {
			a.t.Error(err)
		}
		s.body = string(b)
		if req.ContentLength != int64(len(b)) {
			a.t.Errorf("Content-Length = %d, sent %d bytes", req.ContentLength, len(b))
		}
	}
	a.mu.Lock()
	next := a.replies[min(len(a.sent), len(a.replies)-1)]
	a.sent = append(a.sent, s)
	a.mu.Unlock()
	switch r := next.(type) {
	case error:
		return nil, r
	case reply:
		return r.response(a.t), nil
	}
	panic("unreachable")
}

// verifySent checks the signature of a request as WeChat Pay does.
func verifySent(t testing.TB, s *sent) sign.Authorization {
	t.Helper()
	auth, err := sign.ParseAuthorization(s.header.Get("Authorization"))
	if err != nil {
		t.Fatal(err)
	}
	message, err := sign.AppendRequest(nil, s.method, s.target, auth.Timestamp, auth.Nonce, []byte(s.body))
	if err != nil {
		t.Fatal(err)
	}
	signature, err := base64.StdEncoding.DecodeString(auth.Signature)
	if err != nil {
		t.Fatal(err)
	}
	if err := sign.RSA.Verify(merchantKey().Public(), message, signature); err != nil {
		t.Errorf("request %s %s: %v", s.method, s.target, err)
	}
	return auth
}

// certificate makes a certificate of key that is good from an hour before now.
func certificate(t testing.TB, key *rsa.PrivateKey, serial string, life time.Duration) *x509.Certificate {
	t.Helper()
	n, ok := new(big.Int).SetString(serial, 16)
	if !ok {
		t.Fatal("bad serial")
	}
	template := &x509.Certificate{
		SerialNumber: n, Subject: pkix.Name{CommonName: "wxpay test"},
		NotBefore: now.Add(-time.Hour), NotAfter: now.Add(life),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return cert
}

// echo is a small endpoint of the tests.
var echo = wxpay.Op{Method: "POST", Path: "/v3/security/echo", Idempotent: true}

type echoRequest struct {
	Message string `json:"echo_message"`
	Secret  string `json:"encrypted_echo_message,omitzero" seal:"oaep"`
}

func (r *echoRequest) Check(c *wxpay.Check) {
	c.String("echo_message", r.Message, wxpay.Rule{Required: true, Max: 8})
}

type echoResponse struct {
	Message string `json:"echo_message"`
	Secret  string `json:"encrypted_echo_message" seal:"oaep"`
}

func callEcho(wx *wxpay.Client, opts ...wxpay.Option) (*echoResponse, error) {
	return wxpay.Call[echoResponse](context.Background(), wx, &echo, &echoRequest{Message: "hello"}, opts)
}
