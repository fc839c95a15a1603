package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"
)

// Kind is what a database file holds, so that nobody opens another program's.
type Kind struct {
	Mark    string   // name of the bucket that marks the file
	Format  string   // changes when an older program could not read the file
	Buckets []string // there are these, and none else
	Holds   string   // what it holds, for errors: "state of this version of …"
	Busy    string   // what to do if it is in use
}

var keyFormat = []byte("format")

// lockTime is how long another program's lock is waited for: a restart may
// overlap the end of the program before it.
const lockTime = 2 * time.Second

// OpenDatabase opens the file, or makes it, readable by its owner alone. The
// error is an [*OpenError].
func OpenDatabase(path string, kind Kind) (*bbolt.DB, error) {
	if err := checkWhole(path); err != nil {
		return nil, openError(path, kind, err)
	}
	db, err := bbolt.Open(path, 0o600, options(false))
	if err != nil {
		return nil, openError(path, kind, err)
	}
	if err := kind.mark(db); err != nil {
		_ = db.Close()
		return nil, openError(path, kind, err)
	}
	return db, nil
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

var errForeign = errors.New("is not a file of this kind")

// mark makes the buckets of a new file, and refuses somebody else's. A file
// that is marked already is not written to.
func (k Kind) mark(db *bbolt.DB) error {
	found := false
	err := db.View(func(tx *bbolt.Tx) (err error) {
		found, err = k.isMarked(tx)
		return err
	})
	if err != nil || found {
		return err
	}
	return db.Update(func(tx *bbolt.Tx) error {
		if first, _ := tx.Cursor().First(); first != nil {
			return errForeign
		}
		mark, err := tx.CreateBucket([]byte(k.Mark))
		if err != nil {
			return err
		}
		for _, name := range k.Buckets {
			if _, err := tx.CreateBucket([]byte(name)); err != nil {
				return err
			}
		}
		return mark.Put(keyFormat, []byte(k.Format))
	})
}

func (k Kind) isMarked(tx *bbolt.Tx) (bool, error) {
	mark := tx.Bucket([]byte(k.Mark))
	if mark == nil {
		return false, nil
	}
	if string(mark.Get(keyFormat)) != k.Format {
		return false, errForeign
	}
	for _, name := range k.Buckets {
		if tx.Bucket([]byte(name)) == nil {
			return false, errForeign
		}
	}
	return true, nil
}

func openError(path string, kind Kind, err error) error {
	e := &OpenError{Path: path, Err: err}
	switch {
	case errors.Is(err, bolterrors.ErrTimeout):
		e.Rule, e.Remedy = "is in use", kind.Busy
	case errors.Is(err, errCut):
		e.Rule, e.Remedy = errCut.Error(), "take a copy that is whole, or remove the file to begin anew"
	case errors.Is(err, errForeign), errors.Is(err, bolterrors.ErrInvalid),
		errors.Is(err, bolterrors.ErrVersionMismatch), errors.Is(err, bolterrors.ErrChecksum):
		e.Rule, e.Remedy = "holds no "+kind.Holds, "name another file, or remove it if it may go"
	default:
		e.Rule, e.Remedy = fmt.Sprintf("cannot be opened (%v)", err), "name a file in a folder that you may write to"
	}
	return e
}
