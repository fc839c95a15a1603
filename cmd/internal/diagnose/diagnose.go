// Package diagnose finds out why the signature of a request (请求签名) does not
// hold.
//
// What the merchant signed cannot be seen, but its digest can: the public key
// opens an RSA signature, and in it stand the name of the hash and the digest.
// So the likely mistakes are made again, one by one and then in pairs; the
// first text whose digest is the one in the signature is the text that was
// signed. Nothing is guessed: a cause that is named has been verified.
package diagnose

import (
	"crypto"
	"crypto/rsa"
	"net/http"
	"strconv"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

// Request is a request as WeChat Pay received it.
type Request struct {
	Method, Host, Target string // Target is path and query as they were sent
	Authorization        sign.Authorization
	Body                 []byte    // as received; of an upload, its part meta
	At                   time.Time // when it was received
}

// Key is somebody's public key, by the serial that names it.
type Key struct {
	Owner  string // "merchant", "platform", or the number of another merchant
	Serial string
	Public *rsa.PublicKey
}

// Merchant is who should have signed, and whose keys could be mistaken for the
// merchant's.
type Merchant struct {
	MchID  string
	Key    Key
	Others []Key
}

// Finding is what was found.
type Finding struct {
	// Verified: the causes are the whole difference, and Signed is the very
	// text that was signed. Otherwise they are what is known.
	Verified bool
	Causes   []Cause
	Owner    string // of the key that signed, where it is not the merchant's

	Received string // the text that WeChat Pay verified with (验签名串)
	Signed   string // the text that was signed, "" if it was not found
}

// Find compares a request with what its merchant must have signed. It returns
// no cause for a request with which nothing is wrong.
func Find(r Request, m Merchant) Finding {
	s := &search{request: r, merchant: m}
	if message, err := sign.AppendRequest(nil, r.Method, r.Target, r.Authorization.Timestamp, r.Authorization.Nonce, r.signedBody()); err == nil {
		s.found.Received = string(message)
	}
	s.header()
	s.signature()
	return s.found
}

// signedBody is the last line of the text: empty for GET, whatever was sent.
func (r *Request) signedBody() []byte {
	if r.Method == http.MethodGet {
		return nil
	}
	return r.Body
}

type search struct {
	request  Request
	merchant Merchant
	found    Finding
}

func (s *search) blame(causes ...Cause) { s.found.Causes = append(s.found.Causes, causes...) }

// header judges what the Authorization header says, without its signature.
func (s *search) header() {
	a, m := s.request.Authorization, s.merchant
	if a.Scheme != sign.SchemeRSA {
		s.blame(WrongScheme)
	}
	if a.MchID != m.MchID {
		s.blame(WrongMchID)
	}
	switch seconds, err := strconv.ParseInt(a.Timestamp, 10, 64); {
	case err != nil:
		s.blame(WrongTimestamp)
	case seconds > 1e11: // the year 5138
		s.blame(MillisecondHeader)
	case sign.CheckClock(a.Timestamp, s.request.At, sign.DefaultWindow) != nil:
		s.blame(WrongClock)
	}
	if sign.SameSerial(a.Serial, m.Key.Serial) {
		return
	}
	for _, k := range m.Others {
		if sign.SameSerial(a.Serial, k.Serial) {
			s.found.Owner = k.Owner
			s.blame(OthersSerial)
			return
		}
	}
	s.blame(UnknownSerial)
}

// signature opens the signature, and looks for the text that is in it.
func (s *search) signature() {
	raw, encoding := decode(s.request.Authorization.Signature)
	if raw == nil {
		s.blame(NotBase64)
		return
	}
	for _, k := range append([]Key{s.merchant.Key}, s.merchant.Others...) {
		made, ok := open(k.Public, raw)
		if !ok {
			continue
		}
		known := causes(encoding, made.cause)
		if !k.Public.Equal(s.merchant.Key.Public) {
			s.found.Owner = k.Owner
			known = append(known, OthersKey)
		}
		s.text(made, known)
		return
	}
	if s.found.Received != "" && isPSS(s.merchant.Key.Public, s.found.Received, raw) {
		s.found.Verified, s.found.Signed = true, s.found.Received
		s.blame(PSS)
		return
	}
	s.blame(causes(encoding, UnknownKey)...)
}

// text looks for the text of a digest.
func (s *search) text(made opened, known []Cause) {
	for text, why := range s.texts() {
		hashed, ok := made.matches([]byte(text))
		if !ok {
			continue
		}
		s.found.Verified, s.found.Signed = true, text
		s.blame(append(causes(known...), causes(append(why, hashed)...)...)...)
		return
	}
	s.blame(append(causes(known...), OtherText)...)
}

// causes drops the empty ones.
func causes(list ...Cause) []Cause {
	var kept []Cause
	for _, c := range list {
		if c != "" {
			kept = append(kept, c)
		}
	}
	return kept
}

// hashes are those that a signature can name, by their usual mistake.
var hashes = []struct {
	hash   crypto.Hash
	prefix string // of the DigestInfo (RFC 8017, 9.2)
	cause  Cause
}{
	{crypto.SHA256, "\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20", ""},
	{crypto.SHA1, "\x30\x21\x30\x09\x06\x05\x2b\x0e\x03\x02\x1a\x05\x00\x04\x14", SHA1},
	{crypto.MD5, "\x30\x20\x30\x0c\x06\x08\x2a\x86\x48\x86\xf7\x0d\x02\x05\x05\x00\x04\x10", OtherHash},
	{crypto.SHA384, "\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30", OtherHash},
	{crypto.SHA512, "\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40", OtherHash},
}
