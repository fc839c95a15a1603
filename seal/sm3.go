package seal

import (
	"encoding/binary"
	"hash"
	"math/bits"
)

// SM3Size is the length of an SM3 digest in bytes.
const SM3Size = 32

// sm3 is a digest under way.
type sm3 struct {
	state [8]uint32
	rest  [64]byte // what does not fill a block yet
	n     int      // bytes in rest
	total uint64   // bytes in all
}

// NewSM3 returns a hash that computes the SM3 digest (密码杂凑算法): that of a
// few uploads and receipts, and not in the standard library.
//
// Source: GB/T 32905-2016; https://datatracker.ietf.org/doc/html/draft-sca-cfrg-sm3-02
func NewSM3() hash.Hash {
	d := new(sm3)
	d.Reset()
	return d
}

// Reset implements [hash.Hash].
func (d *sm3) Reset() {
	*d = sm3{state: [8]uint32{
		0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600,
		0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
	}}
}

// Size implements [hash.Hash].
func (d *sm3) Size() int { return SM3Size }

// BlockSize implements [hash.Hash].
func (d *sm3) BlockSize() int { return len(d.rest) }

// Write implements [hash.Hash]. It never fails.
func (d *sm3) Write(p []byte) (int, error) {
	size := len(p)
	d.total += uint64(size)
	for len(p) > 0 {
		if d.n == 0 && len(p) >= len(d.rest) {
			sm3Block(&d.state, p[:len(d.rest)])
			p = p[len(d.rest):]
			continue
		}
		n := copy(d.rest[d.n:], p)
		p = p[n:]
		if d.n += n; d.n == len(d.rest) {
			sm3Block(&d.state, d.rest[:])
			d.n = 0
		}
	}
	return size, nil
}

// Sum implements [hash.Hash]. The hash can be written to further.
func (d *sm3) Sum(b []byte) []byte {
	end := *d
	tail := append(make([]byte, 0, 2*len(d.rest)), d.rest[:d.n]...)
	tail = append(tail, 0x80)
	for len(tail)%len(d.rest) != 56 {
		tail = append(tail, 0)
	}
	tail = binary.BigEndian.AppendUint64(tail, d.total*8)
	for ; len(tail) > 0; tail = tail[len(d.rest):] {
		sm3Block(&end.state, tail[:len(d.rest)])
	}
	for _, word := range end.state {
		b = binary.BigEndian.AppendUint32(b, word)
	}
	return b
}

// sm3Expand makes the 68 words of a block.
func sm3Expand(block []byte) (w [68]uint32) {
	for i := range 16 {
		w[i] = binary.BigEndian.Uint32(block[4*i:])
	}
	for i := 16; i < 68; i++ {
		x := w[i-16] ^ w[i-9] ^ bits.RotateLeft32(w[i-3], 15)
		x ^= bits.RotateLeft32(x, 15) ^ bits.RotateLeft32(x, 23)
		w[i] = x ^ bits.RotateLeft32(w[i-13], 7) ^ w[i-6]
	}
	return w
}

// sm3Block compresses one block of 64 bytes into the state. The names are
// those of the standard.
func sm3Block(state *[8]uint32, block []byte) {
	words := sm3Expand(block)
	a, b, c, d := state[0], state[1], state[2], state[3]
	e, f, g, h := state[4], state[5], state[6], state[7]
	for j := range 64 {
		t, ff, gg := uint32(0x79cc4519), a^b^c, e^f^g
		if j >= 16 {
			t, ff, gg = 0x7a879d8a, a&b|a&c|b&c, e&f|^e&g
		}
		ss1 := bits.RotateLeft32(bits.RotateLeft32(a, 12)+e+bits.RotateLeft32(t, j%32), 7)
		tt1 := ff + d + (ss1 ^ bits.RotateLeft32(a, 12)) + (words[j] ^ words[j+4])
		tt2 := gg + h + ss1 + words[j]
		a, b, c, d = tt1, a, bits.RotateLeft32(b, 9), c
		e, f, g, h = tt2^bits.RotateLeft32(tt2, 9)^bits.RotateLeft32(tt2, 17), e, bits.RotateLeft32(f, 19), g
	}
	for i, word := range [8]uint32{a, b, c, d, e, f, g, h} {
		state[i] ^= word
	}
}
