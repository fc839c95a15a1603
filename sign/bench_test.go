package sign_test

import (
	"encoding/base64"
	"testing"

	"github.com/wxpay-go/wxpay/sign"
)

var sizes = []struct {
	name string
	n    int
}{{"body=0", 0}, {"body=1KiB", 1 << 10}, {"body=64KiB", 64 << 10}}

func BenchmarkSign(b *testing.B) {
	key := privateKey(b, "official-merchant.key.pem")
	for _, size := range sizes {
		body := make([]byte, size.n)
		b.Run(size.name, func(b *testing.B) {
			b.ReportAllocs()
			var buf []byte
			for b.Loop() {
				var err error
				buf, err = sign.AppendRequest(buf[:0], "POST", "/v3/pay/transactions/jsapi", "1554208460", "n", body)
				if err != nil {
					b.Fatal(err)
				}
				raw, err := sign.RSA.Sign(key, buf)
				if err != nil {
					b.Fatal(err)
				}
				a := sign.Authorization{Scheme: sign.SchemeRSA, MchID: "1900007291", Nonce: "n", Timestamp: "1554208460", Serial: "408B", Signature: base64.StdEncoding.EncodeToString(raw)}
				if a.String() == "" {
					b.Fatal("empty")
				}
			}
		})
	}
}

func BenchmarkVerify(b *testing.B) {
	p := newPlatform(b)
	for _, size := range sizes {
		body := make([]byte, size.n)
		h := p.answer(b, "1722850421", "n", body)
		b.Run(size.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := p.verifier().Verify(b.Context(), h, body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParseAuthorization(b *testing.B) {
	header := whole.String()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := sign.ParseAuthorization(header); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkNonce(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if sign.Nonce() == "" {
			b.Fatal("empty")
		}
	}
}
