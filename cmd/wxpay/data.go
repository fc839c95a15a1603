package main

import (
	"fmt"

	"github.com/wxpay-go/wxpay/cmd/internal/store"
	"github.com/wxpay-go/wxpay/emulator"
)

// store opens the file that keeps the state, or returns nil for memory.
func (f *emulatorFlags) store() (emulator.Store, error) {
	if f.data == "" {
		return nil, nil
	}
	kept, err := store.Open(f.data)
	if err != nil {
		return nil, usageError{fmt.Errorf("--data: %w", err)}
	}
	return kept, nil
}
