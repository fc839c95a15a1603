package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/profile"
	"github.com/wxpay-go/wxpay/emulator"
)

// addMerchants makes those of the file. One that is there already becomes what
// the file says, and keeps its state.
func (f *emulatorFlags) addMerchants(p *emulator.Platform) error {
	if f.merchants == "" {
		return nil
	}
	text, err := profile.ReadFile(f.merchants)
	if err != nil {
		return usageError{fmt.Errorf("--merchants: %w", err)}
	}
	list, err := emulator.ReadMerchants(bytes.NewReader(text))
	if err != nil {
		return usageError{fmt.Errorf("--merchants: %w", err)}
	}
	for _, m := range list {
		if _, err := p.Set(m); err != nil {
			return usageError{fmt.Errorf("--merchants: merchant %s: %w", m.MchID, err)}
		}
	}
	return nil
}

// merchantKeys keeps the credentials of further merchants in folders of their
// own.
func merchantKeys(dir, baseURL string) func(string, time.Time) (*emulator.Credentials, error) {
	return func(mchID string, _ time.Time) (*emulator.Credentials, error) {
		own := emulator.MerchantFolder(dir, mchID)
		keys, err := credentials(own, "mchid", mchID)
		if err != nil {
			return nil, err
		}
		if keys.MchID != mchID {
			return nil, usageError{fmt.Errorf("%s: holds the credentials of merchant %s", own, keys.MchID)}
		}
		return keys, keys.WriteFolder(own, baseURL)
	}
}

// credentials reads those of the last start, or makes new ones. A folder that
// is there and cannot be read is left alone: it may hold a merchant's real keys.
func credentials(dir, named, mchID string) (*emulator.Credentials, error) {
	if !exists(dir, "wxpay.env") && !exists(dir, "apiclient_key.pem") {
		return newCredentials(named, mchID)
	}
	keys, err := emulator.ReadFolder(dir)
	if err != nil {
		return nil, usageError{fmt.Errorf("--dir: %w; name another folder, or remove this one to have new credentials made", err)}
	}
	return keys, nil
}

func exists(dir, name string) bool {
	_, err := os.Stat(filepath.Join(dir, name))
	return !errors.Is(err, fs.ErrNotExist)
}

// newCredentials makes keys by the machine's time, whatever the emulator's
// clock shows, so that the same folder serves every clock.
func newCredentials(named, mchID string) (*emulator.Credentials, error) {
	keys, err := emulator.NewCredentials(mchID, time.Now())
	if bad, ok := errors.AsType[*emulator.ConfigError](err); ok {
		return nil, usageError{fmt.Errorf("%s: %w", named, bad)}
	}
	return keys, err
}
