package emulator

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
)

// Emulator is WeChat Pay for one merchant. It is an [http.Handler], safe for
// concurrent use.
type Emulator struct {
	cfg    Config
	creds  *Credentials
	clock  *Clock
	store  Store
	random *random
	log    *slog.Logger
	admin  http.Handler
	client *http.Client

	description Description

	// What is kept of requests for whoever looks at them; nil keeps nothing.
	journal  *journal
	coverage *coverage

	// adminBase is where this merchant's admin interface is reached, for links
	// in answers; above are routes that are there beside its own.
	adminBase string
	above     []adminRoute

	ring     *keyring
	draws    draws
	troubles troubles

	// wake tells Run that something new may be due.
	wake chan struct{}

	// flight holds what is being delivered at this moment, so that no two
	// goroutines make the same attempt; a channel closes when it is done. Reset
	// and Close cancel it.
	mu     sync.Mutex
	flight map[string]chan struct{}
	epoch  context.Context
	cancel context.CancelFunc
}

// New makes an emulator. It starts nothing: see [Emulator.Run]. The error is a
// [*ConfigError], or that of making credentials.
func New(cfg Config) (*Emulator, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, err
	}
	e := &Emulator{
		cfg: cfg, creds: cfg.Credentials, clock: cfg.Clock, store: timedStore{cfg.Store, cfg.Clock}, log: cfg.Logger,
		random: &random{reader: cfg.Rand}, description: cfg.Description,
		client: notifyClient(cfg.Client),
		wake:   make(chan struct{}, 1),
		flight: map[string]chan struct{}{},

		adminBase: adminPath,
	}
	if e.journal = newJournal(cfg.Exchanges); e.journal != nil {
		e.coverage = newCoverage()
		e.store = coveredStore{e.store, e.coverage}
	}
	e.epoch, e.cancel = context.WithCancel(context.Background())
	if e.ring, err = e.loadKeyring(); err != nil {
		return nil, err
	}
	e.admin = e.adminHandler()
	return e, nil
}

// Credentials returns the keys of both sides, read-only.
func (e *Emulator) Credentials() *Credentials { return e.creds }

// Clock returns the clock of the emulator.
func (e *Emulator) Clock() *Clock { return e.clock }

// Seed is the seed of what happens by chance here: give it as [Config.Seed] to
// have it happen again.
func (e *Emulator) Seed() string { return e.cfg.Seed }

// Close stops deliveries under way and closes the store. It starts nothing
// and waits for nothing: [Emulator.Run] is its caller's.
func (e *Emulator) Close() error {
	e.mu.Lock()
	e.cancel()
	e.mu.Unlock()
	e.client.CloseIdleConnections()
	err := e.keepClock()
	if errors.Is(err, ErrClosed) {
		err = nil // closed before; once is enough
	}
	return errors.Join(err, e.store.Close())
}

// ServeHTTP answers APIv3, and the admin interface below its reserved path.
func (e *Emulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	target := requestTarget(r)
	path, query, _ := strings.Cut(target, "?")
	w.Header().Set("Date", e.clock.Now().UTC().Format(http.TimeFormat)) // else the server would write the machine's
	if strings.HasPrefix(path, adminPath+"/") || path == adminPath {
		e.admin.ServeHTTP(w, r)
		return
	}
	e.serve(w, r, target, path, query)
}

// requestTarget is path and query as they were sent: what was signed. A
// request that never crossed a wire has no RequestURI, and one sent by way of
// a proxy has the whole URL in it.
func requestTarget(r *http.Request) string {
	if strings.HasPrefix(r.RequestURI, "/") {
		return r.RequestURI
	}
	return r.URL.RequestURI()
}

// poke wakes Run without waiting for it.
func (e *Emulator) poke() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}
