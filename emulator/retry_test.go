package emulator_test

import (
	"testing"
	"time"
)

// BenchmarkRetries is a notification that nobody takes: 24 hours and 4 minutes
// and all its repetitions, by the clock.
func BenchmarkRetries(b *testing.B) {
	for b.Loop() {
		b.StopTimer()
		shop, into := receiving(500)
		p := newPay(b, into)
		p.signMini(code)
		b.StartTimer()
		if err := p.Advance(b.Context(), 24*time.Hour+4*time.Minute); err != nil {
			b.Fatal(err)
		}
		if n := len(shop.all()); n != 16 {
			b.Fatalf("%d attempts", n)
		}
	}
}
