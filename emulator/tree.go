package emulator

import (
	"hash/maphash"
	"strings"
)

// node is the root of an immutable treap: a search tree by key and a heap by
// weight. The weight is a hash of the key, so that the tree is balanced
// whatever the order of insertion. A nil node is the empty tree.
type node struct {
	key         string
	value       []byte
	weight      uint64
	left, right *node
}

var weightSeed = maphash.MakeSeed()

func (n *node) get(key string) []byte {
	for n != nil {
		switch strings.Compare(key, n.key) {
		case 0:
			return n.value
		case -1:
			n = n.left
		default:
			n = n.right
		}
	}
	return nil
}

func (n *node) put(key string, value []byte) *node {
	if n == nil {
		return &node{key: key, value: value, weight: maphash.String(weightSeed, key)}
	}
	fresh := *n
	switch strings.Compare(key, n.key) {
	case 0:
		fresh.value = value
	case -1:
		fresh.left = n.left.put(key, value)
		if fresh.left.weight > fresh.weight {
			return fresh.rotateRight()
		}
	default:
		fresh.right = n.right.put(key, value)
		if fresh.right.weight > fresh.weight {
			return fresh.rotateLeft()
		}
	}
	return &fresh
}

// rotateRight lifts the left child, which the caller has just made, over n.
func (n *node) rotateRight() *node {
	top := n.left
	below := *n
	below.left = top.right
	top.right = &below
	return top
}

func (n *node) rotateLeft() *node {
	top := n.right
	below := *n
	below.right = top.left
	top.left = &below
	return top
}

func (n *node) delete(key string) *node {
	if n == nil {
		return nil
	}
	switch strings.Compare(key, n.key) {
	case 0:
		return merge(n.left, n.right)
	case -1:
		return n.withLeft(n.left.delete(key))
	default:
		return n.withRight(n.right.delete(key))
	}
}

// merge joins two trees of which every key of a is below every key of b.
func merge(a, b *node) *node {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	case a.weight > b.weight:
		return a.withRight(merge(a.right, b))
	default:
		return b.withLeft(merge(a, b.left))
	}
}

func (n *node) withLeft(left *node) *node {
	fresh := *n
	fresh.left = left
	return &fresh
}

func (n *node) withRight(right *node) *node {
	fresh := *n
	fresh.right = right
	return &fresh
}

// each visits the keys that begin with prefix, in order, and skips the
// subtrees that cannot hold one.
func (n *node) each(prefix string, visit func(string, []byte) error) error {
	if n == nil {
		return nil
	}
	if n.key >= prefix {
		if err := n.left.each(prefix, visit); err != nil {
			return err
		}
	}
	if strings.HasPrefix(n.key, prefix) {
		if err := visit(n.key, n.value); err != nil {
			return err
		}
	}
	if n.key < prefix || strings.HasPrefix(n.key, prefix) {
		return n.right.each(prefix, visit)
	}
	return nil
}
