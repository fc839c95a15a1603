package diagnose_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/diagnose"
	"github.com/wxpay-go/wxpay/seal"
)

const apiKey = "0123456789abcdef0123456789abcdef"

func TestWhyAResourceDoesNotOpen(t *testing.T) {
	t.Parallel()
	right, err := seal.Close([]byte(apiKey), []byte(`{"mchid":"1900000109","out_trade_no":"order-1"}`), "transaction", "61f9c719728a")
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		change func(r *seal.Resource)
		key    string
		want   diagnose.Cause
		fits   string
	}{
		"it does":                  {func(*seal.Resource) {}, apiKey, "", ""},
		"a key of another length":  {func(*seal.Resource) {}, apiKey[:16], diagnose.KeyLength, ""},
		"the APIv2 key":            {func(*seal.Resource) {}, strings.ToUpper(apiKey), diagnose.WrongKey, ""},
		"another algorithm":        {func(r *seal.Resource) { r.Algorithm = "AEAD_SM4_GCM" }, apiKey, diagnose.OtherAlgorithm, ""},
		"the nonce of the headers": {func(r *seal.Resource) { r.Nonce = "d824f2e086d3c1df967785d13fcd22ef" }, apiKey, diagnose.NonceLength, ""},
		"no associated data":       {func(r *seal.Resource) { r.AssociatedData = "" }, apiKey, diagnose.OtherAssociated, "transaction"},
		"that of certificates":     {func(r *seal.Resource) { r.AssociatedData = "certificate" }, apiKey, diagnose.OtherAssociated, "transaction"},
		"no base64":                {func(r *seal.Resource) { r.Ciphertext = "{}" }, apiKey, diagnose.CipherText, ""},
		"nothing":                  {func(r *seal.Resource) { r.Ciphertext = "" }, apiKey, diagnose.CipherText, ""},
		"cut":                      {func(r *seal.Resource) { r.Ciphertext = r.Ciphertext[:50] }, apiKey, diagnose.CipherCut, ""},
		"cut at four characters":   {func(r *seal.Resource) { r.Ciphertext = r.Ciphertext[:48] }, apiKey, diagnose.CipherCut, ""},
		"broken into lines":        {func(r *seal.Resource) { r.Ciphertext = r.Ciphertext[:20] + "\n" + r.Ciphertext[20:] }, apiKey, diagnose.CipherChanged, ""},
		"in another alphabet": {func(r *seal.Resource) {
			r.Ciphertext = strings.NewReplacer("+", "-", "/", "_").Replace(r.Ciphertext) + "\n"
		}, apiKey, diagnose.CipherChanged, ""},
		"a tag of something else":      {func(r *seal.Resource) { r.Ciphertext = r.Ciphertext[:len(r.Ciphertext)-8] + "AAAAAAAA" }, apiKey, diagnose.CipherDamaged, ""},
		"a nonce of something else":    {func(r *seal.Resource) { r.Nonce = "61f9c719728b" }, apiKey, diagnose.WrongKey, ""},
		"less than a tag, of some key": {func(r *seal.Resource) { r.Ciphertext = "AAAA" }, apiKey, diagnose.WrongKey, ""},
	} {
		r := right
		tt.change(&r)
		if cause, fits := diagnose.FindResource(tt.key, r); cause != tt.want || fits != tt.fits {
			t.Errorf("%s: %q %q, want %q %q", name, cause, fits, tt.want, tt.fits)
		}
	}
}

func TestWhyAFieldDoesNotOpen(t *testing.T) {
	t.Parallel()
	key, other := keys()[0], keys()[1]
	field, err := seal.EncryptField(&key.PublicKey, "张三")
	if err != nil {
		t.Fatal(err)
	}
	raw := func(b []byte, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		return base64.StdEncoding.EncodeToString(b)
	}
	for name, tt := range map[string]struct {
		text string
		key  *rsa.PrivateKey
		want diagnose.Cause
	}{
		"it does":            {field, key, ""},
		"another's key":      {field, other, diagnose.OthersCertificate},
		"no base64":          {"?", key, diagnose.CipherText},
		"cut":                {field[:300], key, diagnose.FieldCut},
		"a line break in it": {field[:76] + "\r\n" + field[76:], key, diagnose.CipherChanged},
		"SHA-256":            {raw(rsa.EncryptOAEP(sha256.New(), rand.Reader, &key.PublicKey, []byte("x"), nil)), key, diagnose.FieldHash},
		"PKCS #1 v1.5":       {raw(rsa.EncryptPKCS1v15(rand.Reader, &key.PublicKey, []byte("x"))), key, diagnose.FieldPadding}, //nolint:staticcheck // the mistake itself
	} {
		if got := diagnose.FindField(tt.key, tt.text); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
