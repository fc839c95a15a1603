// Package merchant is the signing part of a merchant's program, small enough
// to read in a minute: it asks users to sign password-exempt contracts
// (免密支付), and learns from notifications what became of them. Its test runs
// it against a WeChat Pay in memory.
package merchant

import (
	"context"
	"net/http"
	"sync"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/api/passwordexemptcontract"
	"github.com/wxpay-go/wxpay/notify"
)

// Shop signs contracts with its users. It is safe for concurrent use.
type Shop struct {
	WeChatPay *wxpay.Client
	AppID     string // of the mini program
	ServiceID int64  // of the password-exempt service, given out by WeChat Pay
	NotifyURL string // https, without a query

	mu     sync.Mutex
	states map[string]string
}

// Ask pre-signs a contract and returns the session that the mini program
// opens the signing page with. code is the shop's own name of the contract:
// letters and digits, never used before.
func (s *Shop) Ask(ctx context.Context, openID, code string) (session string, err error) {
	out, err := passwordexemptcontract.NormalPreEntrustSignMiniProgram(ctx, s.WeChatPay, &passwordexemptcontract.NormalPreEntrustSignMiniProgramRequest{
		AppID:                  s.AppID,
		ServiceID:              s.ServiceID,
		OutContractCode:        code,
		NotifyURL:              s.NotifyURL,
		ContractDisplayAccount: "shop user",
		OpenID:                 openID,
	})
	if err != nil {
		return "", err
	}
	return out.PreEntrustwebID, nil
}

// Notifications returns the handler to mount at the path of NotifyURL.
func (s *Shop) Notifications(cfg notify.Config) (http.Handler, error) {
	receiver, err := notify.New(cfg) // the same Trust as the client's, and the APIv3 key
	if err != nil {
		return nil, err
	}
	return receiver.Handler(func(ctx context.Context, ev *notify.Event) error {
		switch r := ev.Resource.(type) {
		case *notify.TransactionSuccess:
			return s.setState(ctx, r.OutTradeNo, string(r.TradeState))
		case *notify.EntrustTerminate:
			return s.setState(ctx, r.OutContractCode, "TERMINATED")
		}
		if c, ok := ev.Contract(); ok { // any other contract event, documented or not
			return s.setState(ctx, c.OutContractCode, c.ContractState)
		}
		return nil // of no interest here; an error would have it sent again
	}), nil
}

// setState keeps the last state of an order or a contract. A real shop writes
// to its database here; if that fails, WeChat Pay sends the notification again.
func (s *Shop) setState(_ context.Context, name, state string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.states == nil {
		s.states = map[string]string{}
	}
	s.states[name] = state
	return nil
}

// State is the last state that was notified of an order or a contract, or "".
func (s *Shop) State(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.states[name]
}
