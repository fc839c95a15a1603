package sign

import (
	"bytes"
	"encoding/pem"
	"fmt"
	"strings"
)

const begin = "-----BEGIN "

// blockNames is what people call the blocks that come up by mistake.
var blockNames = map[string]string{
	"CERTIFICATE":             "a certificate",
	"CERTIFICATE REQUEST":     "a certificate request",
	"NEW CERTIFICATE REQUEST": "a certificate request",
	"PUBLIC KEY":              "a public key",
	"RSA PUBLIC KEY":          "a public key",
	"PRIVATE KEY":             "a private key",
	"RSA PRIVATE KEY":         "a private key",
	"ENCRYPTED PRIVATE KEY":   "a private key with a passphrase",
	"EC PRIVATE KEY":          "an EC private key",
	"EC PARAMETERS":           "EC parameters",
	"OPENSSH PRIVATE KEY":     "an OpenSSH private key",
	"PKCS7":                   "a PKCS#7 bundle",
}

// remedies says what to do with a block that is something else.
var remedies = map[string]string{
	whatPrivateKey:  "give apiclient_key.pem, which begins with \"-----BEGIN PRIVATE KEY-----\"",
	whatPublicKey:   "give pub_key.pem, which begins with \"-----BEGIN PUBLIC KEY-----\"; a platform certificate goes where certificates are trusted",
	whatCertificate: "give the file that begins with \"-----BEGIN CERTIFICATE-----\"",
}

// onlyBlock returns the one PEM block of text.
func onlyBlock(what string, text []byte) (*pem.Block, error) {
	lines := tidy(text)
	if len(lines) == 0 {
		return nil, &KeyError{What: what, Rule: "is empty", Remedy: "give the content of the PEM file, not an unset variable"}
	}
	if !bytes.Contains(lines, []byte(begin)) {
		return nil, noBlock(what, text)
	}
	if count := bytes.Count(lines, []byte(begin)); count > 1 {
		return nil, severalBlocks(what, count)
	}
	block, _ := pem.Decode(lines)
	if block == nil {
		return nil, brokenBlock(what, lines)
	}
	if block.Type == "ENCRYPTED PRIVATE KEY" || strings.Contains(block.Headers["Proc-Type"], "ENCRYPTED") {
		return nil, &KeyError{
			What: what, Rule: "is protected by a passphrase",
			Remedy: "remove it with: openssl pkey -in FILE -out apiclient_key.pem",
		}
	}
	return block, nil
}

// tidy takes away what editors and environment files add: a byte order mark,
// carriage returns, blanks around lines.
func tidy(text []byte) []byte {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	var out []byte
	for line := range bytes.Lines(bytes.TrimSpace(text)) {
		out = append(out, bytes.TrimSpace(line)...)
		out = append(out, '\n')
	}
	return out
}

func noBlock(what string, text []byte) error {
	const sequence = 0x30 // first byte of every DER key and certificate
	if len(text) > 1 && text[0] == sequence && text[1] >= 0x80 {
		return &KeyError{What: what, Rule: "is binary DER, not PEM", Remedy: "convert it with: openssl pkey (or x509, for a certificate) -inform DER -in FILE"}
	}
	return &KeyError{What: what, Rule: "is no PEM text", Remedy: "give the content of the file, with its BEGIN and END lines, not its path"}
}

func severalBlocks(what string, count int) error {
	return &KeyError{What: what, Rule: fmt.Sprintf("comes in a text of %d PEM blocks", count), Remedy: "leave only the block that is meant"}
}

func brokenBlock(what string, lines []byte) error {
	if bytes.Contains(lines, []byte(`\n`)) {
		return &KeyError{What: what, Rule: `has its line breaks written as \n`, Remedy: "give real line breaks, or the path of the file where a path is taken"}
	}
	return &KeyError{What: what, Rule: "is a damaged PEM block", Remedy: "copy the file again, whole, with its BEGIN and END lines"}
}

func wrongBlock(what, kind string) error {
	name, known := blockNames[kind]
	if !known {
		name = "a PEM block of another kind"
	}
	return &KeyError{What: what, Rule: "is needed, and this is " + name, Remedy: remedies[what]}
}

func unreadable(what string) error {
	return &KeyError{What: what, Rule: "is a PEM block whose content cannot be read as an RSA key or a certificate with one", Remedy: remedies[what]}
}

// notRSA names the kind of key, which is its Go type and no part of it.
func notRSA(what string, key any) error {
	kind := strings.TrimPrefix(fmt.Sprintf("%T", key), "*")
	kind, _, _ = strings.Cut(kind, ".")
	return &KeyError{What: what, Rule: "is of the kind " + kind + ", not RSA", Remedy: remedies[what]}
}
