package sign

import (
	"cmp"
	"context"
	"crypto"
	"encoding/base64"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// ProbePrefix begins the signatures that WeChat Pay makes wrong on purpose, on
// a small share of answers and notifications, to see whether a merchant checks
// (验签探测). Such a message is refused like any other with a wrong signature;
// its code, [CodeProbe], lets a log stay quiet about it. WeChat Pay sends a
// refused notification again, well signed.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4013053249
const ProbePrefix = "WECHATPAY/SIGNTEST/"

// DefaultWindow is how far a timestamp may be from now.
const DefaultWindow = 5 * time.Minute

// Verifier checks the signature of an answer or a notification. Only Trust is
// required. A Verifier is a value: copy it freely, use it from many goroutines.
type Verifier struct {
	Trust  Trust
	Suite  Suite            // nil: RSA
	Now    func() time.Time // nil: time.Now
	Window time.Duration    // 0: DefaultWindow; see CheckClock for its edge
}

// Verify returns nil if and only if the key that h.Serial names signed body
// under h, inside the window. It checks, in this order: the headers are there
// ([CodeMissing]), the signature is no probe ([CodeProbe]), the timestamp
// ([CodeClock]), the key ([CodeSerial]), the signature ([CodeSignature], which
// includes text that is no base64 and a scheme other than the Suite's). Every
// error is an [*Error] and matches [ErrUntrusted].
//
// Body is the raw bytes as received, nil or empty if there were none.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4013053420
func (v Verifier) Verify(ctx context.Context, h Header, body []byte) error {
	if err := checkPresence(h); err != nil {
		return err
	}
	if strings.HasPrefix(h.Signature, ProbePrefix) {
		return refuse(CodeProbe, h.Serial, "a signature probe of WeChat Pay, wrong on purpose", nil)
	}
	if err := v.checkClock(h.Timestamp); err != nil {
		return err
	}
	key, err := v.key(ctx, h.Serial)
	if err != nil {
		return err
	}
	return v.checkSignature(key, h, body)
}

// CheckClock returns nil if timestamp, the raw text of a header, is plain
// digits and less than window away from now, in the past or in the future;
// else an [*Error] with [CodeClock].
//
// At a distance of exactly the window it refuses, as the official Go and Java
// libraries do; the official PHP library and the JavaScript one still accept.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4013053420
func CheckClock(timestamp string, now time.Time, window time.Duration) error {
	seconds, err := plainSeconds(timestamp)
	if err != nil {
		return refuse(CodeClock, "", "the timestamp must be whole Unix seconds in plain digits, not milliseconds", nil)
	}
	if now.Sub(time.Unix(seconds, 0)).Abs() >= window {
		return refuse(CodeClock, "", "the timestamp is "+window.String()+" or more away from now; is this clock right?", nil)
	}
	return nil
}

// plainSeconds takes digits alone: strconv would take a sign too, and then the
// text that was signed and the number that was checked are no longer one. Up
// to 12 digits reach the year 33658; milliseconds have 13.
func plainSeconds(text string) (int64, error) {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, strconv.ErrSyntax
		}
	}
	if len(text) > 12 {
		return 0, strconv.ErrRange
	}
	return strconv.ParseInt(text, 10, 64)
}

func checkPresence(h Header) error {
	var missing string
	switch {
	case h.Timestamp == "":
		missing = HeaderTimestamp
	case h.Nonce == "":
		missing = HeaderNonce
	case h.Serial == "":
		missing = HeaderSerial
	case h.Signature == "":
		missing = HeaderSignature
	default:
		return nil
	}
	return refuse(CodeMissing, h.Serial, "the header "+missing+" is missing; did a proxy strip it?", nil)
}

func (v Verifier) checkClock(timestamp string) error {
	now := time.Now
	if v.Now != nil {
		now = v.Now
	}
	window := v.Window
	if window == 0 {
		window = DefaultWindow
	}
	return CheckClock(timestamp, now(), window)
}

// key gives every refusal of a Trust, ours or the caller's, the one shape.
func (v Verifier) key(ctx context.Context, serial string) (crypto.PublicKey, error) {
	if v.Trust == nil {
		return nil, refuse(CodeSerial, serial, "the Verifier has no Trust", nil)
	}
	key, err := v.Trust.Key(ctx, serial)
	if err == nil {
		return key, nil
	}
	if e, ok := errors.AsType[*Error](err); ok && e.Code == CodeSerial {
		return nil, err
	}
	return nil, refuse(CodeSerial, serial, "the key could not be had", err)
}

func (v Verifier) checkSignature(key crypto.PublicKey, h Header, body []byte) error {
	suite := v.Suite
	if suite == nil {
		suite = RSA
	}
	if h.Type != "" && h.Type != suite.Scheme() {
		return refuse(CodeSignature, h.Serial, "signed by another scheme than "+suite.Scheme(), nil)
	}
	if hasBreak(h.Nonce) {
		return refuse(CodeSignature, h.Serial, "the header "+HeaderNonce+" holds a line break", nil)
	}
	s := scratches.Get().(*scratch)
	defer s.release()
	if !s.decode(h.Signature) {
		return refuse(CodeSignature, h.Serial, "the header "+HeaderSignature+" is no base64", nil)
	}
	s.message = slices.Grow(s.message[:0], len(h.Timestamp)+len(h.Nonce)+len(body)+3)
	s.message = AppendAnswer(s.message, h.Timestamp, h.Nonce, body)
	if err := suite.Verify(key, s.message, s.signature); err != nil {
		return mismatch(h.Serial, err)
	}
	return nil
}

// mismatch names the serial in what a Suite says.
func mismatch(serial string, err error) error {
	const detail = "the signature does not match the bytes"
	if e, ok := errors.AsType[*Error](err); ok {
		return refuse(CodeSignature, serial, cmp.Or(e.Detail, detail), e.Err)
	}
	return refuse(CodeSignature, serial, detail, err)
}

func refuse(code Code, serial, detail string, err error) error {
	return &Error{Op: "verify", Code: code, Serial: serial, Detail: detail, Err: err}
}

// scratch is the memory of one verification.
type scratch struct{ message, signature []byte }

var scratches = sync.Pool{New: func() any { return new(scratch) }}

// release drops the buffer of a rare giant message, which bounds the pool.
func (s *scratch) release() {
	const keep = 256 << 10
	if cap(s.message) <= keep && cap(s.signature) <= keep {
		scratches.Put(s)
	}
}

var strictBase64 = base64.StdEncoding.Strict()

// decode fills signature. The decoder skips line breaks; a header has none.
func (s *scratch) decode(text string) bool {
	if hasBreak(text) {
		return false
	}
	var err error
	s.signature, err = strictBase64.AppendDecode(s.signature[:0], []byte(text))
	return err == nil
}
