package wxpay

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Error is an answer of WeChat Pay that is no success. Use it with
// [errors.As]; branch on Code, never on Message, which is for people and may
// change.
//
// The text of an Error holds no key, no header and no body.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012081709
type Error struct {
	Status    int    // HTTP status
	Code      string // machine-readable, "PARAM_ERROR"; "" if the body had none
	Message   string // for people, in the language of Config.Language
	RequestID string // to name to the support of WeChat Pay; "" if there was none

	// Detail is the member "detail" as it came. Its shape differs between
	// endpoints; [Error.Field] reads the usual one.
	Detail json.RawMessage

	// Signed: the answer carried a signature of WeChat Pay and it held. Most
	// refusals are not signed, so false is no sign of fraud; but nobody vouches
	// for such an answer.
	Signed bool

	method, path string
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("wxpay: ")
	b.WriteString(e.method)
	b.WriteByte(' ')
	b.WriteString(e.path)
	b.WriteString(": ")
	b.WriteString(strconv.Itoa(e.Status))
	for _, s := range []string{e.Code, e.Message} {
		if s != "" {
			b.WriteByte(' ')
			b.WriteString(printable(s))
		}
	}
	if f := e.Field(); f != "" {
		b.WriteString(" (" + printable(f) + ")")
	}
	if e.RequestID != "" {
		b.WriteString(" [request " + printable(e.RequestID) + "]")
	}
	return b.String()
}

// Field returns the field that WeChat Pay names as wrong: a JSON Pointer into
// the body, or the bare name of a parameter. It is "" if none is named.
func (e *Error) Field() string {
	var d struct {
		Field string `json:"field"`
	}
	if json.Unmarshal(e.Detail, &d) != nil {
		return ""
	}
	return d.Field
}

// IsCode reports whether err is, or wraps, an [*Error] with the code.
func IsCode(err error, code string) bool {
	e, ok := errors.AsType[*Error](err)
	return ok && e.Code == code
}

// printable makes text of others fit for one line of a log.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	if len(s) > 300 {
		s = strings.ToValidUTF8(s[:300], "") + "…"
	}
	return s
}

// Fault is one thing that is wrong with what the caller gave.
type Fault struct {
	Field  string // "payer/openid", or the field of a [Config]
	Rule   string // what the field must be
	Remedy string // what to do
}

func (f Fault) String() string { return f.Field + " " + f.Rule + ": " + f.Remedy }

// InputError refuses a request or a [Config] before anything is sent. It names
// every field at fault, never a value.
type InputError struct {
	What   string // "config", or method and path of the request
	Faults []Fault
	Err    error // underlying cause, or nil
}

func (e *InputError) Error() string {
	faults := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		faults[i] = f.String()
	}
	return "wxpay: " + e.What + ": " + strings.Join(faults, "; ")
}

func (e *InputError) Unwrap() error { return e.Err }

func inputError(what, field, rule, remedy string) error {
	return &InputError{What: what, Faults: []Fault{{Field: field, Rule: rule, Remedy: remedy}}}
}

// Reason says why an answer was refused.
type Reason string

const (
	ReasonUntrusted Reason = "untrusted" // its signature is missing, stale, of an unknown key, or wrong; Err is a *sign.Error
	ReasonHTML      Reason = "html"      // it is a web page, of a gateway or a proxy
	ReasonTruncated Reason = "truncated" // it ended before its length
	ReasonOversized Reason = "oversized" // it is longer than Config.MaxBody
	ReasonRedirect  Reason = "redirect"  // it points elsewhere; a signature is good for one address only
	ReasonFormat    Reason = "format"    // it is signed, and not the JSON that the caller's type can take
)

// AnswerError refuses an answer that must not be used. Nothing of such an
// answer is returned. The request may have had its effect all the same: query,
// or repeat it with the same parameters.
type AnswerError struct {
	Reason    Reason
	Status    int
	RequestID string
	Err       error // for instance a *sign.Error

	method, path string
}

func (e *AnswerError) Error() string {
	text := fmt.Sprintf("wxpay: %s %s: answer refused: %s (status %d)", e.method, e.path, e.Reason, e.Status)
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	if e.RequestID != "" {
		text += " [request " + printable(e.RequestID) + "]"
	}
	return text
}

func (e *AnswerError) Unwrap() error { return e.Err }

// NetworkError says that no answer came. If the request is not idempotent its
// effect is unknown: query, or repeat it with the same parameters.
type NetworkError struct {
	Attempts int
	Err      error // of the last attempt; the context's error if that ended the call

	method, path string
}

func (e *NetworkError) Error() string {
	return fmt.Sprintf("wxpay: %s %s: no answer after %d attempts: %v", e.method, e.path, e.Attempts, e.Err)
}

func (e *NetworkError) Unwrap() error { return e.Err }
