package seal

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"strconv"
)

// EncryptField encrypts a sensitive field (敏感信息字段) of a request for WeChat
// Pay: RSAES-OAEP with SHA-1 and MGF1-SHA-1, in base64. Pub is the platform's
// key, an [*rsa.PublicKey]; the request must name it in Wechatpay-Serial. Two
// calls give two texts. The empty text stays empty, for an absent field is not
// encrypted.
//
// A plaintext longer than the key's size less 42 bytes, 214 bytes for a key of
// 2048 bits, is refused. The error is an [*Error] whose Field is "key" or
// "plaintext".
//
// SHA-1 is the protocol's choice and sound in OAEP. One official answer to
// "平台私钥解密失败" names SHA-256 instead; no official library does that.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4013053257
func EncryptField(pub crypto.PublicKey, plaintext string) (string, error) {
	if plaintext == "" {
		return "", nil
	}
	key, ok := pub.(*rsa.PublicKey)
	if !ok || key == nil || key.N == nil {
		return "", &Error{Op: "encrypt", Field: "key", Rule: fmt.Sprintf("is a %T, not an *rsa.PublicKey", pub), Remedy: "give the WeChat Pay public key, or the public key of a platform certificate"}
	}
	if limit := key.Size() - 2*sha1.Size - 2; len(plaintext) > limit {
		return "", &Error{Op: "encrypt", Field: "plaintext", Rule: "is longer than " + strconv.Itoa(limit) + " bytes, the limit of this key", Remedy: "shorten it"}
	}
	sealed, err := rsa.EncryptOAEP(sha1.New(), rand.Reader, key, []byte(plaintext), nil)
	if err != nil {
		return "", &Error{Op: "encrypt", Field: "key", Rule: "is refused by RSA-OAEP", Remedy: "check that it is a whole RSA key", Err: err}
	}
	return base64.StdEncoding.EncodeToString(sealed), nil
}

// DecryptField decrypts a sensitive field of an answer, which WeChat Pay
// encrypted with the public key of the merchant's certificate. Key is the
// merchant's private key, in memory or behind any [crypto.Decrypter] that
// knows OAEP. The empty text stays empty.
//
// The error is an [*Error] whose Field is "key" or "ciphertext".
func DecryptField(key crypto.Decrypter, ciphertext string) (string, error) {
	if ciphertext == "" {
		return "", nil
	}
	if local, ok := key.(*rsa.PrivateKey); key == nil || ok && local == nil {
		return "", &Error{Op: "decrypt", Field: "key", Rule: "is nil", Remedy: "give the merchant API private key (商户API私钥)"}
	}
	sealed, err := decode(nil, ciphertext)
	if err != nil {
		return "", &Error{Op: "decrypt", Field: "ciphertext", Rule: "is not base64", Remedy: "pass it on as it came", Err: err}
	}
	plain, err := key.Decrypt(rand.Reader, sealed, &rsa.OAEPOptions{Hash: crypto.SHA1})
	if err != nil {
		return "", &Error{Op: "decrypt", Field: "ciphertext", Rule: "does not open with this private key", Remedy: "check that the key belongs to the certificate that the field was encrypted with", Err: err}
	}
	return string(plain), nil
}
