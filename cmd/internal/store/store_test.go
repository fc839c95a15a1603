package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"github.com/wxpay-go/wxpay/cmd/internal/store"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/emulator/storetest"
)

func open(t testing.TB, path string) emulator.Store {
	t.Helper()
	s, err := store.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) emulator.Store { return open(t, filepath.Join(t.TempDir(), "state")) })
}

func TestStateIsThereAfterAReopening(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "state")
	for range 3 { // a new file, one with state, and one that was cleared
		s := open(t, path)
		if err := s.Update(func(tx emulator.Tx) error {
			if got, err := tx.Get("b", "k"); err != nil || string(got) != "" && string(got) != "v" {
				t.Errorf("k = %q, %v", got, err)
			}
			return tx.Put("b", "k", []byte("v"))
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		s = open(t, path)
		if err := s.Update(func(tx emulator.Tx) error {
			if got, err := tx.Get("b", "k"); err != nil || string(got) != "v" {
				t.Errorf("k = %q, %v after a reopening", got, err)
			}
			return tx.Clear()
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v; want it readable by its owner alone", info.Mode(), err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	text := func(content string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, tt := range []struct {
		name, rule string
		before     func(*testing.T, string)
	}{
		{"a file of text", "holds no state", text(strings.Repeat("not a database\n", 1000))},
		{"a few bytes", "holds no state", text("wxpay")},
		{"another program's database", "holds no state", foreign},
		{"a file that lost its end", "is shorter", cut},
		{"a file in use", "is in use", func(t *testing.T, path string) { open(t, path) }},
		{"a folder", "cannot be opened", func(t *testing.T, path string) {
			if err := os.Mkdir(path, 0o700); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "state")
			tt.before(t, path)
			_, err := store.Open(path)
			bad, ok := errors.AsType[*store.OpenError](err)
			if !ok || bad.Path != path || !strings.Contains(bad.Rule, tt.rule) || bad.Remedy == "" {
				t.Errorf("Open = %v", err)
			}
		})
	}
}

// foreign makes a database that is somebody else's; it must stay as it is.
func foreign(t *testing.T, path string) {
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := db.Update(func(tx *bbolt.Tx) error { _, err := tx.CreateBucket([]byte("members")); return err }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func cut(t *testing.T, path string) {
	s := open(t, path)
	for i := range 3 {
		if err := s.Update(func(tx emulator.Tx) error { return tx.Put("b", strings.Repeat("k", i+1), make([]byte, 1<<20)) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(path, 1<<20); err != nil {
		t.Fatal(err)
	}
}

// BenchmarkUpdate is the cost of one acknowledged change: a write to the disk.
func BenchmarkUpdate(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "state"))
	value := []byte(strings.Repeat("v", 500))
	for b.Loop() {
		if err := s.Update(func(tx emulator.Tx) error { return tx.Put("b", "k", value) }); err != nil {
			b.Fatal(err)
		}
	}
}
