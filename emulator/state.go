package emulator

import "time"

// listLimit is how many things a listing holds at most. State that a test
// makes is far below it; the limit keeps a long-running emulator's listing
// finite.
const listLimit = 1000

// Orders lists the orders, at most 1000.
func (e *Emulator) Orders() ([]Order, error) { return listAll[Order](e, bucketOrders) }

// Contracts lists the contracts, the pre-signed ones too, at most 1000.
func (e *Emulator) Contracts() ([]Contract, error) { return listAll[Contract](e, bucketContracts) }

// Events lists the notifications from the oldest, at most 1000.
func (e *Emulator) Events() ([]Event, error) { return listAll[Event](e, bucketEvents) }

// Sessions lists the signing sessions as they stand now, at most 1000.
func (e *Emulator) Sessions() ([]Session, error) {
	sessions, err := listAll[Session](e, bucketSessions)
	now := e.clock.Now()
	for i := range sessions {
		sessions[i].State = sessions[i].At(now)
	}
	return sessions, err
}

func listAll[T any](e *Emulator, bucket string) (things []T, err error) {
	err = e.view(func(tx Tx) error {
		things, err = list[T](tx, bucket, listLimit)
		return err
	})
	return things, err
}

// Order returns the order of a prepay_id, or an [*ActionError].
func (e *Emulator) Order(prepayID string) (order *Order, err error) {
	err = e.view(func(tx Tx) error {
		order, err = orderOf(tx, prepayID)
		return err
	})
	return found(order, err, "order", prepayID)
}

// Contract returns the contract of a contract_id, or an [*ActionError].
func (e *Emulator) Contract(contractID string) (contract *Contract, err error) {
	err = e.view(func(tx Tx) error {
		at, err := pointer(tx, bucketIDs, contractID)
		if err != nil {
			return err
		}
		contract, err = load[Contract](tx, bucketContracts, at)
		return err
	})
	return found(contract, err, "contract", contractID)
}

// Session returns a signing session as it stands now, or an [*ActionError].
func (e *Emulator) Session(id string) (session *Session, err error) {
	err = e.view(func(tx Tx) error {
		session, err = load[Session](tx, bucketSessions, id)
		return err
	})
	if session != nil {
		session.State = session.At(e.clock.Now())
	}
	return found(session, err, "signing session", id)
}

// Event returns a notification, or an [*ActionError].
func (e *Emulator) Event(id string) (event *Event, err error) {
	err = e.view(func(tx Tx) error {
		event, err = load[Event](tx, bucketEvents, id)
		return err
	})
	return found(event, err, "event", id)
}

func found[T any](thing *T, err error, what, id string) (*T, error) {
	if err == nil && thing == nil {
		err = notFound(what, id)
	}
	return thing, err
}

// Check reports whether the state can be read: the error is the store's.
func (e *Emulator) Check() error {
	return e.store.View(func(tx Tx) error { _, err := tx.Get(bucketMeta, keyClock); return err })
}

// Summary is the state in numbers.
type Summary struct {
	MchID     string    `json:"mchid"`
	Now       time.Time `json:"now"`
	Frozen    bool      `json:"clock_frozen"`
	Rate      float64   `json:"clock_rate"` // 0 while frozen
	Keys      KeyMode   `json:"keys"`
	Seed      string    `json:"seed"` // of what happens by chance
	Orders    int       `json:"orders"`
	Contracts int       `json:"contracts"`
	Sessions  int       `json:"sessions"`
	Events    int       `json:"events"`
	Due       int       `json:"due"` // attempts that wait, now or later
}

// Summary counts what there is.
func (e *Emulator) Summary() (Summary, error) {
	s := Summary{MchID: e.cfg.MchID, Now: e.clock.Now(), Frozen: e.clock.Frozen(), Rate: e.clock.Rate(), Keys: e.keyMode(), Seed: e.cfg.Seed}
	err := e.view(func(tx Tx) error {
		for bucket, count := range map[string]*int{
			bucketOrders: &s.Orders, bucketContracts: &s.Contracts, bucketSessions: &s.Sessions,
			bucketEvents: &s.Events, bucketDue: &s.Due,
		} {
			err := tx.Each(bucket, "", func(string, []byte) error { *count++; return nil })
			if err != nil {
				return err
			}
		}
		return nil
	})
	return s, err
}
