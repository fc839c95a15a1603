package bench

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// platform is WeChat Pay and one merchant of it, as far as a call needs them.
type platform struct {
	mchID, serial string
	merchant      *rsa.PrivateKey

	keyID    string // 微信支付公钥ID
	key      *rsa.PrivateKey
	apiV3Key string
}

// thePlatform is made once: the keys are real ones and take a while.
var thePlatform = sync.OnceValue(func() *platform {
	return &platform{
		mchID: "1900000109", serial: "5157F09EFDC096DE15EBE81A47057A7232F1B8E1", merchant: newKey(),
		keyID: "PUB_KEY_ID_0119000001092026010100000001", key: newKey(),
		apiV3Key: "0123456789abcdefghijklmnopqrstuv",
	}
})

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // the random source of the system is broken
	}
	return key
}

// sign returns the headers of an answer or a notification with that body.
func (p *platform) sign(body []byte) http.Header {
	timestamp, nonce := strconv.FormatInt(time.Now().Unix(), 10), rand.Text()
	digest := sha256.Sum256([]byte(timestamp + "\n" + nonce + "\n" + string(body) + "\n"))
	signature, err := rsa.SignPKCS1v15(nil, p.key, crypto.SHA256, digest[:])
	if err != nil {
		panic(err)
	}
	return http.Header{
		"Content-Type":             {"application/json; charset=utf-8"},
		"Content-Length":           {strconv.Itoa(len(body))},
		"Request-Id":               {"08F78BB5AF0610D302189F92F7AF1B20E5A6B4D501-0"},
		"Wechatpay-Timestamp":      {timestamp},
		"Wechatpay-Nonce":          {nonce},
		"Wechatpay-Serial":         {p.keyID},
		"Wechatpay-Signature":      {base64.StdEncoding.EncodeToString(signature)},
		"Wechatpay-Signature-Type": {"WECHATPAY2-SHA256-RSA2048"},
	}
}
