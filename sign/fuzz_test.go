package sign_test

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/sign"
)

// FuzzAuthorization holds two laws: what was parsed, printed and parsed again
// is the same; and a parsed value is a value that the header really holds.
func FuzzAuthorization(f *testing.F) {
	f.Add(whole.String())
	f.Add(`S mchid="1",serial_no="2",timestamp="3",nonce_str="4",signature="5"`)
	f.Add(`S mchid='1'`)
	f.Add(`S mchid=",",mchid="`)
	f.Fuzz(func(t *testing.T, header string) {
		a, err := sign.ParseAuthorization(header)
		if err != nil {
			if a != (sign.Authorization{}) {
				t.Errorf("refused, and yet returned %+v", a)
			}
			return
		}
		again, err := sign.ParseAuthorization(a.String())
		if err != nil || again != a {
			t.Errorf("%q parses to %+v, prints and parses to %+v, %v", header, a, again, err)
		}
		for _, value := range []string{a.MchID, a.Nonce, a.Timestamp, a.Serial, a.Signature} {
			if !strings.Contains(header, `="`+value+`"`) {
				t.Errorf("%q is not in %q", value, header)
			}
		}
	})
}

// FuzzCanonical checks that no line can be made to look like another: the five
// always read back unchanged.
func FuzzCanonical(f *testing.F) {
	f.Add("GET", "/v3/certificates", "1554208460", "n", []byte(nil))
	f.Add("POST", "/v3/x\n1\nn", "1", "n", []byte("{}\n"))
	f.Add("POST", "/v3/x", "1", "n\r", []byte("\n\n"))
	f.Fuzz(func(t *testing.T, method, target, timestamp, nonce string, body []byte) {
		got, err := sign.AppendRequest(nil, method, target, timestamp, nonce, body)
		if err != nil {
			if len(got) != 0 {
				t.Errorf("refused, and yet returned %q", got)
			}
			return
		}
		part := bytes.SplitN(got, []byte("\n"), 5)
		if len(part) != 5 || string(part[0]) != method || string(part[1]) != target || string(part[2]) != timestamp ||
			string(part[3]) != nonce || !bytes.Equal(part[4], append(bytes.Clone(body), '\n')) {
			t.Errorf("ambiguous: %q", got)
		}
	})
}

// FuzzVerify changes one header or the body of a signed answer, at will: only
// the answer itself may pass.
func FuzzVerify(f *testing.F) {
	p := newPlatform(f)
	body := []byte(`{"code_url":"x"}`)
	h := p.answer(f, "1722850421", "n", body)
	f.Add(h.Timestamp, h.Nonce, h.Serial, h.Signature, body)
	f.Add("01722850421", "n", p.id, h.Signature+"=", []byte(nil))
	f.Add("1722850421", "n\n", p.id, sign.ProbePrefix, body)
	f.Fuzz(func(t *testing.T, timestamp, nonce, serial, signature string, b []byte) {
		got := sign.Header{Timestamp: timestamp, Nonce: nonce, Serial: serial, Signature: signature, Type: h.Type}
		if p.verifier().Verify(t.Context(), got, b) == nil && (got != h || !bytes.Equal(b, body)) {
			t.Errorf("accepted %+v with %q", got, b)
		}
	})
}

// TestFuzzSeedsFromVectors runs the parser over every published header.
func TestFuzzSeedsFromVectors(t *testing.T) {
	t.Parallel()
	files, _ := filepath.Glob(vectors + "/sign/authorization-*.json")
	if len(files) == 0 {
		t.Fatal("no vectors")
	}
	for _, file := range files {
		var v struct{ Input struct{ Header string } }
		if err := json.Unmarshal(readFile(t, file), &v); err != nil {
			t.Fatal(err)
		}
		a, err := sign.ParseAuthorization(v.Input.Header)
		if again, err2 := sign.ParseAuthorization(a.String()); err != nil || err2 != nil || again != a {
			t.Errorf("%s: %v, %v", file, err, err2)
		}
	}
}
