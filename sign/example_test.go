package sign_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

// The key of these examples is printed in the official documentation.
func exampleKey(name string) []byte {
	data, err := os.ReadFile("../testdata/vectors/keys/" + name)
	if err != nil {
		panic(err)
	}
	return data
}

func ExampleAppendRequest() {
	key, err := sign.ParsePrivateKey(exampleKey("official-merchant.key.pem"))
	if err != nil {
		fmt.Println(err)
		return
	}
	message, err := sign.AppendRequest(nil, "GET", "/v3/refund/domestic/refunds/123123123123",
		"1554208460", "593BEC0C930BF1AFEB40B4A08C8FB242", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	signature, err := sign.RSA.Sign(key, message)
	if err != nil {
		fmt.Println(err)
		return
	}
	header := sign.Authorization{
		Scheme: sign.RSA.Scheme(), MchID: "1900007291", Nonce: "593BEC0C930BF1AFEB40B4A08C8FB242", Timestamp: "1554208460",
		Serial: "408B07E79B8269FEC3D5D3E6AB8ED163A6A380DB", Signature: base64.StdEncoding.EncodeToString(signature),
	}
	fmt.Println(header.String()[:80])
	fmt.Println(header.Signature[:40])
	// Output:
	// WECHATPAY2-SHA256-RSA2048 mchid="1900007291",nonce_str="593BEC0C930BF1AFEB40B4A0
	// Lc9VXxmeonkdV8Xk9tmigQFLhl0vRWTerdmoRu01
}

func ExampleVerifier_Verify() {
	key, err := sign.ParsePublicKey(exampleKey("official-platform.pub.pem"))
	if err != nil {
		fmt.Println(err)
		return
	}
	const id = "PUB_KEY_ID_0000000000000024101100397200000006"
	verifier := sign.Verifier{
		Trust: sign.PublicKey(id, key),
		Now:   func() time.Time { return time.Unix(1722850421, 0) }, // the time of the example
	}
	header := sign.Header{ // sign.ReadHeader(response.Header)
		Timestamp: "1722850421",
		Nonce:     "d824f2e086d3c1df967785d13fcd22ef",
		Serial:    id,
		Signature: "mfI1CPqvBrgcXfgXMFjdNIhBf27ACE2YyeWsWV9ZI7T7RU0vHvbQpu9Z32ogzc+k8ZC5n3kz7h70eWKjgqNdKQF0eRp8mVKlmfzMLBVHbssB9jEZEDXThOX1XFqX7s7ymia1hoHQxQagPGzkdWxtlZPZ4ZPvr1RiqkgAu6Is8MZgXXrRoBKqjmSdrP1N7uxzJ/cjfSiis9FiLjuADoqmQ1P7p2N876YPAol7Rn0+GswwAwxldbdLrmVSjfytfSBJFqTMHn4itojgxSWWN1byuckQt8hSTEv/Lg97QoeGniYP17T80pJeQyL3b+295FPHSO2AtvCgyIbKMZ0BALilAA==",
	}
	body := []byte(`{"code_url":"weixin://wxpay/bizpayurl?pr=JyC91EIz1"}`)
	fmt.Println(verifier.Verify(context.Background(), header, body))

	err = verifier.Verify(context.Background(), header, append(body, ' '))
	fmt.Println(errors.Is(err, sign.ErrUntrusted))
	// Output:
	// <nil>
	// true
}

func ExampleParseAuthorization() {
	a, err := sign.ParseAuthorization(`WECHATPAY2-SHA256-RSA2048 mchid="1900007291",serial_no="408B07E7",timestamp="1554208460",nonce_str="n",signature="c2ln"`)
	fmt.Println(a.MchID, a.Serial, err)

	_, err = sign.ParseAuthorization(`WECHATPAY2-SHA256-RSA2048 mchid='1900007291'`)
	fmt.Println(err)
	// Output:
	// 1900007291 408B07E7 <nil>
	// sign: authorization: message: the value of mchid is not in ASCII double quotes
}

func ExampleAppendLines() {
	message, err := sign.AppendLines(nil, "wx2421b1c4370ec43b", "1554208460",
		"593BEC0C930BF1AFEB40B4A08C8FB242", "prepay_id=wx201410272009395522657a690389285100")
	fmt.Printf("%s%v\n", message, err)
	// Output:
	// wx2421b1c4370ec43b
	// 1554208460
	// 593BEC0C930BF1AFEB40B4A08C8FB242
	// prepay_id=wx201410272009395522657a690389285100
	// <nil>
}

func ExampleCertificates() {
	cert, err := sign.ParseCertificate(exampleKey("wechatpay-go.crt.pem"))
	if err != nil {
		fmt.Println(err)
		return
	}
	trust, err := sign.CertificatesAt(func() time.Time { return time.Unix(1624523846, 0) }, cert)
	if err != nil {
		fmt.Println(err)
		return
	}
	serial, _, err := trust.Current(context.Background())
	fmt.Println(serial, err)
	_, err = trust.Key(context.Background(), "d7ce59d1f522d701") // spelled as some libraries do
	fmt.Println(err)
	// Output:
	// D7CE59D1F522D701 <nil>
	// <nil>
}

func ExampleSameSerial() {
	fmt.Println(sign.SameSerial("05157f09e", "5157F09E"))
	fmt.Println(sign.SameSerial("PUB_KEY_ID_01", "pub_key_id_01"))
	// Output:
	// true
	// false
}

func ExampleParsePrivateKey() {
	_, err := sign.ParsePrivateKey(exampleKey("wechatpay-go.crt.pem"))
	fmt.Println(err)
	// Output:
	// sign: the merchant API private key (商户API私钥, apiclient_key.pem) is needed, and this is a certificate; give apiclient_key.pem, which begins with "-----BEGIN PRIVATE KEY-----"
}
