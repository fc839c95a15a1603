package diagnose

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"strings"

	"github.com/wxpay-go/wxpay/seal"
)

// associated are the usual values of associated_data.
var associated = []string{"", "transaction", "certificate", "refund", "payscore", "profitsharing", "mch_payment", "complaint", "coupon"}

// FindResource says why a resource does not open with an APIv3 key; "" if it
// does. With [OtherAssociated] comes the associated_data that does open it.
//
// It can tell a wrong key from a message that was changed: the cipher beneath
// GCM gives readable text with the right key, whatever became of the tag.
func FindResource(key string, r seal.Resource) (cause Cause, fits string) {
	switch {
	case seal.CheckAPIv3Key(key) != nil:
		return KeyLength, ""
	case r.Algorithm != seal.Algorithm:
		return OtherAlgorithm, ""
	case len(r.Nonce) != seal.NonceSize:
		return NonceLength, ""
	}
	if _, err := seal.Open([]byte(key), r); err == nil {
		return "", ""
	}
	raw, strict := decodeCipher(r.Ciphertext)
	if len(raw) == 0 {
		return CipherText, ""
	}
	if !strict && opens(key, r, raw, r.AssociatedData) {
		return CipherChanged, ""
	}
	plain := beneath(key, r.Nonce, raw)
	if !readable(plain) {
		return WrongKey, ""
	}
	for _, text := range append(associated, r.OriginalType, strings.TrimSpace(r.AssociatedData), r.Nonce) {
		if opens(key, r, raw, text) {
			return OtherAssociated, text
		}
	}
	if !whole(plain[:max(0, len(plain)-seal.TagSize)]) {
		return CipherCut, ""
	}
	return CipherDamaged, ""
}

// decodeCipher reads base64, as far as it goes, also if a form, a mail or
// another alphabet has changed it; strict if nothing has.
func decodeCipher(text string) (raw []byte, strict bool) {
	if raw, err := base64.StdEncoding.Strict().DecodeString(text); err == nil && !strings.ContainsAny(text, "\r\n") {
		return raw, true
	}
	text = strings.TrimRight(strings.NewReplacer("\r", "", "\n", "", "\t", "", " ", "+", "-", "+", "_", "/").Replace(strings.TrimSpace(text)), "=")
	if len(text)%4 == 1 {
		text = text[:len(text)-1]
	}
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return nil, false
	}
	return raw, false
}

func opens(key string, r seal.Resource, raw []byte, associatedData string) bool {
	r.Ciphertext, r.AssociatedData = base64.StdEncoding.EncodeToString(raw), associatedData
	_, err := seal.Open([]byte(key), r)
	return err == nil
}

// beneath is what the cipher of GCM makes of all bytes, without the tag being
// asked (NIST SP 800-38D, 7.2: counter mode, from the nonce with 2 behind it).
func beneath(key, nonce string, raw []byte) []byte {
	block, err := aes.NewCipher([]byte(key))
	if err != nil {
		return nil
	}
	out := make([]byte, len(raw))
	cipher.NewCTR(block, append([]byte(nonce), 0, 0, 0, 2)).XORKeyStream(out, raw)
	return out
}

// readable reports whether text begins as a plaintext of WeChat Pay does: an
// object, or a certificate. That of a wrong key does so once in many thousands.
func readable(text []byte) bool {
	if bytes.HasPrefix(text, []byte("-----BEGIN")) {
		return true
	}
	rest := bytes.TrimLeft(bytes.TrimPrefix(text, []byte("{")), " \r\n\t")
	return bytes.HasPrefix(text, []byte("{")) && (bytes.HasPrefix(rest, []byte(`"`)) || bytes.HasPrefix(rest, []byte("}")))
}

func whole(text []byte) bool {
	return json.Valid(text) || bytes.HasSuffix(bytes.TrimSpace(text), []byte("-----END CERTIFICATE-----"))
}

// FindField says why an encrypted field does not open with the merchant's
// private key; "" if it does.
func FindField(key *rsa.PrivateKey, text string) Cause {
	if _, err := seal.DecryptField(key, text); err == nil {
		return ""
	}
	raw, strict := decodeCipher(text)
	switch {
	case len(raw) == 0:
		return CipherText
	case len(raw) != key.Size():
		return FieldCut
	}
	if !strict {
		if _, err := seal.DecryptField(key, base64.StdEncoding.EncodeToString(raw)); err == nil {
			return CipherChanged
		}
	}
	if _, err := rsa.DecryptOAEP(sha256.New(), nil, key, raw, nil); err == nil {
		return FieldHash
	}
	if isPadded(key, raw) {
		return FieldPadding
	}
	return OthersCertificate
}

// isPadded reports whether the field was encrypted with the padding of
// PKCS #1 v1.5.
func isPadded(key *rsa.PrivateKey, raw []byte) bool {
	_, err := rsa.DecryptPKCS1v15(nil, key, raw) //nolint:staticcheck // to recognise it; the caller owns the key
	return err == nil
}

// sealedTexts are those of the causes above.
var sealedTexts = map[Cause]Text{
	KeyLength:         {"The APIv3 key does not have 32 bytes", "Take the APIv3 key (APIv3密钥) from the merchant platform, API security.", "APIv3 密钥不是 32 字节", "在商户平台“API安全”设置并使用 APIv3 密钥。"},
	WrongKey:          {"The APIv3 key is not the one that this was encrypted with", "The APIv2 key has 32 characters too: take the APIv3 key (APIv3密钥), of this merchant, and the one that was in force when the message was sent.", "APIv3 密钥不是加密时所用的", "APIv2 密钥也是 32 个字符：请使用本商户、且当时有效的 APIv3 密钥。"},
	OtherAlgorithm:    {"The algorithm is not AEAD_AES_256_GCM", "Only that one is supported; 国密 (SM4) is not.", "加密算法不是 AEAD_AES_256_GCM", "仅支持该算法，不支持国密 SM4。"},
	NonceLength:       {"The nonce does not have 12 bytes", "Take the nonce beside the ciphertext, not Wechatpay-Nonce of the headers.", "nonce 不是 12 字节", "使用密文旁边的 nonce，而不是请求头 Wechatpay-Nonce。"},
	CipherText:        {"The ciphertext is not base64", "Take it as it came.", "密文不是 Base64", "使用收到的原文。"},
	CipherChanged:     {"The base64 of the ciphertext was changed on the way: by line breaks, blanks for plus signs, another alphabet, or lost padding", "Pass it on as it came.", "密文的 Base64 在途中被改变：换行、加号变空格、字母表不同或缺少填充", "原样传递。"},
	CipherCut:         {"The key is right, and the ciphertext was cut", "Take it whole: a column of a database or a limit of a log is the usual reason.", "密钥正确，但密文被截断", "使用完整密文；常见原因是数据库字段或日志长度限制。"},
	CipherDamaged:     {"The key is right, and ciphertext or associated_data were changed on the way", "Take both as they came.", "密钥正确，但密文或 associated_data 被改动", "两者都使用收到的原文。"},
	OtherAssociated:   {"The key is right, and associated_data is not the one that this was encrypted with", "Take it from beside the ciphertext; it may be empty.", "密钥正确，但 associated_data 不是加密时的那个", "使用密文旁边的 associated_data，可以为空。"},
	FieldCut:          {"The field is too short or too long for the merchant's key", "Take it whole: 344 characters of base64 for a key of 2048 bits.", "密文长度与商户密钥不符", "使用完整密文：2048 位密钥对应 344 个 Base64 字符。"},
	FieldPadding:      {"The field was encrypted with the padding of PKCS #1 v1.5", "Encrypt it with RSA-OAEP (SHA-1, MGF1 with SHA-1).", "加密填充方式是 PKCS#1 v1.5", "使用 RSA-OAEP（SHA-1，MGF1-SHA-1）。"},
	FieldHash:         {"The field was encrypted with RSA-OAEP of SHA-256", "WeChat Pay uses SHA-1 in OAEP, and MGF1 with SHA-1.", "RSA-OAEP 用了 SHA-256", "微信支付的 OAEP 使用 SHA-1（MGF1-SHA-1）。"},
	OthersCertificate: {"The field was encrypted for another key", "Only WeChat Pay can read the fields of a request. Those of an answer are encrypted for the merchant's certificate: take the private key that belongs to it.", "该字段是为另一个密钥加密的", "请求中的字段只有微信支付能解密；应答中的字段用商户证书加密，请使用与之对应的私钥。"},
}
