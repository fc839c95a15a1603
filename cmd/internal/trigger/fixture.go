package trigger

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/wxpay-go/wxpay/cmd/internal/caller"
	"github.com/wxpay-go/wxpay/spec"
)

// Fixture is an event in a file: its type, and its resource as it is before it
// is encrypted.
type Fixture struct {
	Type     string          `json:"event_type"`
	Resource json.RawMessage `json:"resource"`
}

// MaxFixture bounds a fixture, in bytes.
const MaxFixture = 1 << 20

// ReadFixture reads one. Its errors say what is wrong with the text.
func ReadFixture(r io.Reader) (*Fixture, error) {
	text, err := io.ReadAll(io.LimitReader(r, MaxFixture+1))
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	f := &Fixture{}
	switch err := dec.Decode(f); {
	case len(text) > MaxFixture:
		return nil, errors.New("is longer than 1 MiB; a notification is shorter")
	case len(bytes.TrimSpace(text)) == 0:
		return nil, errors.New("is empty; wxpay trigger EVENT --output FILE makes one")
	case err != nil, dec.More():
		return nil, errors.New(`is no fixture; it is JSON of the form {"event_type": "…", "resource": {…}}, as wxpay trigger EVENT --output FILE makes it`)
	case f.Type == "":
		return nil, errors.New("has no event_type; name the event")
	}
	return f, nil
}

// overrides reads the resource, nil for none.
func (f *Fixture) overrides(e *spec.Event) (map[string]any, error) {
	if f == nil || f.Resource == nil {
		return nil, nil
	}
	if f.Type != e.Type {
		return nil, &caller.Error{Field: "the fixture", Rule: "is of " + f.Type, Remedy: "leave out the name of the event, or take another fixture"}
	}
	var resource map[string]any
	dec := json.NewDecoder(bytes.NewReader(f.Resource))
	dec.UseNumber()
	if err := dec.Decode(&resource); err != nil || resource == nil {
		return nil, &caller.Error{Field: "resource", Rule: "must be an object", Remedy: "give the plaintext of the event, not its ciphertext"}
	}
	if err := known(e.Resource, resource, ""); err != nil {
		return nil, err
	}
	for i := range e.Resource.Fields { // what a fixture leaves out is left out
		if name := e.Resource.Fields[i].Name; !has(resource, name) {
			resource[name] = nil
		}
	}
	return resource, nil
}

func has(object map[string]any, name string) bool {
	_, ok := object[name]
	return ok
}

// known refuses a member that is not documented: it would be dropped.
func known(f *spec.Field, v any, at string) error {
	switch x := v.(type) {
	case map[string]any:
		for name, inner := range x {
			m := member(f, name)
			if m == nil && len(f.Fields) > 0 {
				return &caller.Error{Field: at + name, Rule: "does not exist", Remedy: "take it out of the fixture"}
			}
			if m != nil {
				if err := known(m, inner, at+name+"."); err != nil {
					return err
				}
			}
		}
	case []any:
		for i, inner := range x {
			if f.Items != nil {
				if err := known(f.Items, inner, at+strconv.Itoa(i)+"."); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// Text is the fixture as a file.
func (f *Fixture) Text() ([]byte, error) {
	text, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("the fixture cannot be written: %w", err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
