package sign

import (
	"net/http"
	"strings"
)

// The headers that carry a signature of WeChat Pay, and the one that names the
// key: in a request, Wechatpay-Serial asks for the key of the answer.
const (
	HeaderTimestamp = "Wechatpay-Timestamp"
	HeaderNonce     = "Wechatpay-Nonce"
	HeaderSerial    = "Wechatpay-Serial"
	HeaderSignature = "Wechatpay-Signature"
	HeaderType      = "Wechatpay-Signature-Type"
)

// Header is the raw text of the headers that carry a signature. Nothing in it
// was trimmed or parsed: the texts themselves were signed.
type Header struct {
	Timestamp string // Wechatpay-Timestamp: Unix seconds
	Nonce     string // Wechatpay-Nonce
	Serial    string // Wechatpay-Serial: certificate serial or public key id
	Signature string // Wechatpay-Signature: base64
	Type      string // Wechatpay-Signature-Type: scheme, may be empty
}

// ReadHeader picks the signature headers out of h, in any case: a header map
// that did not come from net/http may hold the lower-case names of HTTP/2.
// What is not there stays empty.
func ReadHeader(h http.Header) Header {
	return Header{
		Timestamp: headerText(h, HeaderTimestamp),
		Nonce:     headerText(h, HeaderNonce),
		Serial:    headerText(h, HeaderSerial),
		Signature: headerText(h, HeaderSignature),
		Type:      headerText(h, HeaderType),
	}
}

// Write sets the signature headers in to, in one allocation; an empty Type is
// left out.
func (h Header) Write(to http.Header) {
	values := []string{h.Timestamp, h.Nonce, h.Serial, h.Signature, h.Type}
	to[HeaderTimestamp] = values[0:1:1]
	to[HeaderNonce] = values[1:2:2]
	to[HeaderSerial] = values[2:3:3]
	to[HeaderSignature] = values[3:4:4]
	if h.Type != "" {
		to[HeaderType] = values[4:5:5]
	}
}

// headerText returns the first value of name, in any case.
func headerText(h http.Header, name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	found, text := "", ""
	for k, v := range h {
		// Of several spellings the least wins, so that two runs agree.
		if len(k) == len(name) && strings.EqualFold(k, name) && len(v) > 0 && (found == "" || k < found) {
			found, text = k, v[0]
		}
	}
	return text
}
