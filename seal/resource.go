package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"strings"
)

// Algorithm is the only algorithm of a [Resource] that is known here.
const Algorithm = "AEAD_AES_256_GCM"

// Sizes in bytes: of the nonce of a [Resource], and of the tag that ends its
// ciphertext.
const (
	NonceSize = 12
	TagSize   = 16
)

// Resource is encrypted data as it stands on the wire: the resource of a
// notification, or the encrypt_certificate of a platform certificate, which
// has no original_type.
//
// Source: https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter3_2_5.shtml
type Resource struct {
	OriginalType   string `json:"original_type,omitempty"` // kind of the plaintext; not protected
	Algorithm      string `json:"algorithm"`               // "AEAD_AES_256_GCM"
	Ciphertext     string `json:"ciphertext"`              // base64 of ciphertext and tag
	AssociatedData string `json:"associated_data"`         // may be empty
	Nonce          string `json:"nonce"`                   // 12 bytes of text, used as they are
}

// Open decrypts r with the merchant's APIv3 key, 32 bytes, and returns the
// plaintext, which is the caller's. If a single bit of ciphertext, nonce or
// associated data was changed, it returns nothing.
//
// A key of 16 bytes is taken too, and is AES-128 in spite of the algorithm's
// name: no merchant has one, but the published vectors of the official Go
// library do. [CheckAPIv3Key] is the check for configuration.
//
// The error is an [*Error] whose Field is "key", "algorithm", "nonce" or
// "ciphertext".
func Open(key []byte, r Resource) ([]byte, error) {
	if r.Algorithm != Algorithm {
		return nil, &Error{Op: "open", Field: "algorithm", Rule: "is not " + Algorithm, Remedy: "only that one is supported; 国密 is not"}
	}
	aead, err := newAEAD("open", key)
	if err != nil {
		return nil, err
	}
	if err := checkNonce("open", r.Nonce); err != nil {
		return nil, err
	}
	return openText(aead, r)
}

// openText decrypts in place: ciphertext, nonce and associated data share one
// allocation, and the plaintext takes the place of the first.
func openText(aead cipher.AEAD, r Resource) ([]byte, error) {
	size := base64.StdEncoding.DecodedLen(len(r.Ciphertext))
	buf := make([]byte, 0, size+len(r.Nonce)+len(r.AssociatedData))
	sealed, err := decode(buf, r.Ciphertext)
	if err != nil {
		return nil, &Error{Op: "open", Field: "ciphertext", Rule: "is not base64", Remedy: "pass it on as it came", Err: err}
	}
	if len(sealed) < TagSize {
		return nil, &Error{Op: "open", Field: "ciphertext", Rule: "is shorter than its tag of 16 bytes", Remedy: "pass it on whole"}
	}
	rest := append(append(sealed, r.Nonce...), r.AssociatedData...)[len(sealed):]
	plain, err := aead.Open(sealed[:0:len(sealed)], rest[:NonceSize], sealed, rest[NonceSize:])
	if err != nil {
		return nil, &Error{
			Op: "open", Field: "ciphertext", Rule: "does not open with this key, nonce and associated_data",
			Remedy: "check that the APIv3 key (APIv3密钥) is this merchant's newest one, and that nothing changed the body", Err: err,
		}
	}
	return plain, nil
}

// Close encrypts plaintext as WeChat Pay does, for tests and emulators: the
// opposite of [Open], by the same rules. The nonce is 12 bytes of text and must
// never be used twice under one key. OriginalType is left to the caller.
//
// The error is an [*Error] whose Field is "key" or "nonce".
func Close(key, plaintext []byte, associatedData, nonce string) (Resource, error) {
	aead, err := newAEAD("close", key)
	if err != nil {
		return Resource{}, err
	}
	if err := checkNonce("close", nonce); err != nil {
		return Resource{}, err
	}
	sealed := aead.Seal(nil, []byte(nonce), plaintext, []byte(associatedData))
	return Resource{
		Algorithm:      Algorithm,
		Ciphertext:     base64.StdEncoding.EncodeToString(sealed),
		AssociatedData: associatedData,
		Nonce:          nonce,
	}, nil
}

func newAEAD(op string, key []byte) (cipher.AEAD, error) {
	if len(key) != 32 && len(key) != 16 {
		return nil, keySize(op, len(key))
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, &Error{Op: op, Field: "key", Rule: "is refused by AES", Remedy: "give 32 bytes", Err: err}
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, &Error{Op: op, Field: "key", Rule: "is refused by GCM", Remedy: "give 32 bytes", Err: err}
	}
	return aead, nil
}

// checkNonce comes before every use: the standard library panics on another
// length.
func checkNonce(op, nonce string) error {
	if len(nonce) == NonceSize {
		return nil
	}
	return &Error{Op: op, Field: "nonce", Rule: "is not 12 bytes long", Remedy: "pass on the resource's own nonce, not the one of the headers"}
}

var strictBase64 = base64.StdEncoding.Strict()

// decode is strict: one text for one value, no line breaks inside.
func decode(dst []byte, text string) ([]byte, error) {
	if at := strings.IndexAny(text, "\r\n"); at >= 0 {
		return nil, base64.CorruptInputError(at)
	}
	return strictBase64.AppendDecode(dst, []byte(text))
}
