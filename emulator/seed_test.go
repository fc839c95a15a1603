package emulator_test

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/emulator"
)

func TestSeededRepeats(t *testing.T) {
	t.Parallel()
	read := func(seed string, sizes ...int) []byte {
		var all []byte
		source := emulator.Seeded(seed)
		for _, n := range sizes {
			b := make([]byte, n)
			if _, err := io.ReadFull(source, b); err != nil {
				t.Fatal(err)
			}
			all = append(all, b...)
		}
		return all
	}
	if !bytes.Equal(read("a", 100), read("a", 1, 31, 33, 35)) {
		t.Error("the pieces that it is read in make a difference")
	}
	if bytes.Equal(read("a", 32), read("b", 32)) || bytes.Equal(read("a", 64)[:32], read("a", 64)[32:]) {
		t.Error("it repeats where it must not")
	}
}

// TestASeededRunRepeatsByteForByte runs one story twice: every answer and every
// notification is the same, signatures and nonces included.
func TestASeededRunRepeatsByteForByte(t *testing.T) {
	t.Parallel()
	story := func(seed string) []string {
		shop, into := receiving(500)
		p := newPay(t, into, func(c *emulator.Config) { c.Seed = seed })
		var told []string
		note := func(a answer) {
			for _, name := range slices.Sorted(maps.Keys(a.header)) {
				told = append(told, name+": "+a.header.Get(name))
			}
			told = append(told, a.body)
		}
		note(p.send(p.request("POST", jsapi, marshal(t, orderBody))))
		note(p.send(p.request("GET", certificates, nil)))
		p.signMini(code)
		note(p.send(p.request("GET", contractPath(code), nil)))
		if err := p.Advance(t.Context(), time.Minute); err != nil {
			t.Fatal(err)
		}
		for _, n := range shop.all() {
			note(answer{header: n.header, body: n.body})
		}
		return told
	}
	one, same, other := story("7"), story("7"), story("8")
	if !slices.Equal(one, same) {
		for i := range min(len(one), len(same)) {
			if one[i] != same[i] {
				t.Fatalf("differs:\n%s\n%s", one[i], same[i])
			}
		}
		t.Errorf("%d and %d lines", len(one), len(same))
	}
	if slices.Equal(one, other) {
		t.Error("another seed makes no difference")
	}
}
