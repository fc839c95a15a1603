package emulator

import (
	"strings"
	"sync/atomic"
)

// prefixed is the part of a store that one merchant has: its buckets carry the
// merchant's name in front, and it sees no others.
type prefixed struct {
	whole  Store
	prefix string
	closed atomic.Bool
}

// merchantStore is the part of a merchant. Names of plain buckets have no
// slash, so that the parts cannot meet; they are shorter by what is put in
// front.
func merchantStore(whole Store, mchID string) Store {
	return &prefixed{whole: whole, prefix: merchantPrefix(mchID)}
}

func merchantPrefix(mchID string) string { return "merchant/" + mchID + "/" }

func (p *prefixed) Update(f func(Tx) error) error { return p.whole.Update(p.inside(f)) }

func (p *prefixed) View(f func(Tx) error) error { return p.whole.View(p.inside(f)) }

// inside looks whether the part is closed within the transaction, because one
// that waited for its turn may find that it was closed meanwhile.
func (p *prefixed) inside(f func(Tx) error) func(Tx) error {
	return func(tx Tx) error {
		if p.closed.Load() {
			return ErrClosed
		}
		return f(prefixedTx{tx, p.prefix})
	}
}

// Close closes the part; the whole is its owner's to close.
func (p *prefixed) Close() error {
	p.closed.Store(true)
	return nil
}

type prefixedTx struct {
	tx     Tx
	prefix string
}

func (t prefixedTx) Get(bucket, key string) ([]byte, error) { return t.tx.Get(t.prefix+bucket, key) }

func (t prefixedTx) Put(bucket, key string, value []byte) error {
	if bucket == "" {
		return ErrName // the prefix alone would pass for a name
	}
	return t.tx.Put(t.prefix+bucket, key, value)
}

func (t prefixedTx) Delete(bucket, key string) error { return t.tx.Delete(t.prefix+bucket, key) }

func (t prefixedTx) Each(bucket, prefix string, visit func(string, []byte) error) error {
	return t.tx.Each(t.prefix+bucket, prefix, visit)
}

func (t prefixedTx) Buckets() ([]string, error) {
	all, err := t.tx.Buckets()
	var own []string
	for _, name := range all {
		if rest, ok := strings.CutPrefix(name, t.prefix); ok {
			own = append(own, rest)
		}
	}
	return own, err
}

// Clear removes the buckets of this part. The keys are collected first: a walk
// must not write.
func (t prefixedTx) Clear() error {
	buckets, err := t.Buckets()
	if err != nil {
		return err
	}
	if len(buckets) == 0 {
		return t.refuseInView()
	}
	for _, bucket := range buckets {
		var keys []string
		err := t.Each(bucket, "", func(key string, _ []byte) error {
			keys = append(keys, key)
			return nil
		})
		if err != nil {
			return err
		}
		for _, key := range keys {
			if err := t.Delete(bucket, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// refuseInView lets an empty part refuse a write in a view, as any other does.
func (t prefixedTx) refuseInView() error { return t.Delete("none", "none") }
