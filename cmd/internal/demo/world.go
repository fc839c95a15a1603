package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/notify"
	"github.com/wxpay-go/wxpay/sign"
)

// notifyURL is what the merchant tells WeChat Pay. The rules want a public
// https address; the emulator hands what it would send there to the merchant's
// server on this machine.
const notifyURL = "https://shop.example/wechatpay/notify"

// world is everybody who takes part.
type world struct {
	pay  *emulator.Emulator
	wx   *wxpay.Client
	shop *shop

	report Report
	stop   []func() // in reverse
	wire   *wire
}

func open(ctx context.Context) (w *world, err error) {
	w = &world{shop: newShop()}
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	shopAddr, err := w.serve(w.shop)
	if err != nil {
		return w, err
	}
	if w.pay, err = emulator.New(emulator.Config{ForwardTo: "http://" + shopAddr}); err != nil {
		return w, err
	}
	w.stop = append(w.stop, func() { _ = w.pay.Close() })
	payAddr, err := w.serve(w.pay)
	if err != nil {
		return w, err
	}
	w.run(ctx)
	w.report.BaseURL, w.report.NotifyURL = "http://"+payAddr, notifyURL
	return w, w.merchant()
}

// serve listens on a free loopback port until the world ends.
func (w *world) serve(h http.Handler) (addr string, err error) {
	l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("no free port on loopback: %w", err)
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(l) }()
	w.stop = append(w.stop, func() { _ = srv.Close(); <-done })
	return l.Addr().String(), nil
}

// run lets WeChat Pay send its notifications.
func (w *world) run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { defer close(done); _ = w.pay.Run(ctx) }()
	w.stop = append(w.stop, func() { cancel(); <-done })
}

func (w *world) close() {
	for _, stop := range slices.Backward(w.stop) {
		stop()
	}
}

// merchant sets up what a merchant has: a client, and a receiver of
// notifications, with the keys of both kinds as during a migration.
func (w *world) merchant() error {
	keys := w.pay.Credentials()
	platform, err := sign.Certificates(keys.PlatformCert)
	if err != nil {
		return err
	}
	trust := sign.AnyOf(sign.PublicKey(keys.PublicKeyID, keys.PublicKey()), platform)
	receiver, err := notify.New(notify.Config{Trust: trust, APIv3Key: keys.APIv3Key})
	if err != nil {
		return err
	}
	w.shop.handle("/wechatpay/notify", receiver.Handler(w.shop.accept))
	w.wire = &wire{next: wxpay.NewTransport()}
	w.stop = append(w.stop, w.wire.next.CloseIdleConnections)
	w.wx, err = wxpay.New(wxpay.Config{
		MchID: keys.MchID, Certificate: keys.MerchantCert, Signer: keys.MerchantKey,
		Trust: trust, BaseURL: w.report.BaseURL, Transport: w.wire, Language: "en",
	})
	return err
}

// shop is the merchant's server.
type shop struct {
	mux *http.ServeMux

	mu     sync.Mutex
	events []*notify.Event
	news   chan struct{} // closed and replaced when an event comes
}

func newShop() *shop { return &shop{mux: http.NewServeMux(), news: make(chan struct{})} }

func (s *shop) handle(path string, h http.Handler) { s.mux.Handle(path, h) }

func (s *shop) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// accept keeps a notification that was verified and decrypted.
func (s *shop) accept(_ context.Context, ev *notify.Event) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, ev)
	close(s.news)
	s.news = make(chan struct{})
	return nil
}

// patience is how long a notification may take.
const patience = 20 * time.Second

// wait returns the first event that is wanted.
func (s *shop) wait(ctx context.Context, what string, want func(*notify.Event) bool) (*notify.Event, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errors.New("no notification of "+what+" came"))
	defer cancel()
	for seen := 0; ; {
		s.mu.Lock()
		events, news := s.events, s.news
		s.mu.Unlock()
		for ; seen < len(events); seen++ {
			if want(events[seen]) {
				return events[seen], nil
			}
		}
		select {
		case <-news:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// contract waits for the change of a contract to a state.
func (s *shop) contract(ctx context.Context, code, state string) (*notify.Event, *notify.ContractChange, error) {
	var change *notify.ContractChange
	ev, err := s.wait(ctx, code+" being "+state, func(ev *notify.Event) bool {
		c, ok := ev.Contract()
		if ok && c.OutContractCode == code && c.ContractState == state {
			change = c
			return true
		}
		return false
	})
	return ev, change, err
}
