package notify

import (
	"net/http"
	"strings"
)

// Error is the only error of this package. Its text holds no key, no header
// and no body, so it is safe to log.
type Error struct {
	// Status is what to answer: 401 for distrust, 400 for what cannot be read,
	// 405 for another method than POST. It is 0 for a fault of a [Config].
	Status int

	Field  string // "resource.nonce", or the field of a [Config]; "" for the whole
	Rule   string // what it must be
	Remedy string // what to do
	Err    error  // for instance a *sign.Error or *seal.Error, or nil
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("notify: ")
	if e.Field != "" {
		b.WriteString(e.Field + " ")
	}
	b.WriteString(e.Rule)
	if e.Remedy != "" {
		b.WriteString(": " + e.Remedy)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Err }

func unreadable(field, rule string, err error) error {
	return &Error{Status: http.StatusBadRequest, Field: field, Rule: rule, Err: err}
}
