package wxpaytest

import (
	"net/http"
	"strconv"
	"sync"
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
)

// mall has the shops of the merchants that were added to a server.
type mall struct {
	mu    sync.Mutex
	shops map[string]*shop // by merchant id
}

func (m *mall) shop(mchID string) *shop {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.shops[mchID] == nil {
		m.shops[mchID] = newShop()
	}
	return m.shops[mchID]
}

func (m *mall) sender(mchID string) *http.Client { return &http.Client{Transport: m.shop(mchID)} }

// free finds a merchant id that no merchant was added under. Ids count up, so
// that tests find the same ones, and their keys are made once.
func (m *mall) free() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	for n := 1900000201; ; n++ {
		if id := strconv.Itoa(n); m.shops[id] == nil {
			m.shops[id] = newShop()
			return id
		}
	}
}

// Merchant adds a merchant to the server for the time of a test, and returns
// the server as that merchant has it: with keys, clock, state, faults and
// notify handlers of its own, behind the same URL. Parallel tests share one
// server so. m may be the zero value; its MchID is found unless it is given.
func (s *Server) Merchant(t testing.TB, m emulator.Merchant) *Server {
	t.Helper()
	if m.MchID == "" {
		m.MchID = s.mall.free()
	}
	own := &Server{URL: s.URL, t: t, platform: s.platform, shop: s.mall.shop(m.MchID), mall: s.mall}
	pay, err := s.platform.Add(m)
	own.must("new merchant", err)
	own.pay = pay
	t.Cleanup(func() { _ = s.platform.Remove(m.MchID) }) // the server may have ended before
	return own
}

// Scenario lets something happen by name, and delivers what that causes. ref
// is what it is about. [emulator.Scenarios] lists the names.
func (s *Server) Scenario(name, ref string) *emulator.Played {
	s.t.Helper()
	played, err := s.pay.Play(s.t.Context(), name, ref)
	s.must("scenario", err)
	s.Deliver()
	return played
}
