package profile

import (
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

// Config makes the configuration of a client. It trusts the public key and the
// platform certificate if they are given; if neither is, the certificates that
// it downloads with the APIv3 key. The error is a [*wxpay.InputError] that
// names every fault.
func (p *Profile) Config() (wxpay.Config, error) {
	cfg := wxpay.Config{BaseURL: p.BaseURL, MchID: p.MchID, Serial: p.Serial}
	l := &list{what: p.what()}
	if p.MchID == "" {
		l.fault(wxpay.EnvMchID, "is required", "give the merchant id (商户号)")
	}
	if p.Serial == "" {
		l.fault(wxpay.EnvMchSerial, "is required", "give the serial of apiclient_cert.pem")
	}
	key, err := p.PrivateKey()
	if err == nil {
		cfg.Signer = key
	}
	l.join(err)
	trust, err := p.Trust()
	if _, none := errors.AsType[*noTrust](err); !none {
		l.join(err)
	}
	if len(l.faults) > 0 {
		return wxpay.Config{}, l.err()
	}
	if cfg.Trust = trust; trust != nil {
		return cfg, nil
	}
	apiKey, err := p.APIv3Key()
	if err != nil {
		return wxpay.Config{}, err
	}
	certs, err := wxpay.NewCertificates(cfg, apiKey)
	if err != nil {
		return wxpay.Config{}, err
	}
	cfg.Trust = certs
	return cfg, nil
}

func (p *Profile) what() string {
	if p.Name != "" {
		return "profile " + p.Name
	}
	return p.From
}

// PrivateKey reads the merchant's private key. The error is a
// [*wxpay.InputError].
func (p *Profile) PrivateKey() (*rsa.PrivateKey, error) {
	return load(p, wxpay.EnvMchPrivateKey, p.KeyFile, sign.ParsePrivateKey)
}

// Certificate reads the merchant's certificate. The error is a
// [*wxpay.InputError].
func (p *Profile) Certificate() (*x509.Certificate, error) {
	return load(p, EnvMchCert, p.CertFile, sign.ParseCertificate)
}

// noTrust says that a profile holds neither a public key nor a platform
// certificate. It needs no fault: certificates can be downloaded.
type noTrust struct{ *wxpay.InputError }

func (e *noTrust) Unwrap() error { return e.InputError }

// Trust is what the profile's own files make trusted: the public key and the
// platform certificate. The error is a [*wxpay.InputError], also if there is
// neither; [Profile.Config] downloads certificates then.
func (p *Profile) Trust() (sign.Trust, error) {
	l := &list{what: p.what()}
	var trusts []sign.Trust
	if p.PublicKeyFile != "" {
		key, err := load(p, wxpay.EnvPublicKeyFile, p.PublicKeyFile, sign.ParsePublicKey)
		l.join(err)
		if p.PublicKeyID == "" {
			l.fault(wxpay.EnvPublicKeyID, "is required with "+wxpay.EnvPublicKeyFile, "give the id, PUB_KEY_ID_…, from the merchant platform, API security")
		}
		trusts = append(trusts, sign.PublicKey(p.PublicKeyID, key))
	}
	if p.PlatformFile != "" {
		cert, err := load(p, wxpay.EnvPlatformCert, p.PlatformFile, sign.ParseCertificate)
		l.join(err)
		if err == nil {
			trusts = append(trusts, p.platform(l, cert))
		}
	}
	if len(l.faults) > 0 {
		return nil, l.err()
	}
	if len(trusts) == 0 {
		l.fault(wxpay.EnvPublicKeyFile, "is missing, and so is "+wxpay.EnvPlatformCert, "give WeChat Pay's public key with its id, or its certificate")
		return nil, &noTrust{l.input()}
	}
	return sign.AnyOf(trusts...), nil
}

func (p *Profile) platform(l *list, cert *x509.Certificate) sign.Trust {
	if p.PlatformSerial != "" && !sign.SameSerial(p.PlatformSerial, sign.Serial(cert)) {
		l.fault(wxpay.EnvPlatformSerial, "is not the serial of the certificate in "+wxpay.EnvPlatformCert, "leave it out, or name the certificate that it belongs to")
	}
	trust, err := sign.Certificates(cert)
	l.wrong(wxpay.EnvPlatformCert, err)
	return trust
}

// APIv3Key reads the APIv3 key from where it is. The error is a
// [*wxpay.InputError].
func (p *Profile) APIv3Key() (string, error) {
	l := &list{what: p.what()}
	key, err := p.APIv3.read()
	switch {
	case p.APIv3.IsZero():
		l.fault(wxpay.EnvAPIv3Key, "is required", "set "+EnvAPIv3KeyFile+", or make the profile again with wxpay init")
	case err != nil:
		l.fault(wxpay.EnvAPIv3Key, "cannot be read from "+p.APIv3.Where()+": "+reason(err), "put the key there, or make the profile again with wxpay init")
	case seal.CheckAPIv3Key(key) != nil:
		l.fault(wxpay.EnvAPIv3Key, "must be 32 bytes", "take the APIv3 key, not the APIv2 key, from the merchant platform, API security")
	default:
		return key, nil
	}
	return "", l.err()
}

// read reads the secret; a line break at its end is no part of it.
func (s Secret) read() (string, error) {
	switch {
	case s.File != "":
		text, err := ReadFile(s.File)
		return strings.TrimRight(strings.TrimPrefix(string(text), "\ufeff"), "\r\n"), err
	case s.Env != "":
		value, ok := os.LookupEnv(s.Env)
		if !ok {
			return "", errors.New("it is not set")
		}
		return value, nil
	case s.Keyring != "":
		return recall(s.Keyring)
	}
	return s.Value, nil
}

// Read reads the secret as it stands, whatever it is.
func (s Secret) Read() (string, error) {
	if s.IsZero() {
		return "", fs.ErrNotExist
	}
	return s.read()
}

// load reads one of the files.
func load[T any](p *Profile, name, file string, parse func([]byte) (*T, error)) (*T, error) {
	l := &list{what: p.what()}
	if file == "" {
		l.fault(name, "is required", "name the file")
		return nil, l.err()
	}
	text, err := ReadFile(file)
	if err != nil {
		l.fault(name, "must name a file that can be read: "+reason(err), "check the path and its permissions")
		return nil, l.err()
	}
	value, err := parse(text)
	if err != nil {
		l.wrong(name, err)
		return nil, l.err()
	}
	return value, nil
}

// list collects faults.
type list struct {
	what   string
	faults []wxpay.Fault
}

func (l *list) fault(name, rule, remedy string) {
	l.faults = append(l.faults, wxpay.Fault{Field: name, Rule: rule, Remedy: remedy})
}

func (l *list) wrong(name string, err error) {
	if e, ok := errors.AsType[*sign.KeyError](err); ok {
		l.fault(name, "is not what belongs here: the "+e.What+" "+e.Rule, e.Remedy)
	} else if err != nil {
		l.fault(name, "cannot be used: "+err.Error(), "check the file")
	}
}

// join takes over the faults of another error.
func (l *list) join(err error) {
	if e, ok := errors.AsType[*wxpay.InputError](err); ok {
		l.faults = append(l.faults, e.Faults...)
	}
}

func (l *list) input() *wxpay.InputError { return &wxpay.InputError{What: l.what, Faults: l.faults} }

func (l *list) err() error { return l.input() }

// reason is a file system's error without its path, which was named already.
func reason(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}
