package seal_test

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/seal"
)

// apiv3 has the shape of an APIv3 key and belongs to nobody.
const apiv3 = "0123456789abcdef0123456789ABCDEF"

func private(t testing.TB, name string) *rsa.PrivateKey {
	t.Helper()
	block, _ := pem.Decode(readFile(t, vectors+"/keys/"+name))
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	return key.(*rsa.PrivateKey)
}

func TestTrap12NonceLength(t *testing.T) {
	t.Parallel()
	good, err := seal.Close([]byte(apiv3), []byte("plain"), "transaction", "abcdefghijkl")
	if err != nil {
		t.Fatal(err)
	}
	for n := range 40 {
		r := good
		r.Nonce = strings.Repeat("n", n)
		_, err := seal.Open([]byte(apiv3), r)
		_, errClose := seal.Close([]byte(apiv3), nil, "", r.Nonce)
		if n == seal.NonceSize {
			wantField(t, err, "ciphertext") // another nonce of the right length
			if errClose != nil {
				t.Errorf("Close: %v", errClose)
			}
			continue
		}
		wantField(t, err, "nonce")
		wantField(t, errClose, "nonce")
	}
	r := good
	r.Nonce = "一二三四五六七八九十十二" // twelve characters, 36 bytes
	_, err = seal.Open([]byte(apiv3), r)
	wantField(t, err, "nonce")
}

func TestTrap12ShortOrBrokenCiphertext(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "=", "AAAA", "AAAAAAAAAAAAAAAAAAAA", "not base64", "AAAA\nAAAA", "AAAAAAAAAAAAAAAAAAAAAB=="} {
		_, err := seal.Open([]byte(apiv3), seal.Resource{Algorithm: seal.Algorithm, Nonce: "abcdefghijkl", Ciphertext: text})
		wantField(t, err, "ciphertext")
	}
}

func TestOpenRefusesKeysAndAlgorithms(t *testing.T) {
	t.Parallel()
	r, err := seal.Close([]byte(apiv3), []byte("plain"), "", "abcdefghijkl")
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int{0, 15, 17, 24, 31, 33, 64} {
		_, err := seal.Open(make([]byte, size), r)
		wantField(t, err, "key")
		_, err = seal.Close(make([]byte, size), nil, "", "abcdefghijkl")
		wantField(t, err, "key")
	}
	for _, name := range []string{"", "AEAD_SM4_GCM", "aead_aes_256_gcm"} {
		r.Algorithm = name
		_, err := seal.Open([]byte(apiv3), r)
		wantField(t, err, "algorithm")
	}
}

func TestOpenLeavesItsInputAlone(t *testing.T) {
	t.Parallel()
	key := []byte(apiv3)
	r, err := seal.Close(key, []byte(`{"a":1}`), "aad", "abcdefghijkl")
	if err != nil {
		t.Fatal(err)
	}
	before := strings.Clone(r.Ciphertext)
	plain, err := seal.Open(key, r)
	if err != nil {
		t.Fatal(err)
	}
	_ = append(plain, "0123456789abcdef0123456789abcdef"...) // must not reach into anything
	if r.Ciphertext != before || string(key) != apiv3 || cap(plain) > len(plain)+seal.TagSize {
		t.Errorf("Open changed its input, or gave away more than the plaintext: cap %d", cap(plain))
	}
}

func TestCheckAPIv3Key(t *testing.T) {
	t.Parallel()
	if err := seal.CheckAPIv3Key(apiv3); err != nil {
		t.Errorf("a good key: %v", err)
	}
	for _, bad := range []string{"", apiv3[1:], apiv3 + "\n", " " + apiv3[1:], apiv3[1:] + "\n", "密钥" + apiv3[6:], apiv3 + apiv3} {
		err := seal.CheckAPIv3Key(bad)
		wantField(t, err, "key")
		if bad != "" && strings.Contains(err.Error(), bad) {
			t.Errorf("the text holds the key: %v", err)
		}
	}
}

func TestFieldRoundTrip(t *testing.T) {
	t.Parallel()
	key := private(t, "wechatpay-go.key.pem")
	for _, plain := range []string{"", "张三", "x", strings.Repeat("x", 214)} {
		sealed, err := seal.EncryptField(&key.PublicKey, plain)
		if err != nil {
			t.Fatalf("EncryptField of %d bytes: %v", len(plain), err)
		}
		if (sealed == "") != (plain == "") {
			t.Errorf("EncryptField of %d bytes = %d bytes", len(plain), len(sealed))
		}
		if got, err := seal.DecryptField(key, sealed); err != nil || got != plain {
			t.Errorf("DecryptField = %q, %v; want %q", got, err, plain)
		}
		if again, _ := seal.EncryptField(&key.PublicKey, plain); plain != "" && again == sealed {
			t.Error("two encryptions of one text are the same")
		}
	}
}

func TestEncryptFieldNamesTheLimit(t *testing.T) {
	t.Parallel()
	for name, limit := range map[string]string{"wechatpay-go.key.pem": "214", "skit-net.key.pem": "470"} {
		key := private(t, name)
		_, err := seal.EncryptField(&key.PublicKey, strings.Repeat("s", key.Size()-41))
		wantField(t, err, "plaintext")
		if !strings.Contains(err.Error(), limit) || strings.Contains(err.Error(), "ssss") {
			t.Errorf("error = %v, want the limit %s", err, limit)
		}
	}
}

// decrypter is a key that lives elsewhere.
type decrypter struct {
	*rsa.PrivateKey
	err error
}

func (d decrypter) Decrypt(r io.Reader, text []byte, opts crypto.DecrypterOpts) ([]byte, error) {
	if d.err != nil {
		return nil, d.err
	}
	return d.PrivateKey.Decrypt(r, text, opts)
}

func TestFieldKeys(t *testing.T) {
	t.Parallel()
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []crypto.PublicKey{nil, (*rsa.PublicKey)(nil), &rsa.PublicKey{}, rsa.PublicKey{}, &ec.PublicKey, "text"} {
		_, err := seal.EncryptField(bad, "x")
		wantField(t, err, "key")
	}
	key := private(t, "wechatpay-go.key.pem")
	sealed, err := seal.EncryptField(&key.PublicKey, "张三")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := seal.DecryptField(decrypter{PrivateKey: key}, sealed); err != nil || got != "张三" {
		t.Errorf("a key elsewhere: %q, %v", got, err)
	}
	down := errors.New("kms is down: token=secret")
	_, err = seal.DecryptField(decrypter{err: down}, sealed)
	wantField(t, err, "ciphertext")
	if !errors.Is(err, down) || strings.Contains(err.Error(), "secret") {
		t.Errorf("error = %v", err)
	}
	_, err = seal.DecryptField(nil, sealed)
	wantField(t, err, "key")
	_, err = seal.DecryptField((*rsa.PrivateKey)(nil), sealed)
	wantField(t, err, "key")
	for _, text := range []string{"!", "QUJD", sealed[4:], sealed + "\n"} {
		_, err := seal.DecryptField(key, text)
		wantField(t, err, "ciphertext")
	}
	_, err = seal.DecryptField(private(t, "apache-httpclient.key.pem"), sealed)
	wantField(t, err, "ciphertext")
}

func TestErrorTextHoldsNoData(t *testing.T) {
	t.Parallel()
	r, err := seal.Close([]byte(apiv3), []byte("plaintext-of-mine"), "data-of-mine", "nonce-ofmine")
	if err != nil {
		t.Fatal(err)
	}
	changed := r
	changed.AssociatedData = "data-of-yours"
	_, err = seal.Open([]byte(apiv3), changed)
	wantField(t, err, "ciphertext")
	for _, data := range []string{apiv3, "mine", "yours", r.Ciphertext} {
		if strings.Contains(err.Error(), data) {
			t.Errorf("%q holds %q", err, data)
		}
	}
}

// FuzzResource holds three laws: what was closed opens to the same; a flipped
// bit anywhere is refused; and no resource at all panics.
func FuzzResource(f *testing.F) {
	f.Add([]byte(apiv3), []byte(`{"a":1}`), "transaction", "abcdefghijkl", uint(0))
	f.Add([]byte("testAPIv3Key0000"), []byte(nil), "", "wCq51qZv4Yfg", uint(77))
	f.Add([]byte("short"), []byte("x"), "\n", "n", uint(3))
	f.Fuzz(func(t *testing.T, key, plain []byte, associated, nonce string, bit uint) {
		r, err := seal.Close(key, plain, associated, nonce)
		if err != nil {
			raw := seal.Resource{Algorithm: seal.Algorithm, Ciphertext: string(plain), AssociatedData: associated, Nonce: nonce}
			if got, err := seal.Open(key, raw); err == nil {
				t.Errorf("Close refuses what Open takes: %q", got)
			}
			return
		}
		got, err := seal.Open(key, r)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("Open(Close(x)) = %q, %v; want %q", got, err, plain)
		}
		for name, text := range map[string]*string{"ciphertext": &r.Ciphertext, "associated_data": &r.AssociatedData, "nonce": &r.Nonce} {
			whole := *text
			*text = flip(whole, bit)
			if _, err := seal.Open(key, r); err == nil && *text != whole {
				t.Errorf("a flipped bit of %s passed", name)
			}
			*text = whole
		}
	})
}

func flip(s string, bit uint) string {
	if s == "" {
		return s
	}
	b := []byte(s)
	b[bit/8%uint(len(b))] ^= 1 << (bit % 8)
	return string(b)
}

// TestEveryBitCounts is the law of FuzzResource for every bit of one resource.
func TestEveryBitCounts(t *testing.T) {
	t.Parallel()
	good, err := seal.Close([]byte(apiv3), []byte("four"), "aad", "abcdefghijkl")
	if err != nil {
		t.Fatal(err)
	}
	for bit := range uint(len(good.Ciphertext) * 8) {
		r := good
		r.Ciphertext = flip(good.Ciphertext, bit)
		if got, err := seal.Open([]byte(apiv3), r); err == nil {
			t.Errorf("bit %d of the text: opened to %q", bit, got)
		}
	}
	for bit := range uint(len(apiv3) * 8) {
		if _, err := seal.Open([]byte(flip(apiv3, bit)), good); err == nil {
			t.Errorf("bit %d of the key: opened", bit)
		}
	}
}
