package emulator

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

// Platform is WeChat Pay for several merchants, each with keys, state, clock
// and faults of its own, as if each had an [Emulator] to itself; parallel
// tests share one platform so. It is an [http.Handler], safe for concurrent
// use.
//
// A request belongs to the merchant that its Authorization names. One that
// names none, or nobody that is known, is answered as the first merchant's,
// with the documented 401. The admin interface of each merchant is below
// /_wxpay/merchants/{mchid}/, and that of the first one below /_wxpay/ too.
type Platform struct {
	cfg   PlatformConfig
	store Store
	first *Emulator
	admin http.Handler

	changing sync.Mutex // held over adding and removing, which take long
	mu       sync.RWMutex
	tenants  map[string]*tenant
	running  *running
}

// PlatformConfig is what a [Platform] is made of. The zero value works.
type PlatformConfig struct {
	// Config is that of the first merchant, which is always there. What a
	// [Merchant] does not say is as here. Its Store holds the state of all.
	Config

	// Make finds or makes the credentials of a further merchant. Defaults to
	// [NewCredentials].
	Make func(mchID string, now time.Time) (*Credentials, error)

	// Sender gives the client that sends the notifications of a further
	// merchant. Defaults to the Client above, for all.
	Sender func(mchID string) *http.Client
}

// tenant is one merchant of the platform.
type tenant struct {
	given Merchant
	pay   *Emulator
	stop  context.CancelFunc // of its Run, nil while the platform does not run
}

// bucketMerchants holds, outside the parts of the merchants, what they are.
const bucketMerchants = "merchants" // mchid -> Merchant

// NewPlatform makes a platform of the first merchant and of those that its
// store remembers. It starts nothing: see [Platform.Run]. The error is a
// [*ConfigError], or that of making credentials or of the store.
func NewPlatform(cfg PlatformConfig) (*Platform, error) {
	if cfg.Make == nil {
		cfg.Make = NewCredentials
	}
	if cfg.Store == nil {
		cfg.Store = NewMemory()
	}
	p := &Platform{cfg: cfg, store: cfg.Store, tenants: map[string]*tenant{}}
	mchID := DefaultMchID
	if cfg.Credentials != nil {
		mchID = cfg.Credentials.MchID
	}
	own := cfg.Config
	own.Store = merchantStore(p.store, cmp.Or(cfg.MchID, mchID))
	first, err := New(own)
	if err != nil {
		return nil, err
	}
	p.first, p.cfg.Clock = first, first.clock
	p.tenants[first.cfg.MchID] = &tenant{given: Merchant{
		MchID: first.cfg.MchID, Role: first.cfg.Role, SubMerchants: first.cfg.SubMerchants,
		Keys: first.cfg.Keys, NotifyKeys: first.cfg.NotifyKeys, Strict: first.cfg.Strict,
		ForwardTo: first.cfg.ForwardTo, TerminateURLs: first.cfg.TerminateURLs, Seed: first.cfg.Seed,
	}, pay: first}
	first.above = p.adminRoutes()
	first.admin = first.adminHandler()
	p.admin = first.adminGuard(p.adminMux())
	return p, p.remember()
}

// remember opens the merchants that the store knows of.
func (p *Platform) remember() error {
	var known []Merchant
	err := p.store.View(func(tx Tx) (err error) {
		known, err = list[Merchant](tx, bucketMerchants, listLimit)
		return err
	})
	if err != nil {
		return err
	}
	for _, m := range known {
		if m.MchID == p.first.cfg.MchID {
			continue
		}
		if _, err := p.open(m); err != nil {
			return fmt.Errorf("emulator: merchant %s: %w", m.MchID, err)
		}
	}
	return nil
}

// First is the merchant that is always there.
func (p *Platform) First() *Emulator { return p.first }

// Merchant returns the emulator of a merchant id, or nil.
func (p *Platform) Merchant(mchID string) *Emulator {
	p.mu.RLock()
	defer p.mu.RUnlock()
	if t := p.tenants[mchID]; t != nil {
		return t.pay
	}
	return nil
}

// Merchants lists what there is, the first merchant first, then by merchant id.
func (p *Platform) Merchants() []Merchant {
	p.mu.RLock()
	defer p.mu.RUnlock()
	ids := slices.SortedFunc(maps.Keys(p.tenants), func(a, b string) int {
		if first := p.first.cfg.MchID; a == first || b == first {
			return map[bool]int{true: -1, false: 1}[a == first]
		}
		return strings.Compare(a, b)
	})
	merchants := make([]Merchant, len(ids))
	for i, id := range ids {
		merchants[i] = p.tenants[id].given
	}
	return merchants
}

// Close stops deliveries under way and closes the store.
func (p *Platform) Close() error {
	p.changing.Lock()
	defer p.changing.Unlock()
	p.mu.RLock()
	defer p.mu.RUnlock()
	for _, t := range p.tenants {
		_ = t.pay.Close() // a part of the store; the whole is next
	}
	return p.store.Close()
}

// ServeHTTP answers APIv3 for every merchant, and the admin interface.
func (p *Platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, _, _ := strings.Cut(requestTarget(r), "?")
	if path == adminMerchants || strings.HasPrefix(path, adminMerchants+"/") {
		w.Header().Set("Date", p.first.clock.Now().UTC().Format(http.TimeFormat))
		p.admin.ServeHTTP(w, r)
		return
	}
	p.merchantOf(r).ServeHTTP(w, r)
}

// merchantOf is whom a request's Authorization names. The first merchant's
// emulator refuses what names nobody, in the documented order and words.
func (p *Platform) merchantOf(r *http.Request) *Emulator {
	auth, err := sign.ParseAuthorization(r.Header.Get("Authorization"))
	if err != nil {
		return p.first
	}
	return cmp.Or(p.Merchant(auth.MchID), p.first)
}
