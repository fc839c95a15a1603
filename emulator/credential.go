package emulator

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"time"

	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

// Credentials are both sides' keys: what a merchant has from WeChat Pay, and
// what WeChat Pay keeps to itself. They are read-only once made.
type Credentials struct {
	// MchID is the merchant id (商户号).
	MchID string

	// MerchantKey signs requests (商户API私钥), MerchantCert is its certificate
	// (商户API证书); its serial stands in every Authorization header.
	MerchantKey  *rsa.PrivateKey
	MerchantCert *x509.Certificate

	// PlatformKey signs answers in certificate mode, PlatformCert is the
	// platform certificate (微信支付平台证书).
	PlatformKey  *rsa.PrivateKey
	PlatformCert *x509.Certificate

	// PublicKeyID names the WeChat Pay public key (微信支付公钥ID), and
	// PublicKeySigner is the private half that signs answers in its mode.
	PublicKeyID     string
	PublicKeySigner *rsa.PrivateKey

	// APIv3Key is the symmetric key of notifications (APIv3密钥), 32 bytes.
	APIv3Key string
}

// keyBits is the size of every RSA key, as in real certificates.
const keyBits = 2048

// NewCredentials makes credentials at random for a merchant. The certificates
// are valid for five years from an hour before now, as platform certificates
// are. It takes a noticeable part of a second: the keys are real ones.
func NewCredentials(mchID string, now time.Time) (*Credentials, error) {
	if err := checkMchID(mchID); err != nil {
		return nil, err
	}
	c := &Credentials{MchID: mchID}
	if err := c.makeKeys(); err != nil {
		return nil, fmt.Errorf("emulator: credentials: %w", err)
	}
	if err := c.makeNames(now); err != nil {
		return nil, fmt.Errorf("emulator: credentials: %w", err)
	}
	if err := c.makeCertificates(now); err != nil {
		return nil, fmt.Errorf("emulator: credentials: %w", err)
	}
	return c, nil
}

// checkMchID refuses what cannot be a merchant id; one that passes can name a
// folder too.
func checkMchID(mchID string) error {
	if mchID == "" || len(mchID) > 32 || strings.Trim(mchID, digits) != "" {
		return &ConfigError{Field: "MchID", Rule: "is not a number of 1 to 32 digits", Remedy: "give the merchant id to emulate, for instance 1900000109"}
	}
	return nil
}

// makeKeys makes the three RSA keys at once; each takes a while.
func (c *Credentials) makeKeys() error {
	keys := []**rsa.PrivateKey{&c.MerchantKey, &c.PlatformKey, &c.PublicKeySigner}
	errs := make([]error, len(keys))
	var group sync.WaitGroup
	for i, key := range keys {
		group.Go(func() { *key, errs[i] = rsa.GenerateKey(rand.Reader, keyBits) })
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// makeNames makes the public key's id and the APIv3 key.
func (c *Credentials) makeNames(now time.Time) error {
	source := &random{reader: rand.Reader}
	tail, err := source.text(digits, 12)
	if err != nil {
		return err
	}
	c.PublicKeyID = "PUB_KEY_ID_0" + c.MchID + now.In(beijing).Format("20060102") + tail
	c.APIv3Key, err = source.text(base62, 32)
	return err
}

// makeCertificates certifies the merchant's and the platform's key. The
// authority is made for the occasion and forgotten: nobody checks the chain,
// and its name says what it is.
func (c *Credentials) makeCertificates(now time.Time) error {
	issue, err := newIssuer(now)
	if err != nil {
		return err
	}
	if c.MerchantCert, err = issue(c.MchID, &c.MerchantKey.PublicKey); err != nil {
		return err
	}
	c.PlatformCert, err = issue(platformName, &c.PlatformKey.PublicKey)
	return err
}

const platformName = "wxpay emulator platform"

// newPlatformCertificate certifies a later key of the platform.
func newPlatformCertificate(key *rsa.PublicKey, now time.Time) (*x509.Certificate, error) {
	issue, err := newIssuer(now)
	if err != nil {
		return nil, err
	}
	return issue(platformName, key)
}

// newIssuer makes an authority, and returns what it certifies with.
func newIssuer(now time.Time) (func(name string, key *rsa.PublicKey) (*x509.Certificate, error), error) {
	authority, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	issuer := &x509.Certificate{Subject: pkix.Name{CommonName: "wxpay emulator CA", Organization: []string{"wxpay emulator"}}}
	return func(name string, key *rsa.PublicKey) (*x509.Certificate, error) {
		serial, err := certificateSerial()
		if err != nil {
			return nil, err
		}
		der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{
			SerialNumber: serial,
			Subject:      pkix.Name{CommonName: name, Organization: []string{"wxpay emulator"}},
			NotBefore:    now.Add(-time.Hour),
			NotAfter:     now.AddDate(5, 0, 0),
			KeyUsage:     x509.KeyUsageDigitalSignature | x509.KeyUsageDataEncipherment,
		}, issuer, key, authority)
		if err != nil {
			return nil, err
		}
		return x509.ParseCertificate(der)
	}, nil
}

// certificateSerial makes a serial of 40 hexadecimal digits, the length of
// real ones, that is positive in DER's 20 bytes.
func certificateSerial() (*big.Int, error) {
	b := make([]byte, 20)
	if _, err := rand.Read(b); err != nil {
		return nil, err
	}
	b[0] = b[0]&0x3f | 0x40
	return new(big.Int).SetBytes(b), nil
}

// MerchantSerial is the serial_no that the merchant signs with.
func (c *Credentials) MerchantSerial() string { return sign.Serial(c.MerchantCert) }

// PlatformSerial is the Wechatpay-Serial of the platform certificate.
func (c *Credentials) PlatformSerial() string { return sign.Serial(c.PlatformCert) }

// PublicKey is the WeChat Pay public key that PublicKeyID names.
func (c *Credentials) PublicKey() *rsa.PublicKey { return &c.PublicKeySigner.PublicKey }

// Trust is what a merchant trusts who has both the public key and the platform
// certificate, as during the migration from one to the other. now is the time
// by which the certificate is valid; nil means the machine's.
//
// The error is that of [sign.CertificatesAt].
func (c *Credentials) Trust(now func() time.Time) (sign.Trust, error) {
	if now == nil {
		now = time.Now
	}
	certificate, err := sign.CertificatesAt(now, c.PlatformCert)
	if err != nil {
		return nil, err
	}
	return sign.AnyOf(sign.PublicKey(c.PublicKeyID, c.PublicKey()), certificate), nil
}

// check says what is missing in, or does not fit, credentials made elsewhere.
func (c *Credentials) check() error {
	for _, part := range []struct {
		field string
		ok    bool
	}{
		{"MerchantKey", c.MerchantKey != nil},
		{"MerchantCert", c.MerchantCert != nil && c.MerchantKey != nil && c.MerchantKey.PublicKey.Equal(c.MerchantCert.PublicKey)},
		{"PlatformKey", c.PlatformKey != nil},
		{"PlatformCert", c.PlatformCert != nil && c.PlatformKey != nil && c.PlatformKey.PublicKey.Equal(c.PlatformCert.PublicKey)},
		{"PublicKeyID", c.PublicKeyID != ""},
		{"PublicKeySigner", c.PublicKeySigner != nil},
		{"APIv3Key", seal.CheckAPIv3Key(c.APIv3Key) == nil},
	} {
		if !part.ok {
			return &ConfigError{Field: "Credentials." + part.field, Rule: "is missing or does not fit the others", Remedy: "make them with NewCredentials or read them with ReadFolder"}
		}
	}
	return nil
}
