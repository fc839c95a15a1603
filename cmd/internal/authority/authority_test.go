package authority

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var start = time.Date(2026, 9, 18, 10, 0, 0, 0, time.UTC)

func at(t time.Time) func() time.Time { return func() time.Time { return t } }

func open(t *testing.T, dir string, now time.Time) *Authority {
	t.Helper()
	a, err := Open(dir, at(now))
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// trusted is what a program trusts that was given the file in the folder.
func trusted(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, CertFile))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		t.Fatalf("no certificate in %s", text)
	}
	return pool
}

func leaf(t *testing.T, a *Authority, names ...string) *tls.Certificate {
	t.Helper()
	c, err := a.Leaf(names...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLeafIsTrusted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := open(t, dir, start)
	for _, name := range append(Hosts(), "localhost", "127.0.0.1", "::1", "192.168.1.7") {
		options := x509.VerifyOptions{DNSName: name, Roots: trusted(t, dir), CurrentTime: start}
		if _, err := leaf(t, a, name).Leaf.Verify(options); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	both := leaf(t, a, "localhost", "127.0.0.1").Leaf
	if both.VerifyHostname("localhost") != nil || both.VerifyHostname("127.0.0.1") != nil {
		t.Error("a leaf of two names is not for both")
	}
}

func TestNoOtherHostIsCertified(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := open(t, dir, start)
	for _, name := range []string{"pay.weixin.qq.com", "weixin.qq.com", "example.com", "8.8.8.8", "2001:4860:4860::8888", ""} {
		if _, err := a.Leaf(name); err == nil {
			t.Errorf("a certificate was made for %q", name)
		}
		if name == "" {
			continue
		}
		// Whoever took the key gets no further.
		forged, err := a.issue([]string{name})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := forged.Leaf.Verify(x509.VerifyOptions{DNSName: name, Roots: trusted(t, dir), CurrentTime: start}); err == nil {
			t.Errorf("a certificate for %q is trusted", name)
		}
	}
}

func TestLeafIsMadeOnce(t *testing.T) {
	t.Parallel()
	now := start
	a, err := Open(t.TempDir(), func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	first := leaf(t, a, "localhost")
	if leaf(t, a, "localhost") != first || leaf(t, a, "127.0.0.1") == first {
		t.Error("leaves are not kept by name")
	}
	now = start.Add(leafLife * 3 / 4)
	if leaf(t, a, "localhost") == first {
		t.Error("a leaf that is about to end was not made again")
	}
}

func TestAuthorityIsKept(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "new")
	first := open(t, dir, start)
	if !open(t, dir, start.Add(time.Hour)).cert.Equal(first.cert) {
		t.Error("a second start made another authority")
	}
	if open(t, dir, start.Add(authorityLife)).cert.Equal(first.cert) {
		t.Error("an authority that has ended was kept")
	}
	info, err := os.Stat(filepath.Join(dir, filepath.FromSlash(keyFile)))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key's file is %v, %v", info, err)
	}
}

func TestOpenLeavesAloneWhatItCannotRead(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(t *testing.T, dir string) error{
		"a lost key": func(_ *testing.T, dir string) error {
			return os.Remove(filepath.Join(dir, filepath.FromSlash(keyFile)))
		},
		"a text file": func(_ *testing.T, dir string) error {
			return os.WriteFile(filepath.Join(dir, CertFile), []byte("x"), 0o600)
		},
		"a certificate that is no authority": func(t *testing.T, dir string) error {
			c := leaf(t, open(t, dir, start), "localhost")
			key, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
			if err != nil {
				return err
			}
			return errors.Join(write(dir, keyFile, "PRIVATE KEY", key, 0o600), write(dir, CertFile, "CERTIFICATE", c.Certificate[0], 0o644))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			open(t, dir, start)
			if err := spoil(t, dir); err != nil {
				t.Fatal(err)
			}
			before, err := os.ReadFile(filepath.Join(dir, CertFile))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := Open(dir, at(start)); err == nil {
				t.Error("it was opened")
			}
			if after, err := os.ReadFile(filepath.Join(dir, CertFile)); err != nil || string(after) != string(before) {
				t.Errorf("it was changed: %v", err)
			}
		})
	}
}
