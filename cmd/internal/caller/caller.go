// Package caller makes a call out of words: method, path, and fields as they
// stand on a command line, each placed and typed by the description. It is what
// `wxpay call` runs; no endpoint is known to it by name.
package caller

import (
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/spec"
)

// Request is a call in words.
type Request struct {
	Method string // in any case
	Path   string // with values, or with the names of its parameters in braces; a query may follow

	// Fields are "name=value", where the name may lead into objects
	// ("payer.openid") and lists ("goods.0.name"), or "name:=json" for a value
	// that is JSON.
	Fields []string

	// Body is a JSON object that the fields are added to, or nil.
	Body []byte
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
	op     *spec.Operation
	params map[string]any // by where and name: "path service_id"
	body   map[string]any // nil for none
}

// Prepare finds the endpoint and places every value. All that is wrong is
// joined in the error, each an [*Error]. It does no I/O.
func Prepare(r Request) (*Call, error) {
	path, query, _ := strings.Cut(r.Path, "?")
	path = "/" + strings.TrimPrefix(path, "/")
	op, values, err := find(strings.ToUpper(r.Method), path)
	if err != nil {
		return nil, err
	}
	if op.File != nil || op.Verify != "" {
		return nil, &Error{Rule: "is " + op.Method + " " + op.Path + ", which sends or answers a file", Remedy: "call it from Go, by " + op.ID}
	}
	c := &Call{op: op, params: map[string]any{}}
	var errs []error
	for name, value := range values {
		errs = append(errs, c.set(name, value))
	}
	errs = append(errs, c.take(r.Body), c.query(query))
	for _, f := range r.Fields {
		errs = append(errs, c.field(f))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return c, errors.Join(c.missing()...)
}

// take begins the body with JSON.
func (c *Call) take(body []byte) error {
	if body == nil {
		return nil
	}
	dec := json.NewDecoder(strings.NewReader(string(body)))
	dec.UseNumber()
	if err := dec.Decode(&c.body); err != nil || c.body == nil {
		return &Error{Field: "the body", Rule: "must be a JSON object", Remedy: "check the text"}
	}
	if c.op.Request == nil {
		return &Error{Field: "the body", Rule: "is not wanted by " + c.op.Method + " " + c.op.Path, Remedy: "leave it out"}
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
		errs = append(errs, c.set(name, strings.Join(list, ",")))
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
		var v any
		dec := json.NewDecoder(strings.NewReader(value))
		dec.UseNumber()
		if err := dec.Decode(&v); err != nil {
			return &Error{Field: plain, Rule: "must be JSON after :=", Remedy: "quote it for the shell, or use = for text"}
		}
		return c.put(plain, v)
	}
	return c.set(name, value)
}

// Do sends the request and returns the verified answer, indented, with what is
// encrypted in it decrypted where key can; nil where there is no body.
func (c *Call) Do(ctx context.Context, wx *wxpay.Client, key crypto.Signer) ([]byte, error) {
	op := &wxpay.Op{Method: c.op.Method, Path: c.op.Path, Host: c.op.Host, Idempotent: c.op.Idempotent}
	var opts []wxpay.Option
	for i := range c.op.Params {
		p := &c.op.Params[i]
		v, ok := c.params[p.Name]
		if !ok {
			continue
		}
		opt, err := option(ctx, wx, p, v)
		if err != nil {
			return nil, err
		}
		opts = append(opts, opt)
	}
	in, serial, err := c.sealed(ctx, wx)
	if err != nil {
		return nil, err
	}
	if serial != "" {
		opts = append(opts, wxpay.Serial(serial))
	}
	var answer wxpay.Answer
	if err := wx.Do(ctx, op, in, nil, append(opts, wxpay.Into(&answer))...); err != nil {
		return nil, err
	}
	return c.pretty(answer.Body, key)
}

func option(ctx context.Context, wx *wxpay.Client, p *spec.Field, v any) (wxpay.Option, error) {
	if text, ok := v.(string); ok && p.Encrypted {
		cipher, _, err := wx.Encrypt(ctx, text)
		if err != nil {
			return nil, err
		}
		v = cipher
	}
	switch p.In {
	case "path":
		return wxpay.Path(p.Name, v), nil
	case "query":
		return wxpay.Query(p.Name, v), nil
	}
	return wxpay.Header(p.Name, fmt.Sprint(v)), nil
}

// sealed is the body with its sensitive fields encrypted, and the serial of
// the key; the body itself stays as it is.
func (c *Call) sealed(ctx context.Context, wx *wxpay.Client) (in any, serial string, err error) {
	if c.body == nil {
		return nil, "", nil
	}
	out, err := walk(c.op.Request, c.body, func(text string) (string, error) {
		cipher, by, err := wx.Encrypt(ctx, text)
		serial = by
		return cipher, err
	})
	return out, serial, err
}

func (c *Call) pretty(body []byte, key crypto.Signer) ([]byte, error) {
	if len(body) == 0 {
		return nil, nil
	}
	if !json.Valid(body) {
		return body, nil // verified, and no JSON: shown as it is
	}
	var v any
	dec := json.NewDecoder(strings.NewReader(string(body)))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	if opener, ok := key.(crypto.Decrypter); ok && c.op.Response != nil {
		plain, err := walk(c.op.Response, v, func(text string) (string, error) { return seal.DecryptField(opener, text) })
		if err != nil {
			return nil, err
		}
		v = plain
	}
	var out strings.Builder
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return []byte(out.String()), nil
}

// walk copies v, the value of f, with every encrypted text in it changed.
func walk(f *spec.Field, v any, change func(string) (string, error)) (any, error) {
	switch x := v.(type) {
	case string:
		if f.Encrypted && x != "" {
			return change(x)
		}
	case map[string]any:
		out := make(map[string]any, len(x))
		for name, value := range x {
			out[name] = value
			if m := member(f, name); m != nil {
				changed, err := walk(m, value, change)
				if err != nil {
					return nil, err
				}
				out[name] = changed
			}
		}
		return out, nil
	case []any:
		if f.Items == nil {
			return v, nil
		}
		out := make([]any, len(x))
		for i, item := range x {
			changed, err := walk(f.Items, item, change)
			if err != nil {
				return nil, err
			}
			out[i] = changed
		}
		return out, nil
	}
	return v, nil
}

func member(f *spec.Field, name string) *spec.Field {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			return &f.Fields[i]
		}
	}
	return nil
}
