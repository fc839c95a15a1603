package emulator_test

import (
	"testing"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/emulator/storetest"
)

// TestPartOfAStore: a part keeps the rules of a store, whatever is beside it.
func TestPartOfAStore(t *testing.T) {
	t.Parallel()
	storetest.RunWithin(t, emulator.MaxName-len("merchant/1/"), func(t *testing.T) emulator.Store {
		whole := emulator.NewMemory()
		for _, beside := range []emulator.Store{whole, emulator.MerchantStore(whole, "11")} {
			if err := beside.Update(func(tx emulator.Tx) error { return tx.Put("b", "beside", []byte("x")) }); err != nil {
				t.Fatal(err)
			}
		}
		return emulator.MerchantStore(whole, "1")
	})
}

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
