// Package store keeps the state of an emulator in one file, which survives a
// restart, kill -9 and a power cut. [OpenDatabase] does the same for others.
//
// A transaction that Update has returned from is on the disk. One that was
// under way when the program died has left nothing behind.
//
// The database is bbolt: a file of its own format, written by copying the
// pages that change, so that there is no journal to replay and no second file
// to lose. One program at a time opens a file.
package store

import "github.com/wxpay-go/wxpay/emulator"

// OpenError says why a file cannot keep the state, and what to do.
type OpenError struct {
	Path, Rule, Remedy string
	Err                error // underlying cause, or nil
}

// Error names the file, the rule and the remedy.
func (e *OpenError) Error() string { return e.Path + " " + e.Rule + ": " + e.Remedy }

// Unwrap returns the cause.
func (e *OpenError) Unwrap() error { return e.Err }

// state is the file of an emulator: what it is, and the emulator's buckets.
var state = Kind{
	Mark: "wxpay emulator", Format: "1", Buckets: []string{string(bucketState)},
	Holds: "state of this version of the emulator",
	Busy:  "stop the emulator that keeps its state there, or name another file",
}

var bucketState = []byte("state")

// Open opens the file, or makes it, readable by its owner alone. The error is
// an [*OpenError].
func Open(path string) (emulator.Store, error) {
	db, err := OpenDatabase(path, state)
	if err != nil {
		return nil, err
	}
	return &file{db}, nil
}
