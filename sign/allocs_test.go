//go:build !race

package sign_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"testing"

	"github.com/wxpay-go/wxpay/sign"
)

// These tests hold what every call pays for. The race detector allocates on
// its own account, and testing.AllocsPerRun wants no parallel test beside it.

func TestAllocsOfNonce(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { sign.Nonce() }); n > 1 {
		t.Errorf("Nonce: %v allocations, want 1", n)
	}
}

func TestAllocsOfCanonical(t *testing.T) {
	buf := make([]byte, 0, 1024)
	n := testing.AllocsPerRun(100, func() {
		buf, _ = sign.AppendRequest(buf[:0], "GET", "/v3/x", "1", "n", nil)
		buf, _ = sign.AppendLines(buf[:0], "a", "b")
		buf = sign.AppendAnswer(buf[:0], "1", "n", nil)
	})
	if n > 0 {
		t.Errorf("canonical lines: %v allocations, want none", n)
	}
}

func TestAllocsOfAuthorization(t *testing.T) {
	if n := testing.AllocsPerRun(100, func() { _ = whole.String() }); n > 1 {
		t.Errorf("String: %v allocations, want 1", n)
	}
	header := whole.String()
	if n := testing.AllocsPerRun(100, func() { _, _ = sign.ParseAuthorization(header) }); n > 1 {
		t.Errorf("ParseAuthorization: %v allocations, want at most 1", n)
	}
}

// TestAllocsOfVerify compares with the least that the standard library can do:
// one concatenation, one hash, one check.
func TestAllocsOfVerify(t *testing.T) {
	p := newPlatform(t)
	body := []byte(`{"a":1}`)
	h := p.answer(t, "1722850421", "n", body)
	v := p.verifier()
	plain := testing.AllocsPerRun(100, func() {
		raw, _ := base64.StdEncoding.DecodeString(h.Signature)
		digest := sha256.Sum256([]byte(h.Timestamp + "\n" + h.Nonce + "\n" + string(body) + "\n"))
		if rsa.VerifyPKCS1v15(&p.key.PublicKey, crypto.SHA256, digest[:], raw) != nil {
			t.Fatal("refused")
		}
	})
	ours := testing.AllocsPerRun(100, func() {
		if v.Verify(t.Context(), h, body) != nil {
			t.Fatal("refused")
		}
	})
	t.Logf("plain %v, ours %v", plain, ours)
	if ours > plain {
		t.Errorf("Verify: %v allocations, a plain program %v", ours, plain)
	}
}
