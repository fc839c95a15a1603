package emulator

import (
	"errors"
	"io/fs"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// NewMemory returns a [Store] in memory. It holds nothing but memory, so that
// Close may be left out.
//
// A bucket is an immutable search tree: a writer copies the few nodes on the
// way to a key, and commits by putting the new roots in place. A failed
// transaction is therefore undone by forgetting it, and a reader needs no
// lock. Every operation costs the logarithm of the bucket's size.
func NewMemory() Store {
	m := &memory{}
	m.roots.Store(&map[string]*node{})
	return m
}

type memory struct {
	writer sync.Mutex // held by the one transaction that may write
	roots  atomic.Pointer[map[string]*node]
	closed atomic.Bool
}

func (m *memory) Update(f func(Tx) error) error {
	m.writer.Lock()
	defer m.writer.Unlock()
	if m.closed.Load() {
		return ErrClosed
	}
	before := *m.roots.Load()
	tx := &memoryTx{roots: make(map[string]*node, len(before)+1), writes: true}
	maps.Copy(tx.roots, before)
	if err := f(tx); err != nil {
		return err
	}
	m.roots.Store(&tx.roots)
	return nil
}

func (m *memory) View(f func(Tx) error) error {
	if m.closed.Load() {
		return ErrClosed
	}
	return f(&memoryTx{roots: *m.roots.Load()})
}

func (m *memory) Close() error {
	m.closed.Store(true)
	return nil
}

type memoryTx struct {
	roots  map[string]*node
	writes bool
}

func (t *memoryTx) Get(bucket, key string) ([]byte, error) {
	return t.roots[bucket].get(key), nil
}

func (t *memoryTx) Put(bucket, key string, value []byte) error {
	if !t.writes {
		return ErrReadOnly
	}
	if !nameable(bucket) || !nameable(key) {
		return ErrName
	}
	if value == nil {
		value = []byte{}
	}
	t.roots[bucket] = t.roots[bucket].put(key, value)
	return nil
}

func nameable(name string) bool { return name != "" && len(name) <= MaxName }

func (t *memoryTx) Delete(bucket, key string) error {
	if !t.writes {
		return ErrReadOnly
	}
	t.roots[bucket] = t.roots[bucket].delete(key)
	return nil
}

func (t *memoryTx) Each(bucket, prefix string, visit func(string, []byte) error) error {
	err := t.roots[bucket].each(prefix, visit)
	if errors.Is(err, fs.SkipAll) {
		return nil
	}
	return err
}

func (t *memoryTx) Buckets() ([]string, error) {
	var names []string
	for name, root := range t.roots {
		if root != nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

func (t *memoryTx) Clear() error {
	if !t.writes {
		return ErrReadOnly
	}
	clear(t.roots)
	return nil
}
