// Package storetest holds the rules of [emulator.Store] as tests, so that an
// implementation in another module can show that it keeps them:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) emulator.Store { return open(t) })
//	}
package storetest

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
)

// Run runs every rule, each on a new, empty store that open returns. open
// fails the test itself, and arranges for what must be removed afterwards.
func Run(t *testing.T, open func(t *testing.T) emulator.Store) {
	RunWithin(t, emulator.MaxName, open)
}

// RunWithin is [Run] for a part of a store, which puts something in front of
// the names of its buckets: they may have maxBucket bytes.
func RunWithin(t *testing.T, maxBucket int, open func(t *testing.T) emulator.Store) {
	for _, rule := range []struct {
		name string
		test func(*testing.T, emulator.Store)
	}{
		{"what was put is there, and what was not is nil", putAndGet},
		{"an error undoes the whole transaction", allOrNothing},
		{"a view cannot write", viewIsReadOnly},
		{"a view sees one moment", viewIsOneMoment},
		{"each goes in the order of bytes", eachInOrder},
		{"each can be stopped", eachStops},
		{"buckets are those that hold a key", buckets},
		{"a name is neither empty nor too long", namesWithin(maxBucket)},
		{"clear empties every bucket", clearAll},
		{"transactions that write run one at a time", oneWriter},
		{"a closed store refuses", closed},
	} {
		t.Run(rule.name, func(t *testing.T) {
			s := open(t)
			rule.test(t, s)
			if err := s.Close(); err != nil {
				t.Errorf("Close: %v", err)
			}
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// put writes pairs of key and value into a bucket.
func put(t *testing.T, s emulator.Store, bucket string, pairs ...string) {
	t.Helper()
	must(t, s.Update(func(tx emulator.Tx) error {
		for i := 0; i < len(pairs); i += 2 {
			if err := tx.Put(bucket, pairs[i], []byte(pairs[i+1])); err != nil {
				return err
			}
		}
		return nil
	}))
}

// want compares one value; "" is absent.
func want(t *testing.T, s emulator.Store, bucket, key, value string) {
	t.Helper()
	must(t, s.View(func(tx emulator.Tx) error {
		got, err := tx.Get(bucket, key)
		if string(got) != value || (got == nil) != (value == "") {
			t.Errorf("%s/%s = %q, want %q", bucket, key, got, value)
		}
		return err
	}))
}

func putAndGet(t *testing.T, s emulator.Store) {
	put(t, s, "b", "k", "1", "other", "2")
	want(t, s, "b", "k", "1")
	want(t, s, "b", "nothing", "")
	want(t, s, "c", "k", "")
	put(t, s, "b", "k", "3")
	want(t, s, "b", "k", "3")
	must(t, s.Update(func(tx emulator.Tx) error {
		must(t, tx.Delete("b", "k"))
		must(t, tx.Delete("b", "nothing"))
		must(t, tx.Put("b", "empty", nil))
		got, err := tx.Get("b", "empty")
		if got == nil || len(got) != 0 {
			t.Errorf("an empty value reads %v, want one that is empty and there", got)
		}
		return err
	}))
	want(t, s, "b", "k", "")
	want(t, s, "b", "other", "2")
}

var errOnPurpose = errors.New("on purpose")

func allOrNothing(t *testing.T, s emulator.Store) {
	put(t, s, "b", "k", "1")
	err := s.Update(func(tx emulator.Tx) error {
		must(t, tx.Put("b", "k", []byte("2")))
		must(t, tx.Put("b", "new", []byte("2")))
		must(t, tx.Delete("b", "k"))
		must(t, tx.Clear())
		return errOnPurpose
	})
	if !errors.Is(err, errOnPurpose) {
		t.Errorf("Update = %v, want the error of its function", err)
	}
	want(t, s, "b", "k", "1")
	want(t, s, "b", "new", "")
}

func viewIsReadOnly(t *testing.T, s emulator.Store) {
	put(t, s, "b", "k", "1")
	must(t, s.View(func(tx emulator.Tx) error {
		for name, err := range map[string]error{
			"Put": tx.Put("b", "k", []byte("2")), "Delete": tx.Delete("b", "k"), "Clear": tx.Clear(),
		} {
			if !errors.Is(err, emulator.ErrReadOnly) {
				t.Errorf("%s in a view = %v, want ErrReadOnly", name, err)
			}
		}
		return nil
	}))
	want(t, s, "b", "k", "1")
}

func viewIsOneMoment(t *testing.T, s emulator.Store) {
	put(t, s, "b", "x", "0", "y", "0")
	var group sync.WaitGroup
	defer group.Wait()
	group.Go(func() {
		for i := range 50 {
			put(t, s, "b", "x", strconv.Itoa(i), "y", strconv.Itoa(i))
		}
	})
	for range 50 {
		must(t, s.View(func(tx emulator.Tx) error {
			x, err := tx.Get("b", "x")
			must(t, err)
			y, err := tx.Get("b", "y")
			if string(x) != string(y) {
				t.Errorf("a view saw %s and %s, which never stood together", x, y)
			}
			return err
		}))
	}
}

func keys(t *testing.T, s emulator.Store, bucket, prefix string) (list []string) {
	t.Helper()
	must(t, s.View(func(tx emulator.Tx) error {
		return tx.Each(bucket, prefix, func(key string, value []byte) error {
			if string(value) != "v"+key {
				t.Errorf("%s has the value %s", key, value)
			}
			list = append(list, key)
			return nil
		})
	}))
	return list
}

func eachInOrder(t *testing.T, s emulator.Store) {
	var all []string
	must(t, s.Update(func(tx emulator.Tx) error {
		for i := range 200 {
			key := fmt.Sprintf("%03d", i*37%200)
			all = append(all, key)
			must(t, tx.Put("b", key, []byte("v"+key)))
		}
		for _, key := range []string{"\x00", "~", "微信", "1/2"} {
			all = append(all, key)
			must(t, tx.Put("b", key, []byte("v"+key)))
		}
		return tx.Put("other", "000", []byte("v000"))
	}))
	slices.Sort(all)
	if got := keys(t, s, "b", ""); !slices.Equal(got, all) {
		t.Errorf("all keys: %q", got)
	}
	if got := keys(t, s, "b", "19"); len(got) != 10 || got[0] != "190" || got[9] != "199" {
		t.Errorf("keys that begin with 19: %q", got)
	}
	if got := keys(t, s, "b", "zz"); got != nil {
		t.Errorf("keys that begin with zz: %q", got)
	}
}

func eachStops(t *testing.T, s emulator.Store) {
	put(t, s, "b", "1", "a", "2", "b", "3", "c")
	for give, wantErr := range map[error]error{fs.SkipAll: nil, errOnPurpose: errOnPurpose} {
		seen := 0
		err := s.View(func(tx emulator.Tx) error {
			return tx.Each("b", "", func(string, []byte) error {
				if seen++; seen == 2 {
					return give
				}
				return nil
			})
		})
		if !errors.Is(err, wantErr) || seen != 2 {
			t.Errorf("stopping with %v: %d seen, error %v", give, seen, err)
		}
	}
}

func buckets(t *testing.T, s emulator.Store) {
	wantBuckets := func(want ...string) {
		t.Helper()
		must(t, s.View(func(tx emulator.Tx) error {
			got, err := tx.Buckets()
			if !slices.Equal(got, want) {
				t.Errorf("buckets are %q, want %q", got, want)
			}
			return err
		}))
	}
	wantBuckets()
	put(t, s, "b/2", "k", "1")
	put(t, s, "a", "k", "1")
	put(t, s, "微信", "k", "1")
	wantBuckets("a", "b/2", "微信")
	must(t, s.Update(func(tx emulator.Tx) error { return tx.Delete("a", "k") }))
	wantBuckets("b/2", "微信")
	must(t, s.Update(func(tx emulator.Tx) error { return tx.Clear() }))
	wantBuckets()
}

func namesWithin(maxBucket int) func(*testing.T, emulator.Store) {
	bucket, key := strings.Repeat("n", maxBucket), strings.Repeat("n", emulator.MaxName)
	return func(t *testing.T, s emulator.Store) {
		for _, pair := range [][2]string{{"", "k"}, {"b", ""}, {"b", key + "n"}, {bucket + "n", "k"}} {
			err := s.Update(func(tx emulator.Tx) error { return tx.Put(pair[0], pair[1], []byte("1")) })
			if !errors.Is(err, emulator.ErrName) {
				t.Errorf("names of %d and %d bytes: %v, want ErrName", len(pair[0]), len(pair[1]), err)
			}
			want(t, s, pair[0], pair[1], "")
		}
		put(t, s, bucket, key, "1")
		want(t, s, bucket, key, "1")
	}
}

func clearAll(t *testing.T, s emulator.Store) {
	put(t, s, "b", "k", "1")
	put(t, s, "c", "k", "1")
	must(t, s.Update(func(tx emulator.Tx) error { return tx.Clear() }))
	want(t, s, "b", "k", "")
	want(t, s, "c", "k", "")
	put(t, s, "b", "k", "2")
	want(t, s, "b", "k", "2")
}

func oneWriter(t *testing.T, s emulator.Store) {
	put(t, s, "b", "n", "0")
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 25 {
				err := s.Update(func(tx emulator.Tx) error {
					text, err := tx.Get("b", "n")
					if err != nil {
						return err
					}
					n, err := strconv.Atoi(string(text))
					if err != nil {
						return err
					}
					return tx.Put("b", "n", []byte(strconv.Itoa(n+1)))
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	want(t, s, "b", "n", "100")
}

func closed(t *testing.T, s emulator.Store) {
	put(t, s, "b", "k", "1")
	must(t, s.Close())
	nothing := func(emulator.Tx) error { t.Error("a closed store ran a transaction"); return nil }
	if err := s.Update(nothing); !errors.Is(err, emulator.ErrClosed) {
		t.Errorf("Update = %v, want ErrClosed", err)
	}
	if err := s.View(nothing); !errors.Is(err, emulator.ErrClosed) {
		t.Errorf("View = %v, want ErrClosed", err)
	}
}
