package emulator_test

import (
	"net/url"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

// invented is a description of endpoints and events that WeChat Pay does not
// have, for rules that no published one needs, or needs alone.
type invented struct {
	operations []*spec.Operation
	events     []*spec.Event
}

func (d invented) use(c *emulator.Config) { c.Description = d }

func (d invented) Match(method, escapedPath string) (*spec.Operation, map[string]string, bool) {
	for _, op := range d.operations {
		if params, ok := fill(op.Path, escapedPath); ok && op.Method == method {
			return op, params, true
		}
	}
	return nil, nil, false
}

// fill matches a template segment by segment.
func fill(template, escapedPath string) (map[string]string, bool) {
	names, values := strings.Split(template, "/"), strings.Split(escapedPath, "/")
	params := map[string]string{}
	for i, name := range names {
		if len(names) != len(values) {
			return nil, false
		}
		if strings.HasPrefix(name, "{") {
			value, err := url.PathUnescape(values[i])
			if err != nil || value == "" {
				return nil, false
			}
			params[strings.Trim(name, "{}")] = value
		} else if name != values[i] {
			return nil, false
		}
	}
	return params, true
}

func (d invented) Methods(escapedPath string) []string {
	var methods []string
	for _, op := range d.operations {
		if _, ok := fill(op.Path, escapedPath); ok {
			methods = append(methods, op.Method)
		}
	}
	slices.Sort(methods)
	return methods
}

func (d invented) Lookup(method, path string) (*spec.Operation, bool) {
	for _, op := range d.operations {
		if op.Method == method && op.Path == path {
			return op, true
		}
	}
	return nil, false
}

func (d invented) LookupEvent(typ string) (*spec.Event, bool) {
	for _, event := range d.events {
		if event.Type == typ {
			return event, true
		}
	}
	return nil, false
}

func text(name, sample string) spec.Field {
	return spec.Field{Name: name, Type: "string", Required: true, Sample: sample}
}

func integer(name string, sample int64) spec.Field {
	return spec.Field{Name: name, Type: "integer", Required: true, Sample: sample}
}

func object(name string, fields ...spec.Field) spec.Field {
	return spec.Field{Name: name, Type: "object", Required: true, Fields: fields}
}

func list(name string, fields ...spec.Field) spec.Field {
	item := object("", fields...)
	return spec.Field{Name: name, Type: "array", Required: true, Items: &item}
}

func query(f spec.Field) spec.Field { f.In = "query"; return f }

func path(f spec.Field) spec.Field { f.In = "path"; return f }

func sealed(f spec.Field) spec.Field { f.Encrypted = true; return f }

func optional(f spec.Field) spec.Field { f.Required = false; return f }
