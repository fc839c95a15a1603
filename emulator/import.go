package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/wxpay-go/wxpay/seal"
)

// maxImport is the size up to which an export is read, in bytes.
const maxImport = 256 << 20

// Import puts the state that [Emulator.Export] wrote in the place of this
// one, whole or not at all, and stops the deliveries under way. The clock is
// set to the time of the export and runs as it ran there, so that what was
// open, due or expired then is so now. Keys stay: a notification that other
// keys had sealed is sealed anew.
//
// The error is an [*ActionError] that says what in the document is wrong: no
// export, one of another format or merchant, or things that cannot be read.
// The state is then as it was.
func (e *Emulator) Import(r io.Reader) error {
	x := &export{}
	if err := readExport(r, x); err != nil {
		return err
	}
	in, err := e.arriving(x)
	if err != nil {
		return err
	}
	err = e.cfg.Store.Update(func(tx Tx) error { // not counted as met by anybody's tests
		if err := e.forget(tx); err != nil {
			return err
		}
		return in.put(tx)
	})
	if err != nil {
		return err
	}
	e.begin(in)
	return nil
}

// arrival is a state on its way into the store.
type arrival struct {
	values []stored
	clock  *keptClock
}

// arriving checks a document, and makes what it holds this emulator's own.
func (e *Emulator) arriving(x *export) (*arrival, error) {
	if err := x.check(e.cfg.MchID); err != nil {
		return nil, err
	}
	values, err := e.values(x)
	clock := &keptClock{At: x.Clock.Time, Since: time.Now(), Rate: x.Clock.Rate, Frozen: x.Clock.Rate == 0}
	return &arrival{values, clock}, err
}

// put writes the state where nothing is any more.
func (a *arrival) put(tx Tx) error {
	for _, v := range a.values {
		if err := tx.Put(v.bucket, v.key, v.value); err != nil {
			return err
		}
	}
	return putClock(tx, a.clock)
}

// begin lets the state that was put go on.
func (e *Emulator) begin(a *arrival) {
	e.clock.restore(a.clock)
	e.poke()
}

func invalidExport(format string, args ...any) error {
	return &ActionError{"invalid", "the state cannot be imported: " + fmt.Sprintf(format, args...)}
}

// readExport decodes a document that an export wrote.
func readExport(r io.Reader, x any) error {
	d := json.NewDecoder(io.LimitReader(r, maxImport))
	d.DisallowUnknownFields()
	if err := d.Decode(x); err != nil {
		return invalidExport("it is not the JSON document that an export is: %s", jsonFault(err))
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return invalidExport("something follows the document")
	}
	return nil
}

// check holds what the document says of itself.
func (x *export) check(mchID string) error {
	switch {
	case x.Format != exportFormat:
		return invalidExport("its format (wxpay_emulator_state) is %d, and this emulator reads %d", x.Format, exportFormat)
	case x.MchID != mchID:
		return invalidExport("it is of merchant %s, and this is %s; start an emulator for that merchant", strconv.Quote(x.MchID), mchID)
	case x.Clock.Time.IsZero():
		return invalidExport("clock.time is missing")
	case !(x.Clock.Rate >= 0 && x.Clock.Rate <= MaxRate):
		return invalidExport("clock.rate is not 0 to %d", MaxRate)
	}
	return nil
}

// stored is one value on its way into the store.
type stored struct {
	bucket, key string
	value       []byte
}

// values is everything that the document holds, checked as far as its kind is
// known here.
func (e *Emulator) values(x *export) (list []stored, err error) {
	for bucket, things := range x.State {
		for key, text := range things {
			if !nameable(bucket) || !nameable(key) || bucket == bucketKeys || bucket == bucketMeta && key == keyClock {
				return nil, invalidExport("%q of bucket %q is no name for a thing", key, bucket)
			}
			value, err := imported(text)
			if err == nil {
				value, err = e.fit(bucket, key, value)
			}
			if err != nil {
				return nil, invalidExport("%q of bucket %q: %v", key, bucket, err)
			}
			list = append(list, stored{bucket, key, value})
		}
	}
	return list, nil
}

// imported undoes exported.
func imported(text json.RawMessage) ([]byte, error) {
	var plain string
	if json.Unmarshal(text, &plain) == nil && text[0] == '"' {
		return []byte(plain), nil
	}
	if !isObject(text) {
		return nil, errors.New("it is neither an object nor a string")
	}
	var b bytes.Buffer
	err := json.Compact(&b, text)
	return b.Bytes(), err
}

// thingsIn are the buckets whose values are one thing each.
var thingsIn = map[string]func() any{
	bucketOrders:    func() any { return new(Order) },
	bucketContracts: func() any { return new(Contract) },
	bucketSessions:  func() any { return new(Session) },
	bucketPlans:     func() any { return new(Plan) },
	bucketDebts:     func() any { return new(Debt) },
	bucketRefunds:   func() any { return new(Refund) },
	bucketParkings:  func() any { return new(Parking) },
	bucketCombined:  func() any { return new(CombinedOrder) },
}

// fit checks that a value is a thing of its bucket, and makes it this
// emulator's own.
func (e *Emulator) fit(bucket, key string, value []byte) ([]byte, error) {
	if thing, ok := thingsIn[bucket]; ok {
		return value, fitThing(value, thing())
	}
	var err error
	switch bucket {
	case bucketEvents:
		return e.reseal(value)
	case bucketDue:
		_, err = dueAt(key)
	case bucketTasks:
		err = fitTask(key)
	case bucketMeta:
		err = fitMeta(key, value)
	}
	return value, err
}

// fitThing checks what a thing says, as far as rules are built upon it.
func fitThing(value []byte, thing any) error {
	if err := json.Unmarshal(value, thing); err != nil {
		return err
	}
	if contract, ok := thing.(*Contract); ok {
		return contract.check()
	}
	return nil
}

func fitTask(key string) error {
	t, err := taskAt(key)
	if err == nil && chores[t.kind] == nil {
		err = errors.New("there is no such chore")
	}
	return err
}

// fitMeta checks what is not a counter by its name.
func fitMeta(key string, value []byte) (err error) {
	switch key {
	case keyHeld:
	case keyArmed:
		err = json.Unmarshal(value, new([]string))
	default:
		_, err = strconv.ParseInt(string(value), 10, 64)
	}
	return err
}

// reseal encrypts the resource of a notification with this merchant's key if
// another one was used.
func (e *Emulator) reseal(value []byte) ([]byte, error) {
	event := &Event{}
	if err := json.Unmarshal(value, event); err != nil {
		return nil, err
	}
	var sent envelope
	if err := json.Unmarshal([]byte(event.Body), &sent); err != nil {
		return nil, fmt.Errorf("its body: %w", err)
	}
	if _, err := seal.Open([]byte(e.creds.APIv3Key), sent.Resource); err == nil {
		return value, nil
	}
	described, ok := e.description.LookupEvent(event.Type)
	if !ok {
		return nil, fmt.Errorf("the description has no event %s", event.Type)
	}
	var plain bytes.Buffer
	if err := json.Compact(&plain, event.Resource); err != nil {
		return nil, fmt.Errorf("its resource: %w", err)
	}
	var err error
	if event.Body, err = e.envelop(event, described, plain.Bytes()); err != nil {
		return nil, err
	}
	return json.Marshal(event)
}
