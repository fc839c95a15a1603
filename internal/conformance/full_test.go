package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/spec"
)

// object keeps the members of a sample in documented order, so that it is
// written as the description has it.
type object []memberValue

type memberValue struct {
	name  string
	value any
}

// MarshalJSON implements [json.Marshaler].
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Quote(m.name) + ":")
		value, err := json.Marshal(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// full is the documented sample of a field with everything that is optional.
// seal says what an encrypted value is replaced by.
func full(f *spec.Field, seal func(string) string) any {
	switch {
	case f.Text != nil:
		text, err := json.Marshal(full(f.Text, seal))
		if err != nil {
			return err.Error()
		}
		return string(text)
	case f.Type == "object":
		o := object{}
		for i := range f.Fields {
			o = append(o, memberValue{f.Fields[i].Name, full(&f.Fields[i], seal)})
		}
		return o
	case f.Type == "array":
		return []any{full(f.Items, seal)}
	case f.Encrypted:
		return seal(fmt.Sprint(f.Sample))
	}
	return f.Sample
}

// asIs leaves an encrypted value in plain text.
func asIs(s string) string { return s }

// canonical writes JSON with its members in order and its numbers untouched.
func canonical(t *testing.T, text []byte) string {
	t.Helper()
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		t.Fatalf("%v in %.200s", err, text)
	}
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// content is the file of an upload.
const content = "a picture"

// fill gives in every documented value: the body by decoding its sample, the
// parameters by their tags, the file.
func fill(t *testing.T, op *spec.Operation, in any) {
	t.Helper()
	if in == nil {
		return
	}
	if op.Request != nil {
		if err := json.Unmarshal(marshal(t, full(op.Request, asIs)), in); err != nil {
			t.Fatalf("the sample is no %T: %v", in, err)
		}
	}
	giveFile(in)
	v := reflect.ValueOf(in).Elem()
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if tag := f.Tag.Get("file"); tag == "sha256" || tag == "sm3" {
			v.Field(i).SetString("") // the client fills it in
		}
		for _, part := range []string{"path", "query", "header"} {
			if name, ok := f.Tag.Lookup(part); ok {
				set(t, v.Field(i), param(t, op, part, name))
			}
		}
	}
}

// giveFile gives an upload its file.
func giveFile(in any) {
	v := reflect.ValueOf(in).Elem()
	if f := v.FieldByName("File"); f.IsValid() && f.Type() == reflect.TypeFor[io.Reader]() {
		f.Set(reflect.ValueOf(strings.NewReader(content)))
	}
}

func param(t *testing.T, op *spec.Operation, part, name string) *spec.Field {
	t.Helper()
	for i := range op.Params {
		if p := &op.Params[i]; p.In == part && p.Name == name {
			return p
		}
	}
	t.Fatalf("%s %s has no %s parameter %s", op.Method, op.Path, part, name)
	return nil
}

// set gives a field of a request the sample of a parameter.
func set(t *testing.T, v reflect.Value, f *spec.Field) {
	t.Helper()
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if f.Text != nil {
		if err := json.Unmarshal(marshal(t, full(f, asIs)), v.Addr().Interface()); err != nil {
			t.Fatalf("the sample of %s is no %s: %v", f.Name, v.Type(), err)
		}
		return
	}
	if v.Kind() == reflect.Slice {
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		set(t, v.Index(0), f.Items)
		return
	}
	sample := reflect.ValueOf(f.Sample)
	if !sample.IsValid() || !sample.CanConvert(v.Type()) || sample.Kind() != v.Kind() {
		t.Fatalf("the sample %v of %s is no %s", f.Sample, f.Name, v.Type())
	}
	v.Set(sample.Convert(v.Type()))
}
