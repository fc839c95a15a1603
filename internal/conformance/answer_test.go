package conformance

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/spec"
)

// TestAnswers: the answer made of the samples decodes and encodes without loss,
// and so does one from the future: with a member and values of enumerations
// that nobody knows.
func TestAnswers(t *testing.T) {
	t.Parallel()
	for _, c := range allCalls {
		op := c.op(t)
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			s, wx := newStub(t, op)
			if op.Response == nil {
				in := c.newRequest()
				fill(t, op, in)
				out, err := c.call(t.Context(), wx, in, options(op)...)
				if err != nil {
					t.Fatal(err)
				}
				readFile(t, op, out)
				return
			}
			for name, response := range map[string]*spec.Field{"documented": op.Response, "newer": newer(op.Response)} {
				s.answer = marshal(t, full(response, func(v string) string { return s.sealed(t, v) }))
				want := canonical(t, marshal(t, full(response, asIs)))
				if name == "newer" {
					s.answer = append([]byte(`{"x_unknown":{"a":[1,null,"b"]},`), s.answer[1:]...)
				}
				s.answer = bytes.Replace(s.answer, []byte(`},}`), []byte(`}}`), 1)
				in := c.newRequest()
				fill(t, op, in)
				out, err := c.call(t.Context(), wx, in)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				compareAnswer(t, op, name, canonical(t, marshal(t, out)), want)
			}
		})
	}
}

func compareAnswer(t *testing.T, op *spec.Operation, name, got, want string) {
	t.Helper()
	if len(op.Response.Fields) == 0 { // whatever comes is kept
		return
	}
	if got != want {
		t.Errorf("%s: the answer\n%s\nbecame\n%s", name, want, got)
	}
}

// readFile reads a download to its end, where its digest is checked.
func readFile(t *testing.T, op *spec.Operation, out any) {
	t.Helper()
	if op.Verify == "" {
		return
	}
	file := out.(*wxpay.Download)
	text, err := io.ReadAll(file)
	if err != nil || string(text) != content {
		t.Errorf("read %q, %v", text, err)
	}
	if err := file.Close(); err != nil {
		t.Error(err)
	}
}

// newer is f with a value in each enumeration of strings that is not
// documented.
func newer(f *spec.Field) *spec.Field {
	g := *f
	if g.Type == "string" && len(g.Enum) > 0 && !g.Encrypted {
		g.Sample = "A_VALUE_OF_TOMORROW"
	}
	g.Fields = nil
	for i := range f.Fields {
		g.Fields = append(g.Fields, *newer(&f.Fields[i]))
	}
	if f.Items != nil {
		g.Items = newer(f.Items)
	}
	if f.Text != nil {
		g.Text = newer(f.Text)
	}
	return &g
}

// TestMissingFieldsAreNamed: a request that lacks what is required is refused
// before it is sent, and the error names each string and list that is missing.
func TestMissingFieldsAreNamed(t *testing.T) {
	t.Parallel()
	held := 0
	for _, c := range allCalls {
		op := c.op(t)
		want := mustHave(op)
		if len(want) == 0 {
			continue
		}
		held++
		t.Run(op.ID, func(t *testing.T) {
			t.Parallel()
			for _, b := range both {
				s, wx := newStub(t, op)
				in := c.newRequest()
				giveFile(in)
				_, err := b.call(&c, t.Context(), wx, in)
				e, ok := errors.AsType[*wxpay.InputError](err)
				if !ok || s.sent != nil {
					t.Fatalf("%s: error %v, sent: %t", b.name, err, s.sent != nil)
				}
				for _, field := range want {
					if !names(e, field) {
						t.Errorf("%s: %v does not name %s", b.name, err, field)
					}
				}
			}
		})
	}
	if held < len(allCalls)/2 {
		t.Errorf("only %d operations require anything", held)
	}
}

func names(e *wxpay.InputError, field string) bool {
	for _, f := range e.Faults {
		if f.Field == field && strings.Contains(f.Rule, "required") {
			return true
		}
	}
	return false
}

// mustHave are the required strings and lists of a request. Of a number or a
// boolean nobody can tell whether the zero was meant.
func mustHave(op *spec.Operation) []string {
	var list []string
	fields := op.Params
	if op.Request != nil {
		fields = append(fields[:len(fields):len(fields)], op.Request.Fields...)
	}
	for _, f := range fields {
		known := f.In == "header" && strings.EqualFold(f.Name, "Wechatpay-Serial") || f.Digest != ""
		if f.Required && !known && (f.Type == "string" && f.Text == nil || f.Type == "array") {
			list = append(list, f.Name)
		}
	}
	return list
}
