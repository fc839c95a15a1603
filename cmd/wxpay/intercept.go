package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/authority"
	"github.com/wxpay-go/wxpay/cmd/internal/intercept"
	"github.com/wxpay-go/wxpay/cmd/internal/profile"
	"github.com/wxpay-go/wxpay/cmd/internal/wholefile"
)

// fileProxy holds, in the folder of the credentials, the URL of the proxy
// while there is one, for wxpay env.
const fileProxy = "emulator/proxy.url"

// intercept makes the proxy that --proxy asks for, and its URL; without it,
// nil.
func (f *emulatorFlags) intercept(ctx context.Context, dir string, handler http.Handler, stderr io.Writer) (func(context.Context) error, string, error) {
	note := filepath.Join(dir, filepath.FromSlash(fileProxy))
	if f.proxy == "" {
		if err := os.Remove(note); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, "", usageError{fmt.Errorf("--dir: %w", err)}
		}
		return nil, "", nil
	}
	ca, err := authority.Open(dir, time.Now)
	if err != nil {
		return nil, "", usageError{fmt.Errorf("--proxy: %w", err)}
	}
	l, err := f.open(ctx, "--proxy", f.proxy)
	if err != nil {
		return nil, "", err
	}
	url := "http://" + l.Addr().String()
	if err := wholefile.Write(note, []byte(url+"\n"), 0o600); err != nil {
		_ = l.Close()
		return nil, "", usageError{fmt.Errorf("--dir: %w", err)}
	}
	p := intercept.New(handler, ca, f.logger(stderr))
	return func(ctx context.Context) error {
		defer func() { _ = os.Remove(note) }() // a note that stays is overwritten by the next start
		if err := p.Serve(ctx, l); err != nil {
			return reachError{err}
		}
		return nil
	}, url, nil
}

// readProxy is the URL of the proxy that an emulator with this folder runs, or
// "".
func readProxy(dir string) (string, error) {
	text, err := profile.ReadFile(filepath.Join(dir, filepath.FromSlash(fileProxy)))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	return strings.TrimSpace(string(text)), err
}
