package conformance

import (
	"bytes"
	"context"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"strconv"
	"testing"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/internal/conformance/stage"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
	"github.com/wxpay-go/wxpay/spec"
)

// stub is a WeChat Pay that notes what it is sent and answers what it is told,
// signed.
type stub struct {
	creds  *emulator.Credentials
	op     *spec.Operation
	answer []byte

	sent *http.Request
	body []byte
}

// newStub is a stub for op, and a client of it. A file is answered with the
// content of an upload.
func newStub(t *testing.T, op *spec.Operation) (*stub, *wxpay.Client) {
	t.Helper()
	creds, err := stage.Credentials(stage.Caller(op))
	if err != nil {
		t.Fatal(err)
	}
	s := &stub{creds: creds, op: op}
	if op.Response == nil && op.Verify != "" {
		s.answer = []byte(content)
	}
	return s, stage.NewClient(t, creds, s)
}

// options are what the calls of op need beside the request.
func options(op *spec.Operation) []wxpay.Option {
	if op.Response == nil && op.Verify == spec.VerifyDigest {
		return []wxpay.Option{wxpay.Digest("SHA1", digestOf(content))}
	}
	return nil
}

func digestOf(text string) string {
	sum := sha1.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// RoundTrip implements [http.RoundTripper].
func (s *stub) RoundTrip(r *http.Request) (*http.Response, error) {
	s.sent, s.body = r, nil
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		s.body = body
	}
	h := http.Header{"Content-Type": {"application/json"}, "Request-Id": {"conformance"}}
	signed := s.answer
	if s.op.Verify == spec.VerifyStatement {
		h.Set("Wechatpay-Statement-Sha1", digestOf(string(s.answer)))
		signed = []byte(`{"sha1":"` + digestOf(string(s.answer)) + `"}`)
	}
	if err := s.sign(h, signed); err != nil {
		return nil, err
	}
	return &http.Response{
		StatusCode: s.op.Status, Header: h, Request: r,
		Body: io.NopCloser(bytes.NewReader(s.answer)), ContentLength: int64(len(s.answer)),
	}, nil
}

func (s *stub) sign(h http.Header, body []byte) error {
	timestamp := strconv.FormatInt(stage.Start.Unix(), 10)
	signature, err := sign.RSA.Sign(s.creds.PublicKeySigner, sign.AppendAnswer(nil, timestamp, "nonce", body))
	if err != nil {
		return err
	}
	sign.Header{
		Timestamp: timestamp, Nonce: "nonce", Serial: s.creds.PublicKeyID,
		Signature: base64.StdEncoding.EncodeToString(signature), Type: sign.RSA.Scheme(),
	}.Write(h)
	return nil
}

// sealed encrypts a value of an answer, which goes to the merchant.
func (s *stub) sealed(t *testing.T, plain string) string {
	t.Helper()
	text, err := seal.EncryptField(s.creds.MerchantKey.Public().(*rsa.PublicKey), plain)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// opened decrypts a value of a request, which goes to WeChat Pay.
func (s *stub) opened(t *testing.T, ciphertext string) string {
	t.Helper()
	text, err := seal.DecryptField(s.creds.PublicKeySigner, ciphertext)
	if err != nil {
		t.Fatalf("a sensitive value cannot be decrypted: %v", err)
	}
	return text
}

// both makes the typed and the chained call in turn.
var both = []struct {
	name string
	call func(c *calls, ctx context.Context, wx *wxpay.Client, in any, opts ...wxpay.Option) (any, error)
}{
	{"typed", (*calls).call},
	{"chained", func(c *calls, ctx context.Context, wx *wxpay.Client, in any, opts ...wxpay.Option) (any, error) {
		return c.chained(ctx, wx, in, opts...)
	}},
}
