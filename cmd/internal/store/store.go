// Package store keeps the state of an emulator in one file, which survives a
// restart, kill -9 and a power cut.
//
// A transaction that Update has returned from is on the disk. One that was
// under way when the program died has left nothing behind.
//
// The database is bbolt: a file of its own format, written by copying the
// pages that change, so that there is no journal to replay and no second file
// to lose. One program at a time opens a file.
package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/wxpay-go/wxpay/emulator"
)

// OpenError says why a file cannot keep the state, and what to do.
type OpenError struct {
	Path, Rule, Remedy string
	Err                error // underlying cause, or nil
}

// Error names the file, the rule and the remedy.
func (e *OpenError) Error() string { return e.Path + " " + e.Rule + ": " + e.Remedy }

// Unwrap returns the cause.
func (e *OpenError) Unwrap() error { return e.Err }

// The file has two buckets: what it is, and the buckets of the emulator.
var (
	bucketMark  = []byte("wxpay emulator")
	bucketState = []byte("state")
	keyFormat   = []byte("format")
)

// format changes when an older program could not read the file.
const format = "1"

// lockTime is how long another program's lock is waited for: a restart may
// overlap the end of the program before it.
const lockTime = 2 * time.Second

// Open opens the file, or makes it, readable by its owner alone. The error is
// an [*OpenError].
func Open(path string) (emulator.Store, error) {
	if err := checkWhole(path); err != nil {
		return nil, openError(path, err)
	}
	db, err := bbolt.Open(path, 0o600, options(false))
	if err != nil {
		return nil, openError(path, err)
	}
	if err := db.Update(markFile); err != nil {
		_ = db.Close()
		return nil, openError(path, err)
	}
	return &file{db}, nil
}

func options(readOnly bool) *bbolt.Options {
	return &bbolt.Options{Timeout: lockTime, ReadOnly: readOnly, FreelistType: bbolt.FreelistMapType}
}

var errCut = errors.New("is shorter than it was")

// checkWhole finds out whether the end of the file is missing. The database
// would otherwise read beyond it, which ends a program.
func checkWhole(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && info.Size() == 0 {
		return nil
	}
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("it is no regular file")
	}
	db, err := bbolt.Open(path, 0o600, options(true))
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	return db.View(func(tx *bbolt.Tx) error {
		if info, err = os.Stat(path); err == nil && info.Size() < tx.Size() {
			err = errCut
		}
		return err
	})
}

var errForeign = errors.New("is not a file of the emulator")

// markFile makes the two buckets of a new file, and refuses somebody else's.
func markFile(tx *bbolt.Tx) error {
	mark := tx.Bucket(bucketMark)
	if mark == nil {
		if first, _ := tx.Cursor().First(); first != nil {
			return errForeign
		}
		mark, err := tx.CreateBucket(bucketMark)
		if err != nil {
			return err
		}
		if err := mark.Put(keyFormat, []byte(format)); err != nil {
			return err
		}
		_, err = tx.CreateBucket(bucketState)
		return err
	}
	if found := mark.Get(keyFormat); string(found) != format || tx.Bucket(bucketState) == nil {
		return errForeign
	}
	return nil
}

func openError(path string, err error) error {
	e := &OpenError{Path: path, Err: err}
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		e.Rule, e.Remedy = "is in use", "stop the emulator that keeps its state there, or name another file"
	case errors.Is(err, errCut):
		e.Rule, e.Remedy = errCut.Error(), "take a copy that is whole, or remove the file to begin anew"
	case errors.Is(err, errForeign), errors.Is(err, bolterrors.ErrInvalid),
		errors.Is(err, bolterrors.ErrVersionMismatch), errors.Is(err, bolterrors.ErrChecksum):
		e.Rule, e.Remedy = "holds no state of this version of the emulator", "name another file, or remove it if it may go"
	default:
		e.Rule, e.Remedy = fmt.Sprintf("cannot be opened (%v)", err), "name a file in a folder that you may write to"
	}
	return e
}
