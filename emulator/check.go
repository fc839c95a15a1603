package emulator

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/wxpay-go/wxpay/sign"
)

// clockWindow is how far the timestamp of a request may be from our time.
// The documents say that it may not exceed 5 minutes, so that exactly 5
// minutes pass.
const clockWindow = 5 * time.Minute

// checkHeaders refuses a request without Accept or User-Agent.
//
// Assumed: on every path. It was observed on some, before the signature; on
// others a missing User-Agent was reported as a SIGN_ERROR.
func checkHeaders(h http.Header) error {
	if h.Get("Accept") == "" || h.Get("User-Agent") == "" {
		return &refusal{status: http.StatusBadRequest, code: "INVALID_REQUEST", message: "Http头缺少Accept或User-Agent"}
	}
	return nil
}

// checkAuthorization checks what can be said before the body is read: the
// grammar, the scheme and the clock, in this order. A wrong clock is reported
// even where the signature is garbage.
func (e *Emulator) checkAuthorization(c *call) (sign.Authorization, error) {
	auth, err := sign.ParseAuthorization(c.header.Get("Authorization"))
	if err != nil {
		return auth, signError("Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》", "270924332")
	}
	if auth.Scheme != sign.RSA.Scheme() {
		return auth, signError("Http头Authorization认证类型不正确", "270924332")
	}
	seconds, err := strconv.ParseInt(auth.Timestamp, 10, 64)
	if err != nil || auth.Timestamp[0] == '+' {
		return auth, signError("Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》", "270924332")
	}
	if away := c.now.Unix() - seconds; away > int64(clockWindow/time.Second) || away < -int64(clockWindow/time.Second) {
		return auth, signError("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟", "270924332")
	}
	return auth, nil
}

// checkSignature finds the merchant's key and verifies the request with it.
// An unknown merchant gets the short answer that was observed, without detail.
func (e *Emulator) checkSignature(c *call, auth sign.Authorization) error {
	if auth.MchID != e.cfg.MchID {
		return signError("签名错误", "268443699")
	}
	if !sign.SameSerial(auth.Serial, e.creds.MerchantSerial()) {
		return signError("商户证书序列号有误。请使用签名私钥匹配的证书序列号", "268443699")
	}
	message, err := sign.AppendRequest(nil, c.method, c.target, auth.Timestamp, auth.Nonce, c.signedBody())
	if err != nil {
		return signError("签名错误", "268443699")
	}
	signature, err := base64.StdEncoding.DecodeString(auth.Signature)
	if err == nil {
		err = sign.RSA.Verify(&e.creds.MerchantKey.PublicKey, message, signature)
	}
	if err != nil {
		return c.mismatch(message)
	}
	return nil
}

// signedBody is the body line of the signature: empty for GET, whatever was
// sent with it.
func (c *call) signedBody() []byte {
	if c.method == http.MethodGet {
		return nil
	}
	return c.raw
}

// mismatch explains a wrong signature as the live service was seen to do: with
// the string that it signed, the body cut to its first 8 characters, and the
// length of the whole.
func (c *call) mismatch(message []byte) error {
	body := c.signedBody()
	head := message[:len(message)-len(body)-1]
	r := signError("签名错误", "268443699")
	r.detail = signDetail{
		Detail:   signIssue{Issue: "sign not match"},
		Field:    "signature",
		Location: "authorization",
		Information: signInformation{
			Method:    c.method,
			Length:    len(message),
			Truncated: string(head) + firstCharacters(body, 8) + "\n",
			URL:       c.target,
		},
	}
	return r
}

// signDetail is the detail of a signature mismatch, in the nested form that
// was observed in 2021 and in 2025; the documents print a flat one.
type signDetail struct {
	Detail      signIssue       `json:"detail"`
	Field       string          `json:"field"`
	Location    string          `json:"location"`
	Information signInformation `json:"sign_information"`
}

type signIssue struct {
	Issue string `json:"issue"`
}

type signInformation struct {
	Method    string `json:"method"`
	Length    int    `json:"sign_message_length"` // bytes
	Truncated string `json:"truncated_sign_message"`
	URL       string `json:"url"`
}

// firstCharacters returns at most n characters of text.
func firstCharacters(text []byte, n int) string {
	end := 0
	for ; n > 0 && end < len(text); n-- {
		_, size := utf8.DecodeRune(text[end:])
		end += size
	}
	return string(text[:end])
}
