package emulator

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/wxpay-go/wxpay/sign"
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

// keyring is what becomes of the keys that WeChat Pay signs with. The first
// certificate is that of the credentials.
type keyring struct {
	changing sync.Mutex // held over a change; mu is not, for the store may be waiting for a reader

	mu    sync.Mutex
	state ringState
	certs []*platformCert
}

// ringState is what is kept of it.
type ringState struct {
	Mode     KeyMode     `json:"mode"`
	Migrates time.Time   `json:"migrates,omitzero"` // since when
	Certs    []keptCert  `json:"certificates,omitempty"`
	Ends     []time.Time `json:"ends,omitempty"` // of all certificates but the newest, from the first on
}

// keptCert is a certificate that was made later, in DER.
type keptCert struct {
	Cert []byte    `json:"certificate"`
	Key  []byte    `json:"private_key"` // PKCS #8
	From time.Time `json:"from"`        // when it was made
}

// platformCert is one platform certificate in its time.
type platformCert struct {
	cert *x509.Certificate
	key  *rsa.PrivateKey
	ends time.Time
}

func (p *platformCert) serial() string { return sign.Serial(p.cert) }

func (p *platformCert) platformKey() *platformKey { return &platformKey{p.serial(), p.key} }

const keyOfRing = "platform"

// loadKeyring reads what earlier rotations left in the store.
func (e *Emulator) loadKeyring() (*keyring, error) {
	ring := &keyring{state: ringState{Mode: e.cfg.Keys}}
	err := e.store.View(func(tx Tx) error {
		kept, err := load[ringState](tx, bucketKeys, keyOfRing)
		if kept != nil {
			ring.state = *kept
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	ring.certs, err = e.certificates(&ring.state)
	return ring, err
}

// certificates reads the certificates of a state, the oldest first.
func (e *Emulator) certificates(s *ringState) ([]*platformCert, error) {
	certs := []*platformCert{{cert: e.creds.PlatformCert, key: e.creds.PlatformKey}}
	for _, kept := range s.Certs {
		cert, err := x509.ParseCertificate(kept.Cert)
		if err != nil {
			return nil, fmt.Errorf("emulator: state: platform certificate: %w", err)
		}
		key, err := x509.ParsePKCS8PrivateKey(kept.Key)
		if err != nil {
			return nil, fmt.Errorf("emulator: state: platform key: %w", err)
		}
		rsaKey, ok := key.(*rsa.PrivateKey)
		if !ok {
			return nil, fmt.Errorf("emulator: state: platform key is %T, not RSA", key)
		}
		certs = append(certs, &platformCert{cert: cert, key: rsaKey})
	}
	for i, c := range certs {
		c.ends = c.cert.NotAfter
		if i < len(s.Ends) {
			c.ends = s.Ends[i]
		}
	}
	return certs, nil
}

// keys is the state of the keys, and the certificates in use at a moment, the
// oldest first; there is always the newest.
func (e *Emulator) keys(now time.Time) (ringState, []*platformCert) {
	e.ring.mu.Lock()
	defer e.ring.mu.Unlock()
	newest := len(e.ring.certs) - 1
	var valid []*platformCert
	for i, c := range e.ring.certs {
		if i == newest || now.Before(c.ends) {
			valid = append(valid, c)
		}
	}
	return e.ring.state, valid
}

// changeKeys changes the state of the keys, and keeps it.
func (e *Emulator) changeKeys(change func(*ringState) error) error {
	e.ring.changing.Lock()
	defer e.ring.changing.Unlock()
	next, _ := e.keys(e.clock.Now())
	next.Certs, next.Ends = slices.Clone(next.Certs), slices.Clone(next.Ends)
	if err := change(&next); err != nil {
		return err
	}
	certs, err := e.certificates(&next)
	if err != nil {
		return err
	}
	if err := e.update(func(tx Tx) error { return save(tx, bucketKeys, keyOfRing, &next) }); err != nil {
		return err
	}
	e.ring.mu.Lock()
	defer e.ring.mu.Unlock()
	e.ring.state, e.ring.certs = next, certs
	return nil
}

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

// PlatformCertificates are the certificates that can be downloaded now, the
// oldest first; a merchant with the public key alone has none.
func (e *Emulator) PlatformCertificates() []*x509.Certificate {
	state, valid := e.keys(e.clock.Now())
	var certs []*x509.Certificate
	for _, c := range valid {
		if state.Mode != KeyPublic {
			certs = append(certs, c.cert)
		}
	}
	return certs
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
