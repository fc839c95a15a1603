package main

import (
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/authority"
	"github.com/wxpay-go/wxpay/cmd/internal/profile"
)

// tlsFlags is what the command line says of TLS.
type tlsFlags struct {
	on        bool
	cert, key string
}

func (f *tlsFlags) scheme() string {
	if f.on || f.cert != "" {
		return "https"
	}
	return "http"
}

// config is the TLS to listen with, or nil for none. A certificate that is
// given goes before one that is made.
func (f *tlsFlags) config(dir string, address net.Addr) (*tls.Config, error) {
	switch {
	case f.cert != "" && f.key != "":
		pair, err := f.pair()
		if err != nil {
			return nil, usageError{fmt.Errorf("--tls-cert, --tls-key: %w; both are PEM files and belong together", err)}
		}
		return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
	case f.cert != "" || f.key != "":
		return nil, usageError{errors.New("--tls-cert and --tls-key belong together; give both, or --tls to have a certificate made")}
	case f.on:
		return ownTLS(dir, address)
	}
	return nil, nil
}

func (f *tlsFlags) pair() (pair tls.Certificate, err error) {
	cert, err := profile.ReadFile(f.cert)
	if err != nil {
		return pair, err
	}
	key, err := profile.ReadFile(f.key)
	if err != nil {
		return pair, err
	}
	return tls.X509KeyPair(cert, key)
}

// ownTLS has certificates made for the names under which an address is reached.
func ownTLS(dir string, address net.Addr) (*tls.Config, error) {
	a, err := authority.Open(dir, time.Now)
	if err != nil {
		return nil, usageError{fmt.Errorf("--tls: %w", err)}
	}
	names := namesOf(address)
	if _, err := a.Leaf(names...); err != nil {
		return nil, usageError{fmt.Errorf("--tls: %w; give --tls-cert and --tls-key", err)}
	}
	return &tls.Config{
		GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return a.Leaf(names...) },
		MinVersion:     tls.VersionTLS12,
	}, nil
}

// namesOf are the names under which an address is reached: this machine's, and
// its private addresses if it listens on all that it has.
func namesOf(address net.Addr) []string {
	names := []string{"localhost", "127.0.0.1", "::1"}
	host, _, _ := net.SplitHostPort(address.String())
	ip := net.ParseIP(host)
	if ip != nil && ip.IsUnspecified() {
		return append(names, privateAddresses()...)
	}
	if ip != nil && !slices.Contains(names, ip.String()) {
		names = append(names, ip.String())
	}
	return names
}

func privateAddresses() (list []string) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil // the names of this machine are left
	}
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && authority.May(n.IP.String()) {
			list = append(list, n.IP.String())
		}
	}
	return list
}
