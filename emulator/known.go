package emulator

import "github.com/wxpay-go/wxpay/spec"

// addKnown adds, with a count of 0, everything that could be met and was not.
func (c *Coverage) addKnown(d Description) {
	for op := range spec.Operations() {
		if _, ok := d.Lookup(op.Method, op.Path); ok {
			c.Endpoints[op.Method+" "+op.Path] += 0
		}
	}
	for _, state := range []ContractState{PreSigned, Signed, SignFailed, Terminated, ToBeRenewed} {
		c.States[string(state)] += 0
	}
	for _, state := range []string{TradeNotPaid, TradeSuccess, TradeRefund, TradePayError, TradePaidBack, TradeRevoked, TradeClosed} {
		c.Trades[state] += 0
	}
	for known := range spec.Errors() {
		c.Errors[known.Code] += 0
	}
	for event := range spec.Events() {
		c.Events[event.Type] += 0
	}
	for fault := range faults {
		if fault != FaultNone {
			c.Deliveries[string(fault)] += 0
		}
	}
}
