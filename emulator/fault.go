package emulator

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

// Fault is what is wrong with a notification that is sent on purpose.
type Fault string

const (
	// FaultNone: an attempt of the schedule.
	FaultNone Fault = ""
	// FaultDuplicate: nothing is wrong but that it comes again.
	FaultDuplicate Fault = "duplicate"
	// FaultProbe: a signature that begins with WECHATPAY/SIGNTEST/, as WeChat
	// Pay sends now and then to see whether signatures are checked.
	FaultProbe Fault = "probe"
	// FaultSerial: signed by a key that nobody has heard of.
	FaultSerial Fault = "serial"
	// FaultStale: rightly signed ten minutes ago.
	FaultStale Fault = "stale"
	// FaultCiphertext: rightly signed, and the resource does not decrypt.
	FaultCiphertext Fault = "ciphertext"
	// FaultTwice: sent twice at once, over two connections. Of a scenario
	// alone; see [Emulator.Play].
	FaultTwice Fault = "twice"
)

// parcel is a notification on its way out.
type parcel struct {
	body   string
	at     time.Time // that is signed
	header sign.Header
}

// faults is what each fault does before the parcel is signed, and after.
var faults = map[Fault]struct{ before, after func(*parcel) }{
	FaultNone:       {},
	FaultDuplicate:  {},
	FaultProbe:      {after: func(p *parcel) { p.header.Signature = sign.ProbePrefix + p.header.Signature }},
	FaultSerial:     {after: func(p *parcel) { p.header.Serial = unknownSerial }},
	FaultStale:      {before: func(p *parcel) { p.at = p.at.Add(-10 * time.Minute) }},
	FaultCiphertext: {before: func(p *parcel) { p.body = breakCiphertext(p.body) }},
}

// notificationFaults are the names of what [Emulator.Redeliver] can do.
func notificationFaults() []Fault {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(faults)), func(f Fault) bool { return f == FaultNone })
}

// breakCiphertext changes one character of the ciphertext for another one of
// base64. The first one belongs to the first byte whatever its length.
func breakCiphertext(body string) string {
	var sent envelope
	if json.Unmarshal([]byte(body), &sent) != nil || sent.Resource.Ciphertext == "" {
		return body
	}
	first := "A"
	if sent.Resource.Ciphertext[0] == 'A' {
		first = "B"
	}
	sent.Resource.Ciphertext = first + sent.Resource.Ciphertext[1:]
	broken, err := json.Marshal(sent)
	if err != nil {
		return body
	}
	return string(broken)
}

// Redeliver sends an event once more, outside its schedule, with a fault. It
// returns the attempt, which is recorded too; the event's state and schedule
// stay as they are. The error is an [*ActionError] for an unknown event, an
// unknown fault, or an event that cannot be sent from here.
func (e *Emulator) Redeliver(ctx context.Context, id string, fault Fault) (*Attempt, error) {
	if fault == FaultNone {
		fault = FaultDuplicate
	}
	if _, ok := faults[fault]; !ok {
		return nil, &ActionError{"invalid", "there is no fault " + strconv.Quote(string(fault))}
	}
	epoch := e.lifetime()
	event, err := e.Event(id)
	if err != nil {
		return nil, err
	}
	to, why := e.destination(event.URL)
	if why != "" {
		return nil, conflict("the event cannot be delivered: " + why)
	}
	made := e.attempt(ctx, event, to, fault)
	return made, e.store.Update(func(tx Tx) error {
		event, err := load[Event](tx, bucketEvents, id)
		if err != nil || event == nil || epoch.Err() != nil {
			return err
		}
		event.Attempts = append(event.Attempts, *made)
		return save(tx, bucketEvents, id, event)
	})
}
