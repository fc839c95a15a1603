package emulator

import (
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay/internal/loopback"
)

// KeyMode says which of its two keys WeChat Pay signs with.
type KeyMode string

const (
	// KeyBoth is a merchant that moves from platform certificates to the
	// public key (平台证书切换微信支付公钥): an answer is signed with the key that
	// the request's Wechatpay-Serial names, and with the certificate when it
	// names none.
	KeyBoth KeyMode = "both"
	// KeyPublic is a merchant that has the WeChat Pay public key alone, as
	// every new one does. There are no platform certificates to download.
	KeyPublic KeyMode = "public-key"
	// KeyCertificate is a merchant that did not switch the public key on:
	// answers are signed with the certificate even where the request names
	// the public key.
	KeyCertificate KeyMode = "certificate"
)

// DefaultMchID is the merchant of a [Config] that names none: the one of the
// official samples.
const DefaultMchID = "1900000109"

// Config is what an [Emulator] is made of. The zero value works.
type Config struct {
	// MchID is the merchant id of the caller. Defaults to that of Credentials,
	// or to [DefaultMchID].
	MchID string

	// Role is what kind of merchant the caller is; see [Role]. Defaults to any.
	Role Role

	// SubMerchants are the sub-merchants (特约商户) of a service provider or a
	// clearing institution; it is refused for others. None named means any.
	SubMerchants []string

	// Credentials are the keys of both sides. Defaults to new ones.
	Credentials *Credentials

	// Folder is where the credentials were written, for whoever asks the admin
	// interface. It is not read.
	Folder string

	// Keys says which key WeChat Pay signs with. Defaults to KeyBoth.
	Keys KeyMode

	// NotifyKeys is the same for notifications: KeyPublic or KeyCertificate.
	// Defaults to Keys, and to KeyPublic where that is KeyBoth. (The live
	// service mixes both at random during a migration.)
	NotifyKeys KeyMode

	// Clock is the time. Defaults to the clock that the store has kept, which
	// ran on unless it was frozen, or else the machine's.
	Clock *Clock

	// Strict refuses a prepay_id that was not made here. Otherwise a
	// well-formed one counts as an order made elsewhere.
	Strict bool

	// BaseURL is where the emulator is reached, for links in answers.
	// Defaults to the host of each request.
	BaseURL string

	// ForwardTo is a loopback URL that receives the notifications for every
	// notify_url that is not itself loopback. Without a path of its own it is
	// given that of the notify_url. The header Wxpay-Notify-Url holds the
	// notify_url. Without ForwardTo such a notification is kept and shown as
	// not delivered.
	ForwardTo string

	// TerminateURLs gives, by service id or plan id, the URL that is told of a
	// termination, which a merchant sets up together with the plan. Defaults
	// to the notify URL of the pre-sign. By the id of a template of ETC
	// (ETC扣费) it is told of every change. Where a pre-sign has no URL, as
	// those of education, it is told of the signing too.
	TerminateURLs map[int64]string

	// Plans says, by plan id, what kind of deduction plans WeChat Pay set up;
	// see [Emulator.SetPlan].
	Plans map[int64]Plan

	// Client sends the notifications; its redirect policy and time-out are
	// replaced. Defaults to one that can reach loopback addresses only.
	Client *http.Client

	// AllowRemote lets other machines use the admin interface.
	AllowRemote bool

	// Exchanges is how many requests and answers are kept for
	// [Emulator.Exchanges], in memory; with them comes [Emulator.Coverage].
	// Defaults to none.
	Exchanges int

	// Description is what there is to call. Defaults to that of package spec:
	// everything that is published.
	Description Description

	// Store keeps the state, and the clock. Defaults to memory. Close closes it.
	Store Store

	// Rand is the source of identifiers and nonces, not of keys. Defaults to
	// [Seeded], if there is a Seed, and to crypto/rand.
	Rand io.Reader

	// Seed makes what happens by chance happen again: a failing run repeats
	// with the same seed. An identifier that the state has, from an earlier run
	// or an import, is not given again. Defaults to one made at random, which
	// [Emulator.Seed] tells.
	Seed string

	// Logger is told of refused requests and of deliveries. Defaults to none.
	Logger *slog.Logger
}

// ConfigError says which field of a [Config] or which argument is wrong, what
// the rule is, and what to do. Its text holds no key.
type ConfigError struct{ Field, Rule, Remedy string }

// Error names the field, the rule and the remedy.
func (e *ConfigError) Error() string {
	return "emulator: " + e.Field + " " + e.Rule + ": " + e.Remedy
}

// complete returns the configuration with its defaults filled in.
func (c Config) complete() (Config, error) {
	if c.Description == nil {
		c.Description = published{}
	}
	if c.Store == nil {
		c.Store = NewMemory()
	}
	c.completeRandom()
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Clock == nil {
		clock, err := clockOf(c.Store)
		if err != nil {
			return c, err
		}
		c.Clock = clock
	}
	if err := c.checkRole(); err != nil {
		return c, err
	}
	if err := c.completeKeys(); err != nil {
		return c, err
	}
	if err := c.checkURLs(); err != nil {
		return c, err
	}
	for _, plan := range c.Plans {
		if plan.check() != nil {
			return c, &ConfigError{"Plans", "has a kind or a price that is none", "use scheduled, periodic, periodic-24h, on-demand or combined, and prices of at least 0 fen"}
		}
	}
	return c, c.completeCredentials()
}

func (c *Config) completeRandom() {
	if c.Rand == nil && c.Seed != "" {
		c.Rand = Seeded(c.Seed)
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	if c.Seed == "" {
		c.Seed = rand.Text()
	}
}

func (c *Config) completeKeys() error {
	switch c.Keys {
	case "":
		c.Keys = KeyBoth
	case KeyBoth, KeyPublic, KeyCertificate:
	default:
		return &ConfigError{"Keys", "is not a known mode", "use both, public-key or certificate"}
	}
	switch c.NotifyKeys {
	case "":
		c.NotifyKeys = KeyPublic
		if c.Keys == KeyCertificate {
			c.NotifyKeys = KeyCertificate
		}
	case KeyPublic, KeyCertificate:
	default:
		return &ConfigError{"NotifyKeys", "is not a known mode", "use public-key or certificate"}
	}
	return nil
}

func (c *Config) completeCredentials() (err error) {
	if c.Credentials == nil {
		if c.MchID == "" {
			c.MchID = DefaultMchID
		}
		c.Credentials, err = NewCredentials(c.MchID, c.Clock.Now())
		return err
	}
	if c.MchID == "" {
		c.MchID = c.Credentials.MchID
	}
	if c.MchID != c.Credentials.MchID {
		return &ConfigError{"MchID", "is not the merchant of the credentials", "leave it out, or make credentials for it"}
	}
	return c.Credentials.check()
}

func (c *Config) checkURLs() error {
	c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
	if c.ForwardTo == "" {
		return nil
	}
	u, err := url.Parse(c.ForwardTo)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.RawQuery != "" {
		return &ConfigError{"ForwardTo", "is not an http or https URL without a query", "give for instance http://127.0.0.1:8080"}
	}
	if !loopback.Host(u.Hostname()) {
		return &ConfigError{"ForwardTo", "is not a loopback address", "notifications never leave the machine; use 127.0.0.1, [::1] or localhost"}
	}
	return nil
}

// answerTime is how long a receiver may take to answer a notification whose
// description gives no other time.
const answerTime = 5 * time.Second
