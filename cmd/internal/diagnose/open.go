package diagnose

import (
	"bytes"
	"crypto"
	_ "crypto/md5" //nolint:gosec // to recognise a signature that was made with it
	"crypto/rsa"
	_ "crypto/sha1" //nolint:gosec // the same
	"crypto/sha256"
	_ "crypto/sha512" // the same
	"encoding/base64"
	"encoding/hex"
	"math/big"
	"strings"
)

// opened is what stands in a signature.
type opened struct {
	hash   crypto.Hash
	digest []byte
	cause  Cause // what is wrong with the form of it
}

// open takes a signature of PKCS #1 v1.5 apart with a public key; false if it
// was made with another key, or in another way.
func open(key *rsa.PublicKey, signature []byte) (opened, bool) {
	if key == nil || len(signature) != key.Size() {
		return opened{}, false
	}
	number := new(big.Int).SetBytes(signature)
	if number.Cmp(key.N) >= 0 {
		return opened{}, false
	}
	block := number.Exp(number, big.NewInt(int64(key.E)), key.N).FillBytes(make([]byte, key.Size()))
	rest, ok := bytes.CutPrefix(block, []byte{0, 1})
	if !ok {
		return opened{}, false
	}
	rest = bytes.TrimLeft(rest, "\xff")
	if len(rest) == 0 || rest[0] != 0 || len(block)-len(rest) < 10 {
		return opened{}, false
	}
	return read(rest[1:]), true
}

// read reads the DigestInfo. What has none is a digest that was encrypted as
// it stood, which some libraries do.
func read(content []byte) opened {
	for _, h := range hashes {
		if digest, ok := bytes.CutPrefix(content, []byte(h.prefix)); ok && len(digest) == h.hash.Size() {
			return opened{h.hash, digest, h.cause}
		}
	}
	return opened{crypto.SHA256, content, NoDigestInfo}
}

// matches reports whether the digest is that of a text, or that of the text's
// own digest, which was then hashed twice.
func (o opened) matches(text []byte) (Cause, bool) {
	h := o.hash.New()
	h.Write(text)
	sum := h.Sum(nil)
	if bytes.Equal(sum, o.digest) {
		return "", true
	}
	if o.cause == NoDigestInfo {
		return "", bytes.Equal(o.digest, []byte(hex.EncodeToString(sum))) || bytes.Equal(o.digest, text)
	}
	if o.hash != crypto.SHA256 {
		return "", false
	}
	for _, twice := range [][]byte{sum, []byte(hex.EncodeToString(sum)), []byte(base64.StdEncoding.EncodeToString(sum))} {
		if again := sha256.Sum256(twice); bytes.Equal(again[:], o.digest) {
			return HashedTwice, true
		}
	}
	return "", false
}

// isPSS reports whether a text was signed with the other padding of RSA.
func isPSS(key *rsa.PublicKey, text string, signature []byte) bool {
	sum := sha256.Sum256([]byte(text))
	return rsa.VerifyPSS(key, crypto.SHA256, sum[:], signature, nil) == nil
}

// decode reads the text of a signature, which should be base64, and says in
// which other encoding it is.
func decode(text string) ([]byte, Cause) {
	if raw, err := base64.StdEncoding.DecodeString(text); err == nil && len(raw) >= 128 && !isHex(text) {
		return raw, ""
	}
	if raw, err := hex.DecodeString(text); err == nil && len(raw) >= 128 {
		return raw, HexSignature
	}
	// A plus sign that went through a form became a blank.
	if raw, err := base64.StdEncoding.DecodeString(strings.ReplaceAll(text, " ", "+")); err == nil && len(raw) >= 128 {
		return raw, FormSignature
	}
	if raw, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "=")); err == nil && len(raw) >= 128 {
		return raw, URLSignature
	}
	if raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(text, "=")); err == nil && len(raw) >= 128 {
		return raw, UnpaddedSignature
	}
	return nil, ""
}

// isHex tells a hexadecimal text, which is base64 too if its length is right.
func isHex(text string) bool { return strings.Trim(text, "0123456789abcdefABCDEF") == "" }
