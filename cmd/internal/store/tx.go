package store

import (
	"bytes"
	"errors"
	"io/fs"

	"go.etcd.io/bbolt"
	bolterrors "go.etcd.io/bbolt/errors"

	"github.com/wxpay-go/wxpay/emulator"
)

type file struct{ db *bbolt.DB }

func (f *file) Update(do func(emulator.Tx) error) error {
	return ended(f.db.Update(func(tx *bbolt.Tx) error { return do(transaction{tx}) }))
}

func (f *file) View(do func(emulator.Tx) error) error {
	return ended(f.db.View(func(tx *bbolt.Tx) error { return do(transaction{tx}) }))
}

func (f *file) Close() error { return f.db.Close() }

// ended gives the error of a closed database the store's own name.
func ended(err error) error {
	if errors.Is(err, bolterrors.ErrDatabaseNotOpen) {
		return emulator.ErrClosed
	}
	return err
}

// transaction is the bucket of the state, seen as the store's transaction.
type transaction struct{ tx *bbolt.Tx }

func (t transaction) state() *bbolt.Bucket { return t.tx.Bucket(bucketState) }

func (t transaction) bucket(name string) *bbolt.Bucket { return t.state().Bucket([]byte(name)) }

func (t transaction) Get(bucket, key string) ([]byte, error) {
	b := t.bucket(bucket)
	if b == nil {
		return nil, nil
	}
	return b.Get([]byte(key)), nil
}

func (t transaction) Put(bucket, key string, value []byte) error {
	switch {
	case !t.tx.Writable():
		return emulator.ErrReadOnly
	case !nameable(bucket), !nameable(key):
		return emulator.ErrName
	}
	b, err := t.state().CreateBucketIfNotExists([]byte(bucket))
	if err != nil {
		return err
	}
	if value == nil {
		value = []byte{}
	}
	return b.Put([]byte(key), value)
}

func nameable(name string) bool { return name != "" && len(name) <= emulator.MaxName }

func (t transaction) Delete(bucket, key string) error {
	if !t.tx.Writable() {
		return emulator.ErrReadOnly
	}
	b := t.bucket(bucket)
	if b == nil {
		return nil
	}
	return b.Delete([]byte(key))
}

func (t transaction) Each(bucket, prefix string, visit func(string, []byte) error) error {
	b := t.bucket(bucket)
	if b == nil {
		return nil
	}
	c := b.Cursor()
	for key, value := c.Seek([]byte(prefix)); bytes.HasPrefix(key, []byte(prefix)) && key != nil; key, value = c.Next() {
		if err := visit(string(key), value); errors.Is(err, fs.SkipAll) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (t transaction) Buckets() ([]string, error) {
	var names []string
	err := t.state().ForEachBucket(func(name []byte) error {
		if first, _ := t.state().Bucket(name).Cursor().First(); first != nil {
			names = append(names, string(name))
		}
		return nil
	})
	return names, err
}

func (t transaction) Clear() error {
	if !t.tx.Writable() {
		return emulator.ErrReadOnly
	}
	if err := t.tx.DeleteBucket(bucketState); err != nil {
		return err
	}
	_, err := t.tx.CreateBucket(bucketState)
	return err
}
