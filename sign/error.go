package sign

import (
	"errors"
	"strconv"
	"strings"
)

// Code says why a message was refused. The set is closed.
type Code string

// The codes of [Error].
const (
	CodeMessage   Code = "message"   // the input cannot be put in canonical form: our own mistake
	CodeKey       Code = "key"       // our own signer cannot sign: none, of the wrong kind, or it failed
	CodeMissing   Code = "missing"   // a header, or a part of one, is not there
	CodeProbe     Code = "probe"     // a wrong signature that WeChat Pay sends on purpose, see [ProbePrefix]
	CodeClock     Code = "clock"     // the timestamp is no plain number, or outside the window
	CodeSerial    Code = "serial"    // no valid key is known for the named serial
	CodeSignature Code = "signature" // the key is known and the signature is wrong
)

// ErrUntrusted matches, with [errors.Is], every refusal that means: these
// bytes cannot be shown to come from WeChat Pay. It matches neither
// [CodeMessage] nor [CodeKey], which are the caller's own mistakes.
var ErrUntrusted = errors.New("sign: untrusted message")

// Error is the error of everything here but the key parsers, which return
// [*KeyError]. Its text never holds a key, a signature, a nonce or a body, so
// it is safe to log.
type Error struct {
	Op     string // "request", "lines", "authorization", "sign", "verify", "trust"
	Code   Code
	Serial string // the serial or public key id in question, if any
	Detail string // for people; do not parse
	Err    error  // underlying cause, or nil
}

// Error names the operation, the code, the serial, and what was wrong.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("sign: " + e.Op + ": " + string(e.Code))
	if e.Serial != "" {
		b.WriteString(" " + strconv.QuoteToASCII(shorten(e.Serial)))
	}
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	if e.Err != nil {
		b.WriteString(": " + strings.ReplaceAll(e.Err.Error(), "\n", "; "))
	}
	return b.String()
}

// Unwrap returns the underlying cause, or nil.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether target is [ErrUntrusted] and e means distrust.
func (e *Error) Is(target error) bool {
	return target == ErrUntrusted && e.Code != CodeMessage && e.Code != CodeKey
}

// shorten bounds text that somebody else sent; real serials and public key
// ids stay far below the limit.
func shorten(s string) string {
	const limit = 64
	if len(s) <= limit {
		return s
	}
	return s[:limit] + "…"
}
