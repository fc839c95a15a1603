package authority

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/wholefile"
)

// create makes an authority and writes it into the folder.
func create(dir string, now func() time.Time) (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		Subject:               subject("for tests on this machine"),
		NotBefore:             now().Add(-slack),
		NotAfter:              now().Add(authorityLife),
		KeyUsage:              x509.KeyUsageCertSign,
		IsCA:                  true,
		BasicConstraintsValid: true,
		MaxPathLenZero:        true,

		PermittedDNSDomainsCritical: true,
		PermittedDNSDomains:         append(Hosts(), "localhost"),
		PermittedIPRanges:           networks(),
	}
	cert, err := certify(template, template, key, key)
	if err != nil {
		return nil, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(keyFile)), 0o700); err != nil {
		return nil, err
	}
	// The key first: a certificate without its key would be taken for a folder
	// that lost it.
	if err := write(dir, keyFile, "PRIVATE KEY", der, 0o600); err != nil {
		return nil, err
	}
	return assemble(cert, key, now), write(dir, CertFile, "CERTIFICATE", cert.Raw, 0o644)
}

func assemble(cert *x509.Certificate, key *ecdsa.PrivateKey, now func() time.Time) *Authority {
	return &Authority{cert: cert, key: key, now: now, leaves: map[string]*tls.Certificate{}}
}

// write puts a file in its place whole, with its mode from the beginning.
func write(dir, name, kind string, der []byte, mode os.FileMode) error {
	return wholefile.Write(filepath.Join(dir, filepath.FromSlash(name)), pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), mode)
}

// read reads the authority of a folder: nil if there is none, or if it ends
// before the next leaf would.
func read(dir string, now func() time.Time) (*Authority, error) {
	pair, err := tls.LoadX509KeyPair(filepath.Join(dir, CertFile), filepath.Join(dir, filepath.FromSlash(keyFile)))
	if _, absent := os.Stat(filepath.Join(dir, CertFile)); errors.Is(absent, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	key, ok := pair.PrivateKey.(*ecdsa.PrivateKey)
	if !ok || !pair.Leaf.IsCA {
		return nil, errors.New(CertFile + " is no authority that the emulator made; name another folder")
	}
	if pair.Leaf.NotAfter.Before(now().Add(leafLife)) {
		return nil, nil
	}
	return assemble(pair.Leaf, key, now), nil
}
