package emulator

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"sync"
)

// random makes identifiers. The reader is guarded, because a reader that a
// test gives need not be safe for concurrent use.
type random struct {
	mu     sync.Mutex
	reader io.Reader
}

// bytes returns n random bytes. A reader that fails is a broken machine or a
// test's reader that ran out; there is no answer to give without it.
func (r *random) bytes(n int) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := make([]byte, n)
	if _, err := io.ReadFull(r.reader, b); err != nil {
		return nil, fmt.Errorf("emulator: random source: %w", err)
	}
	return b, nil
}

// hex returns n lower-case hexadecimal digits; n is even.
func (r *random) hex(n int) (string, error) {
	b, err := r.bytes(n / 2)
	return hex.EncodeToString(b), err
}

// text returns n characters of an alphabet. The remainder of a byte is not
// quite uniform for every alphabet; these are names, not secrets.
func (r *random) text(alphabet string, n int) (string, error) {
	b, err := r.bytes(n)
	for i := range b {
		b[i] = alphabet[int(b[i])%len(alphabet)]
	}
	return string(b), err
}

// newID draws keys of a bucket until the state has none like it: a seeded source
// may begin again where the state does not. A source that repeats itself at
// once would do so for ever.
func newID(tx Tx, bucket string, draw func() (string, error)) (string, error) {
	for last := ""; ; {
		id, err := draw()
		if err != nil {
			return "", err
		}
		if id == last {
			return "", errors.New("emulator: random source: it repeats itself")
		}
		known, err := tx.Get(bucket, id)
		if err != nil || known == nil {
			return id, err
		}
		last = id
	}
}

// sessionID draws a pre_entrustweb_id.
func (e *Emulator) sessionID(tx Tx) (string, error) {
	return newID(tx, bucketSessions, func() (string, error) { return e.random.text(base62, sessionIDSize) })
}

const (
	digits = "0123456789"
	base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
)
