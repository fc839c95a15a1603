// Package diagnose finds out why a signature does not hold, of a request
// (请求签名) or of an answer or notification (应答、回调签名), and why what is
// encrypted does not open.
//
// What was signed cannot be seen, but its digest can: the public key opens an
// RSA signature, and in it stand the name of the hash and the digest. So the
// likely mistakes are made again, one by one and then in pairs; the first text
// whose digest is the one in the signature is the text that was signed. Nothing
// is guessed: a cause that is named has been verified.
package diagnose

import (
	"crypto"
	"crypto/rsa"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

// Request is a request as WeChat Pay received it.
type Request struct {
	Method, Host, Target string // Target is path and query as they were sent
	Authorization        sign.Authorization
	Body                 []byte    // as received; of an upload, its part meta
	At                   time.Time // when it was received; zero: its age is not judged
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

	Received string // the text that was verified with (验签名串)
	Signed   string // the text that was signed, "" if it was not found
}

// Find compares a request with what its merchant must have signed. It returns
// no cause for a request with which nothing is wrong.
func Find(r Request, m Merchant) Finding {
	a := r.Authorization
	s := &search{
		right: lines{false, r.Method, r.Target, a.Timestamp, a.Nonce, string(r.signedBody())},
		keys:  append([]Key{m.Key}, m.Others...), signature: a.Signature, host: r.Host, unsigned: r.Body,
	}
	if _, err := sign.AppendRequest(nil, r.Method, r.Target, a.Timestamp, a.Nonce, nil); err == nil {
		s.found.Received = s.right.String()
	}
	s.authorization(a, m)
	s.clock(a.Timestamp, r.At)
	s.serial(a.Serial, 1)
	s.open()
	return s.found
}

// signedBody is the last line of the text: empty for GET, whatever was sent.
func (r *Request) signedBody() []byte {
	if r.Method == http.MethodGet {
		return nil
	}
	return r.Body
}

// search is what is known of a message, of either side.
type search struct {
	right     lines // as they should have been signed
	keys      []Key // the one that should have signed comes first
	signature string
	host      string
	unsigned  []byte // the body of a GET

	found Finding
}

func (s *search) blame(causes ...Cause) { s.found.Causes = append(s.found.Causes, causes...) }

// authorization judges who the header says that it is from.
func (s *search) authorization(a sign.Authorization, m Merchant) {
	if a.Scheme != sign.SchemeRSA {
		s.blame(WrongScheme)
	}
	if a.MchID != m.MchID {
		s.blame(WrongMchID)
	}
}

// clock judges the timestamp; at a zero time only its form.
func (s *search) clock(timestamp string, at time.Time) {
	switch seconds, err := strconv.ParseInt(timestamp, 10, 64); {
	case err != nil:
		s.blame(WrongTimestamp)
	case seconds > 1e11: // the year 5138
		s.blame(MillisecondHeader)
	case !at.IsZero() && sign.CheckClock(timestamp, at, sign.DefaultWindow) != nil:
		s.blame(WrongClock)
	}
}

// serial looks whose key the serial names. Of the keys, the first ones, as many
// as own says, may be named. The one that is comes to the front.
func (s *search) serial(serial string, own int) {
	for i, k := range s.keys {
		if !sign.SameSerial(serial, k.Serial) {
			continue
		}
		if i >= own {
			s.found.Owner = k.Owner
			s.blame(OthersSerial)
			return
		}
		s.keys = slices.Concat([]Key{k}, s.keys[:i], s.keys[i+1:])
		return
	}
	s.blame(UnknownSerial)
}

// open opens the signature, and looks for the text that is in it.
func (s *search) open() {
	raw, encoding := decode(s.signature)
	if raw == nil {
		s.blame(NotBase64)
		return
	}
	for _, k := range s.keys {
		made, ok := open(k.Public, raw)
		if !ok {
			continue
		}
		known := causes(encoding, made.cause)
		if !k.Public.Equal(s.keys[0].Public) {
			s.found.Owner = k.Owner
			known = append(known, OthersKey)
		}
		s.text(made, known)
		return
	}
	if s.found.Received != "" && isPSS(s.keys[0].Public, s.found.Received, raw) {
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
