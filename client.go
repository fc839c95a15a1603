package wxpay

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/hex"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

// Addresses of WeChat Pay.
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012081709
const (
	BaseURL   = "https://api.mch.weixin.qq.com"
	BackupURL = "https://api2.mch.weixin.qq.com" // 备域名, another site
)

// Config is what a [Client] is made of. Optional fields work as their zero
// value. It is copied: changing it later has no effect.
type Config struct {
	// MchID is the number of the merchant (商户号) that calls: digits.
	MchID string

	// Signer is the private key of the merchant's API certificate (商户API证书),
	// RSA of 2048 bits or more. A key in a KMS or an HSM serves. To receive
	// encrypted fields it must be a [crypto.Decrypter] too.
	Signer crypto.Signer

	// Serial is the serial number of the merchant's API certificate, in hex.
	// It may be left out where Certificate is given.
	Serial string

	// Certificate is optional. If given, New checks that Signer and Serial
	// belong to it.
	Certificate *x509.Certificate

	// Trust knows the keys of WeChat Pay: [sign.PublicKey],
	// [sign.Certificates], [NewCertificates], or several by [sign.AnyOf].
	Trust sign.Trust

	// BaseURL is scheme and host. Defaults to the address of WeChat Pay.
	BaseURL string

	// BackupURL is tried when BaseURL fails repeatedly. Defaults to the second
	// domain of WeChat Pay if BaseURL is the default, else to none.
	BackupURL string

	// Transport sends requests. Defaults to one made by [NewTransport], which
	// takes the proxy from the environment.
	Transport http.RoundTripper

	// Timeout bounds one attempt. Defaults to 30 s.
	Timeout time.Duration

	// Retry bounds the attempts of one call.
	Retry Retry

	// MaxBody bounds an answer, in bytes. Defaults to 8 MiB.
	MaxBody int64

	// Language of messages: zh-CN (the default), en, zh-HK or zh-TW.
	Language string

	// Logger gets a line for each attempt: debug for a success, warn for the
	// rest. Never a key, a header, a body or a path value. Defaults to silence.
	Logger *slog.Logger

	// Trace, if set, is called before each attempt; what it returns is the
	// context of the attempt, and a function (or nil) called after it.
	Trace func(context.Context, Attempt) (context.Context, func(Outcome))

	// Suite is the signature scheme. Defaults to [sign.RSA].
	Suite sign.Suite

	// Now and Nonce are for tests. They default to time.Now and sign.Nonce.
	Now   func() time.Time
	Nonce func() string
}

// Client calls WeChat Pay for one merchant. It is safe for concurrent use and
// meant to live as long as the program.
type Client struct {
	cfg          Config
	base, backup *url.URL
	verifier     sign.Verifier
	prefix       string // of the Authorization header
	suffix       string

	// down is the time, in nanoseconds since the Unix epoch, until which calls
	// go to the backup; 0 for the first site.
	down atomic.Int64
}

// New checks cfg and returns a client. It does no I/O and starts nothing. Its
// error is an [*InputError] that names every field at fault.
func New(cfg Config) (*Client, error) {
	c, faults := prepare(cfg)
	if cfg.Trust == nil {
		faults = append(faults, Fault{"Trust", "is required", "use sign.PublicKey with the key of WeChat Pay, or NewCertificates"})
	} else {
		faults = append(faults, swapped(cfg)...)
	}
	if len(faults) > 0 {
		return nil, &InputError{What: "config", Faults: faults}
	}
	return c, nil
}

// prepare fills the defaults of cfg and checks all but Trust.
func prepare(cfg Config) (*Client, []Fault) {
	c := &Client{cfg: cfg}
	var faults []Fault
	fault := func(field, rule, remedy string) { faults = append(faults, Fault{field, rule, remedy}) }

	if cfg.MchID == "" || strings.Trim(cfg.MchID, "0123456789") != "" || len(cfg.MchID) > 32 {
		fault("MchID", "must be the merchant number, digits only", "take it from the merchant platform, account centre")
	}
	c.checkKey(fault)
	c.addresses(fault)
	c.defaults(fault)
	c.verifier = sign.Verifier{Trust: cfg.Trust, Suite: c.cfg.Suite, Now: c.cfg.Now}
	c.prefix = c.cfg.Suite.Scheme() + ` mchid="` + cfg.MchID + `",nonce_str="`
	c.suffix = `",serial_no="` + c.cfg.Serial + `"`
	return c, faults
}

func (c *Client) checkKey(fault func(field, rule, remedy string)) {
	cfg := &c.cfg
	if cfg.Suite == nil {
		cfg.Suite = sign.RSA
	}
	if cfg.Certificate != nil && cfg.Serial == "" {
		cfg.Serial = sign.Serial(cfg.Certificate)
	}
	if !isSerial(cfg.Serial) {
		fault("Serial", "must be the serial number of the merchant's API certificate, in hex", "read it with: openssl x509 -noout -serial -in apiclient_cert.pem")
	}
	if cfg.Signer == nil {
		fault("Signer", "is required", "load apiclient_key.pem with sign.ParsePrivateKey")
		return
	}
	pub := cfg.Signer.Public()
	if key, ok := pub.(*rsa.PublicKey); cfg.Suite == sign.RSA && (!ok || key.N.BitLen() < 2048) {
		fault("Signer", "must be an RSA key of 2048 bits or more", "use the apiclient_key.pem that belongs to the merchant's API certificate")
		return
	}
	if cfg.Certificate == nil {
		return
	}
	if !sameKey(pub, cfg.Certificate.PublicKey) {
		fault("Signer", "does not belong to Certificate", "use apiclient_key.pem and apiclient_cert.pem of the same download")
	}
	if !sign.SameSerial(cfg.Serial, sign.Serial(cfg.Certificate)) {
		fault("Serial", "is not that of Certificate", "leave Serial out: it is read from the certificate")
	}
}

func isSerial(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	_, err := hex.DecodeString(strings.Repeat("0", len(s)%2) + s)
	return err == nil
}

func sameKey(a, b crypto.PublicKey) bool {
	k, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && k.Equal(b)
}

// swapped finds the merchant's own key where WeChat Pay's belongs. The context
// is ended already, so that a Trust that would download does not.
func swapped(cfg Config) []Fault {
	if cfg.Signer == nil {
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	serial, key, err := cfg.Trust.Current(ctx)
	if err != nil {
		return nil
	}
	if sameKey(cfg.Signer.Public(), key) || isSerial(cfg.Serial) && sign.SameSerial(serial, cfg.Serial) {
		return []Fault{{"Trust", "holds the merchant's own key", "give it the public key of WeChat Pay (pub_key.pem) or its platform certificate, not apiclient_cert.pem"}}
	}
	return nil
}

func (c *Client) addresses(fault func(field, rule, remedy string)) {
	cfg := &c.cfg
	if cfg.BaseURL == "" {
		cfg.BaseURL = BaseURL
		if cfg.BackupURL == "" {
			cfg.BackupURL = BackupURL
		}
	}
	c.base = parseBase("BaseURL", cfg.BaseURL, fault)
	if cfg.BackupURL != "" {
		c.backup = parseBase("BackupURL", cfg.BackupURL, fault)
	}
}

func parseBase(field, s string, fault func(field, rule, remedy string)) *url.URL {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		fault(field, "must be scheme and host", "for instance "+BaseURL)
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		fault(field, "must have no path, query, fragment or user", "the path is signed and comes from the endpoint: give "+u.Scheme+"://"+u.Host)
	case u.Scheme == "http" && isWeChat(u.Hostname()):
		fault(field, "must be https for WeChat Pay", "give https://"+u.Host)
	case net.ParseIP(u.Hostname()) != nil && !net.ParseIP(u.Hostname()).IsLoopback() && u.Scheme == "https":
		fault(field, "must be a host name", "WeChat Pay is called by name, never by address")
	}
	return u
}

func isWeChat(host string) bool {
	return strings.HasSuffix(host, ".weixin.qq.com") || strings.HasSuffix(host, ".wechatpay.cn")
}

func (c *Client) defaults(fault func(field, rule, remedy string)) {
	cfg := &c.cfg
	if cfg.Transport == nil {
		cfg.Transport = NewTransport()
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 30 * time.Second
	}
	if cfg.MaxBody == 0 {
		cfg.MaxBody = 8 << 20
	}
	if cfg.Timeout < 0 || cfg.MaxBody < 0 {
		fault("Timeout", "and MaxBody must not be negative", "leave them out for the defaults")
	}
	switch cfg.Language {
	case "", "zh-CN", "en", "zh-HK", "zh-TW":
	default:
		fault("Language", "must be zh-CN, en, zh-HK or zh-TW", "leave it out for zh-CN")
	}
	cfg.Retry.defaults(fault)
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Nonce == nil {
		cfg.Nonce = sign.Nonce
	}
}

// NewTransport returns a transport tuned for WeChat Pay: connections are kept
// and shared, at most 64 to a host, with time-outs for each step of making one.
// The proxy comes from the environment. Change what it returns before use to
// set another proxy, or a TLS configuration.
func NewTransport() *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   5 * time.Second,
		ResponseHeaderTimeout: 30 * time.Second,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       60 * time.Second,
		MaxConnsPerHost:       64,
		MaxIdleConns:          256,
		MaxIdleConnsPerHost:   64,
		// The signature covers the body as it is; nothing is to be unpacked.
		DisableCompression: true,
		ForceAttemptHTTP2:  true,
	}
}
