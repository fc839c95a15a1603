package sign

import (
	"crypto/rsa"
	"crypto/x509"
	"fmt"
)

// minBits is the least RSA key that WeChat Pay issues or takes.
const minBits = 2048

// The things that the parsers want, by the names that merchants know.
const (
	whatPrivateKey  = "merchant API private key (商户API私钥, apiclient_key.pem)"
	whatPublicKey   = "WeChat Pay public key (微信支付公钥, pub_key.pem)"
	whatCertificate = "certificate (证书)"
)

// KeyError says why a text is not the key or the certificate that was wanted,
// and what to do. It never holds any of the text.
type KeyError struct {
	What   string // what was wanted
	Rule   string // what is wrong: "is empty", "is protected by a passphrase"
	Remedy string // what to do
}

// Error is what was wanted, what is wrong, and what to do.
func (e *KeyError) Error() string {
	return "sign: the " + e.What + " " + e.Rule + "; " + e.Remedy
}

// ParsePrivateKey reads a merchant API private key (商户API私钥): one PEM block,
// PKCS#8 or PKCS#1, RSA of 2048 bits or more. Line ends of any system, blanks
// around lines and a byte order mark do not matter. The error is a [*KeyError].
func ParsePrivateKey(pem []byte) (*rsa.PrivateKey, error) {
	block, err := onlyBlock(whatPrivateKey, pem)
	if err != nil {
		return nil, err
	}
	var key any
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	default:
		return nil, wrongBlock(whatPrivateKey, block.Type)
	}
	if err != nil {
		return nil, unreadable(whatPrivateKey)
	}
	private, ok := key.(*rsa.PrivateKey)
	if !ok {
		return nil, notRSA(whatPrivateKey, key)
	}
	if err := longEnough(whatPrivateKey, &private.PublicKey); err != nil {
		return nil, err
	}
	return private, nil
}

// ParsePublicKey reads a WeChat Pay public key (微信支付公钥): one PEM block,
// SubjectPublicKeyInfo or PKCS#1, RSA of 2048 bits or more. A certificate is
// not one: read that with [ParseCertificate]. The error is a [*KeyError].
func ParsePublicKey(pem []byte) (*rsa.PublicKey, error) {
	block, err := onlyBlock(whatPublicKey, pem)
	if err != nil {
		return nil, err
	}
	var key any
	switch block.Type {
	case "PUBLIC KEY":
		key, err = x509.ParsePKIXPublicKey(block.Bytes)
	case "RSA PUBLIC KEY":
		key, err = x509.ParsePKCS1PublicKey(block.Bytes)
	default:
		return nil, wrongBlock(whatPublicKey, block.Type)
	}
	if err != nil {
		return nil, unreadable(whatPublicKey)
	}
	public, ok := key.(*rsa.PublicKey)
	if !ok {
		return nil, notRSA(whatPublicKey, key)
	}
	if err := longEnough(whatPublicKey, public); err != nil {
		return nil, err
	}
	return public, nil
}

// ParseCertificate reads one X.509 certificate in PEM, of a merchant
// (商户API证书) or of the platform (微信支付平台证书), with an RSA key of 2048
// bits or more. Its dates are not checked here. The error is a [*KeyError].
func ParseCertificate(pem []byte) (*x509.Certificate, error) {
	block, err := onlyBlock(whatCertificate, pem)
	if err != nil {
		return nil, err
	}
	if block.Type != "CERTIFICATE" {
		return nil, wrongBlock(whatCertificate, block.Type)
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, unreadable(whatCertificate)
	}
	public, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil, notRSA(whatCertificate, cert.PublicKey)
	}
	if err := longEnough(whatCertificate, public); err != nil {
		return nil, err
	}
	return cert, nil
}

func longEnough(what string, key *rsa.PublicKey) error {
	if bits := key.N.BitLen(); bits < minBits {
		return &KeyError{What: what, Rule: tooShort(bits), Remedy: "use the one that WeChat Pay issued, which has 2048 bits or more"}
	}
	return nil
}

func tooShort(bits int) string {
	return fmt.Sprintf("has %d bits, fewer than %d", bits, minBits)
}
