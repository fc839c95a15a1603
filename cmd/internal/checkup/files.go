package checkup

import (
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"io/fs"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/profile"
)

// soon is how long before its end a certificate is warned of.
const soon = 30 * 24 * time.Hour

// setup is a profile with its files read.
type setup struct {
	*Report
	profile *profile.Profile
	now     time.Time

	key, cert, public, platform *part

	apiKey string // that has the right form, or ""
}

// Files checks a profile and its files against each other, at a time. It asks
// nobody.
func Files(p *profile.Profile, now time.Time) *Report {
	s := examine(p, now)
	s.sort()
	return s.Report
}

func examine(p *profile.Profile, now time.Time) *setup {
	s := &setup{Report: &Report{}, profile: p, now: now}
	s.key = &part{check: PrivateKey, want: merchantKey, title: "merchant's private key", file: p.KeyFile}
	s.cert = &part{check: Certificate, want: merchantCert, title: "merchant certificate", file: p.CertFile}
	s.public = &part{check: PublicKey, want: publicKey, title: "WeChat Pay public key", file: p.PublicKeyFile}
	s.platform = &part{check: Platform, want: platformCert, title: "platform certificate", file: p.PlatformFile}
	s.address()
	s.files()
	s.mchID()
	s.pair()
	s.serial()
	s.publicKey()
	s.platformCert()
	s.secret()
	s.trust()
	return s
}

// files reads the parts and says which of them are not what they should be.
// Two that hold each other's content are one mistake.
func (s *setup) files() {
	parts := []*part{s.key, s.cert, s.public, s.platform}
	wrong := map[*part]bool{}
	for _, p := range parts {
		if err := p.read(); err != nil {
			s.missing(p, err)
			continue
		}
		wrong[p] = p.file != "" && !p.known()
	}
	for i, a := range parts {
		for _, b := range parts[i+1:] {
			if wrong[a] && wrong[b] && a.found == b.want && b.found == a.want {
				s.fault(a.check, "swapped-files", "The files of the "+a.title+" and of the "+b.title+" are swapped: "+a.name()+" holds "+names[a.found]+", and "+b.name()+" "+names[b.found]+".", "", "Give each in the other's place.")
				wrong[a], wrong[b] = false, false
			}
		}
	}
	for _, p := range parts {
		if wrong[p] {
			p.report(s.Report)
		}
		if p.known() {
			p.spelling(s.Report)
		}
	}
	if s.key.file == "" {
		s.fault(PrivateKey, "missing", "No private key is given.", "Without it no request can be signed.", wants[merchantKey])
	} else if s.key.known() {
		private(s.Report, PrivateKey, s.key.file)
	}
}

func (s *setup) missing(p *part, err error) {
	code, remedy := "unreadable-file", "Check the path and its permissions."
	if errors.Is(err, fs.ErrNotExist) {
		code, remedy = "missing-file", "Check the path. "+wants[p.want]
	}
	s.fault(p.check, code, "The file of the "+p.title+", "+p.file+", cannot be read: "+reason(err)+".", "", remedy)
}

// pair checks key and certificate against each other.
func (s *setup) pair() {
	switch {
	case !s.key.known():
	case same(&s.key.key.PublicKey, publicOf(s.certificate(platformCert))):
		s.fault(PrivateKey, "platform-key", "The private key is that of the platform certificate.", "It belongs to WeChat Pay's side; an emulator keeps it in the folder emulator.", wants[merchantKey])
	case !s.cert.known():
		s.good(PrivateKey, "The private key is an RSA key of %d bits.", s.key.key.N.BitLen())
	case !s.key.key.PublicKey.Equal(s.cert.cert.PublicKey):
		s.fault(PrivateKey, "key-not-of-certificate", "The private key and the merchant certificate do not belong together.",
			"WeChat Pay checks a signature with the certificate that the serial names; it would answer 401 SIGN_ERROR (签名错误).",
			"Take both from the same zip. A renewed certificate has a new key.")
	default:
		s.good(PrivateKey, "The private key belongs to the merchant certificate.")
	}
	if s.cert.known() {
		s.validity(Certificate, "merchant certificate", s.cert.cert, "Renew it in the merchant platform: account, API security (账户中心, API安全); the new one has a new key and a new serial.")
	} else if s.cert.file == "" {
		s.skip(Certificate, "No merchant certificate is given, so its dates cannot be checked.", "Give apiclient_cert.pem; no request needs it.")
	}
}

// certificate is one of the kind, in whatever place it was given, or nil.
func (s *setup) certificate(k kind) *x509.Certificate {
	for _, p := range []*part{s.cert, s.platform, s.public, s.key} {
		if p.found == k {
			return p.cert
		}
	}
	return nil
}

// publicOf is the key that a certificate certifies, or nil.
func publicOf(cert *x509.Certificate) *rsa.PublicKey {
	if cert == nil {
		return nil
	}
	key, _ := cert.PublicKey.(*rsa.PublicKey) // that ParseCertificate made sure of
	return key
}

// same reports whether both are there and one key.
func same(a, b *rsa.PublicKey) bool { return a != nil && b != nil && a.Equal(b) }

// validity checks the dates of a certificate.
func (s *setup) validity(c Check, title string, cert *x509.Certificate, remedy string) {
	day := func(t time.Time) string { return t.UTC().Format(time.DateOnly) }
	left := cert.NotAfter.Sub(s.now)
	switch {
	case s.now.Before(cert.NotBefore):
		s.fault(c, "not-yet-valid", "The "+title+" is not valid before "+day(cert.NotBefore)+"; today is "+day(s.now)+".", "", "Set the clock right, or wait until then.")
	case left <= 0:
		s.fault(c, "expired", "The "+title+" expired on "+day(cert.NotAfter)+"; today is "+day(s.now)+".", "", remedy)
	case left < soon:
		s.warn(c, "expires-soon", "The "+title+" expires on "+day(cert.NotAfter)+", in "+days(left)+".", "", remedy)
	default:
		s.good(c, "The %s is valid until %s.", title, day(cert.NotAfter))
	}
}
