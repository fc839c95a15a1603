// Package demo shows the main job in one run: an emulated WeChat Pay, a
// merchant's server made with the SDK, a user who signs a contract through each
// of the five pre-sign endpoints, and what a refused request looks like. All of
// it goes over loopback by the real protocol.
package demo

import (
	"context"
	"time"
)

// Report is what happened, in order. Its JSON is a contract with programs that
// read it: members may be added, none is renamed or removed.
type Report struct {
	BaseURL   string     `json:"base_url"`
	NotifyURL string     `json:"notify_url"`
	Steps     []Step     `json:"steps"`
	Contracts []Contract `json:"contracts"`
	Refused   Refused    `json:"refused"`
	TookMS    float64    `json:"took_ms"`
}

// Step is one thing that somebody did.
type Step struct {
	Who      string  `json:"who"` // merchant, user or WeChat Pay
	What     string  `json:"what"`
	Call     string  `json:"call,omitempty"`     // method and path
	Spelling string  `json:"spelling,omitempty"` // chained, declared, indexed; "async" added
	Result   string  `json:"result"`
	TookMS   float64 `json:"took_ms"`
}

// Contract is a contract that the user signed.
type Contract struct {
	Endpoint        string `json:"endpoint"` // path of the pre-sign
	OutContractCode string `json:"out_contract_code"`
	ContractID      string `json:"contract_id"`
	State           string `json:"contract_state"` // at the end of the run
	EventID         string `json:"event_id"`       // of the verified notification
	EventType       string `json:"event_type"`
}

// Refused is the request that was changed on its way.
type Refused struct {
	Call        string   `json:"call"`
	Status      int      `json:"status"`
	Code        string   `json:"code"`
	Message     string   `json:"message"`
	Explanation []string `json:"explanation"`
}

// Run walks the demo and returns its report. It leaves nothing behind: no
// file, no goroutine, no open port. The error is that of the first step that
// went wrong.
func Run(ctx context.Context) (*Report, error) {
	start := time.Now()
	w, err := open(ctx)
	if err != nil {
		return nil, err
	}
	defer w.close()
	for _, part := range []func(context.Context) error{w.afterPayment, w.fromSessions, w.lookAndEnd, w.tamper} {
		if err := part(ctx); err != nil {
			return nil, err
		}
	}
	w.report.TookMS = ms(time.Since(start))
	return &w.report, nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
