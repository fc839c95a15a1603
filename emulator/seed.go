package emulator

import (
	"crypto/sha256"
	"encoding/binary"
	"io"
	"math"
	"sync"
)

// Seeded returns a source for [Config.Rand] that is the same for the same
// seed, so that identifiers and nonces repeat when a failing run does. What is
// made of it is guessable: it is for tests alone.
func Seeded(seed string) io.Reader { return &seeded{seed: seed} }

// seeded is the SHA-256 of the seed and a counter, over and over.
type seeded struct {
	seed  string
	count uint64
	rest  []byte
}

func (s *seeded) Read(p []byte) (int, error) {
	for n := 0; n < len(p); {
		if len(s.rest) == 0 {
			block := mix(s.seed, "bytes", s.count)
			s.rest, s.count = block[:], s.count+1
		}
		taken := copy(p[n:], s.rest)
		s.rest, n = s.rest[taken:], n+taken
	}
	return len(p), nil
}

// mix is 32 bytes that depend on all of its arguments.
func mix(seed, stream string, count uint64) [sha256.Size]byte {
	text := binary.BigEndian.AppendUint64(nil, uint64(len(seed))) // so that no two pairs read the same
	text = append(text, seed...)
	text = append(text, stream...)
	return sha256.Sum256(binary.BigEndian.AppendUint64(text, count))
}

// chance is a number from 0 to below 1 that depends on all of its arguments.
func chance(seed, stream string, count uint64) float64 {
	block := mix(seed, stream, count)
	return math.Ldexp(float64(binary.BigEndian.Uint64(block[:])>>11), -53)
}

// draws numbers the draws of each stream, so that the next one differs.
type draws struct {
	mu    sync.Mutex
	count map[string]uint64
}

// next draws from a stream: the n-th draw of a stream is the same whatever
// happens in the others.
func (d *draws) next(seed, stream string) float64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.count == nil {
		d.count = map[string]uint64{}
	}
	d.count[stream]++
	return chance(seed, stream, d.count[stream])
}
