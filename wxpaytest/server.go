package wxpaytest

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/notify"
)

// Start is where the clock of every [Server] stands at first.
var Start = time.Date(2026, 1, 5, 10, 0, 0, 0, time.FixedZone("CST", 8*60*60))

// wallets holds the credentials of each merchant id. Making keys takes long,
// and credentials are read-only, so that tests may share them.
var wallets sync.Map // merchant id -> func() (*emulator.Credentials, error)

func credentials(mchID string) (*emulator.Credentials, error) {
	once := sync.OnceValues(func() (*emulator.Credentials, error) { return emulator.NewCredentials(mchID, Start) })
	wallet, _ := wallets.LoadOrStore(mchID, once)
	return wallet.(func() (*emulator.Credentials, error))()
}

// Server is WeChat Pay for one test. Its methods may be called from any
// goroutine; those that can fail end the test, and must be called from the
// test's own goroutine.
type Server struct {
	// URL is where a [Server] with a port is reached, "" for one without.
	URL string

	t        testing.TB
	pay      *emulator.Emulator
	platform *emulator.Platform
	shop     *shop
	mall     *mall // of all merchants
}

// Option changes the [Server] that [NewServer] makes.
type Option func(*settings)

type settings struct {
	cfg  emulator.Config
	port bool
}

// Configure changes what the server is made of: for instance MchID, Keys or
// Strict. Clock, Client and ForwardTo are the server's own unless f sets them.
func Configure(f func(*emulator.Config)) Option {
	return func(s *settings) { f(&s.cfg) }
}

// WithPort makes the server listen on a port of the loopback address, for a
// program that is not in the test's own process. [Server.URL] says where.
func WithPort() Option {
	return func(s *settings) { s.port = true }
}

// NewServer starts a server that ends with the test.
func NewServer(t testing.TB, opts ...Option) *Server {
	t.Helper()
	s := &Server{t: t, shop: newShop(), mall: &mall{shops: map[string]*shop{}}}
	set := settings{cfg: emulator.Config{
		MchID: emulator.DefaultMchID, Clock: emulator.NewClock(Start),
		Client: &http.Client{Transport: s.shop}, ForwardTo: "http://localhost",
	}}
	for _, opt := range opts {
		opt(&set)
	}
	if set.cfg.Credentials == nil {
		made, err := credentials(set.cfg.MchID)
		s.must("credentials", err)
		set.cfg.Credentials = made
	}
	if set.port {
		s.listen(&set.cfg)
		return s
	}
	s.open(set.cfg)
	return s
}

func (s *Server) open(cfg emulator.Config) {
	s.t.Helper()
	platform, err := emulator.NewPlatform(emulator.PlatformConfig{
		Config: cfg, Sender: s.mall.sender,
		Make: func(mchID string, _ time.Time) (*emulator.Credentials, error) { return credentials(mchID) },
	})
	s.must("new server", err)
	s.platform, s.pay = platform, platform.First()
	s.t.Cleanup(func() { _ = platform.Close() }) // the store is memory, or its owner's to complain about
}

// listen opens the port first, because the emulator's links name it.
func (s *Server) listen(cfg *emulator.Config) {
	s.t.Helper()
	listener := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.platform.ServeHTTP(w, r) }))
	s.URL = "http://" + listener.Listener.Addr().String()
	if cfg.BaseURL == "" {
		cfg.BaseURL = s.URL
	}
	s.open(*cfg)
	listener.Start()
	s.t.Cleanup(listener.Close)
}

// must ends the test when something went wrong that it did not ask for.
func (s *Server) must(doing string, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("wxpaytest: %s: %v", doing, err)
	}
}

// Emulator is what stands behind the server, for whatever has no method here.
func (s *Server) Emulator() *emulator.Emulator { return s.pay }

// APIv3Key is the APIv3 key (APIv3密钥) of the merchant.
func (s *Server) APIv3Key() string { return s.pay.Credentials().APIv3Key }

// Config is a configuration of the merchant's client that reaches this server,
// by its port if it has one. It trusts both the public key and the platform
// certificate, and runs by the server's clock.
func (s *Server) Config() wxpay.Config {
	s.t.Helper()
	creds := s.pay.Credentials()
	trust, err := creds.Trust(s.pay.Clock().Now)
	s.must("trust", err)
	cfg := wxpay.Config{
		MchID: creds.MchID, Signer: creds.MerchantKey, Certificate: creds.MerchantCert,
		Trust: trust, Now: s.pay.Clock().Now,
	}
	if s.URL != "" {
		cfg.BaseURL = s.URL
	} else {
		cfg.Transport = transport{s.platform}
	}
	return cfg
}

// Client is a client of [Server.Config].
func (s *Server) Client() *wxpay.Client {
	s.t.Helper()
	wx, err := wxpay.New(s.Config())
	s.must("client", err)
	return wx
}

// NotifyConfig is a configuration of the merchant's receiver of notifications.
func (s *Server) NotifyConfig() notify.Config {
	s.t.Helper()
	trust, err := s.pay.Credentials().Trust(s.pay.Clock().Now)
	s.must("trust", err)
	return notify.Config{Trust: trust, APIv3Key: s.APIv3Key(), Now: s.pay.Clock().Now}
}
