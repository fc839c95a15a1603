package main

import (
	"errors"
	"fmt"

	"github.com/wxpay-go/wxpay/cmd/internal/store"
	"github.com/wxpay-go/wxpay/emulator"
)

// store opens the file that keeps the state, or returns nil for memory.
func (f *emulatorFlags) store() (emulator.Store, error) {
	if f.data == "" {
		return nil, nil
	}
	if f.seed != "" {
		return nil, usageError{errors.New("--seed: a restart would make the identifiers again that --data keeps; leave out one of them")}
	}
	kept, err := store.Open(f.data)
	if err != nil {
		return nil, usageError{fmt.Errorf("--data: %w", err)}
	}
	return kept, nil
}
