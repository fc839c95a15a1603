package profile_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/profile"
	"github.com/wxpay-go/wxpay/emulator"
)

// made is a folder of credentials as the emulator writes it, in a place whose
// name a shell would split.
func made(t *testing.T) (string, *emulator.Credentials) {
	t.Helper()
	c, err := emulator.NewCredentials("1900000109", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "it's a shop", ".wxpay")
	if err := c.WriteFolder(dir, "http://127.0.0.1:8089"); err != nil {
		t.Fatal(err)
	}
	return dir, c
}

func TestAFolderBecomesAProfileAndComesBack(t *testing.T) {
	t.Parallel()
	dir, c := made(t)
	p, err := profile.FromFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	p.Name = "shop"
	folder := profile.Folder(filepath.Join(t.TempDir(), "profiles"))
	if err := folder.Write(p); err != nil {
		t.Fatal(err)
	}
	back, err := folder.Read("shop")
	if err != nil {
		t.Fatal(err)
	}
	if back.From, p.From = "", ""; *back != *p {
		t.Errorf("got back %+v, want %+v", back, p)
	}
	cfg, err := back.Config()
	if err != nil || cfg.MchID != c.MchID || cfg.Serial != c.MerchantSerial() || cfg.BaseURL != "http://127.0.0.1:8089" {
		t.Errorf("config = %+v, %v", cfg, err)
	}
	if key, err := back.APIv3Key(); err != nil || key != c.APIv3Key {
		t.Errorf("APIv3 key: %v", err)
	}
	if cert, err := back.Certificate(); err != nil || !cert.Equal(c.MerchantCert) {
		t.Errorf("certificate: %v", err)
	}
	if info, err := os.Stat(folder.File("shop")); err != nil || runtime.GOOS != "windows" && info.Mode() != 0o600 {
		t.Errorf("mode = %v, %v", info.Mode(), err)
	}
}

func TestTheFirstProfileIsTheDefault(t *testing.T) {
	t.Parallel()
	folder := profile.Folder(t.TempDir())
	for _, name := range []string{"shop", "bakery"} {
		if err := folder.Write(&profile.Profile{Name: name, MchID: "1900000109"}); err != nil {
			t.Fatal(err)
		}
	}
	names, err := folder.List()
	if err != nil || !slices.Equal(names, []string{"bakery", "shop"}) {
		t.Errorf("names = %q, %v", names, err)
	}
	standard := func(want string) {
		t.Helper()
		if name, err := folder.Default(); err != nil || name != want {
			t.Errorf("default = %q, %v, want %q", name, err, want)
		}
	}
	standard("shop")
	if err := folder.SetDefault("bakery"); err != nil {
		t.Fatal(err)
	}
	standard("bakery")
	if err := folder.Remove("bakery"); err != nil {
		t.Fatal(err)
	}
	standard("")
	err = folder.Remove("bakery")
	if e, ok := errors.AsType[*profile.NotFound](err); !ok || !errors.Is(err, fs.ErrNotExist) || !slices.Equal(e.Known, []string{"shop"}) {
		t.Errorf("removing it again: %v", err)
	}
	for _, name := range []string{"", "../x", ".hidden", "a b", "a/b", "a.env", strings.Repeat("x", 65)} {
		if err := folder.Write(&profile.Profile{Name: name}); err == nil {
			t.Errorf("%q was taken as a name", name)
		}
	}
}

// TestFindLooksInOrder changes the environment and the working folder.
func TestFindLooksInOrder(t *testing.T) {
	home := t.TempDir()
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", filepath.Join(home, "config"))
	t.Setenv("AppData", filepath.Join(home, "config"))
	for _, name := range []string{profile.EnvProfile, wxpay.EnvMchID, wxpay.EnvMchSerial, wxpay.EnvMchPrivateKey} {
		t.Setenv(name, "")
	}
	t.Chdir(t.TempDir())
	find := func(name, want string) {
		t.Helper()
		if p, err := profile.Find(name); err != nil || p.MchID != want {
			t.Errorf("Find(%q) = %+v, %v, want merchant %s", name, p, err, want)
		}
	}
	_, err := profile.Find("")
	if e, ok := errors.AsType[*profile.NotFound](err); !ok || len(e.Places) != 5 {
		t.Errorf("nothing anywhere: %v", err)
	}
	folder, err := profile.UserFolder()
	if err != nil {
		t.Fatal(err)
	}
	for name, mchID := range map[string]string{"first": "1", "second": "2"} {
		if err := folder.Write(&profile.Profile{Name: name, MchID: mchID}); err != nil {
			t.Fatal(err)
		}
	}
	if err := folder.SetDefault("first"); err != nil {
		t.Fatal(err)
	}
	find("", "1")
	if err := os.Mkdir(".wxpay", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(".wxpay/wxpay.env", []byte("WECHATPAY_MCHID=3\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	find("", "3")
	t.Setenv(wxpay.EnvMchID, "4")
	find("", "4")
	t.Setenv(profile.EnvProfile, "second")
	find("", "2")
	find("first", "1")
	_, err = profile.Find("third")
	if e, ok := errors.AsType[*profile.NotFound](err); !ok || e.Name != "third" || len(e.Known) != 2 {
		t.Errorf("a name that there is not: %v", err)
	}
}

func TestAFileIsReadAsAShellWould(t *testing.T) {
	t.Parallel()
	folder := profile.Folder(t.TempDir())
	write := func(text string) {
		if err := os.WriteFile(folder.File("x"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("\ufeff# a shop\r\n\r\nexport WECHATPAY_MCHID=\"19\"\r\nWECHATPAY_APIV3_KEY='it'\\''s'\nWECHATPAY_PUBLIC_KEY_FILE=pub_key.pem\nOTHER=1\n")
	p, err := folder.Read("x")
	if err != nil || p.MchID != "19" || p.APIv3.Value != "it's" || p.PublicKeyFile != filepath.Join(string(folder), "pub_key.pem") {
		t.Errorf("got %+v, %v", p, err)
	}
	for _, text := range []string{"top secret", "A B=secret", "A='secret", "=secret", "A='"} {
		write("# first\n" + text + "\n")
		if _, err := folder.Read("x"); err == nil || !strings.Contains(err.Error(), "line 2") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", text, err)
		}
	}
	write(strings.Repeat("#", 1<<20+1))
	if _, err := folder.Read("x"); err == nil {
		t.Error("a file of more than 1 MiB was read")
	}
}

func TestConfigNamesEveryFault(t *testing.T) {
	t.Parallel()
	dir, _ := made(t)
	p := &profile.Profile{
		Name: "shop", KeyFile: filepath.Join(dir, "apiclient_cert.pem"), PublicKeyFile: filepath.Join(dir, "none.pem"), PlatformFile: dir,
	}
	_, err := p.Config()
	e, ok := errors.AsType[*wxpay.InputError](err)
	if !ok {
		t.Fatal(err)
	}
	var fields []string
	for _, f := range e.Faults {
		if fields = append(fields, f.Field); f.Rule == "" || f.Remedy == "" {
			t.Errorf("%+v says too little", f)
		}
	}
	want := []string{wxpay.EnvMchID, wxpay.EnvMchSerial, wxpay.EnvMchPrivateKey, wxpay.EnvPublicKeyFile, wxpay.EnvPublicKeyID, wxpay.EnvPlatformCert}
	if !slices.Equal(fields, want) {
		t.Errorf("faults of %q, want %q", fields, want)
	}
}

func TestWithoutATrustCertificatesAreDownloaded(t *testing.T) {
	t.Parallel()
	dir, c := made(t)
	p := &profile.Profile{MchID: c.MchID, Serial: c.MerchantSerial(), KeyFile: filepath.Join(dir, "apiclient_key.pem"), APIv3: profile.Secret{Value: c.APIv3Key}}
	cfg, err := p.Config()
	if _, ok := cfg.Trust.(*wxpay.Certificates); !ok || err != nil {
		t.Errorf("trust = %T, %v", cfg.Trust, err)
	}
	if _, err := p.Trust(); err == nil {
		t.Error("Trust made one of nothing")
	}
	p.APIv3 = profile.Secret{}
	if _, err := p.Config(); err == nil || !strings.Contains(err.Error(), wxpay.EnvAPIv3Key) {
		t.Errorf("without any key: %v", err)
	}
}

// TestTheKeyIsFetchedFromWhereItIs sets a variable, and a keyring in memory.
func TestTheKeyIsFetchedFromWhereItIs(t *testing.T) {
	keyring.MockInit()
	key := "0123456789abcdef0123456789ABCDEF"
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte(key+"\r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("THE_KEY", key)
	stored, err := profile.Remember("shop", key)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []profile.Secret{{Value: key}, {File: file}, {Env: "THE_KEY"}, stored} {
		p := profile.Profile{APIv3: s}
		if got, err := p.APIv3Key(); got != key || err != nil {
			t.Errorf("from %s: %v", s.Where(), err)
		}
	}
	for _, s := range []profile.Secret{{}, {Value: key[1:]}, {File: file + "x"}, {File: filepath.Dir(file)}, {Env: "NO_SUCH_KEY"}, {Keyring: "none"}} {
		p := profile.Profile{APIv3: s}
		_, err := p.APIv3Key()
		if _, ok := errors.AsType[*wxpay.InputError](err); !ok || strings.Contains(err.Error(), key[1:]) {
			t.Errorf("from %s: %v", s.Where(), err)
		}
	}
	folder := profile.Folder(t.TempDir())
	if err := folder.Write(&profile.Profile{Name: "shop", APIv3: stored}); err != nil {
		t.Fatal(err)
	}
	if err := folder.Remove("shop"); err != nil {
		t.Fatal(err)
	}
	if _, err := stored.Read(); err == nil {
		t.Error("the keyring still has the key of a profile that was removed")
	}
}
