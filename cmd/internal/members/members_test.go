package members_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/members"
	"github.com/wxpay-go/wxpay/spec"
)

func TestRewrite(t *testing.T) {
	t.Parallel()
	described := &spec.Field{Type: "object", Fields: []spec.Field{
		{Name: "name", Type: "string", Encrypted: true},
		{Name: "list", Type: "array", Items: &spec.Field{Type: "object", Fields: []spec.Field{{Name: "id", Type: "string", Encrypted: true}}}},
	}}
	mark := func(f *spec.Field, name string, value json.RawMessage) (json.RawMessage, error) {
		if !f.Encrypted {
			return nil, nil
		}
		return json.RawMessage(`"<` + name + `>"`), nil
	}
	for _, tt := range []struct{ name, in, want string }{
		{"numbers, escapes and order stay", `{"z":1.50e2, "name":"a","\u0061":"\u4e2d<\/>"}`, `{"z":1.50e2,"name":"<name>","a":"\u4e2d<\/>"}`},
		{"below a list", `{"list":[{"id":"1","other":null},{}],"b":[[]]}`, `{"list":[{"id":"<id>","other":null},{}],"b":[[]]}`},
		{"nothing to change leaves every byte", " {\r\n \"a\" : [ 1 , true ] } ", " {\r\n \"a\" : [ 1 , true ] } "},
		{"not described", `[{"name":"a"}]`, `[{"name":"a"}]`},
		{"the same name elsewhere", `{"inner":{"name":"a"}}`, `{"inner":{"name":"a"}}`},
	} {
		got, err := members.Rewrite([]byte(tt.in), described, mark)
		if err != nil || string(got) != tt.want {
			t.Errorf("%s: %s, %v; want %s", tt.name, got, err, tt.want)
		}
	}
	for _, text := range []string{"", "{", `{"a":1}{`, "nul"} {
		if _, err := members.Rewrite([]byte(text), nil, mark); !errors.Is(err, members.ErrNoJSON) {
			t.Errorf("%q: %v", text, err)
		}
	}
	refuse := errors.New("no")
	if _, err := members.Rewrite([]byte(`{"a":[1]}`), nil, func(*spec.Field, string, json.RawMessage) (json.RawMessage, error) { return nil, refuse }); !errors.Is(err, refuse) {
		t.Errorf("a refused change: %v", err)
	}
}

// FuzzRewrite: what nobody changes means the same, and no text ends the
// program.
func FuzzRewrite(f *testing.F) {
	f.Add([]byte(`{"a":[{"b":"c"},1e3,null],"":{}}`))
	f.Add([]byte(`"text"`))
	f.Fuzz(func(t *testing.T, text []byte) {
		got, err := members.Rewrite(text, nil, func(_ *spec.Field, _ string, value json.RawMessage) (json.RawMessage, error) { return value, nil })
		if json.Valid(text) != (err == nil) || err == nil && !json.Valid(got) {
			t.Errorf("Rewrite(%q) = %q, %v", text, got, err)
		}
	})
}
