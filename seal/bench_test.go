package seal_test

import (
	"testing"

	"github.com/wxpay-go/wxpay/seal"
)

func BenchmarkOpen(b *testing.B) {
	for _, size := range []struct {
		name string
		n    int
	}{{"notification=512B", 512}, {"certificate=1.4KiB", 1434}, {"64KiB", 64 << 10}} {
		r, err := seal.Close([]byte(apiv3), make([]byte, size.n), "transaction", "abcdefghijkl")
		if err != nil {
			b.Fatal(err)
		}
		b.Run(size.name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(size.n))
			for b.Loop() {
				if _, err := seal.Open([]byte(apiv3), r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkEncryptField(b *testing.B) {
	key := private(b, "wechatpay-go.key.pem")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := seal.EncryptField(&key.PublicKey, "张三"); err != nil {
			b.Fatal(err)
		}
	}
}
