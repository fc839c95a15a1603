package sign

import "crypto/rand"

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// Nonce returns 32 letters and digits (随机串) from the system's random source,
// 190 bits: the form that the official libraries send. Using one twice makes a
// request replayable.
//
// It cannot fail: crypto/rand ends the program rather than return less.
func Nonce() string {
	var text [32]byte
	var pool [48]byte
	for n := 0; n < len(text); {
		rand.Read(pool[:])
		for _, b := range pool {
			// Six bits at a time, the two values past the alphabet dropped:
			// a remainder would favour its first characters.
			if b &= 63; int(b) < len(base62) && n < len(text) {
				text[n] = base62[b]
				n++
			}
		}
	}
	return string(text[:])
}
