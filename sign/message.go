package sign

import (
	"slices"
	"strings"
)

// AppendRequest appends to dst the five lines that a merchant signs for a
// request (构造签名串), and returns the longer slice:
//
//	method, target, timestamp, nonce, body — each followed by one line feed
//
// Method is upper case. Target is path and query exactly as they are sent,
// still percent-encoded, without scheme and host. Timestamp is whole seconds
// since the Unix epoch. Body is the bytes that are sent, nil for GET; for a
// multipart upload it is the text of the part "meta". A body that ends in a
// line feed keeps it.
//
// On refusal it returns dst as it was and an [*Error] with [CodeMessage]: a
// method that is not upper case, a target that does not begin with "/", an
// empty line, or a line break inside a line, which would let two different
// requests share one signature.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012365342
func AppendRequest(dst []byte, method, target, timestamp, nonce string, body []byte) ([]byte, error) {
	if rule := requestFault(method, target, timestamp, nonce); rule != "" {
		return dst, &Error{Op: "request", Code: CodeMessage, Detail: rule}
	}
	dst = append(dst, method...)
	dst = append(dst, '\n')
	dst = append(dst, target...)
	dst = append(dst, '\n')
	return AppendAnswer(dst, timestamp, nonce, body), nil
}

// AppendAnswer appends to dst the three lines that WeChat Pay signs for an
// answer or a notification (构造验签名串), and returns the longer slice:
//
//	timestamp, nonce, body — each followed by one line feed
//
// Timestamp and nonce are the raw texts of the headers, body the raw bytes; an
// empty body (204) leaves its line empty. It checks nothing: [Verifier] does.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4013053420
func AppendAnswer(dst []byte, timestamp, nonce string, body []byte) []byte {
	dst = append(dst, timestamp...)
	dst = append(dst, '\n')
	dst = append(dst, nonce...)
	dst = append(dst, '\n')
	dst = append(dst, body...)
	return append(dst, '\n')
}

// AppendLines appends each line to dst, followed by one line feed. It serves
// the other texts that a merchant signs, such as the four lines of a payment
// in the client (调起支付签名): app id, timestamp, nonce, and "prepay_id=…" for
// JSAPI and mini programs or the bare id for apps.
//
// A line that holds a line break returns dst as it was and an [*Error] with
// [CodeMessage].
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012365339
func AppendLines(dst []byte, lines ...string) ([]byte, error) {
	if slices.ContainsFunc(lines, hasBreak) {
		return dst, &Error{Op: "lines", Code: CodeMessage, Detail: "a line holds a line break; remove it before signing"}
	}
	for _, line := range lines {
		dst = append(dst, line...)
		dst = append(dst, '\n')
	}
	return dst, nil
}

// requestFault names the first rule that the lines break, or returns "".
func requestFault(method, target, timestamp, nonce string) string {
	switch {
	case !isUpper(method):
		return "the method must be upper-case letters, as in \"POST\""
	case hasBreak(target):
		return "the target holds a line break; percent-encode it"
	case !strings.HasPrefix(target, "/"):
		return "the target must be path and query without scheme and host, beginning with \"/\""
	case timestamp == "" || hasBreak(timestamp):
		return "the timestamp must be one line of whole Unix seconds"
	case nonce == "" || hasBreak(nonce):
		return "the nonce must be one line of random text"
	}
	return ""
}

func isUpper(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return s != ""
}

// hasBreak looks for carriage returns too: something between the two sides
// may turn one into the other.
func hasBreak(s string) bool {
	return strings.IndexByte(s, '\n') >= 0 || strings.IndexByte(s, '\r') >= 0
}
