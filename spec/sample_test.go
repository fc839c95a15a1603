package spec

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestSample(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		field Field
		want  any
	}{
		"a sample":                    {Field{Type: "string", Sample: "CNY", Enum: []string{"USD", "CNY"}}, "CNY"},
		"a number of many digits":     {Field{Type: "integer", Sample: int64(9007199254740993)}, int64(9007199254740993)},
		"an empty sample is none":     {Field{Name: "note", Type: "string", Sample: ""}, "note"},
		"a choice":                    {Field{Type: "string", Enum: []string{"USD", "CNY"}}, "USD"},
		"a choice of numbers":         {Field{Type: "integer", Enum: []string{"2", "3"}}, json.Number("2")},
		"a name that is too long":     {Field{Name: "description", Type: "string", MaxLength: 4}, "desc"},
		"a number":                    {Field{Type: "integer"}, int64(1)},
		"a number of a range":         {Field{Type: "integer", Minimum: new(int64(100)), Maximum: new(int64(200))}, int64(100)},
		"a number below one":          {Field{Type: "number", Maximum: new(int64(-3))}, int64(-3)},
		"a truth value":               {Field{Type: "boolean"}, true},
		"a list of nothing described": {Field{Type: "array"}, []any{}},
		"an object free in form":      {Field{Type: "object"}, map[string]any{}},
		"a list of objects, one with JSON in a string": {
			Field{Type: "array", Items: &Field{Type: "object", Fields: []Field{
				{Name: "id", Type: "string"},
				{Name: "detail", Type: "string", Text: &Field{Type: "object", Fields: []Field{{Name: "total", Type: "integer", Sample: int64(1)}}}},
			}}},
			[]any{map[string]any{"id": "id", "detail": map[string]any{"total": int64(1)}}},
		},
	} {
		if got := Sample(&tt.field); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: Sample() = %#v, want %#v", name, got, tt.want)
		}
	}
}

// What one caller changes in a sample, the next does not see.
func TestSampleIsTheCallers(t *testing.T) {
	t.Parallel()
	for op := range Operations() {
		if op.Response == nil || len(op.Response.Fields) == 0 {
			continue
		}
		first, ok := Sample(op.Response).(map[string]any)
		if !ok || len(first) != len(op.Response.Fields) {
			t.Fatalf("%s %s: a sample of %d members, and %d are described", op.Method, op.Path, len(first), len(op.Response.Fields))
		}
		clear(first)
		if again, _ := Sample(op.Response).(map[string]any); len(again) != len(op.Response.Fields) {
			t.Fatalf("%s %s: the second sample has %d members", op.Method, op.Path, len(again))
		}
	}
}
