package sign

import (
	"strconv"
	"strings"
)

// Authorization is the value of the Authorization header of a request, with
// every text as it stands there.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012365344
type Authorization struct {
	Scheme    string // "WECHATPAY2-SHA256-RSA2048"
	MchID     string // merchant number of the caller (mchid)
	Nonce     string // random string (nonce_str)
	Timestamp string // Unix seconds (timestamp)
	Serial    string // serial of the merchant's certificate (serial_no)
	Signature string // base64 (signature)
}

// String returns the header value, in the order of the official Go library.
// It checks nothing: only what [ParseAuthorization] accepts is a valid header.
func (a Authorization) String() string {
	return a.Scheme +
		` mchid="` + a.MchID +
		`",nonce_str="` + a.Nonce +
		`",timestamp="` + a.Timestamp +
		`",serial_no="` + a.Serial +
		`",signature="` + a.Signature + `"`
}

// Limits of [ParseAuthorization], in bytes. The header's is far above any real
// one; the official libraries send nonces of 12 to 36.
const (
	MaxAuthorization = 4 << 10
	MaxNonce         = 128
)

// ParseAuthorization reads an Authorization header as a server does: scheme,
// one space, then mchid, nonce_str, timestamp, serial_no and signature in any
// order, each once, as key="value", joined by a comma without blanks.
//
// It judges the form alone. A scheme that it does not know is returned for the
// caller to judge, and so are the values. Refused are other quotes than ", a
// key that is unknown or comes twice, an empty value, a control byte, a nonce
// over [MaxNonce], a header over [MaxAuthorization], and anything after the
// last pair. The error is an [*Error] that says which: [CodeMissing] for what
// is not there, [CodeMessage] for what is malformed.
func ParseAuthorization(header string) (Authorization, error) {
	if header == "" {
		return Authorization{}, missing("the Authorization header is missing")
	}
	if len(header) > MaxAuthorization {
		return Authorization{}, malformed("the header is longer than " + strconv.Itoa(MaxAuthorization) + " bytes")
	}
	if hasControl(header) {
		return Authorization{}, malformed("the header holds a control byte")
	}
	scheme, pairs, ok := strings.Cut(header, " ")
	if scheme == "" || !ok {
		return Authorization{}, malformed("want a scheme, one space, and key=\"value\" pairs")
	}
	a := Authorization{Scheme: scheme}
	if err := a.readPairs(pairs); err != nil {
		return Authorization{}, err
	}
	if err := a.complete(); err != nil {
		return Authorization{}, err
	}
	return a, nil
}

// readPairs reads up to the end. A value ends at the next quote, for no value
// holds one; equals signs and commas inside are text.
func (a *Authorization) readPairs(rest string) error {
	for {
		key, value, after, err := cutPair(rest)
		if err != nil {
			return err
		}
		if err := a.set(key, value); err != nil {
			return err
		}
		if after == "" {
			return nil
		}
		if after[0] != ',' {
			return malformed("after the value of " + key + " comes neither a comma nor the end")
		}
		rest = after[1:]
	}
}

func cutPair(s string) (key, value, after string, err error) {
	key, rest, ok := strings.Cut(s, "=")
	if !ok || !isName(key) {
		return "", "", "", malformed("want key=\"value\" pairs joined by commas without blanks")
	}
	if !strings.HasPrefix(rest, `"`) {
		return "", "", "", malformed("the value of " + key + " is not in ASCII double quotes")
	}
	value, after, ok = strings.Cut(rest[1:], `"`)
	if !ok {
		return "", "", "", malformed("the value of " + key + " has no closing quote")
	}
	return key, value, after, nil
}

// field returns the place of a key's value, or nil.
func (a *Authorization) field(key string) *string {
	switch key {
	case "mchid":
		return &a.MchID
	case "nonce_str":
		return &a.Nonce
	case "timestamp":
		return &a.Timestamp
	case "serial_no":
		return &a.Serial
	case "signature":
		return &a.Signature
	}
	return nil
}

func (a *Authorization) set(key, value string) error {
	field := a.field(key)
	switch {
	case field == nil:
		return malformed("the key " + key + " is unknown")
	case value == "":
		return malformed("the value of " + key + " is empty")
	case *field != "":
		return malformed("the key " + key + " comes twice")
	case key == "nonce_str" && len(value) > MaxNonce:
		return malformed("nonce_str is longer than " + strconv.Itoa(MaxNonce) + " bytes")
	}
	*field = value
	return nil
}

func (a *Authorization) complete() error {
	for _, key := range [...]string{"mchid", "nonce_str", "timestamp", "serial_no", "signature"} {
		if *a.field(key) == "" {
			return missing("the key " + key + " is missing")
		}
	}
	return nil
}

// isName bounds what of a stranger's header may stand in an error.
func isName(s string) bool {
	for i := range len(s) {
		if c := s[i]; c != '_' && (c < 'a' || c > 'z') {
			return false
		}
	}
	return s != "" && len(s) <= 16
}

func hasControl(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] == 0x7f {
			return true
		}
	}
	return false
}

func malformed(detail string) error {
	return &Error{Op: "authorization", Code: CodeMessage, Detail: detail}
}

func missing(detail string) error {
	return &Error{Op: "authorization", Code: CodeMissing, Detail: detail}
}
