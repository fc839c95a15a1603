package sign

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"
	"time"
)

// Certificates trusts platform certificates (微信支付平台证书), each while it is
// valid by the system's clock. See [CertificatesAt].
func Certificates(certs ...*x509.Certificate) (Trust, error) {
	return CertificatesAt(time.Now, certs...)
}

// CertificatesAt is [Certificates] by the caller's clock. The clock is asked
// at every use, not once: a certificate that expires while the program runs is
// refused from that second on, and one that begins later is taken from then
// on. Both need the time, finding a key and choosing the current one, which is
// why it is given here and not to the [Verifier].
//
// Serials are compared as [SameSerial] does. Current is the certificate, among
// the valid ones, whose validity began last. The issuer is not checked: a
// platform certificate is trusted because it was decrypted with the APIv3 key
// or handed over by its owner.
//
// The error is a [*KeyError]: no certificate, a nil one, one whose key is not
// RSA of 2048 bits or more, or two different ones of the same serial.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012551764
func CertificatesAt(now func() time.Time, certs ...*x509.Certificate) (Trust, error) {
	if len(certs) == 0 {
		return nil, certificateFault("is missing", "give at least one, or trust the WeChat Pay public key with PublicKey")
	}
	set := &certificates{now: now, known: make(map[string]*x509.Certificate, len(certs))}
	for _, cert := range certs {
		if err := set.add(cert); err != nil {
			return nil, err
		}
	}
	return set, nil
}

type certificates struct {
	now   func() time.Time
	known map[string]*x509.Certificate // by plain serial
	order []*x509.Certificate          // newest first
}

func (c *certificates) add(cert *x509.Certificate) error {
	if cert == nil {
		return certificateFault("is nil", "parse it with ParseCertificate and check its error")
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok {
		return certificateFault(fmt.Sprintf("holds a %T", cert.PublicKey), "use a platform certificate with an RSA key")
	}
	if bits := key.N.BitLen(); bits < minBits {
		return certificateFault(tooShort(bits), "download the certificate from WeChat Pay again")
	}
	serial := plainSerial(Serial(cert))
	if old, ok := c.known[serial]; ok {
		if !old.Equal(cert) {
			return certificateFault("has the serial of another one", "leave out the one that is not from WeChat Pay")
		}
		return nil
	}
	c.known[serial] = cert
	c.order = append(c.order, cert)
	slices.SortStableFunc(c.order, func(a, b *x509.Certificate) int { return b.NotBefore.Compare(a.NotBefore) })
	return nil
}

func (c *certificates) Key(_ context.Context, serial string) (crypto.PublicKey, error) {
	cert, ok := c.known[plainSerial(serial)]
	if !ok {
		return nil, unknownSerial(serial, "no trusted certificate has this serial")
	}
	if rule := outOfValidity(cert, c.now()); rule != "" {
		return nil, unknownSerial(serial, rule)
	}
	return cert.PublicKey, nil
}

func (c *certificates) Current(context.Context) (string, crypto.PublicKey, error) {
	now := c.now()
	for _, cert := range c.order {
		if outOfValidity(cert, now) == "" {
			return Serial(cert), cert.PublicKey, nil
		}
	}
	return "", nil, unknownSerial("", "no trusted certificate is valid now; download them again")
}

func outOfValidity(cert *x509.Certificate, now time.Time) string {
	if now.Before(cert.NotBefore) {
		return "the certificate is not valid before " + cert.NotBefore.UTC().Format(time.RFC3339)
	}
	if now.After(cert.NotAfter) {
		return "the certificate expired at " + cert.NotAfter.UTC().Format(time.RFC3339)
	}
	return ""
}

func certificateFault(rule, remedy string) error {
	return &KeyError{What: whatCertificate, Rule: rule, Remedy: remedy}
}
