package emulator_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/spec"
)

// fits holds an answer against its description: types, required members,
// enumerations, JSON inside texts, encryption, and nothing undocumented.
func (p *pay) fits(t *testing.T, f *spec.Field, value any, at string) {
	t.Helper()
	switch v := value.(type) {
	case map[string]any:
		if f.Type != "object" {
			t.Errorf("%s is an object, want %s", at, f.Type)
		}
		p.fitsObject(t, f, v, at)
	case []any:
		if f.Type != "array" {
			t.Errorf("%s is an array, want %s", at, f.Type)
		}
		for i, item := range v {
			p.fits(t, f.Items, item, fmt.Sprintf("%s/%d", at, i))
		}
	case string:
		p.fitsText(t, f, v, at)
	case json.Number:
		if f.Type == "integer" && strings.ContainsAny(v.String(), ".eE") || f.Type != "integer" && f.Type != "number" {
			t.Errorf("%s = %s, want %s", at, v, f.Type)
		}
	case bool:
		if f.Type != "boolean" {
			t.Errorf("%s is a boolean, want %s", at, f.Type)
		}
	default:
		t.Errorf("%s is %T", at, value)
	}
}

func (p *pay) fitsObject(t *testing.T, f *spec.Field, got map[string]any, at string) {
	t.Helper()
	for i := range f.Fields {
		m := &f.Fields[i]
		value, ok := got[m.Name]
		if ok {
			p.fits(t, m, value, at+"/"+m.Name)
		} else if m.Required {
			t.Errorf("%s/%s is required and missing", at, m.Name)
		}
	}
	for name := range got {
		if !slices.ContainsFunc(f.Fields, func(m spec.Field) bool { return m.Name == name }) {
			t.Errorf("%s/%s is not documented", at, name)
		}
	}
}

func (p *pay) fitsText(t *testing.T, f *spec.Field, text, at string) {
	t.Helper()
	switch {
	case f.Type != "string":
		t.Errorf("%s = %q, want %s", at, text, f.Type)
	case text == "":
		t.Errorf("%s is empty", at)
	case f.Text != nil:
		p.fits(t, f.Text, decodeValue(t, text), at)
	case f.Encrypted:
		if _, err := seal.DecryptField(p.creds.MerchantKey, text); err != nil {
			t.Errorf("%s: %v", at, err)
		}
	case len(f.Enum) > 0 && !slices.Contains(f.Enum, text):
		t.Errorf("%s = %q, want one of %q", at, text, f.Enum)
	}
}

// decodeValue keeps the digits of numbers.
func decodeValue(t testing.TB, text string) any {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return v
}
