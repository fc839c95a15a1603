package sign_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/sign"
)

// parsers under one shape, to give each the others' files.
var parsers = map[string]func([]byte) error{
	"private": func(b []byte) error {
		key, err := sign.ParsePrivateKey(b)
		return notBoth(key != nil, err)
	},
	"public": func(b []byte) error {
		key, err := sign.ParsePublicKey(b)
		return notBoth(key != nil, err)
	},
	"certificate": func(b []byte) error {
		cert, err := sign.ParseCertificate(b)
		return notBoth(cert != nil, err)
	},
}

func notBoth(value bool, err error) error {
	if value == (err != nil) {
		return errors.New("want either a value or an error")
	}
	return err
}

func block(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func TestParseAcceptsWhatEditorsDo(t *testing.T) {
	t.Parallel()
	key := privateKey(t, "wechatpay-go.key.pem")
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	spki, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string][]string{
		"private":     {block("PRIVATE KEY", pkcs8), block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))},
		"public":      {block("PUBLIC KEY", spki), block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&key.PublicKey))},
		"certificate": {string(readFile(t, vectors+"/keys/wechatpay-go.crt.pem"))},
	}
	for kind, list := range texts {
		for _, text := range list {
			for name, edited := range map[string]string{
				"as it is":        text,
				"CRLF":            strings.ReplaceAll(text, "\n", "\r\n"),
				"CR":              strings.ReplaceAll(text, "\n", "\r"),
				"blanks around":   "\n\n  " + text + " \t\n",
				"indented":        strings.ReplaceAll(text, "\n", "\n    "),
				"byte order mark": "\ufeff" + text,
				"no last newline": strings.TrimSpace(text),
				"a bag above":     "Bag Attributes\n    friendlyName: x\n" + text,
			} {
				if err := parsers[kind]([]byte(edited)); err != nil {
					t.Errorf("%s, %s: %v", kind, name, err)
				}
			}
		}
	}
}

func TestParseNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	key := privateKey(t, "wechatpay-go.key.pem")
	private := string(readFile(t, vectors+"/keys/wechatpay-go.key.pem"))
	public := string(readFile(t, vectors+"/keys/wechatpay-go.pub.pem"))
	cert := string(readFile(t, vectors+"/keys/wechatpay-go.crt.pem"))
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ecDER, err := x509.MarshalPKCS8PrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	edDER, err := x509.MarshalPKIXPublicKey(ed.Public())
	if err != nil {
		t.Fatal(err)
	}
	der, _ := pem.Decode([]byte(private))
	legacy := pem.EncodeToMemory(&pem.Block{
		Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}, Bytes: []byte("x"),
	})
	tests := []struct{ name, parser, text, rule string }{
		{"nothing", "private", "", "is empty"},
		{"a byte order mark alone", "public", "\ufeff\r\n ", "is empty"},
		{"only blanks", "public", " \r\n\t", "is empty"},
		{"a path", "private", "/etc/wxpay/apiclient_key.pem", "no PEM text"},
		{"bare base64", "public", "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", "no PEM text"},
		{"DER", "private", string(der.Bytes), "binary DER"},
		{"a certificate for a private key", "private", cert, "this is a certificate"},
		{"a certificate for a public key", "public", cert, "this is a certificate"},
		{"a public key for a private one", "private", public, "this is a public key"},
		{"a private key for a public one", "public", private, "this is a private key"},
		{"a private key for a certificate", "certificate", private, "this is a private key"},
		{"a public key for a certificate", "certificate", public, "this is a public key"},
		{"a passphrase, PKCS#8", "private", block("ENCRYPTED PRIVATE KEY", []byte("x")), "passphrase"},
		{"a passphrase, PKCS#1", "private", string(legacy), "passphrase"},
		{"an EC key, PKCS#8", "private", block("PRIVATE KEY", ecDER), "of the kind ecdsa"},
		{"an EC key, SEC 1", "private", block("EC PRIVATE KEY", ecDER), "an EC private key"},
		{"an Ed25519 key", "public", block("PUBLIC KEY", edDER), "of the kind ed25519"},
		{"an EC certificate", "certificate", block("CERTIFICATE", certificate(t, ec, 1, at).Raw), "of the kind ecdsa"},
		{"an OpenSSH key", "private", block("OPENSSH PRIVATE KEY", []byte("x")), "OpenSSH"},
		{"a block of a stranger", "private", block("SECRET THING", []byte("x")), "another kind"},
		{"two blocks", "private", private + cert, "2 PEM blocks"},
		{"two certificates", "certificate", cert + cert, "2 PEM blocks"},
		{"a block cut off", "private", private[:len(private)/2], "damaged"},
		{"line breaks as two characters", "private", strings.ReplaceAll(private, "\n", `\n`), `written as \n`},
		{"garbage in a private key", "private", block("PRIVATE KEY", []byte("garbage")), "cannot be read"},
		{"garbage in a public key", "public", block("RSA PUBLIC KEY", []byte("garbage")), "cannot be read"},
		{"garbage in a certificate", "certificate", block("CERTIFICATE", []byte("garbage")), "cannot be read"},
	}
	body := strings.Split(private, "\n")[3]
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			err := parsers[tt.parser]([]byte(tt.text))
			e, ok := errors.AsType[*sign.KeyError](err)
			if !ok || !strings.Contains(e.Rule, tt.rule) || e.What == "" || e.Remedy == "" {
				t.Fatalf("error = %v, want the rule %q", err, tt.rule)
			}
			if strings.Contains(e.Error(), body) || strings.Contains(e.Error(), key.D.String()) || strings.Contains(e.Error(), "SECRET") {
				t.Errorf("the text holds the input: %v", e)
			}
		})
	}
}

// TestParseRefusesShortKeys runs alone: making a short key needs a setting.
func TestParseRefusesShortKeys(t *testing.T) {
	t.Setenv("GODEBUG", "rsa1024min=0")
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	cert := certificate(t, short, 1, at)
	for kind, text := range map[string]string{
		"private":     block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(short)),
		"public":      block("RSA PUBLIC KEY", x509.MarshalPKCS1PublicKey(&short.PublicKey)),
		"certificate": block("CERTIFICATE", cert.Raw),
	} {
		err := parsers[kind]([]byte(text))
		if e, ok := errors.AsType[*sign.KeyError](err); !ok || !strings.Contains(e.Rule, "1024 bits") {
			t.Errorf("%s: %v", kind, err)
		}
	}
	if _, err := sign.Certificates(cert); err == nil {
		t.Error("Certificates took a short key")
	}
}

// FuzzParseKeys checks that no text panics, and that each parser either
// returns something or a *KeyError that holds none of the input.
func FuzzParseKeys(f *testing.F) {
	for _, name := range []string{"wechatpay-go.key.pem", "wechatpay-go.pub.pem", "wechatpay-go.crt.pem", "official-merchant.key.pem"} {
		f.Add(readFile(f, vectors+"/keys/"+name))
	}
	f.Add([]byte("-----BEGIN "))
	f.Add([]byte{0x30, 0x82})
	f.Fuzz(func(t *testing.T, text []byte) {
		for kind, parse := range parsers {
			err := parse(bytes.Clone(text))
			if err == nil {
				continue
			}
			if _, ok := errors.AsType[*sign.KeyError](err); !ok || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %v", kind, err)
			}
		}
	})
}
