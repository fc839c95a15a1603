package wxpay

import (
	"crypto/x509"
	"os"

	"github.com/wxpay-go/wxpay/sign"
)

// The environment that [ConfigFromEnv] reads: one shape for the SDK, the
// command line and programs in other languages. Files are PEM.
const (
	EnvBaseURL        = "WECHATPAY_BASE_URL"             // optional
	EnvMchID          = "WECHATPAY_MCHID"                // 商户号
	EnvMchSerial      = "WECHATPAY_MCH_SERIAL"           // serial of the merchant's API certificate
	EnvMchPrivateKey  = "WECHATPAY_MCH_PRIVATE_KEY_FILE" // apiclient_key.pem
	EnvAPIv3Key       = "WECHATPAY_APIV3_KEY"            // 32 bytes
	EnvPublicKeyID    = "WECHATPAY_PUBLIC_KEY_ID"        // "PUB_KEY_ID_…"
	EnvPublicKeyFile  = "WECHATPAY_PUBLIC_KEY_FILE"      // pub_key.pem
	EnvPlatformSerial = "WECHATPAY_PLATFORM_SERIAL"      // optional: checked against the file
	EnvPlatformCert   = "WECHATPAY_PLATFORM_CERT_FILE"   // platform_cert.pem
)

// ConfigFromEnv makes a Config from the WECHATPAY_* variables and the files
// that they name. It trusts the public key and the platform certificate if
// they are given; if neither is, it trusts the certificates that it downloads
// with the APIv3 key. Its error is an [*InputError] that names every variable
// at fault.
func ConfigFromEnv() (Config, error) {
	e := &env{}
	cfg := Config{BaseURL: os.Getenv(EnvBaseURL), MchID: e.need(EnvMchID), Serial: e.need(EnvMchSerial)}
	if key, err := sign.ParsePrivateKey(e.file(EnvMchPrivateKey, true)); e.fine(EnvMchPrivateKey, err) {
		cfg.Signer = key
	}
	trusts := e.trusts()
	if len(e.faults) > 0 {
		return Config{}, &InputError{What: "environment", Faults: e.faults}
	}
	if len(trusts) > 0 {
		cfg.Trust = sign.AnyOf(trusts...)
		return cfg, nil
	}
	certs, err := NewCertificates(cfg, os.Getenv(EnvAPIv3Key))
	if err != nil {
		return Config{}, err
	}
	cfg.Trust = certs
	return cfg, nil
}

// env collects what is wrong with the environment.
type env struct {
	faults []Fault
	failed map[string]bool // variables whose fault is known already
}

func (e *env) fault(name, rule, remedy string) {
	e.faults = append(e.faults, Fault{name, rule, remedy})
}

func (e *env) need(name string) string {
	v := os.Getenv(name)
	if v == "" {
		e.fault(name, "is required", "set it, for instance with: set -a; . .wxpay/wxpay.env")
	}
	return v
}

// file reads the file that the variable names; nil is a fault noted already,
// or a variable that is not set and need not be.
func (e *env) file(name string, required bool) []byte {
	path := os.Getenv(name)
	if path == "" && !required {
		return nil
	}
	if path == "" {
		e.need(name)
		e.fail(name)
		return nil
	}
	b, err := os.ReadFile(path)
	if err != nil {
		e.fault(name, "must name a file that can be read", "check the path and its permissions")
		e.fail(name)
		return nil
	}
	return b
}

func (e *env) fail(name string) {
	if e.failed == nil {
		e.failed = map[string]bool{}
	}
	e.failed[name] = true
}

func (e *env) fine(name string, err error) bool {
	if err != nil && !e.failed[name] {
		e.fault(name, "is not what belongs here: "+err.Error(), "name the file that belongs here")
	}
	return err == nil
}

func (e *env) trusts() (list []sign.Trust) {
	if b := e.file(EnvPublicKeyFile, false); b != nil {
		id := e.need(EnvPublicKeyID)
		if key, err := sign.ParsePublicKey(b); e.fine(EnvPublicKeyFile, err) {
			list = append(list, sign.PublicKey(id, key))
		}
	}
	if b := e.file(EnvPlatformCert, false); b != nil {
		cert, err := sign.ParseCertificate(b)
		if e.fine(EnvPlatformCert, err) {
			list = e.platform(list, cert)
		}
	}
	return list
}

func (e *env) platform(list []sign.Trust, cert *x509.Certificate) []sign.Trust {
	if s := os.Getenv(EnvPlatformSerial); s != "" && !sign.SameSerial(s, sign.Serial(cert)) {
		e.fault(EnvPlatformSerial, "is not the serial of the certificate in "+EnvPlatformCert, "leave it out, or name the certificate that it belongs to")
		return list
	}
	trust, err := sign.Certificates(cert)
	if e.fine(EnvPlatformCert, err) {
		list = append(list, trust)
	}
	return list
}
