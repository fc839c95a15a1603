package emulator

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"time"
)

// Times of the replacement of a platform certificate: the new one can be
// downloaded ten days before the old one ends, and in the last five it takes
// over step by step.
//
// Source: https://pay.weixin.qq.com/wiki/doc/apiv3/wechatpay/wechatpay5_0.shtml
const (
	rotationLead = 10 * 24 * time.Hour
	rotationMix  = 5 * 24 * time.Hour
)

// migrationShares is the share of notifications that the public key signs, day
// by day, while a merchant moves to it (灰度).
//
// Source: https://pay.weixin.qq.com/docs/partner/products/platform-certificate/update-pub-key.html
var migrationShares = [...]float64{0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 1}

// RotateCertificate replaces the platform certificate (平台证书更换) by the clock,
// as WeChat Pay does in the last ten days of one: from now on the new one can
// be downloaded beside the old one; after five days it signs a growing share
// of what names no key, and after ten the old one is gone. It returns the new
// certificate.
//
// Assumed: the share grows evenly. The old certificate ends here in ten days
// whatever its own date says, so that nobody has to wait for years.
//
// The error is an [*ActionError]: a merchant with the public key alone, or a
// rotation that is not over.
func (e *Emulator) RotateCertificate() (*x509.Certificate, error) {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil, fmt.Errorf("emulator: platform key: %w", err)
	}
	now := e.clock.Now()
	cert, err := newPlatformCertificate(&key.PublicKey, now)
	if err != nil {
		return nil, fmt.Errorf("emulator: platform certificate: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("emulator: platform key: %w", err)
	}
	err = e.changeKeys(func(s *ringState) error {
		if s.Mode == KeyPublic {
			return conflict("the merchant has the public key alone, and no certificate to replace")
		}
		if n := len(s.Ends); n > 0 && now.Before(s.Ends[n-1]) {
			return conflict("the certificate is being replaced already, until " + stamp(s.Ends[n-1]))
		}
		s.Certs = append(s.Certs, keptCert{Cert: cert.Raw, Key: der, From: now})
		s.Ends = append(s.Ends, now.Add(rotationLead))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return cert, nil
}

// BeginMigration begins the move from platform certificates to the public key
// (平台证书切换微信支付公钥): answers follow the Wechatpay-Serial of their request, and
// notifications are signed with the public key in the documented share of each
// day: 0.1 %, 1 %, 5 %, 10 %, 20 %, 50 %, and all from the seventh on. Which
// ones they are is drawn by the seed.
//
// The error is an [*ActionError]: a merchant that has the public key alone.
func (e *Emulator) BeginMigration() error {
	now := e.clock.Now()
	return e.changeKeys(func(s *ringState) error {
		if s.Mode == KeyPublic {
			return conflict("the merchant has the public key alone already")
		}
		s.Mode, s.Migrates = KeyBoth, now
		return nil
	})
}

// EndMigration gives the platform certificates up (作废平台证书): only the public
// key is left. The error is an [*ActionError] when that is so already.
func (e *Emulator) EndMigration() error {
	return e.changeKeys(func(s *ringState) error {
		if s.Mode == KeyPublic {
			return conflict("the merchant has the public key alone already")
		}
		s.Mode = KeyPublic
		return nil
	})
}

// migrationShare is the public key's share of the notifications at a moment of
// a migration.
func migrationShare(begun, now time.Time) float64 {
	day := int(now.Sub(begun) / (24 * time.Hour))
	return migrationShares[min(max(day, 0), len(migrationShares)-1)]
}
