package describe

import (
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// ambiguous reports two templates that differ in nothing but the names of
// their parameters: no request could tell them apart. The later one may say in
// x-alias that WeChat Pay itself does, by the value.
func (l *loader) ambiguous(ops []*spec.Operation) {
	first := map[string]*spec.Operation{}
	for _, op := range ops {
		key := op.Method + shape(op.Path)
		other, taken := first[key]
		if !taken {
			first[key] = op
			other = &spec.Operation{}
		}
		if op.Alias == other.Path {
			continue
		}
		what := "x-alias must be there for the later of two paths that requests cannot tell apart, and only there"
		if taken && op.Alias == "" {
			what = "no request could be told from one of " + other.Path
		}
		l.faults = append(l.faults, Fault{strings.TrimSuffix(op.Path[1:], "/") + ".yaml", 1, 1, what})
	}
}

// shape is a path without the names of its parameters.
func shape(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "{") {
			parts[i] = "{}"
		}
	}
	return strings.Join(parts, "/")
}
