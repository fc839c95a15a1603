package emulator_test

import (
	"testing"
	"time"
)

func TestARefundThatFails(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, status, event, trade string
		again                      int // the answer to a refund of the same money
	}{
		{"refund-abnormal", "ABNORMAL", "REFUND.ABNORMAL", "REFUND", 400},
		{"refund-closed", "CLOSED", "REFUND.CLOSED", "SUCCESS", 200},
	} {
		for _, asked := range []bool{false, true} {
			p := newPay(t)
			p.paid()
			body := refundBody("r1", 60)
			if asked {
				body["reason"] = "test:" + tt.name
			}
			accepted := p.call("POST", refunds, body, 200)
			if !asked {
				p.play(tt.name, "r1")
				if _, err := p.Play(t.Context(), tt.name, accepted["refund_id"].(string)); codeOf(err) != "conflict" {
					t.Errorf("%s twice: %v", tt.name, err)
				}
			}
			p.clock.Advance(time.Minute)
			got := p.call("GET", refunds+"/r1", nil, 200)
			if got["status"] != tt.status || got["success_time"] != nil || p.state(orderQuery) != tt.trade {
				t.Errorf("%s: %v, the order is %v", tt.name, got, p.state(orderQuery))
			}
			events := p.told(tt.event)
			if len(events) != 1 || events[0]["refund_status"] != tt.status || len(p.told("REFUND.SUCCESS")) != 0 {
				t.Errorf("%s: told %s", tt.name, p.types())
			}
			p.call("POST", refunds, refundBody("r2", 60), tt.again)
			if got := p.call("POST", refunds, body, 200); got["status"] != tt.status {
				t.Errorf("%s: the same request again: %v", tt.name, got)
			}
		}
	}
}

func TestAScenarioOfARefundIsOfARefund(t *testing.T) {
	t.Parallel()
	p := newPay(t)
	p.paid()
	p.refused("POST", refunds, refundBody("r1", 1, "reason", "test:signed"), 400, "PARAM_ERROR")
	p.refused("POST", normalMini, with(miniBody, "contract_display_account", "test:refund-closed"), 400, "PARAM_ERROR")
	if _, err := p.Play(t.Context(), "refund-closed", "r1"); codeOf(err) != "not_found" {
		t.Errorf("of nothing: %v", err)
	}
}
