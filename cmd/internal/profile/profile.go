// Package profile keeps what the program knows of a merchant: ids, the files
// of keys and certificates, and where the APIv3 key is. A profile is a file of
// WECHATPAY_* variables, in the shape of the wxpay.env that the emulator
// writes, so that `set -a; . FILE` serves a program in any language.
//
// Reading a profile does not read the files that it names. Errors name the
// variable, the rule and the remedy, and never hold a value that is secret.
package profile

import (
	"path/filepath"

	"github.com/wxpay-go/wxpay"
)

// The names that a profile has beside those of the SDK.
const (
	EnvMchCert       = "WECHATPAY_MCH_CERT_FILE"     // apiclient_cert.pem; default: beside the key
	EnvAPIv3KeyFile  = "WECHATPAY_APIV3_KEY_FILE"    // file that holds the APIv3 key and nothing else
	EnvAPIv3KeyEnv   = "WECHATPAY_APIV3_KEY_ENV"     // name of the environment variable that holds it
	EnvAPIv3KeyStore = "WECHATPAY_APIV3_KEY_KEYRING" // name under which the system's keyring holds it
)

// Profile is a merchant as the program knows it. Names of files are absolute
// once a profile was read.
type Profile struct {
	Name string // "" for one that comes from variables or a folder
	From string // where it comes from, for people

	BaseURL string // "" is WeChat Pay itself
	MchID   string // 商户号
	Serial  string // of the merchant's API certificate

	KeyFile  string // apiclient_key.pem, 商户API私钥
	CertFile string // apiclient_cert.pem, 商户API证书; may be ""

	PublicKeyID   string // PUB_KEY_ID_…, 微信支付公钥ID
	PublicKeyFile string // pub_key.pem, 微信支付公钥

	PlatformSerial string // checked against the file, if given
	PlatformFile   string // platform_cert.pem, 微信支付平台证书

	APIv3 Secret // where the APIv3 key is
}

// Secret says where a secret is: at most one member is set.
type Secret struct {
	Value   string // the secret itself, from a file or variables that only its owner reads
	File    string // a file that holds nothing else
	Env     string // an environment variable
	Keyring string // an entry of the system's keyring
}

// IsZero reports whether nothing is known of the secret.
func (s Secret) IsZero() bool { return s == Secret{} }

// Where says where the secret is, and nothing of it.
func (s Secret) Where() string {
	switch {
	case s.File != "":
		return s.File
	case s.Env != "":
		return "the environment variable " + s.Env
	case s.Keyring != "":
		return "the keyring, entry " + s.Keyring
	case s.Value != "":
		return "the profile"
	}
	return "nowhere"
}

// fields ties the members to their variables, in the order of the file.
func (p *Profile) fields() []field {
	return []field{
		{wxpay.EnvBaseURL, &p.BaseURL, false},
		{wxpay.EnvMchID, &p.MchID, false},
		{wxpay.EnvMchSerial, &p.Serial, false},
		{wxpay.EnvMchPrivateKey, &p.KeyFile, true},
		{EnvMchCert, &p.CertFile, true},
		{wxpay.EnvAPIv3Key, &p.APIv3.Value, false},
		{EnvAPIv3KeyFile, &p.APIv3.File, true},
		{EnvAPIv3KeyEnv, &p.APIv3.Env, false},
		{EnvAPIv3KeyStore, &p.APIv3.Keyring, false},
		{wxpay.EnvPublicKeyID, &p.PublicKeyID, false},
		{wxpay.EnvPublicKeyFile, &p.PublicKeyFile, true},
		{wxpay.EnvPlatformSerial, &p.PlatformSerial, false},
		{wxpay.EnvPlatformCert, &p.PlatformFile, true},
	}
}

type field struct {
	name  string
	value *string
	path  bool
}

// fill takes the variables that lookup knows; relative files are below dir.
func (p *Profile) fill(lookup func(name string) string, dir string) {
	for _, f := range p.fields() {
		*f.value = lookup(f.name)
		if f.path && *f.value != "" && !filepath.IsAbs(*f.value) {
			*f.value = filepath.Join(dir, *f.value)
		}
	}
	p.Complete()
}

// Complete finds the merchant certificate beside the key, where none is named.
func (p *Profile) Complete() {
	if p.CertFile != "" || p.KeyFile == "" {
		return
	}
	if beside := filepath.Join(filepath.Dir(p.KeyFile), "apiclient_cert.pem"); isFile(beside) {
		p.CertFile = beside
	}
}
