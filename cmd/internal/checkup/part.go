package checkup

import (
	"bytes"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/wxpay-go/wxpay/cmd/internal/profile"
	"github.com/wxpay-go/wxpay/sign"
)

// kind is what a file holds.
type kind int

const (
	other kind = iota
	merchantKey
	merchantCert
	publicKey
	platformCert
)

// names are what people call the kinds, in both languages.
var names = map[kind]string{
	merchantKey:  "a private key (私钥)",
	merchantCert: "a merchant certificate (商户API证书)",
	publicKey:    "a public key (公钥)",
	platformCert: "a platform certificate (微信支付平台证书)",
}

// codes name the kinds in the codes of findings.
var codes = map[kind]string{
	merchantKey: "private-key", merchantCert: "merchant-certificate", publicKey: "public-key", platformCert: "platform-certificate",
}

// wants says how the file of a slot is come by.
var wants = map[kind]string{
	merchantKey:  "Give apiclient_key.pem, which begins with -----BEGIN PRIVATE KEY-----; the tool that made the certificate wrote it beside it.",
	merchantCert: "Give apiclient_cert.pem, which begins with -----BEGIN CERTIFICATE----- and names the merchant id.",
	publicKey:    "Give pub_key.pem, downloaded from the merchant platform: account, API security, WeChat Pay public key (微信支付公钥).",
	platformCert: "Give the certificate that GET /v3/certificates answers, or leave it out: it is downloaded when the APIv3 key is there.",
}

// part is one file of a profile.
type part struct {
	check Check
	want  kind
	title string // "private key"
	file  string

	text   []byte
	found  kind
	key    *rsa.PrivateKey
	public *rsa.PublicKey
	cert   *x509.Certificate
}

// known: the file holds what belongs there.
func (p *part) known() bool { return p.found != other && p.found == p.want }

func (p *part) name() string { return filepath.Base(p.file) }

// read reads the file and finds out what it is. An error is the file
// system's.
func (p *part) read() error {
	if p.file == "" {
		return nil
	}
	text, err := profile.ReadFile(p.file)
	if err != nil {
		return err
	}
	p.text = text
	if p.key, err = sign.ParsePrivateKey(text); err == nil {
		p.found = merchantKey
	} else if p.public, err = sign.ParsePublicKey(text); err == nil {
		p.found = publicKey
	} else if p.cert, err = sign.ParseCertificate(text); err == nil {
		p.found = p.certificateKind()
	}
	return nil
}

// certificateKind tells a merchant's certificate, whose subject is the
// merchant id, from the platform's. One that is neither is taken for what
// belongs in its place.
func (p *part) certificateKind() kind {
	subject := strings.ToLower(p.cert.Subject.CommonName)
	switch {
	case isDigits(subject):
		return merchantCert
	case strings.Contains(subject, "tenpay") || strings.Contains(subject, "emulator platform"):
		return platformCert
	case p.want == merchantCert || p.want == platformCert:
		return p.want
	}
	return platformCert
}

// why is what the parser of the wanted kind says of the text.
func (p *part) why() *sign.KeyError {
	var err error
	switch p.want {
	case merchantKey:
		_, err = sign.ParsePrivateKey(p.text)
	case publicKey:
		_, err = sign.ParsePublicKey(p.text)
	default:
		_, err = sign.ParseCertificate(p.text)
	}
	e, _ := errors.AsType[*sign.KeyError](err)
	return e
}

// report says what is wrong with the file itself.
func (p *part) report(r *Report) {
	switch {
	case isPKCS12(p.text):
		r.fault(p.check, "p12", "The file of the "+p.title+", "+p.name()+", is a PKCS#12 archive (apiclient_cert.p12).",
			"The archive holds key and certificate under a password; APIv3 is given them as PEM files.",
			"Give the PEM files that came in the same zip, or unpack it; the password is the merchant id: openssl pkcs12 -in "+p.name()+" -nodes -out all.pem.")
	case p.found != other:
		r.fault(p.check, codes[p.found]+"-for-"+codes[p.want], "The file of the "+p.title+", "+p.name()+", holds "+names[p.found]+".",
			"The files look alike and are not: each has its own place.", wants[p.want])
	default:
		p.reportText(r)
	}
}

// reportText passes on what the parser says; its remedy fits better.
func (p *part) reportText(r *Report) {
	e := p.why()
	if e == nil {
		return
	}
	code := "unreadable"
	for _, c := range []struct{ rule, code string }{
		{"is empty", "empty"}, {"passphrase", "passphrase"}, {"PEM blocks", "several-blocks"}, {"bits, fewer", "short-key"},
		{"DER", "der"}, {"no PEM text", "no-pem"}, {"damaged", "damaged"}, {`written as \n`, "escaped-line-breaks"}, {"not RSA", "not-rsa"},
	} {
		if strings.Contains(e.Rule, c.rule) {
			code = c.code
		}
	}
	what := "The file of the " + p.title + ", " + p.name() + ", " + e.Rule + "."
	remedy := sentence(strings.ReplaceAll(e.Remedy, "FILE", p.name()))
	switch code {
	case "empty":
		remedy = wants[p.want]
	case "der":
		remedy = "Convert it: openssl " + map[kind]string{merchantKey: "pkey", publicKey: "pkey -pubin", merchantCert: "x509", platformCert: "x509"}[p.want] + " -inform DER -in " + p.name() + " -out " + p.name() + ".pem."
	}
	if code == "no-pem" && bytes.ContainsFunc(p.text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' && r != '\t' || r == 0xfffd }) {
		code, what, remedy = "binary", "The file of the "+p.title+", "+p.name()+", holds binary data and no PEM text.", wants[p.want]
	}
	r.fault(p.check, code, what, "", remedy)
}

// spelling notes what is unusual and accepted.
func (p *part) spelling(r *Report) {
	if bytes.Contains(p.text, []byte("\r\n")) {
		r.note(p.check, "crlf", p.name()+" has the line ends of Windows (CRLF). That is accepted here.", "If a program in another language refuses it: dos2unix "+p.name()+".")
	}
	if bytes.HasPrefix(p.text, []byte("\ufeff")) {
		r.note(p.check, "byte-order-mark", p.name()+" begins with a byte order mark (BOM). That is accepted here.", "Save it as UTF-8 without BOM: OpenSSL and Java refuse it.")
	}
	if block, _ := pem.Decode(bytes.TrimPrefix(p.text, []byte("\ufeff"))); block != nil && strings.HasPrefix(block.Type, "RSA ") {
		r.note(p.check, "pkcs1", p.name()+" is in the old form PKCS#1 (BEGIN "+block.Type+"). That is accepted here.", "Java wants PKCS#8 for a private key: openssl pkcs8 -topk8 -nocrypt -in "+p.name()+" -out pkcs8.pem.")
	}
}

// private warns of a secret that others on the machine can read.
func private(r *Report, c Check, file string) {
	info, err := os.Stat(file)
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return
	}
	r.warn(c, "readable-by-others", filepath.Base(file)+" can be read by other users of this machine.", "Whoever reads it can act as the merchant.", "Take their right away: chmod 600 "+filepath.Base(file)+".")
}

// isPKCS12 knows the beginning of such an archive: a sequence whose first
// member is the version, 3.
func isPKCS12(text []byte) bool {
	return len(text) > 7 && text[0] == 0x30 && (bytes.Equal(text[4:7], []byte{2, 1, 3}) || bytes.Equal(text[2:5], []byte{2, 1, 3}))
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// reason is a file system's error without its path.
func reason(err error) string {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err.Error()
	}
	return err.Error()
}
