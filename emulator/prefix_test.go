package emulator_test

import (
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
)

// TestPartsOfAStoreAreApart: what one merchant clears, another one keeps.
func TestPartsOfAStoreAreApart(t *testing.T) {
	t.Parallel()
	whole := emulator.NewMemory()
	one, other := emulator.MerchantStore(whole, "1"), emulator.MerchantStore(whole, "11")
	for _, s := range []emulator.Store{one, other, whole} {
		if err := s.Update(func(tx emulator.Tx) error { return tx.Put("orders", "a", []byte("x")) }); err != nil {
			t.Fatal(err)
		}
	}
	if err := one.Update(func(tx emulator.Tx) error { return tx.Clear() }); err != nil {
		t.Fatal(err)
	}
	for s, want := range map[emulator.Store]int{one: 0, other: 1, whole: 2} {
		err := s.View(func(tx emulator.Tx) error {
			buckets, err := tx.Buckets()
			if len(buckets) != want {
				t.Errorf("buckets %q, want %d", buckets, want)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
}
