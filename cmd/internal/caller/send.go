package caller

import (
	"bytes"
	"context"
	"crypto"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/spec"
)

// Answer is a verified answer.
type Answer struct {
	Status    int
	RequestID string
	Serial    string // of the key that signed it

	// Body is indented, with what is encrypted in it decrypted where the key
	// can; nil where there is none.
	Body []byte
}

// Do sends the request and returns the verified answer. A file is asked for
// with [Call.Download].
func (c *Call) Do(ctx context.Context, wx *wxpay.Client, key crypto.Signer) (*Answer, error) {
	in, opts, err := c.request(ctx, wx)
	if err != nil {
		return nil, err
	}
	var a wxpay.Answer
	if err := wx.Do(ctx, c.endpoint(), in, nil, append(opts, wxpay.Into(&a))...); err != nil {
		return nil, err
	}
	body, err := c.pretty(a.Body, key)
	return &Answer{Status: a.Status, RequestID: a.RequestID, Serial: a.Serial, Body: body}, err
}

func (c *Call) endpoint() *wxpay.Op {
	return &wxpay.Op{Method: c.op.Method, Path: c.op.Path, Host: c.op.Host, Verify: c.op.Verify, Idempotent: c.op.Idempotent}
}

// request is what the client is given: the body, or the upload, and the rest.
func (c *Call) request(ctx context.Context, wx *wxpay.Client) (any, []wxpay.Option, error) {
	var opts []wxpay.Option
	for i := range c.op.Params {
		p := &c.op.Params[i]
		v, ok := c.params[p.Name]
		if !ok {
			continue
		}
		opt, err := option(ctx, wx, p, v)
		if err != nil {
			return nil, nil, err
		}
		opts = append(opts, opt)
	}
	body, serial, err := c.sealed(ctx, wx)
	if err != nil {
		return nil, nil, err
	}
	if serial != "" {
		opts = append(opts, wxpay.Serial(serial))
	}
	if c.op.File == nil {
		return body, opts, nil
	}
	in, err := c.upload(body)
	return in, opts, err
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
	if len(body) == 0 || !json.Valid(body) {
		return body, nil // verified, and no JSON: shown as it is
	}
	var out bytes.Buffer
	opener, ok := key.(crypto.Decrypter)
	if !ok || c.op.Response == nil || !isSealed(c.op.Response) {
		err := json.Indent(&out, body, "", "  ")
		out.WriteByte('\n')
		return out.Bytes(), err
	}
	var v any
	dec := json.NewDecoder(strings.NewReader(string(body)))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		return nil, err
	}
	plain, err := walk(c.op.Response, v, func(text string) (string, error) { return seal.DecryptField(opener, text) })
	if err != nil {
		return nil, err
	}
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err = enc.Encode(plain)
	return out.Bytes(), err
}

// isSealed reports whether something in f is encrypted.
func isSealed(f *spec.Field) bool {
	for i := range f.Fields {
		if isSealed(&f.Fields[i]) {
			return true
		}
	}
	return f.Encrypted || f.Items != nil && isSealed(f.Items)
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
