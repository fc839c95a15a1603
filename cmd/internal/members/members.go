// Package members changes single values of a JSON text and leaves all others
// as they are: their order, their numbers, their escapes.
package members

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/wxpay-go/wxpay/spec"
)

// Change is asked about each text, number, true, false and null: the
// description of its member, empty where there is none, the name of the member
// that it is or is in a list of, "" outside of any, and its JSON. It returns
// the JSON to have in its place, or nil to leave it.
type Change func(f *spec.Field, name string, value json.RawMessage) (json.RawMessage, error)

// ErrNoJSON says that a text is not JSON.
var ErrNoJSON = errors.New("is not JSON")

// Rewrite changes values of text, which f describes; f may be nil. Blanks
// between members are dropped. It returns text itself if nothing is to be
// changed.
func Rewrite(text []byte, f *spec.Field, change Change) ([]byte, error) {
	if !json.Valid(text) {
		return nil, ErrNoJSON
	}
	r := rewriter{change: change}
	if err := r.value(f, "", bytes.TrimSpace(text)); err != nil {
		return nil, err
	}
	if !r.changed {
		return text, nil
	}
	return r.out.Bytes(), nil
}

type rewriter struct {
	out     bytes.Buffer
	change  Change
	changed bool
}

func (r *rewriter) value(f *spec.Field, name string, raw json.RawMessage) error {
	if f == nil {
		f = &spec.Field{}
	}
	if raw[0] == '{' || raw[0] == '[' {
		return r.inside(f, name, raw)
	}
	other, err := r.change(f, name, raw)
	if err != nil {
		return err
	}
	if other != nil {
		r.changed, raw = true, other
	}
	r.out.Write(raw)
	return nil
}

// inside copies an object or a list, one member after the other.
func (r *rewriter) inside(f *spec.Field, name string, raw json.RawMessage) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	if _, err := dec.Token(); err != nil {
		return err
	}
	r.out.WriteByte(raw[0])
	for n := 0; dec.More(); n++ {
		if n > 0 {
			r.out.WriteByte(',')
		}
		inner, called := f.Items, name
		if raw[0] == '{' {
			var err error
			if inner, called, err = r.name(f, dec); err != nil {
				return err
			}
		}
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return err
		}
		if err := r.value(inner, called, value); err != nil {
			return err
		}
	}
	r.out.WriteByte(raw[len(raw)-1])
	return nil
}

// name copies the name of a member, and finds its description.
func (r *rewriter) name(f *spec.Field, dec *json.Decoder) (*spec.Field, string, error) {
	token, err := dec.Token()
	if err != nil {
		return nil, "", err
	}
	name, ok := token.(string)
	if !ok {
		return nil, "", ErrNoJSON
	}
	text, err := json.Marshal(name)
	if err != nil {
		return nil, "", err
	}
	r.out.Write(append(text, ':'))
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			return &f.Fields[i], name, nil
		}
	}
	return nil, name, nil
}
