package emulator

import (
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

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
