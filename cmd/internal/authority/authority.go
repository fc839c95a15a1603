// Package authority certifies the servers that stand in for WeChat Pay on this
// machine: it is a certificate authority (CA) of its own, made at first use
// and kept in the folder of the credentials.
//
// Whoever holds its key could stand in for the servers that it may certify, to
// programs that trust it. It therefore may certify WeChat Pay's hosts and this
// machine's and private addresses, and nothing else in the world; its key is
// readable by its owner alone, and a program that no longer needs the emulator
// should no longer be told to trust it.
package authority

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// The files of an authority in the folder of the credentials.
const (
	CertFile = "ca_cert.pem"         // for programs to trust
	keyFile  = "emulator/ca_key.pem" // readable by its owner alone
)

// Hosts are the hosts of WeChat Pay's APIv3, the spare ones (备域名) too. An
// authority may certify these. The pages of the endpoints name the first three;
// the others are those that clients in use have built in.
func Hosts() []string {
	return []string{
		"api.mch.weixin.qq.com", "api2.mch.weixin.qq.com",
		"apihk.mch.weixin.qq.com", "apius.mch.weixin.qq.com", "apieu.mch.weixin.qq.com",
		"api.wechatpay.cn", "api2.wechatpay.cn",
	}
}

const (
	authorityLife = 2 * 365 * 24 * time.Hour
	leafLife      = 30 * 24 * time.Hour
	slack         = time.Hour // between the clocks of two programs
)

// Authority is a certificate authority. It is safe for concurrent use.
type Authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	now  func() time.Time

	mu     sync.Mutex
	leaves map[string]*tls.Certificate
}

// Open reads the authority of a folder, or makes one where there is none, or
// where it is about to end. now is the time by which programs check
// certificates: the machine's, whatever an emulator's clock says.
//
// An authority that is there and cannot be read is an error, and left alone.
func Open(dir string, now func() time.Time) (*Authority, error) {
	a, err := read(dir, now)
	if err == nil && a == nil {
		a, err = create(dir, now)
	}
	if err != nil {
		return nil, fmt.Errorf("certificate authority in %s: %w", dir, err)
	}
	return a, nil
}

// File is the absolute path of the certificate for programs to trust.
func File(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	return filepath.Join(dir, CertFile), err
}

// Leaf returns a certificate for a server that is reached by all of the names,
// which are host names and IP addresses. It is made once, and again before it
// ends. A name that the authority may not certify is an error.
func (a *Authority) Leaf(names ...string) (*tls.Certificate, error) {
	for _, name := range names {
		if !May(name) {
			return nil, fmt.Errorf("no certificate can be made for %q: it is neither a host of WeChat Pay nor this machine's or a private address", name)
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	id := strings.Join(names, " ")
	if leaf := a.leaves[id]; leaf != nil && a.now().Before(leaf.Leaf.NotAfter.Add(-leafLife/2)) {
		return leaf, nil
	}
	leaf, err := a.issue(names)
	if err == nil {
		a.leaves[id] = leaf
	}
	return leaf, err
}

// May reports whether an authority may certify a host name or an IP address.
func May(name string) bool {
	if ip := net.ParseIP(name); ip != nil {
		return slices.ContainsFunc(networks(), func(n *net.IPNet) bool { return n.Contains(ip) })
	}
	return name == "localhost" || slices.Contains(Hosts(), name)
}

// networks are those that lead to this machine or to its neighbours.
func networks() []*net.IPNet {
	var list []*net.IPNet
	for _, text := range []string{
		"127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16",
		"::1/128", "fc00::/7", "fe80::/10",
	} {
		if _, n, err := net.ParseCIDR(text); err == nil {
			list = append(list, n)
		}
	}
	return list
}

func (a *Authority) issue(names []string) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		Subject:     subject("wxpay emulator"),
		NotBefore:   a.now().Add(-slack),
		NotAfter:    a.now().Add(leafLife),
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, name := range names {
		if ip := net.ParseIP(name); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, name)
		}
	}
	cert, err := certify(template, a.cert, key, a.key)
	if err != nil {
		return nil, err
	}
	return &tls.Certificate{Certificate: [][]byte{cert.Raw, a.cert.Raw}, PrivateKey: key, Leaf: cert}, nil
}

// certify signs a template with a serial of its own.
func certify(template, parent *x509.Certificate, key, signer *ecdsa.PrivateKey) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		return nil, err
	}
	template.SerialNumber = serial.Add(serial, big.NewInt(1))
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// subject has no common name: some programs take it for a host.
func subject(unit string) pkix.Name {
	return pkix.Name{Organization: []string{"wxpay emulator"}, OrganizationalUnit: []string{unit}}
}
