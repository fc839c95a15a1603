package sign_test

import (
	"bytes"
	"crypto"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

const vectors = "../testdata/vectors"

// vector is one file of testdata/vectors/sign; its README describes it.
type vector struct {
	Kind     string          `json:"kind"`
	Source   string          `json:"source"`
	Link     string          `json:"link"`
	Note     string          `json:"note"`
	Input    json.RawMessage `json:"input"`
	Expected json.RawMessage `json:"expected"`
	Refuse   string          `json:"refuse"`
}

var kinds = map[string]func(*testing.T, vector){
	"request":       testRequestVector,
	"lines":         testLinesVector,
	"signature":     testSignatureVector,
	"authorization": testAuthorizationVector,
	"answer":        testAnswerVector,
	"serial":        testSerialVector,
}

func TestVectors(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(vectors + "/sign/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		var v vector
		strict(t, readFile(t, file), &v)
		run, ok := kinds[v.Kind]
		if !ok {
			t.Fatalf("%s: unknown kind %q", file, v.Kind)
		}
		if v.Source == "" || v.Link == "" || (v.Expected == nil) == (v.Refuse == "") {
			t.Fatalf("%s: want a source, a link, and either expected or refuse", file)
		}
		seen[v.Kind] = true
		t.Run(filepath.Base(file), func(t *testing.T) { t.Parallel(); run(t, v) })
	}
	if len(seen) != len(kinds) {
		t.Errorf("kinds with a vector: %v, want all of %d", seen, len(kinds))
	}
}

type keyPair struct {
	PublicKey  string `json:"public_key"`
	PrivateKey string `json:"private_key"`
}

// check compares both ways: the scheme is deterministic.
func (k keyPair) check(t *testing.T, message []byte, signature string) {
	t.Helper()
	raw, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		t.Fatal(err)
	}
	if err := sign.RSA.Verify(publicKey(t, k.PublicKey), message, raw); err != nil {
		t.Errorf("Verify: %v", err)
	}
	got, err := sign.RSA.Sign(privateKey(t, k.PrivateKey), message)
	if err != nil || !bytes.Equal(got, raw) {
		t.Errorf("Sign = %x, %v; want %x", got, err, raw)
	}
}

func testRequestVector(t *testing.T, v vector) {
	var in struct {
		keyPair
		Method, Target, Timestamp, Nonce, Body string
	}
	var want struct{ Message, Signature string }
	strict(t, v.Input, &in)
	strict(t, v.Expected, &want)
	got, err := sign.AppendRequest(nil, in.Method, in.Target, in.Timestamp, in.Nonce, []byte(in.Body))
	if err != nil || string(got) != want.Message {
		t.Fatalf("AppendRequest = %q, %v; want %q", got, err, want.Message)
	}
	if want.Signature != "" {
		in.check(t, got, want.Signature)
	}
}

func testLinesVector(t *testing.T, v vector) {
	var in struct {
		keyPair
		Lines []string
	}
	var want struct{ Message, Signature string }
	strict(t, v.Input, &in)
	strict(t, v.Expected, &want)
	got, err := sign.AppendLines(nil, in.Lines...)
	if err != nil || string(got) != want.Message {
		t.Fatalf("AppendLines = %q, %v; want %q", got, err, want.Message)
	}
	in.check(t, got, want.Signature)
}

func testSignatureVector(t *testing.T, v vector) {
	var in struct {
		keyPair
		Message, Signature string
	}
	strict(t, v.Input, &in)
	if v.Refuse == "" {
		var want struct{ Signature string }
		strict(t, v.Expected, &want)
		in.check(t, []byte(in.Message), want.Signature)
		return
	}
	raw, err := base64.StdEncoding.DecodeString(in.Signature)
	if err != nil {
		raw = []byte(in.Signature)
	}
	wantCode(t, sign.RSA.Verify(publicKey(t, in.PublicKey), []byte(in.Message), raw), sign.Code(v.Refuse))
}

func testAuthorizationVector(t *testing.T, v vector) {
	var in struct{ Header string }
	var want sign.Authorization
	strict(t, v.Input, &in)
	strict(t, v.Expected, &want)
	got, err := sign.ParseAuthorization(in.Header)
	if err != nil || got != want {
		t.Errorf("ParseAuthorization = %+v, %v; want %+v", got, err, want)
	}
}

func testAnswerVector(t *testing.T, v vector) {
	var in struct {
		sign.Header
		Body        string
		Now         int64
		PublicKey   string `json:"public_key"`
		PublicKeyID string `json:"public_key_id"`
		Certificate string
	}
	strict(t, v.Input, &in)
	now := func() time.Time { return time.Unix(in.Now, 0) }
	var trust sign.Trust
	if in.Certificate != "" {
		trust = certificates(t, now, in.Certificate)
	} else {
		trust = sign.PublicKey(in.PublicKeyID, publicKey(t, in.PublicKey))
	}
	err := sign.Verifier{Trust: trust, Now: now}.Verify(t.Context(), in.Header, []byte(in.Body))
	if v.Refuse != "" {
		wantUntrusted(t, err, sign.Code(v.Refuse))
	} else if err != nil {
		t.Errorf("Verify: %v", err)
	}
}

func testSerialVector(t *testing.T, v vector) {
	var in struct{ Certificate string }
	var want struct{ Serial string }
	strict(t, v.Input, &in)
	strict(t, v.Expected, &want)
	cert, err := sign.ParseCertificate(readFile(t, vectors+"/keys/"+in.Certificate))
	if err != nil {
		t.Fatal(err)
	}
	if got := sign.Serial(cert); !sign.SameSerial(got, want.Serial) || len(got) != len(want.Serial) {
		t.Errorf("Serial = %s, want %s", got, want.Serial)
	}
}

func strict(t testing.TB, data []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func publicKey(t testing.TB, name string) crypto.PublicKey {
	t.Helper()
	key, err := sign.ParsePublicKey(readFile(t, vectors+"/keys/"+name))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func privateKey(t testing.TB, name string) *rsa.PrivateKey {
	t.Helper()
	key, err := sign.ParsePrivateKey(readFile(t, vectors+"/keys/"+name))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func certificates(t testing.TB, now func() time.Time, name string) sign.Trust {
	t.Helper()
	cert, err := sign.ParseCertificate(readFile(t, vectors+"/keys/"+name))
	if err != nil {
		t.Fatal(err)
	}
	trust, err := sign.CertificatesAt(now, cert)
	if err != nil {
		t.Fatal(err)
	}
	return trust
}
