package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/caller"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

// usageError marks what is wrong with the command line itself.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// reachError marks a network that did not serve.
type reachError struct{ error }

func (e reachError) Unwrap() error { return e.error }

func exitCode(err error) int {
	if err == nil {
		return 0
	}
	if _, ok := errors.AsType[usageError](err); ok {
		return 2
	}
	if _, ok := errors.AsType[*wxpay.InputError](err); ok {
		return 2
	}
	if _, ok := errors.AsType[reachError](err); ok {
		return 3
	}
	if _, ok := errors.AsType[*wxpay.NetworkError](err); ok {
		return 3
	}
	if isLocal(err) {
		return 2
	}
	return 1
}

// isLocal reports whether it was a file or a folder of this machine that
// failed, which somebody has named.
func isLocal(err error) bool {
	if _, ok := errors.AsType[*fs.PathError](err); ok {
		return true
	}
	_, ok := errors.AsType[*os.LinkError](err)
	return ok
}

// failure is what --json prints of an error.
type failure struct {
	Exit      int         `json:"exit"`
	Message   string      `json:"message"`
	Code      string      `json:"code,omitempty"`   // of WeChat Pay
	Reason    string      `json:"reason,omitempty"` // why an answer must not be used
	Status    int         `json:"status,omitempty"`
	RequestID string      `json:"request_id,omitempty"`
	Faults    []faultJSON `json:"faults,omitempty"`
}

type faultJSON struct {
	Field  string `json:"field"`
	Rule   string `json:"rule"`
	Remedy string `json:"remedy"`
}

// fail says what went wrong: one line on standard error and, with --json, an
// object on standard output too. A document that is there already stays the
// only one: it is a report, and the error says that it is no good one.
func (o *output) fail(err error) {
	f := failureOf(err)
	fmt.Fprintln(o.stderr, "wxpay:", f.Message)
	if !o.json || o.shown {
		return
	}
	document := struct {
		Error failure `json:"error"`
	}{f}
	if !o.streamed {
		_ = printJSON(o.stdout, document) // the exit status says it too
		return
	}
	_ = o.line(document, nil)
}

func failureOf(err error) failure {
	f := failure{Exit: exitCode(err), Message: message(err)}
	if e, ok := errors.AsType[*wxpay.Error](err); ok {
		f.Code, f.Status, f.RequestID = e.Code, e.Status, e.RequestID
		f.Message += hint(e)
	}
	if e, ok := errors.AsType[*wxpay.AnswerError](err); ok {
		f.Reason, f.Status, f.RequestID = string(e.Reason), e.Status, e.RequestID
	}
	walkErrors(err, func(err error) { f.Faults = append(f.Faults, faultsOf(err)...) })
	return f
}

// hint is what else there is to say of a refusal.
func hint(e *wxpay.Error) string {
	if text := issue(e); text != "" {
		return ": " + strings.Join(strings.Fields(text), " ")
	}
	if e.Code == "SIGN_ERROR" {
		return "; wxpay doctor looks for the cause"
	}
	return ""
}

// message is the text of err in one line, its package named once, with what to
// do where the error itself cannot know.
func message(err error) string {
	text := strings.Join(strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' }), "; ")
	text = strings.ReplaceAll(strings.TrimPrefix(text, "wxpay: "), ": wxpay: ", ": ")
	if e, ok := errors.AsType[*wxpay.AnswerError](err); ok && answers[e.Reason] != "" {
		text += ": " + answers[e.Reason]
	}
	if e, ok := errors.AsType[*wxpay.Error](err); ok && e.Code == "" && !e.Signed {
		text += ", which is no answer of WeChat Pay's: look for a gateway or a proxy between, and at the base URL"
	}
	return text
}

// answers says what to do about an answer that must not be used.
var answers = map[wxpay.Reason]string{
	wxpay.ReasonUntrusted: "do not act upon it; wxpay doctor finds out why",
	wxpay.ReasonHTML:      "a web page is no answer of WeChat Pay's; look for a gateway or a proxy between, and at the base URL",
	wxpay.ReasonTruncated: "it ended early; ask again",
	wxpay.ReasonRedirect:  "it leads elsewhere; check the base URL",
}

// walkErrors visits err and all that it wraps.
func walkErrors(err error, visit func(error)) {
	if err == nil {
		return
	}
	visit(err)
	switch e := err.(type) { //nolint:errorlint // each error of the chain is visited by itself
	case interface{ Unwrap() error }:
		walkErrors(e.Unwrap(), visit)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			walkErrors(inner, visit)
		}
	}
}

// faultsOf reads the errors that name field, rule and remedy.
func faultsOf(err error) (faults []faultJSON) {
	switch e := err.(type) { //nolint:errorlint // those that it wraps have their own turn
	case *wxpay.InputError:
		for _, f := range e.Faults {
			faults = append(faults, faultJSON(f))
		}
	case *wxpay.Error:
		if field := e.Field(); field != "" {
			faults = append(faults, faultJSON{Field: field, Rule: issue(e)})
		}
	case *caller.Error:
		faults = append(faults, faultJSON{e.Field, e.Rule, e.Remedy})
	case *emulator.ConfigError:
		faults = append(faults, faultJSON{e.Field, e.Rule, e.Remedy})
	case *sign.KeyError:
		faults = append(faults, faultJSON{e.What, e.Rule, e.Remedy})
	case *seal.Error:
		faults = append(faults, faultJSON{e.Field, e.Rule, e.Remedy})
	}
	return faults
}

// issue is the member of the same name beside the field that WeChat Pay names.
func issue(e *wxpay.Error) string {
	var d struct {
		Issue string `json:"issue"`
	}
	_ = json.Unmarshal(e.Detail, &d) // an odd detail has none
	return d.Issue
}
