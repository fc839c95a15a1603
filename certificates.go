package wxpay

import (
	"context"
	"crypto"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

// How often platform certificates are asked for. WeChat Pay wants it at least
// every twelve hours, and begins to use a new one a day after it is listed.
const (
	refreshAge  = 11 * time.Hour   // older than this, they are asked for again
	refreshWait = 60 * time.Second // between two downloads, whatever the reason
)

// maxCertificates bounds a list; WeChat Pay has two in use at the most.
const maxCertificates = 16

// Certificates is a [sign.Trust] of platform certificates (微信支付平台证书) that
// it downloads when it needs one, and again when they have grown old or an
// unknown serial turns up. It downloads in the call that needs the key, one at
// a time, at most once a minute; it has no goroutine. While a download fails,
// the certificates it has serve on until they expire.
type Certificates struct {
	wx     *Client // without trust of its own
	apiKey []byte
	flight chan struct{} // holds a token while a download is on its way

	mu    sync.RWMutex
	trust sign.Trust // nil before the first download
	asked time.Time  // of the last download, done or failed
	got   time.Time  // of the last good one
	err   error      // of the last failed one
}

// NewCertificates returns a trust that downloads with cfg, whose Trust is not
// used, and decrypts with apiV3Key (APIv3密钥). It does no I/O. Use one for each
// merchant:
//
//	certs, err := wxpay.NewCertificates(cfg, apiV3Key)
//	cfg.Trust = certs
//	wx, err := wxpay.New(cfg)
//
// Its error is an [*InputError].
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012551764
func NewCertificates(cfg Config, apiV3Key string) (*Certificates, error) {
	cfg.Trust = nil
	wx, faults := prepare(cfg)
	err := seal.CheckAPIv3Key(apiV3Key)
	if err != nil {
		faults = append(faults, Fault{"APIv3Key", "must be 32 bytes", "take the APIv3 key, not the APIv2 key, from the merchant platform, API security"})
	}
	if len(faults) > 0 {
		return nil, &InputError{What: "config", Faults: faults, Err: err}
	}
	return &Certificates{wx: wx, apiKey: []byte(apiV3Key), flight: make(chan struct{}, 1)}, nil
}

// Key implements [sign.Trust]. A serial that is not known leads to a download,
// at most once a minute.
func (c *Certificates) Key(ctx context.Context, serial string) (crypto.PublicKey, error) {
	trust := c.fresh(ctx)
	if trust != nil {
		if key, err := trust.Key(ctx, serial); err == nil {
			return key, nil
		}
	}
	trust, err := c.need(ctx, trust)
	if err != nil {
		return nil, &sign.Error{Op: "certificates", Code: sign.CodeSerial, Serial: serial, Detail: "the platform certificates could not be downloaded", Err: err}
	}
	return trust.Key(ctx, serial)
}

// Current implements [sign.Trust]: the newest certificate.
func (c *Certificates) Current(ctx context.Context) (string, crypto.PublicKey, error) {
	trust := c.fresh(ctx)
	if trust != nil {
		if serial, key, err := trust.Current(ctx); err == nil {
			return serial, key, nil
		}
	}
	trust, err := c.need(ctx, trust)
	if err != nil {
		return "", nil, err
	}
	return trust.Current(ctx)
}

// Refresh downloads now, whatever the age of what is there.
func (c *Certificates) Refresh(ctx context.Context) error {
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.unlock()
	return c.download(ctx)
}

// fresh returns what is there, after asking again if that has grown old and
// nobody else is asking. A failure is logged; the old ones serve on.
func (c *Certificates) fresh(ctx context.Context) sign.Trust {
	trust, old := c.state()
	if trust == nil || !old || ctx.Err() != nil {
		return trust
	}
	select {
	case c.flight <- struct{}{}:
	default:
		return trust
	}
	defer c.unlock()
	if err := c.download(ctx); err != nil && c.wx.cfg.Logger != nil {
		c.wx.cfg.Logger.LogAttrs(ctx, slog.LevelWarn, "wxpay: platform certificates not refreshed", slog.String("error", err.Error()))
	}
	trust, _ = c.state()
	return trust
}

func (c *Certificates) state() (trust sign.Trust, old bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	now := c.wx.cfg.Now()
	return c.trust, now.Sub(c.got) >= refreshAge && now.Sub(c.asked) >= refreshWait
}

// need returns a trust other than had, which did not serve: that of a download
// that others made meanwhile, or of one made now. Waiting for others ends with
// the caller's own context.
func (c *Certificates) need(ctx context.Context, had sign.Trust) (sign.Trust, error) {
	if err := c.lock(ctx); err != nil {
		return nil, err
	}
	defer c.unlock()
	c.mu.RLock()
	trust, asked, err := c.trust, c.asked, c.err
	c.mu.RUnlock()
	if trust != had {
		return trust, nil
	}
	if !asked.IsZero() && c.wx.cfg.Now().Sub(asked) < refreshWait {
		if trust != nil {
			return trust, nil // asked a moment ago: the serial is not known
		}
		return nil, fmt.Errorf("asked less than a minute ago: %w", err)
	}
	if err := c.download(ctx); err != nil {
		return nil, err
	}
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.trust, nil
}

func (c *Certificates) lock(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case c.flight <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (c *Certificates) unlock() { <-c.flight }

// download asks once and keeps what came. A call that its caller gave up is no
// failure of the service and does not hold off the next.
func (c *Certificates) download(ctx context.Context) error {
	trust, err := c.fetch(ctx)
	now := c.wx.cfg.Now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		if ctx.Err() == nil {
			c.asked, c.err = now, err
		}
		return err
	}
	c.trust, c.asked, c.got, c.err = trust, now, now, nil
	return nil
}

var opCertificates = Op{Method: "GET", Path: "/v3/certificates", Idempotent: true}

// certificateList is the answer of GET /v3/certificates.
type certificateList struct {
	Data []struct {
		SerialNo string        `json:"serial_no"`
		Sealed   seal.Resource `json:"encrypt_certificate"`
	} `json:"data"`
}

// fetch downloads the list. Whoever made it knew the APIv3 key, since it
// decrypts; then the answer as a whole must be signed by a certificate of the
// list itself.
func (c *Certificates) fetch(ctx context.Context) (trust sign.Trust, err error) {
	k := &call{op: &opCertificates, idempotent: true}
	k.keys = func(body []byte) (sign.Trust, error) {
		trust, err = c.open(body)
		return trust, err
	}
	if err := k.address(); err != nil {
		return nil, err
	}
	if _, err := c.wx.repeat(ctx, k); err != nil {
		return nil, err
	}
	return trust, nil
}

// open decrypts the certificates of a list.
func (c *Certificates) open(body []byte) (sign.Trust, error) {
	var list certificateList
	if err := json.Unmarshal(body, &list); err != nil {
		return nil, fmt.Errorf("wxpay: list of certificates: %w", err)
	}
	if n := len(list.Data); n == 0 || n > maxCertificates {
		return nil, fmt.Errorf("wxpay: list of certificates: %d entries, want 1 to %d", n, maxCertificates)
	}
	certs := make([]*x509.Certificate, 0, len(list.Data))
	for _, entry := range list.Data {
		cert, err := c.openOne(entry.SerialNo, entry.Sealed)
		if err != nil {
			return nil, err
		}
		certs = append(certs, cert)
	}
	return sign.CertificatesAt(c.wx.cfg.Now, certs...)
}

func (c *Certificates) openOne(serial string, sealed seal.Resource) (*x509.Certificate, error) {
	text, err := seal.Open(c.apiKey, sealed)
	if err != nil {
		return nil, fmt.Errorf("wxpay: a certificate does not decrypt; is the APIv3 key that of this merchant? %w", err)
	}
	cert, err := sign.ParseCertificate(text)
	if err != nil {
		return nil, fmt.Errorf("wxpay: list of certificates: %w", err)
	}
	if !sign.SameSerial(sign.Serial(cert), serial) {
		return nil, errors.New("wxpay: list of certificates: a certificate has another serial than its entry")
	}
	return cert, nil
}
