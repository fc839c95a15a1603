package openapi_test

import (
	"bytes"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"go.yaml.in/yaml/v4"

	"github.com/wxpay-go/wxpay/cmd/internal/openapi"
	"github.com/wxpay-go/wxpay/spec"
)

// validate holds a document against the JSON Schema of OpenAPI 3.1 and
// returns what it breaks.
func validate(t *testing.T, text []byte) []string {
	t.Helper()
	doc, err := libopenapi.NewDocument(text)
	if err != nil {
		return []string{err.Error()}
	}
	v, errs := validator.NewValidator(doc)
	if len(errs) > 0 {
		return []string{errs[0].Error()}
	}
	var broken []string
	if ok, faults := v.ValidateDocument(); !ok {
		for _, f := range faults {
			broken = append(broken, f.Error())
		}
	}
	return broken
}

func TestValid(t *testing.T) {
	t.Parallel()
	for name, text := range map[string][]byte{"everything": everything(t), "invented": written(t, invented())} {
		if broken := validate(t, text); len(broken) > 0 {
			t.Errorf("%s: %q", name, broken)
		}
	}
}

// TestValidatorNotices breaks a document, each time in one place, to show that
// the validator sees it.
func TestValidatorNotices(t *testing.T) {
	t.Parallel()
	text := written(t, invented())
	for _, tt := range []struct{ name, old, new string }{
		{"an operation key nobody knows", "operationId: things.List", "operationID: things.List"},
		{"a parameter in no place", "in: path", "in: nowhere"},
		{"a webhook that is no path item", "THING.MADE:\n    post:", "THING.MADE:\n    pots:"},
		{"a missing title", "title: WeChat Pay APIv3 (微信支付 APIv3)", "x-title: x"},
		{"a reference into nothing", "#/components/schemas/things.Amount", "#/components/schemas/things.Nothing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if len(validate(t, changed(t, text, tt.old, tt.new))) == 0 {
				t.Errorf("%q went unnoticed", tt.new)
			}
		})
	}
}

// document is the part of a document that the tests look into.
type document struct {
	Paths      map[string]map[string]yaml.Node
	Webhooks   map[string]any
	Tags       []any
	ErrorCodes map[string]any `yaml:"x-error-codes"`
	Components struct{ Schemas map[string]any }
}

type operation struct {
	OperationID string         `yaml:"operationId"`
	Aliases     map[string]any `yaml:"x-aliases"`
}

func read(t *testing.T, text []byte) (d document) {
	t.Helper()
	if err := yaml.Unmarshal(text, &d); err != nil {
		t.Fatal(err)
	}
	return d
}

// operation returns what stands at a path; nothing, if nothing does.
func (d document) operation(t *testing.T, path, method string) (op operation) {
	t.Helper()
	if node, ok := d.Paths[path][strings.ToLower(method)]; ok {
		if err := node.Decode(&op); err != nil {
			t.Fatal(err)
		}
	}
	return op
}

func TestHoldsEverything(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]openapi.Source{"bundled": openapi.Bundled(), "invented": invented()} {
		d := read(t, everything(t))
		if name == "invented" {
			d = read(t, written(t, s))
		}
		for _, op := range s.Operations {
			if op.Alias != "" {
				if d.operation(t, op.Alias, op.Method).Aliases[op.Path] == nil {
					t.Errorf("%s: %s %s is no alias", name, op.Method, op.Path)
				}
			} else if got := d.operation(t, op.Path, op.Method).OperationID; got != op.ID {
				t.Errorf("%s: %s %s is %q, want %q", name, op.Method, op.Path, got, op.ID)
			}
		}
		for _, e := range s.Events {
			if d.Webhooks[e.Type] == nil || d.Components.Schemas["notify."+e.Go] == nil {
				t.Errorf("%s: %s is no webhook, or its resource no component", name, e.Type)
			}
		}
		if len(d.Tags) != len(s.Products) || len(d.ErrorCodes) != len(s.Errors) || len(s.Operations) == 0 {
			t.Errorf("%s: %d tags for %d products, %d codes for %d", name, len(d.Tags), len(s.Products), len(d.ErrorCodes), len(s.Errors))
		}
	}
}

// TestKnowsEveryMember fails when the description learns something new: the
// document has to say it too.
func TestKnowsEveryMember(t *testing.T) {
	t.Parallel()
	for _, known := range []struct {
		value   any
		members int
	}{
		{spec.Operation{}, 23}, {spec.Page{}, 5}, {spec.Behavior{}, 2}, {spec.Field{}, 24},
		{spec.Event{}, 13}, {spec.Error{}, 7}, {spec.Product{}, 6},
	} {
		if typ := reflect.TypeOf(known.value); typ.NumField() != known.members {
			t.Errorf("%s has %d members, and the document was made for %d: write the new one, then count it here", typ, typ.NumField(), known.members)
		}
	}
}

// TestSameBytes holds that a second run writes the same.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	s, err := openapi.Bundled().Only("papay", "pay", "password-exempt-contract")
	if err != nil {
		t.Fatal(err)
	}
	if first := written(t, s); !bytes.Equal(first, written(t, s)) {
		t.Error("two runs differ")
	}
}

func TestOnly(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		names               []string
		ops, events, schema int
	}{
		{nil, 5, 2, 6},
		{[]string{"things/files"}, 2, 1, 4 + 1},
		{[]string{"thingsfiles"}, 2, 1, 4 + 1},
		{[]string{"things"}, 5, 2, 6},
	} {
		s, err := invented().Only(tt.names...)
		if err != nil || len(s.Operations) != tt.ops || len(s.Events) != tt.events {
			t.Errorf("%q: %d operations, %d events, %v", tt.names, len(s.Operations), len(s.Events), err)
			continue
		}
		text := written(t, s)
		names := read(t, text).Components.Schemas
		if broken := validate(t, text); len(broken) > 0 || len(names) < tt.schema {
			t.Errorf("%q: schemas %v; %q", tt.names, names, broken)
		}
		for name := range names {
			if uses := regexp.MustCompile("#/components/schemas/" + name + `['"\n]`); !uses.Match(text) {
				t.Errorf("%q: nothing uses %s", tt.names, name)
			}
		}
	}
	if _, err := invented().Only("things", "nothing"); err == nil || !strings.Contains(err.Error(), `"nothing"`) {
		t.Errorf("an unknown product: %v", err)
	}
}

func BenchmarkWrite(b *testing.B) {
	s := openapi.Bundled()
	b.ReportAllocs()
	for b.Loop() {
		var n counter
		if err := s.Write(&n); err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(n))
	}
}

type counter int

func (n *counter) Write(p []byte) (int, error) {
	*n += counter(len(p))
	return len(p), nil
}
