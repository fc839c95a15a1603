package emulator

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
	"unicode/utf8"
)

// exportFormat changes when an older emulator could not read an export.
const exportFormat = 1

// export is the whole state as one document, for people to read and for tests
// to begin from. It holds no key.
type export struct {
	Format int    `json:"wxpay_emulator_state"`
	MchID  string `json:"mchid"`
	Clock  struct {
		Time time.Time `json:"time"`
		Rate float64   `json:"rate"` // times the machine's; 0 is frozen
	} `json:"clock"`

	// State is bucket, key and value. A value that is an object stands as
	// what it is; any other is the text of a string.
	State map[string]map[string]json.RawMessage `json:"state"`
}

// Export writes the whole state of one moment as one JSON document, with its
// keys in order and indented: orders, contracts, sessions, notifications, what
// is due, and the time. [Emulator.Import] takes it back. It is all that the
// emulator knows but the keys.
func (e *Emulator) Export(w io.Writer) error {
	var x *export
	err := e.store.View(func(tx Tx) (err error) {
		x, err = e.export(tx)
		return err
	})
	if err != nil {
		return err
	}
	return writeExport(w, x)
}

func writeExport(w io.Writer, x any) error {
	document, err := json.MarshalIndent(x, "", "  ")
	if err != nil {
		return fmt.Errorf("emulator: export: %w", err)
	}
	_, err = w.Write(append(document, '\n'))
	return err
}

func (e *Emulator) export(tx Tx) (*export, error) {
	x := &export{Format: exportFormat, MchID: e.cfg.MchID, State: map[string]map[string]json.RawMessage{}}
	x.Clock.Time, x.Clock.Rate = e.clock.Now(), e.clock.Rate()
	buckets, err := tx.Buckets()
	if err != nil {
		return nil, err
	}
	for _, bucket := range buckets {
		if bucket == bucketKeys {
			continue
		}
		if err := x.add(tx, bucket); err != nil {
			return nil, err
		}
	}
	return x, nil
}

// add takes in a bucket. The clock has its own place in the document.
func (x *export) add(tx Tx, bucket string) error {
	things := map[string]json.RawMessage{}
	err := tx.Each(bucket, "", func(key string, value []byte) error {
		if bucket == bucketMeta && key == keyClock {
			return nil
		}
		text, err := exported(value)
		if err != nil {
			return fmt.Errorf("emulator: export: %s of bucket %s: %w", key, bucket, err)
		}
		things[key] = text
		return nil
	})
	if len(things) > 0 {
		x.State[bucket] = things
	}
	return err
}

// exported writes a value of the store, which is valid for the transaction
// only, as it stands in the document.
func exported(value []byte) (json.RawMessage, error) {
	if isObject(value) {
		return bytes.Clone(value), nil
	}
	if !utf8.Valid(value) {
		return nil, errors.New("it is no text")
	}
	return json.Marshal(string(value))
}

func isObject(value []byte) bool { return len(value) > 0 && value[0] == '{' && json.Valid(value) }
