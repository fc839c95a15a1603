package emulator

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"time"
)

// schema is a JSON Schema, as far as the admin interface needs one.
type schema struct {
	Ref         string             `json:"$ref,omitempty"`
	Type        string             `json:"type,omitempty"`
	Format      string             `json:"format,omitempty"`
	Description string             `json:"description,omitempty"`
	Enum        []string           `json:"enum,omitempty"`
	AllOf       []*schema          `json:"allOf,omitempty"`
	Properties  map[string]*schema `json:"properties,omitempty"`
	Required    []string           `json:"required,omitempty"`
	Items       *schema            `json:"items,omitempty"`
	Others      any                `json:"additionalProperties,omitempty"` // false or a *schema
}

// words is what the source says about a type: its comment, those of its
// fields, and of a closed set of texts the members. They are read from the
// source by a test, which keeps adminwords.json fresh.
type words struct {
	Doc    string            `json:"doc,omitempty"`
	Fields map[string]string `json:"fields,omitempty"` // by Go name
	Values []string          `json:"values,omitempty"`
}

//go:embed adminwords.json
var wordsText []byte

// adminWords are the words by the Go name of the type.
var adminWords = sync.OnceValue(func() map[string]words {
	var list map[string]words
	_ = json.Unmarshal(wordsText, &list) // a test reads it, too
	return list
})

// schemas makes schemas of Go types as encoding/json writes and reads them.
// Named types become components. What is read allows no unknown member, and
// what is written has every member that is never left out.
type schemas struct {
	words      map[string]words
	components map[string]*schema
	types      map[string]reflect.Type // of this package, by the names of their components
}

// jsonType is implemented by structs that write themselves as another one.
type jsonType interface{ jsonType() reflect.Type }

// of returns the schema of a type; read says that it is an input.
func (s *schemas) of(t reflect.Type, read bool) *schema {
	switch t {
	case reflect.TypeFor[time.Time]():
		return &schema{Type: "string", Format: "date-time"}
	case reflect.TypeFor[json.RawMessage](), reflect.TypeFor[any](), reflect.TypeFor[document]():
		return &schema{} // anything
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.of(t.Elem(), read)
	case reflect.Slice:
		return &schema{Type: "array", Items: s.of(t.Elem(), read)}
	case reflect.Map:
		return &schema{Type: "object", Others: s.of(t.Elem(), read)}
	case reflect.Struct:
		return s.object(t, read)
	case reflect.String:
		return s.text(t)
	case reflect.Bool:
		return &schema{Type: "boolean"}
	case reflect.Int, reflect.Int64:
		return &schema{Type: "integer", Format: "int64"}
	case reflect.Float64:
		return &schema{Type: "number", Format: "double"}
	}
	panic(fmt.Sprintf("emulator: the admin interface has no schema for %s", t)) // a test makes every schema
}

// text is a string; one of a type of its own has its members listed.
func (s *schemas) text(t reflect.Type) *schema {
	if t.PkgPath() == "" {
		return &schema{Type: "string"}
	}
	return s.component(t, componentName(t), func() *schema { return &schema{Type: "string", Enum: s.words[t.Name()].Values} })
}

func (s *schemas) object(t reflect.Type, read bool) *schema {
	if t.Name() == "" {
		return s.members(t, t, read)
	}
	name := componentName(t)
	if read {
		name += "Input"
	}
	return s.component(t, name, func() *schema {
		return s.members(t, written(t), read)
	})
}

// written is the type that a struct is written as: itself, mostly.
func written(t reflect.Type) reflect.Type {
	if other, ok := reflect.Zero(t).Interface().(jsonType); ok {
		return other.jsonType()
	}
	return t
}

// component makes a component once, and returns the reference to it.
func (s *schemas) component(t reflect.Type, name string, made func() *schema) *schema {
	if other := s.types[name]; other != nil && other != t {
		panic(fmt.Sprintf("emulator: %s and %s are both called %s in the document of the admin interface", t, other, name))
	}
	if s.components[name] == nil {
		s.types[name] = t
		c := &schema{}
		s.components[name] = c // before its fields, which may lead back to it
		*c = *made()
		c.Description = s.words[t.Name()].Doc
	}
	return &schema{Ref: "#/components/schemas/" + name}
}

// members are those of an object; the words are those of type t.
func (s *schemas) members(t, fields reflect.Type, read bool) *schema {
	object := &schema{Type: "object", Properties: map[string]*schema{}}
	if read {
		object.Others = false
	}
	s.add(object, t, fields, read)
	return object
}

func (s *schemas) add(object *schema, t, fields reflect.Type, read bool) {
	for f := range fields.Fields() {
		if f.Anonymous {
			s.types[componentName(f.Type)] = f.Type
			s.add(object, f.Type, f.Type, read)
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || !f.IsExported() {
			continue
		}
		member := s.of(f.Type, read)
		member.Description = s.words[t.Name()].Fields[f.Name]
		object.Properties[name] = member
		if !read && !strings.HasPrefix(options, "omit") {
			object.Required = append(object.Required, name)
		}
	}
}

// componentName is the Go name, its first letter a capital.
func componentName(t reflect.Type) string {
	return strings.ToUpper(t.Name()[:1]) + t.Name()[1:]
}

// needing is a schema that asks for members, too; "order.appid" is one of a
// member.
func (s *schema) needing(names []string) *schema {
	if len(names) == 0 {
		return s
	}
	asked := &schema{}
	for _, name := range names {
		asked.require(name)
	}
	return &schema{AllOf: []*schema{s, asked}}
}

func (s *schema) require(name string) {
	outer, inner, nested := strings.Cut(name, ".")
	if s.Properties == nil {
		s.Properties = map[string]*schema{}
	}
	if s.Properties[outer] == nil {
		s.Properties[outer] = &schema{} // what it is, the other part says
		s.Required = append(s.Required, outer)
	}
	if nested {
		s.Properties[outer].require(inner)
	}
}
