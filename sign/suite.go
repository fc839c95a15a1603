package sign

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
)

// Suite is a signature scheme. [RSA] is the one of ordinary merchants; the
// interface leaves room for SM2 with SM3 (国密), which the standard library
// lacks. Implementations must be safe for concurrent use.
type Suite interface {
	// Scheme is the name in Authorization and Wechatpay-Signature-Type.
	Scheme() string

	// Sign returns the raw signature of message, not yet in base64.
	Sign(key crypto.Signer, message []byte) ([]byte, error)

	// Verify returns nil if and only if signature is key's over message.
	// It must not keep message or signature: their memory is used again.
	Verify(key crypto.PublicKey, message, signature []byte) error
}

// SchemeRSA is the scheme name of [RSA].
const SchemeRSA = "WECHATPAY2-SHA256-RSA2048"

// RSA is RSASSA-PKCS1-v1_5 with SHA-256, scheme [SchemeRSA]. In spite of the
// name, longer keys than 2048 bits work.
//
// Sign takes any [crypto.Signer] whose public half is an [*rsa.PublicKey], so
// a key in a KMS or an HSM serves; it returns an [*Error] with [CodeKey]. Verify
// takes an [*rsa.PublicKey]; it returns an [*Error] with [CodeSignature].
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012365342
var RSA Suite = rsaSuite{}

type rsaSuite struct{}

func (rsaSuite) Scheme() string { return SchemeRSA }

func (rsaSuite) Sign(key crypto.Signer, message []byte) ([]byte, error) {
	if key == nil {
		return nil, &Error{Op: "sign", Code: CodeKey, Detail: "no signer was given"}
	}
	if local, ok := key.(*rsa.PrivateKey); ok && local == nil {
		return nil, &Error{Op: "sign", Code: CodeKey, Detail: "the signer is a nil *rsa.PrivateKey"}
	}
	if _, ok := key.Public().(*rsa.PublicKey); !ok {
		return nil, &Error{Op: "sign", Code: CodeKey, Detail: fmt.Sprintf("the signer's public key is a %T, want *rsa.PublicKey", key.Public())}
	}
	digest := sha256.Sum256(message)
	signature, err := key.Sign(rand.Reader, digest[:], crypto.SHA256)
	if err != nil {
		return nil, &Error{Op: "sign", Code: CodeKey, Detail: "the signer failed", Err: err}
	}
	return signature, nil
}

func (rsaSuite) Verify(key crypto.PublicKey, message, signature []byte) error {
	public, ok := key.(*rsa.PublicKey)
	if !ok || public == nil {
		return &Error{Op: "verify", Code: CodeSignature, Detail: fmt.Sprintf("the platform key is a %T, want *rsa.PublicKey", key)}
	}
	digest := sha256.Sum256(message)
	if err := rsa.VerifyPKCS1v15(public, crypto.SHA256, digest[:], signature); err != nil {
		return &Error{Op: "verify", Code: CodeSignature, Err: err}
	}
	return nil
}
