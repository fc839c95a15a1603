package caller

import (
	"github.com/wxpay-go/wxpay/spec"
)

// Missing is a field that is required and not given.
type Missing struct {
	Name  string // as [Call.Set] takes it
	Field *spec.Field
	file  bool
}

// Missing lists what is required and not given, below objects that are given
// or required themselves.
func (c *Call) Missing() []Missing {
	var list []Missing
	for i := range c.op.Params {
		p := &c.op.Params[i]
		if _, ok := c.params[p.Name]; p.Required && !ok {
			list = append(list, Missing{Name: p.Name, Field: p})
		}
	}
	if c.op.File != nil && c.file == "" {
		list = append(list, Missing{c.op.File.Name, c.op.File, true})
	}
	if c.op.Request != nil {
		list = append(list, absent(c.op.Request, c.body, "")...)
	}
	return list
}

func absent(f *spec.Field, given map[string]any, prefix string) (list []Missing) {
	for i := range f.Fields {
		m := &f.Fields[i]
		v, ok := given[m.Name]
		inner, object := v.(map[string]any)
		switch {
		case m.Digest != "" || m.Filename: // filled from the file
		case object, !ok && m.Required && m.Type == "object" && len(m.Fields) > 0:
			list = append(list, absent(m, inner, prefix+m.Name+".")...)
		case !ok && m.Required:
			list = append(list, Missing{Name: prefix + m.Name, Field: m})
		}
	}
	return list
}

// IsFile reports whether a file is missing.
func (m Missing) IsFile() bool { return m.file }

// IsJSON reports whether the value has to be written in JSON.
func (m Missing) IsJSON() bool { return m.Field.Type == "array" || m.Field.Type == "object" }
