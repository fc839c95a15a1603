package trigger

import (
	"maps"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// begun is what the fields lead into: objects and lists begin as their samples,
// so that a field changes one member of theirs.
func begun(f *spec.Field, resource map[string]any, fields []string) map[string]any {
	begun := map[string]any{}
	maps.Copy(begun, resource)
	for _, field := range fields {
		name, _, _ := strings.Cut(field, "=")
		top, _, inside := strings.Cut(name, ".")
		if m := member(f, top); m != nil && inside && begun[top] == nil {
			begun[top] = spec.Sample(m)
		}
	}
	return begun
}

func member(f *spec.Field, name string) *spec.Field {
	for i := range f.Fields {
		if f.Fields[i].Name == name {
			return &f.Fields[i]
		}
	}
	return nil
}
