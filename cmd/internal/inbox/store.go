package inbox

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"github.com/wxpay-go/wxpay/cmd/internal/store"
)

// The buckets: events by id, deliveries by number, and the numbers of the
// first deliveries of what is to be sent from here, with the time of it.
var (
	bucketEvents     = []byte("events")
	bucketDeliveries = []byte("deliveries")
	bucketPending    = []byte("pending")
)

var kind = store.Kind{
	Mark: "wxpay inbox", Format: "1",
	Buckets: []string{"events", "deliveries", "pending"},
	Holds:   "notifications that this version of wxpay has kept",
	Busy:    "another program reads or writes it at this moment; try again",
}

// linger is how long the file stays open after its last use. While it is
// closed other programs have it: `wxpay listen list` beside a `wxpay listen`.
const linger = 50 * time.Millisecond

// Store keeps notifications in a file. It is safe for concurrent use, and for
// several programs: the file is locked only while it is in use.
type Store struct {
	path string

	mu    sync.Mutex
	db    *bbolt.DB // nil while the file is closed
	users int
	idle  *time.Timer
}

// OpenStore opens the file, or makes it, with its folder. The error is a
// [*store.OpenError].
func OpenStore(path string) (*Store, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, &store.OpenError{Path: path, Rule: "has no folder", Remedy: "name a file in a folder that you may write to", Err: err}
	}
	s := &Store{path: path}
	return s, s.use(func(*bbolt.DB) error { return nil })
}

// ReadStore opens a file that is there.
func ReadStore(path string) (*Store, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, &store.OpenError{Path: path, Rule: "is not there", Remedy: "name the file that wxpay listen keeps, with --store", Err: err}
	}
	return OpenStore(path)
}

// Close closes the file. A store can be used again afterwards.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.shut()
}

func (s *Store) shut() error {
	if s.db == nil || s.users > 0 {
		return nil
	}
	db := s.db
	s.db = nil
	return db.Close()
}

func (s *Store) use(do func(*bbolt.DB) error) error {
	db, err := s.take()
	if err != nil {
		return err
	}
	defer s.release()
	return do(db)
}

func (s *Store) take() (*bbolt.DB, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.db == nil {
		db, err := store.OpenDatabase(s.path, kind)
		if err != nil {
			return nil, err
		}
		db.MaxBatchDelay = 2 * time.Millisecond // several notifications at once share a write to the disk
		s.db = db
	}
	s.users++
	return s.db, nil
}

func (s *Store) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.users--; s.users > 0 {
		return
	}
	if s.idle == nil {
		s.idle = time.AfterFunc(linger, func() { _ = s.Close() })
		return
	}
	s.idle.Reset(linger)
}

// write changes the file; what it did is on the disk when it returns. It may
// call do more than once, and joins it with what others write.
func (s *Store) write(do func(*bbolt.Tx) error) error {
	return s.use(func(db *bbolt.DB) error { return db.Batch(do) })
}

func (s *Store) read(do func(*bbolt.Tx) error) error {
	return s.use(func(db *bbolt.DB) error { return db.View(do) })
}

// number is a key that sorts by n.
func number(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

func numberOf(key []byte) uint64 { return binary.BigEndian.Uint64(key) }

func save(b *bbolt.Bucket, key []byte, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return b.Put(key, text)
}

// load reads a value, nil if there is none.
func load[T any](b *bbolt.Bucket, key []byte) (*T, error) {
	text := b.Get(key)
	if text == nil {
		return nil, nil
	}
	v := new(T)
	if err := json.Unmarshal(text, v); err != nil {
		return nil, fmt.Errorf("the store: %x cannot be read: %w", key, err)
	}
	return v, nil
}

// arrive keeps a delivery, and its event unless that is known. It returns the
// event as it was before, or nil, and as it is now. A new one is in state
// first.
func (s *Store) arrive(e Entry, d Delivery, first State) (before, now *Entry, err error) {
	err = s.write(func(tx *bbolt.Tx) error {
		deliveries := tx.Bucket(bucketDeliveries)
		if d.Number, err = deliveries.NextSequence(); err != nil {
			return err
		}
		if err := save(deliveries, number(d.Number), &d); err != nil {
			return err
		}
		if before, err = load[Entry](tx.Bucket(bucketEvents), []byte(e.ID)); err != nil {
			return err
		}
		fresh := e
		if now = &fresh; before == nil {
			now.First, now.Arrived, now.State = d.Number, d.At, first
		} else {
			copied := *before
			now = &copied
		}
		now.Last = d.Number
		now.Deliveries++
		return put(tx, now)
	})
	return before, now, err
}

// change lets do change an event, and returns it.
func (s *Store) change(id string, do func(*Entry)) (e *Entry, err error) {
	err = s.write(func(tx *bbolt.Tx) error {
		if e, err = load[Entry](tx.Bucket(bucketEvents), []byte(id)); err != nil {
			return err
		}
		if e == nil {
			return &NotKeptError{ID: id}
		}
		do(e)
		return put(tx, e)
	})
	return e, err
}

// waiting is the value of what is pending.
type waiting struct {
	ID   string    `json:"id"`
	Next time.Time `json:"next,omitzero"`
}

func put(tx *bbolt.Tx, e *Entry) error {
	pending := tx.Bucket(bucketPending)
	if e.State == Pending {
		if err := save(pending, number(e.First), waiting{e.ID, e.Next}); err != nil {
			return err
		}
	} else if err := pending.Delete(number(e.First)); err != nil {
		return err
	}
	return save(tx.Bucket(bucketEvents), []byte(e.ID), e)
}

// NotKeptError says that the store has no event with an id.
type NotKeptError struct {
	ID      string
	Several bool // it is the beginning of more than one
}

func (e *NotKeptError) Error() string {
	if e.Several {
		return fmt.Sprintf("more than one notification begins with %q: give the whole id", e.ID)
	}
	return fmt.Sprintf("no notification %q is kept: wxpay listen list shows those that are", e.ID)
}
