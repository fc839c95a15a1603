package emulator

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/wxpay-go/wxpay/sign"
)

// The files of a credentials folder. The first five are what a merchant has;
// the folder "emulator" holds WeChat Pay's own halves, kept so that a restart
// signs with the same keys.
const (
	fileEnv          = "wxpay.env"
	fileMerchantKey  = "apiclient_key.pem"
	fileMerchantCert = "apiclient_cert.pem"
	filePublicKey    = "pub_key.pem"
	filePlatformCert = "platform_cert.pem"
	filePlatformKey  = "emulator/platform_key.pem"
	filePublicSigner = "emulator/pub_key_private.pem"
)

// WriteFolder writes the credentials as the files that a merchant could have
// from WeChat Pay, and wxpay.env, which names them by absolute paths, so that
// `set -a; . wxpay.env` serves a program in any language and any folder.
// baseURL is where the emulator listens. Private parts are readable by their
// owner alone. A folder that is not there yet appears with all of its files at
// once, so that an end in the middle leaves nothing, and of two programs that
// make it one fails; in one that is there each file is written whole or not at
// all.
func (c *Credentials) WriteFolder(dir, baseURL string) error {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("emulator: credentials folder: %w", err)
	}
	files, err := c.files(dir, baseURL)
	if err == nil {
		err = writeFolder(dir, files)
	}
	if err != nil {
		return fmt.Errorf("emulator: credentials folder: %w", err)
	}
	return nil
}

func writeFolder(dir string, files []folderFile) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return writeInto(dir, files)
	}
	if err := os.MkdirAll(filepath.Dir(dir), 0o700); err != nil {
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(dir), ".new-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(temp) }() // it is gone once it was moved
	if err := writeInto(temp, files); err != nil {
		return err
	}
	return os.Rename(temp, dir)
}

func writeInto(dir string, files []folderFile) error {
	if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(filePlatformKey)), 0o700); err != nil {
		return err
	}
	for _, f := range files {
		if err := writeWhole(filepath.Join(dir, filepath.FromSlash(f.name)), f.data, f.mode); err != nil {
			return err
		}
	}
	return nil
}

type folderFile struct {
	name string
	data []byte
	mode os.FileMode
}

func (c *Credentials) files(dir, baseURL string) ([]folderFile, error) {
	var list []folderFile
	for _, k := range []struct {
		name string
		key  *rsa.PrivateKey
	}{{fileMerchantKey, c.MerchantKey}, {filePlatformKey, c.PlatformKey}, {filePublicSigner, c.PublicKeySigner}} {
		der, err := x509.MarshalPKCS8PrivateKey(k.key)
		if err != nil {
			return nil, err
		}
		list = append(list, folderFile{k.name, encodePEM("PRIVATE KEY", der), 0o600})
	}
	public, err := x509.MarshalPKIXPublicKey(c.PublicKey())
	if err != nil {
		return nil, err
	}
	return append(list,
		folderFile{filePublicKey, encodePEM("PUBLIC KEY", public), 0o644},
		folderFile{fileMerchantCert, encodePEM("CERTIFICATE", c.MerchantCert.Raw), 0o644},
		folderFile{filePlatformCert, encodePEM("CERTIFICATE", c.PlatformCert.Raw), 0o644},
		folderFile{fileEnv, c.env(dir, baseURL), 0o600}, // last: it names the others
	), nil
}

func encodePEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

// Env is what wxpay.env holds, in its order: name and value.
func (c *Credentials) Env(dir, baseURL string) [][2]string {
	return [][2]string{
		{"WECHATPAY_BASE_URL", baseURL},
		{"WECHATPAY_MCHID", c.MchID},
		{"WECHATPAY_MCH_SERIAL", c.MerchantSerial()},
		{"WECHATPAY_MCH_PRIVATE_KEY_FILE", filepath.Join(dir, fileMerchantKey)},
		{"WECHATPAY_APIV3_KEY", c.APIv3Key},
		{"WECHATPAY_PUBLIC_KEY_ID", c.PublicKeyID},
		{"WECHATPAY_PUBLIC_KEY_FILE", filepath.Join(dir, filePublicKey)},
		{"WECHATPAY_PLATFORM_SERIAL", c.PlatformSerial()},
		{"WECHATPAY_PLATFORM_CERT_FILE", filepath.Join(dir, filePlatformCert)},
	}
}

func (c *Credentials) env(dir, baseURL string) []byte {
	var b strings.Builder
	for _, line := range c.Env(dir, baseURL) {
		fmt.Fprintf(&b, "%s=%s\n", line[0], quoteEnv(line[1]))
	}
	return []byte(b.String())
}

// quoteEnv quotes a value that a shell would split or expand.
func quoteEnv(value string) string {
	plain := func(r rune) bool {
		return strings.ContainsRune(base62, r) || strings.ContainsRune("/._-:+=@,%", r)
	}
	if strings.TrimFunc(value, plain) == "" {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}

// unquoteEnv undoes quoteEnv.
func unquoteEnv(text string) string {
	if inner, ok := strings.CutPrefix(text, "'"); ok && strings.HasSuffix(inner, "'") {
		return strings.ReplaceAll(strings.TrimSuffix(inner, "'"), `'\''`, "'")
	}
	return text
}

// writeWhole writes a file beside its place and moves it there, so that a
// reader never sees half of it.
func writeWhole(name string, data []byte, mode os.FileMode) error {
	temp, err := os.CreateTemp(filepath.Dir(name), ".new-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp.Name()) }() // fails once the file was moved, as it should
	if _, err := temp.Write(data); err != nil {
		_ = temp.Close()
		return err
	}
	if err := temp.Chmod(mode); err != nil {
		_ = temp.Close()
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), name)
}

// ReadFolder reads what [Credentials.WriteFolder] wrote. A folder that does
// not exist, or that holds no wxpay.env, is an error that matches
// [io/fs.ErrNotExist].
func ReadFolder(dir string) (*Credentials, error) {
	r := folderReader{dir: dir}
	env := r.env()
	c := &Credentials{
		MchID:           env["WECHATPAY_MCHID"],
		APIv3Key:        env["WECHATPAY_APIV3_KEY"],
		PublicKeyID:     env["WECHATPAY_PUBLIC_KEY_ID"],
		MerchantKey:     readPart(&r, fileMerchantKey, sign.ParsePrivateKey),
		MerchantCert:    readPart(&r, fileMerchantCert, sign.ParseCertificate),
		PlatformKey:     readPart(&r, filePlatformKey, sign.ParsePrivateKey),
		PlatformCert:    readPart(&r, filePlatformCert, sign.ParseCertificate),
		PublicKeySigner: readPart(&r, filePublicSigner, sign.ParsePrivateKey),
	}
	if r.err != nil {
		return nil, fmt.Errorf("emulator: credentials folder: %w", r.err)
	}
	return c, c.check()
}

// folderReader keeps the first error, so that the parts read as a list.
type folderReader struct {
	dir string
	err error
}

func (r *folderReader) read(name string) []byte {
	if r.err != nil {
		return nil
	}
	data, err := os.ReadFile(filepath.Join(r.dir, filepath.FromSlash(name)))
	r.err = err
	return data
}

func (r *folderReader) env() map[string]string {
	values := map[string]string{}
	for line := range strings.Lines(string(r.read(fileEnv))) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			values[name] = unquoteEnv(value)
		}
	}
	return values
}

func readPart[T any](r *folderReader, name string, parse func([]byte) (*T, error)) *T {
	data := r.read(name)
	if r.err != nil {
		return nil
	}
	part, err := parse(data)
	if err != nil {
		r.err = fmt.Errorf("%s: %w", name, err)
	}
	return part
}
