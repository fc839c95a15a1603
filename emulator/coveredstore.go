package emulator

import "encoding/json"

// coveredStore is a [Store] that sees what the things in it become. It
// compares each write with what stood there before, so that it has nothing to
// remember.
type coveredStore struct {
	Store
	coverage *coverage
}

// Update counts what was met once it is kept.
func (s coveredStore) Update(f func(Tx) error) error {
	var list []met
	err := s.Store.Update(func(tx Tx) error {
		list = nil // of an earlier try
		return f(&coveredTx{tx, s.coverage, &list})
	})
	if err == nil && len(list) > 0 {
		s.coverage.add(list)
	}
	return err
}

type coveredTx struct {
	Tx
	coverage *coverage
	list     *[]met
}

// Put looks at what a thing was and what it becomes.
func (t *coveredTx) Put(bucket, key string, value []byte) error {
	switch bucket {
	case bucketContracts, bucketOrders, bucketEvents:
		was, err := t.Get(bucket, key)
		if err != nil {
			return err
		}
		*t.list = append(*t.list, t.coverage.become(bucket, was, value)...)
	}
	return t.Tx.Put(bucket, key, value)
}

// become says what is met when a thing changes. What cannot be read was not
// there.
func (c *coverage) become(bucket string, was, is []byte) []met {
	if bucket == bucketEvents {
		return c.attempted(was, is)
	}
	type stated struct {
		Contract string `json:"contract_state"`
		Trade    string `json:"trade_state"`
	}
	var before, after stated
	_, _ = json.Unmarshal(was, &before), json.Unmarshal(is, &after)
	switch {
	case bucket == bucketContracts && after.Contract != before.Contract:
		return []met{{c.States, after.Contract}}
	case bucket == bucketOrders && after.Trade != before.Trade:
		return []met{{c.Trades, after.Trade}}
	}
	return nil
}

// attempted looks at the attempts to deliver an event that are new.
func (c *coverage) attempted(was, is []byte) (list []met) {
	var before struct {
		Attempts []struct{} `json:"attempts"`
	}
	var event Event
	_, _ = json.Unmarshal(was, &before), json.Unmarshal(is, &event)
	for i := len(before.Attempts); i < len(event.Attempts); i++ {
		switch a := &event.Attempts[i]; {
		case a.Fault != FaultNone && a.Status != 0:
			list = append(list, met{c.Deliveries, string(a.Fault)})
		case a.Fault == FaultNone && a.accepted():
			list = append(list, met{c.Events, event.Type})
		}
	}
	return list
}
