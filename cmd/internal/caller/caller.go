// Package caller makes a call out of words: method, path, and fields as they
// stand on a command line, each placed and typed by the description. It is what
// `wxpay call` runs; no endpoint is known to it by name.
package caller

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// Request is a call in words.
type Request struct {
	Method string // in any case
	Path   string // with values, or with the names of its parameters in braces; a query may follow

	// Fields are "name=value", where the name may lead into objects
	// ("payer.openid") and lists ("goods.0.name"), or "name:=json" for a value
	// that is JSON, or "name=@path" for the file of an upload.
	Fields []string

	// Body is a JSON object that the fields are added to, or nil.
	Body []byte

	// Unchecked lets values pass that the description forbids: for those that
	// are newer than it.
	Unchecked bool
}

// Error says what is wrong with the words.
type Error struct {
	Field  string // "" for the path
	Rule   string
	Remedy string
}

func (e *Error) Error() string {
	return strings.TrimSpace(e.Field + " " + e.Rule + ": " + e.Remedy)
}

// Call is a request that was found in the description.
type Call struct {
	op        *spec.Operation
	params    map[string]any // by name
	body      map[string]any // nil for none
	file      string         // path of the file to upload
	unchecked bool
}

// Prepare finds the endpoint and places every value. All that is wrong is
// joined in the error, each an [*Error]. It does no I/O.
func Prepare(r Request) (*Call, error) {
	c, err := Place(r)
	if err != nil {
		return nil, err
	}
	return c, c.Complete()
}

// Place is Prepare for a call that is not complete yet: see [Call.Missing].
func Place(r Request) (*Call, error) {
	path, query, _ := strings.Cut(r.Path, "?")
	path = "/" + strings.TrimPrefix(path, "/")
	op, values, err := find(strings.ToUpper(r.Method), path)
	if err != nil {
		return nil, err
	}
	c := &Call{op: op, params: map[string]any{}, unchecked: r.Unchecked}
	var errs []error
	for name, value := range values {
		errs = append(errs, c.Set(name, value))
	}
	errs = append(errs, c.take(r.Body), c.query(query))
	for _, f := range r.Fields {
		errs = append(errs, c.field(f))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return c, nil
}

// Operation is the endpoint.
func (c *Call) Operation() *spec.Operation { return c.op }

// Complete says what is still wrong with the call, each an [*Error]: what is
// missing and, unless it is unchecked, what breaks a documented rule.
func (c *Call) Complete() error {
	var errs []error
	for _, m := range c.Missing() {
		remedy := "give " + m.Name + "=value"
		if m.Field == c.op.File {
			remedy = "give " + m.Name + "=@path"
		}
		errs = append(errs, &Error{Field: m.Name, Rule: "is required", Remedy: remedy})
	}
	if !c.unchecked {
		errs = append(errs, c.check()...)
	}
	return errors.Join(errs...)
}

// FieldBody stands for all of a body that is given as JSON, in an [Error].
const FieldBody = "the body"

// decode decodes the body, and says what is wrong with it.
func (c *Call) decode(body []byte) string {
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	var v any
	err := dec.Decode(&v)
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Sprintf("must be a JSON object, and is broken at byte %d", e.Offset)
	}
	if errors.Is(err, io.EOF) {
		return "must be a JSON object, and is empty"
	}
	if err != nil {
		return "must be a JSON object, and ends too early"
	}
	object, ok := v.(map[string]any)
	if !ok {
		return "must be a JSON object, and is something else"
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return "must be a JSON object alone, and something follows it"
	}
	c.body = object
	return ""
}

// take begins the body with JSON.
func (c *Call) take(body []byte) error {
	if body == nil {
		return nil
	}
	if fault := c.decode(body); fault != "" {
		return &Error{Field: FieldBody, Rule: fault, Remedy: "give one object, as wxpay docs " + c.op.ID + " shows it"}
	}
	if c.op.Request == nil {
		return &Error{Field: FieldBody, Rule: "is not wanted by " + c.op.Method + " " + c.op.Path, Remedy: "leave it out"}
	}
	return nil
}

func (c *Call) query(text string) error {
	values, err := url.ParseQuery(text)
	if err != nil {
		return &Error{Field: "the query", Rule: "cannot be read", Remedy: "escape its values, or give them as name=value"}
	}
	var errs []error
	for name, list := range values {
		errs = append(errs, c.Set(name, strings.Join(list, ",")))
	}
	return errors.Join(errs...)
}

// field places one "name=value" or "name:=json".
func (c *Call) field(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok || strings.Trim(name, ":") == "" {
		return &Error{Field: fmt.Sprintf("%q", text), Rule: "is no field", Remedy: "write name=value, or name:=json"}
	}
	if plain, raw := strings.CutSuffix(name, ":"); raw {
		return c.SetJSON(plain, value)
	}
	return c.Set(name, value)
}
