// Package platformcert downloads the platform certificates (微信支付平台证书) of a
// merchant, keeps them in a folder, and tells what has changed.
package platformcert

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/wholefile"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

// ErrPublicKey is the hint for a merchant that has no certificates.
var ErrPublicKey = errors.New("this merchant has a WeChat Pay public key and no certificates: download pub_key.pem from the merchant platform, API security")

// Fetch downloads the list, the newest first. What it returns was encrypted
// with the merchant's APIv3 key, and signed by a certificate of the list itself:
// nothing has to be trusted before. Errors are those of the client.
func Fetch(ctx context.Context, cfg wxpay.Config, apiKey string) ([]*x509.Certificate, error) {
	trust, err := wxpay.NewCertificates(cfg, apiKey)
	if err != nil {
		return nil, err
	}
	cfg.Trust = trust
	wx, err := wxpay.New(cfg)
	if err != nil {
		return nil, err
	}
	var answer wxpay.Answer
	op := &wxpay.Op{Method: http.MethodGet, Path: "/v3/certificates", Idempotent: true}
	err = wx.Do(ctx, op, nil, nil, wxpay.Into(&answer))
	if e, ok := errors.AsType[*wxpay.Error](err); ok && e.Code == "RESOURCE_NOT_EXISTS" {
		return nil, fmt.Errorf("%w; %w", err, ErrPublicKey)
	}
	if err != nil {
		return nil, err
	}
	return open(answer.Body, apiKey)
}

// open decrypts a verified list.
func open(body []byte, apiKey string) (list []*x509.Certificate, err error) {
	var wire struct {
		Data []struct {
			Serial string        `json:"serial_no"`
			Sealed seal.Resource `json:"encrypt_certificate"`
		} `json:"data"`
	}
	if err := json.Unmarshal(body, &wire); err != nil {
		return nil, fmt.Errorf("the list of certificates: %w", err)
	}
	for _, entry := range wire.Data {
		text, err := seal.Open([]byte(apiKey), entry.Sealed)
		if err != nil {
			return nil, err
		}
		cert, err := sign.ParseCertificate(text)
		if err != nil {
			return nil, err
		}
		list = append(list, cert)
	}
	slices.SortFunc(list, func(a, b *x509.Certificate) int { return b.NotBefore.Compare(a.NotBefore) })
	return list, nil
}

// Warning is how long before its end a certificate is said to expire: WeChat
// Pay lists the next one some days before.
const Warning = 30 * 24 * time.Hour

// Info is what is shown of a certificate. Its JSON is a contract with programs.
type Info struct {
	Serial   string `json:"serial"`
	From     string `json:"effective_time"`
	Until    string `json:"expire_time"`
	DaysLeft int    `json:"days_left"` // 0 from the last day on
	State    string `json:"state"`     // valid, expiring, expired, future
	File     string `json:"file,omitempty"`
	Change   string `json:"change,omitempty"` // new, kept, gone
}

// States of a certificate.
const (
	StateValid    = "valid"
	StateExpiring = "expiring"
	StateExpired  = "expired"
	StateFuture   = "future"
)

// Changes of a folder.
const (
	ChangeNew  = "new"
	ChangeKept = "kept"
	ChangeGone = "gone" // not listed any more; its file stays
)

// Describe says what there is to know of a certificate at a time.
func Describe(c *x509.Certificate, now time.Time) Info {
	i := Info{Serial: sign.Serial(c), From: c.NotBefore.Format(time.RFC3339), Until: c.NotAfter.Format(time.RFC3339), State: StateValid}
	left := c.NotAfter.Sub(now)
	i.DaysLeft = max(0, int(left/(24*time.Hour)))
	switch {
	case left <= 0:
		i.State = StateExpired
	case now.Before(c.NotBefore):
		i.State = StateFuture
	case left < Warning:
		i.State = StateExpiring
	}
	return i
}

// PEM is the certificate as a file has it.
func PEM(c *x509.Certificate) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
}

const filePrefix = "wechatpay_"

// FileName is the name of a certificate's file, as the official tools write it.
func FileName(c *x509.Certificate) string { return filePrefix + sign.Serial(c) + ".pem" }

// Save writes the certificates that a folder does not hold yet, each whole or
// not at all, and says of all what changed.
func Save(dir string, list []*x509.Certificate, now time.Time) ([]Info, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // certificates are public
		return nil, err
	}
	old, err := Load(dir)
	if err != nil {
		return nil, err
	}
	var infos []Info
	for _, c := range list {
		i := Describe(c, now)
		i.File, i.Change = filepath.Join(dir, FileName(c)), ChangeKept
		if !slices.ContainsFunc(old, c.Equal) {
			i.Change = ChangeNew
			if err := wholefile.Write(i.File, PEM(c), 0o644); err != nil {
				return nil, err
			}
		}
		infos = append(infos, i)
	}
	for _, c := range old {
		if !slices.ContainsFunc(list, c.Equal) {
			i := Describe(c, now)
			i.File, i.Change = filepath.Join(dir, FileName(c)), ChangeGone
			infos = append(infos, i)
		}
	}
	return infos, nil
}

// Load reads the certificates of a folder, the newest first. Other files are
// passed over; one of ours that cannot be read is an error that names it.
func Load(dir string) (list []*x509.Certificate, err error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), filePrefix) || filepath.Ext(e.Name()) != ".pem" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		c, err := sign.ParseCertificate(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Join(dir, e.Name()), err)
		}
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b *x509.Certificate) int { return b.NotBefore.Compare(a.NotBefore) })
	return list, nil
}

// Watch downloads into a folder again and again until ctx ends.
type Watch struct {
	Dir   string
	Fetch func(ctx context.Context) ([]*x509.Certificate, error)
	Now   func() time.Time
	Sleep func(ctx context.Context) error     // until the next download; its error ends the watch
	Tell  func(infos []Info, err error) error // after each; err is of a download that failed
}

// Run watches. A download that fails is told, and the files stay as they are.
func (w *Watch) Run(ctx context.Context) error {
	for {
		var infos []Info
		list, err := w.Fetch(ctx)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err == nil {
			if infos, err = Save(w.Dir, list, w.Now()); err != nil {
				return err
			}
		}
		if err := w.Tell(infos, err); err != nil {
			return err
		}
		if err := w.Sleep(ctx); err != nil {
			return err
		}
	}
}
