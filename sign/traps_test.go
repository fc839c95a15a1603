package sign_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

// The numbers are those of the traps in testdata/vectors/README.md; each test
// holds one shut.

var at = time.Unix(1722850421, 0)

// platform signs answers with a published key, as WeChat Pay would.
type platform struct {
	key *rsa.PrivateKey
	id  string
}

func newPlatform(t testing.TB) platform {
	return platform{privateKey(t, "wechatpay-go.key.pem"), "PUB_KEY_ID_0000000000000024101100397200000006"}
}

func (p platform) answer(t testing.TB, timestamp, nonce string, body []byte) sign.Header {
	t.Helper()
	raw, err := sign.RSA.Sign(p.key, sign.AppendAnswer(nil, timestamp, nonce, body))
	if err != nil {
		t.Fatal(err)
	}
	return sign.Header{
		Timestamp: timestamp, Nonce: nonce, Serial: p.id,
		Signature: base64.StdEncoding.EncodeToString(raw), Type: sign.SchemeRSA,
	}
}

func (p platform) verifier() sign.Verifier {
	return sign.Verifier{Trust: sign.PublicKey(p.id, &p.key.PublicKey), Now: func() time.Time { return at }}
}

func TestTrap01RawBytes(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	body := []byte("{ \"a\" : 1 }\r\n")
	h := p.answer(t, "1722850421", "n", body)
	if err := p.verifier().Verify(t.Context(), h, body); err != nil {
		t.Fatalf("the bytes as received: %v", err)
	}
	wantUntrusted(t, p.verifier().Verify(t.Context(), h, []byte(`{"a":1}`)), sign.CodeSignature)
	wantUntrusted(t, p.verifier().Verify(t.Context(), h, []byte("{ \"a\" : 1 }")), sign.CodeSignature)
}

func TestTrap01RawHeaderText(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	padded := p.answer(t, "01722850421", "n", nil)
	if err := p.verifier().Verify(t.Context(), padded, nil); err != nil {
		t.Errorf("a leading zero that was signed: %v", err)
	}
	padded.Timestamp = "1722850421"
	wantUntrusted(t, p.verifier().Verify(t.Context(), padded, nil), sign.CodeSignature)
	for _, text := range []string{"+1722850421", " 1722850421", "1722850421.0", "1722850421000", "0x66b0a3b5", "一七二二", "99999999999999999999"} {
		wantUntrusted(t, p.verifier().Verify(t.Context(), p.answer(t, text, "n", nil), nil), sign.CodeClock)
	}
}

func TestTrap05EmptyBody(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	if got := string(sign.AppendAnswer(nil, "1722850421", "n", nil)); got != "1722850421\nn\n\n" {
		t.Errorf("AppendAnswer = %q", got)
	}
	if err := p.verifier().Verify(t.Context(), p.answer(t, "1722850421", "n", nil), []byte{}); err != nil {
		t.Errorf("204 without a body: %v", err)
	}
}

func TestTrap06TrailingLineFeed(t *testing.T) {
	t.Parallel()
	got, err := sign.AppendRequest(nil, "POST", "/v3/x", "1", "n", []byte("{}\n"))
	if err != nil || string(got) != "POST\n/v3/x\n1\nn\n{}\n\n" {
		t.Errorf("AppendRequest = %q, %v", got, err)
	}
}

func TestTrap08And09TargetIsSignedAsSent(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"/v3/a?b=2&a=1", "/v3/%7Cx%2f", "/v3/OpenID/oUpF8", "/v3/x?", "/v3/x?q=a+b%20c"} {
		got, err := sign.AppendRequest(nil, "GET", target, "1", "n", nil)
		if err != nil || string(got) != "GET\n"+target+"\n1\nn\n\n" {
			t.Errorf("AppendRequest = %q, %v", got, err)
		}
	}
}

func TestTrap10Serials(t *testing.T) {
	t.Parallel()
	const id = "PUB_KEY_ID_0000000000000024101100397200000006"
	tests := []struct {
		name, a, b string
		same       bool
	}{
		{"the same", "5157F09E", "5157F09E", true},
		{"case does not matter", "5157F09E", "5157f09e", true},
		{"leading zeros do not matter", "05157F09E", "5157F09E", true},
		{"two zeros are one", "0", "00", true},
		{"another number", "5157F09E", "5157F09F", false},
		{"trailing zeros matter", "5157F09E", "5157F09E0", false},
		{"ids are equal byte for byte", id, id, true},
		{"the case of an id matters", id, strings.ToLower(id), false},
		{"the zeros of an id matter", id, "PUB_KEY_ID_24101100397200000006", false},
		{"nothing is not nothing", "", "", false},
		{"nothing is not zero", "", "0", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := sign.SameSerial(tt.a, tt.b); got != tt.same || sign.SameSerial(tt.b, tt.a) != tt.same {
				t.Errorf("SameSerial(%q, %q) = %v", tt.a, tt.b, got)
			}
		})
	}
}

func TestTrap10SerialKeepsLeadingZero(t *testing.T) {
	t.Parallel()
	for number, want := range map[int64]string{0x0abc: "0ABC", 0xabcd: "ABCD", 0: "00", 1: "01"} {
		if got := sign.Serial(&x509.Certificate{SerialNumber: big.NewInt(number)}); got != want {
			t.Errorf("Serial(%#x) = %s, want %s", number, got, want)
		}
	}
	if sign.Serial(nil) != "" || sign.Serial(&x509.Certificate{}) != "" {
		t.Error("a certificate without a serial must have none")
	}
}

func TestTrap13ProbeSignatures(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	good := p.answer(t, "1722850421", "n", nil)
	for _, text := range []string{sign.ProbePrefix, sign.ProbePrefix + "abc", sign.ProbePrefix + good.Signature} {
		h := good
		h.Signature = text
		wantUntrusted(t, p.verifier().Verify(t.Context(), h, nil), sign.CodeProbe)
	}
}

func TestTrap13UndecodableSignatures(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	good := p.answer(t, "1722850421", "n", nil)
	for _, text := range []string{"!", "AAA", good.Signature[1:], good.Signature + "\n", "\r\n" + good.Signature, good.Signature + good.Signature, "QUJD"} {
		h := good
		h.Signature = text
		wantUntrusted(t, p.verifier().Verify(t.Context(), h, nil), sign.CodeSignature)
	}
}

func TestTrap14WindowBoundary(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		off  time.Duration
		ok   bool
	}{
		{"now", 0, true},
		{"just inside, old", 5*time.Minute - time.Nanosecond, true},
		{"just inside, ahead", -5*time.Minute + time.Nanosecond, true},
		{"exactly five minutes old", 5 * time.Minute, false},
		{"exactly five minutes ahead", -5 * time.Minute, false},
		{"a year old", 365 * 24 * time.Hour, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			p := newPlatform(t)
			v := p.verifier()
			v.Now = func() time.Time { return at.Add(tt.off) }
			err := v.Verify(t.Context(), p.answer(t, "1722850421", "n", nil), nil)
			if tt.ok && err != nil {
				t.Errorf("Verify: %v", err)
			} else if !tt.ok {
				wantUntrusted(t, err, sign.CodeClock)
			}
		})
	}
}

func TestTrap31HeaderNames(t *testing.T) {
	t.Parallel()
	want := sign.Header{Timestamp: "1", Nonce: "n", Serial: "s", Signature: "g", Type: "t"}
	for _, change := range []func(string) string{strings.ToLower, strings.ToUpper, http.CanonicalHeaderKey, func(s string) string {
		return strings.ReplaceAll(s, "stamp", "Stamp")
	}} {
		h := http.Header{}
		for name, text := range map[string]string{
			sign.HeaderTimestamp: "1", sign.HeaderNonce: "n", sign.HeaderSerial: "s", sign.HeaderSignature: "g", sign.HeaderType: "t",
		} {
			h[change(name)] = []string{text}
		}
		if got := sign.ReadHeader(h); got != want {
			t.Errorf("ReadHeader(%v) = %+v", h, got)
		}
	}
	if got := sign.ReadHeader(http.Header{"Wechatpay-Nonce": nil}); got != (sign.Header{}) {
		t.Errorf("ReadHeader without headers = %+v", got)
	}
}

func TestHeaderWriteReadsBack(t *testing.T) {
	t.Parallel()
	for _, want := range []sign.Header{{"1", "n", "s", "g", "t"}, {"1", "n", "s", "g", ""}} {
		h := http.Header{}
		want.Write(h)
		if got := sign.ReadHeader(h); got != want {
			t.Errorf("read back %+v, want %+v", got, want)
		}
		h.Add(sign.HeaderTimestamp, "2") // must not run into its neighbour
		if h.Get(sign.HeaderNonce) != "n" {
			t.Errorf("appending one header changed another: %v", h)
		}
	}
}

func TestVerifyNamesTheMissingHeader(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	for name, drop := range map[string]func(*sign.Header){
		sign.HeaderTimestamp: func(h *sign.Header) { h.Timestamp = "" },
		sign.HeaderNonce:     func(h *sign.Header) { h.Nonce = "" },
		sign.HeaderSerial:    func(h *sign.Header) { h.Serial = "" },
		sign.HeaderSignature: func(h *sign.Header) { h.Signature = "" },
	} {
		h := p.answer(t, "1722850421", "n", nil)
		drop(&h)
		err := p.verifier().Verify(t.Context(), h, nil)
		wantUntrusted(t, err, sign.CodeMissing)
		if !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not name %s", err, name)
		}
	}
}

// TestVerifyOrder breaks everything at once and mends it step by step.
func TestVerifyOrder(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	good := p.answer(t, "1722850421", "n", nil)
	h := sign.Header{Nonce: "n", Serial: "FF", Signature: sign.ProbePrefix}
	for _, step := range []struct {
		want sign.Code
		mend func()
	}{
		{sign.CodeMissing, func() { h.Timestamp = "1" }},
		{sign.CodeProbe, func() { h.Signature = "QUJD" }},
		{sign.CodeClock, func() { h.Timestamp = good.Timestamp }},
		{sign.CodeSerial, func() { h.Serial = good.Serial }},
		{sign.CodeSignature, func() { h.Signature = good.Signature }},
	} {
		wantUntrusted(t, p.verifier().Verify(t.Context(), h, nil), step.want)
		step.mend()
	}
	if err := p.verifier().Verify(t.Context(), h, nil); err != nil {
		t.Errorf("all mended: %v", err)
	}
}

func TestVerifyRefusesLineBreakInNonce(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	h := p.answer(t, "1722850421", "n", []byte("b\nc"))
	h.Nonce = "n\nb" // the same bytes were signed
	wantUntrusted(t, p.verifier().Verify(t.Context(), h, []byte("c")), sign.CodeSignature)
}

func TestVerifyRefusesOtherScheme(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	h := p.answer(t, "1722850421", "n", nil)
	h.Type = "WECHATPAY2-SM2-WITH-SM3"
	wantUntrusted(t, p.verifier().Verify(t.Context(), h, nil), sign.CodeSignature)
	h.Type = ""
	if err := p.verifier().Verify(t.Context(), h, nil); err != nil {
		t.Errorf("without a type, as on older pages: %v", err)
	}
}

// reversed stands for a scheme of another kind, to show that one fits.
type reversed struct{}

func (reversed) Scheme() string { return "TEST-REVERSED" }

func (reversed) Sign(_ crypto.Signer, message []byte) ([]byte, error) {
	out := make([]byte, len(message))
	for i, b := range message {
		out[len(out)-1-i] = b
	}
	return out, nil
}

func (s reversed) Verify(_ crypto.PublicKey, message, signature []byte) error {
	if want, _ := s.Sign(nil, message); string(want) != string(signature) {
		return errors.New("not reversed")
	}
	return nil
}

func TestVerifierTakesAnotherSuite(t *testing.T) {
	t.Parallel()
	v := sign.Verifier{Trust: sign.PublicKey("id", "a key of its own"), Suite: reversed{}, Now: func() time.Time { return at }}
	raw, _ := v.Suite.Sign(nil, sign.AppendAnswer(nil, "1722850421", "n", []byte("b")))
	h := sign.Header{Timestamp: "1722850421", Nonce: "n", Serial: "id", Signature: base64.StdEncoding.EncodeToString(raw), Type: "TEST-REVERSED"}
	if err := v.Verify(t.Context(), h, []byte("b")); err != nil {
		t.Errorf("Verify: %v", err)
	}
	wantUntrusted(t, v.Verify(t.Context(), h, []byte("c")), sign.CodeSignature)
	h.Type = sign.SchemeRSA
	wantUntrusted(t, v.Verify(t.Context(), h, []byte("b")), sign.CodeSignature)
}

func TestAppendRequestRefuses(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, method, target, timestamp, nonce string }{
		{"a lower-case method", "post", "/v3/x", "1", "n"},
		{"no method", "", "/v3/x", "1", "n"},
		{"a line feed in the method", "GET\n", "/v3/x", "1", "n"},
		{"a line feed in the target", "GET", "/v3/x\nevil", "1", "n"},
		{"a carriage return in the target", "GET", "/v3/x\r", "1", "n"},
		{"a host in the target", "GET", "https://api.mch.weixin.qq.com/v3/x", "1", "n"},
		{"no target", "GET", "", "1", "n"},
		{"a line feed in the timestamp", "GET", "/v3/x", "1\n", "n"},
		{"no timestamp", "GET", "/v3/x", "", "n"},
		{"a line feed in the nonce", "GET", "/v3/x", "1", "\nn"},
		{"no nonce", "GET", "/v3/x", "1", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := sign.AppendRequest([]byte("kept"), tt.method, tt.target, tt.timestamp, tt.nonce, nil)
			wantCode(t, err, sign.CodeMessage)
			if errors.Is(err, sign.ErrUntrusted) || string(got) != "kept" {
				t.Errorf("AppendRequest = %q, %v", got, err)
			}
		})
	}
	got, err := sign.AppendLines([]byte("kept"), "a", "b\nc")
	wantCode(t, err, sign.CodeMessage)
	if string(got) != "kept" {
		t.Errorf("AppendLines = %q", got)
	}
}

// signer is a key that lives elsewhere, as in a KMS.
type signer struct {
	public crypto.PublicKey
	inner  crypto.Signer
	err    error
}

func (s signer) Public() crypto.PublicKey { return s.public }

func (s signer) Sign(r io.Reader, digest []byte, opts crypto.SignerOpts) ([]byte, error) {
	if s.err != nil {
		return nil, s.err
	}
	return s.inner.Sign(r, digest, opts)
}

func TestRSATakesAnySigner(t *testing.T) {
	t.Parallel()
	key := privateKey(t, "wechatpay-go.key.pem")
	raw, err := sign.RSA.Sign(signer{public: &key.PublicKey, inner: key}, []byte("source"))
	if err != nil || sign.RSA.Verify(&key.PublicKey, []byte("source"), raw) != nil {
		t.Errorf("Sign = %x, %v", raw, err)
	}
	down := errors.New("kms is down")
	_, err = sign.RSA.Sign(signer{public: &key.PublicKey, err: down}, nil)
	wantCode(t, err, sign.CodeKey)
	if !errors.Is(err, down) || errors.Is(err, sign.ErrUntrusted) {
		t.Errorf("Sign error = %v", err)
	}
	for _, bad := range []crypto.Signer{nil, (*rsa.PrivateKey)(nil), signer{}, signer{public: "text"}} {
		_, err := sign.RSA.Sign(bad, nil)
		wantCode(t, err, sign.CodeKey)
	}
}

func TestRSAVerifyRefusesOtherKeys(t *testing.T) {
	t.Parallel()
	for _, bad := range []crypto.PublicKey{nil, (*rsa.PublicKey)(nil), rsa.PublicKey{}, &rsa.PublicKey{}, "text"} {
		wantUntrusted(t, sign.RSA.Verify(bad, []byte("m"), []byte("s")), sign.CodeSignature)
	}
}

func TestNonce(t *testing.T) {
	t.Parallel()
	const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	seen := map[string]bool{}
	var count [256]int
	const rounds = 4000
	for range rounds {
		n := sign.Nonce()
		if len(n) != 32 || strings.Trim(n, alphabet) != "" || seen[n] {
			t.Fatalf("Nonce = %q", n)
		}
		seen[n] = true
		for i := range len(n) {
			count[n[i]]++
		}
	}
	mean := rounds * 32 / len(alphabet)
	for _, c := range alphabet {
		// Six standard deviations are about 13 % of the mean.
		if got := count[c]; got < mean*85/100 || got > mean*115/100 {
			t.Errorf("%q comes %d times, mean %d", c, got, mean)
		}
	}
}

// TestErrorTextHoldsNoSecret looks for every input in the text of every
// refusal; the serial alone may stand there, shortened and quoted.
func TestErrorTextHoldsNoSecret(t *testing.T) {
	t.Parallel()
	p := newPlatform(t)
	h := p.answer(t, "1722850421", "nonce-of-the-answer", []byte("other"))
	h.Serial = p.id
	_, parse := sign.ParseAuthorization(`S mchid="secret-mchid",nonce_str="secret-nonce",signature="secret-sig",x="secret"`)
	unknown := h
	unknown.Serial = strings.Repeat("\n", 100)
	for _, err := range []error{p.verifier().Verify(t.Context(), h, []byte("secret-body")), parse, p.verifier().Verify(t.Context(), unknown, nil)} {
		if err == nil {
			t.Fatal("want a refusal")
		}
		for _, secret := range []string{"secret", "nonce-of-the-answer", h.Signature, "\n"} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%q holds %q", err, secret)
			}
		}
		if len(err.Error()) > 400 {
			t.Errorf("%d bytes of text", len(err.Error()))
		}
	}
}

func wantCode(t testing.TB, err error, want sign.Code) {
	t.Helper()
	if e, ok := errors.AsType[*sign.Error](err); !ok || e.Code != want {
		t.Errorf("error = %v, want code %q", err, want)
	}
}

func wantUntrusted(t testing.TB, err error, want sign.Code) {
	t.Helper()
	wantCode(t, err, want)
	if !errors.Is(err, sign.ErrUntrusted) {
		t.Errorf("error = %v does not match ErrUntrusted", err)
	}
}
