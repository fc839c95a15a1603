package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/capture"
)

// errInterrupted ends what waits for somebody's input.
var errInterrupted = errors.New("interrupted before the end of the input; nothing was done")

// input reads a file that somebody names, or standard input where the name is
// "-", of at most limit bytes. flag names where the name stands; it is empty
// for an argument. The error is a [usageError] that names the file.
func input(cmd *cobra.Command, flag, name string, limit int64) ([]byte, error) {
	text, err := read(cmd, name, limit)
	switch {
	case err == nil:
		return text, nil
	case errors.Is(err, errInterrupted):
		return nil, err
	case flag != "":
		err = fmt.Errorf("%s: %w", flag, err)
	}
	return nil, usageError{err}
}

func read(cmd *cobra.Command, name string, limit int64) ([]byte, error) {
	if name != "-" {
		return readFile(cmd.Context(), name, limit)
	}
	stdin := cmd.InOrStdin()
	if isTerminal(stdin) {
		outputOf(cmd).note("type the text, and end it with Ctrl-D on a line of its own")
	}
	return readUpTo(cmd.Context(), stdin, "standard input", limit)
}

// readFile reads a file of at most limit bytes.
func readFile(ctx context.Context, name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	if info, err := f.Stat(); err == nil && info.Size() > limit {
		return nil, tooLong(name, limit)
	}
	return readUpTo(ctx, f, name, limit)
}

func tooLong(name string, limit int64) error {
	return fmt.Errorf("%s is longer than %d MiB, the most that is read here", name, limit>>20)
}

// readUpTo reads to the end. It reads in the background: a read of a terminal
// or a pipe cannot be cancelled, and Ctrl-C must end the program all the same.
func readUpTo(ctx context.Context, r io.Reader, name string, limit int64) ([]byte, error) {
	var text bytes.Buffer
	done := make(chan error, 1)
	go func() {
		_, err := text.ReadFrom(io.LimitReader(r, limit+1))
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil && int64(text.Len()) > limit {
			err = tooLong(name, limit)
		}
		return text.Bytes(), err
	case <-ctx.Done():
		return nil, errInterrupted
	}
}

// files reads what a curl line names with @.
func files(cmd *cobra.Command) capture.Reader {
	return func(name string) ([]byte, error) { return readFile(cmd.Context(), name, capture.MaxSize) }
}
