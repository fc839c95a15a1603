package describe

import (
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/wxpay-go/wxpay/spec"
)

var schemaKeys = []string{
	"type", "format", "description", "required", "anyOf", "properties", "additionalProperties", "items",
	"enum", "minLength", "maxLength", "minimum", "maximum", "maxItems", "pattern",
	"contentMediaType", "contentSchema", "examples",
	"x-label", "x-go", "x-encrypted", "x-digest", "x-filename", "x-inferred",
}

// belongs says for which types a key means something. A key that is absent
// here means something for every type.
var belongs = map[string][]string{
	"format": {"string", "integer"}, "required": {"object"}, "anyOf": {"object"}, "properties": {"object"},
	"additionalProperties": {"object"}, "contentMediaType": {"string"}, "contentSchema": {"string"},
	"x-digest": {"string"}, "x-filename": {"string"},
	"items": {"array"}, "maxItems": {"array"}, "enum": {"string", "integer"}, "minLength": {"string"},
	"maxLength": {"string"}, "pattern": {"string"}, "minimum": {"integer", "number"}, "maximum": {"integer", "number"},
	"examples": {"string", "integer", "number", "boolean"}, "x-encrypted": {"string"},
}

var formats = map[string][]string{
	"string":  {"date", "date-time", "notify-url", "bmp"},
	"integer": {"int64"},
}

var (
	memberName  = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	foreignName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)
	goTypeName  = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*$`)
)

// schemaUse says where a schema stands. The whole of a body (top) and what an
// array or a parameter holds (element) need no text of their own: the operation,
// the array and the parameter have one.
//
// A member of the "meta" of an upload (meta) may be the digest or the name of
// the file. What is JSON inside a string (foreign) may be a format of others,
// who name members otherwise than WeChat Pay does.
type schemaUse struct{ top, element, meta, foreign bool }

// schema reads a schema, following a reference to a shared one.
func (l *loader) schema(file string, node *yaml.Node, use schemaUse) spec.Field {
	if l.mapping(file, node).has("$ref") {
		return l.reference(file, node)
	}
	o := l.object(file, node, schemaKeys...)
	f := spec.Field{
		Type:      o.mustText("type"),
		Go:        o.text("x-go"),
		Label:     o.text("x-label"),
		Doc:       strings.TrimSpace(o.text("description")),
		MinLength: o.size("minLength"),
		MaxLength: o.size("maxLength"),
		Minimum:   o.integer("minimum"),
		Maximum:   o.integer("maximum"),
		MaxItems:  o.size("maxItems"),
		Pattern:   o.text("pattern"),
		Format:    o.text("format"),
		Encrypted: o.yes("x-encrypted"),
	}
	o.enumOf(&f)
	if !use.top && !use.element {
		o.mustTell()
	}
	if !o.shape(&f) {
		return f
	}
	o.partOf(&f, use)
	o.members(&f, use)
	o.textOf(&f)
	o.sampleOf(&f)
	o.inferredOf(&f)
	if f.Type == "integer" {
		f.Format = "" // int64 is what every integer is
	}
	return f
}

// shape checks what the other checks build on: a known type, and keys, format,
// pattern and type name that make sense for it.
func (o object) shape(f *spec.Field) bool {
	if !slices.Contains([]string{"string", "integer", "number", "boolean", "object", "array"}, f.Type) {
		if o.has("type") {
			o.fault(o.at("type"), "unknown type %q", f.Type)
		}
		return false
	}
	for i := 0; i+1 < len(o.node.Content); i += 2 {
		key := o.node.Content[i]
		if types := belongs[key.Value]; types != nil && !slices.Contains(types, f.Type) {
			o.fault(key, "%q means nothing for the type %s", key.Value, f.Type)
		}
	}
	if f.Format != "" && !slices.Contains(formats[f.Type], f.Format) {
		o.fault(o.at("format"), "unknown format %q for the type %s", f.Format, f.Type)
	}
	if f.Pattern != "" {
		o.checkPattern(f)
	}
	if f.Go != "" && !goTypeName.MatchString(f.Go) {
		o.fault(o.at("x-go"), "%q is no exported Go name", f.Go)
	}
	return true
}

func (o object) checkPattern(f *spec.Field) {
	if _, err := regexp.Compile(f.Pattern); err != nil {
		o.fault(o.at("pattern"), "is no RE2 pattern: %v", err)
		f.Pattern = ""
	} else if !strings.HasPrefix(f.Pattern, "^") || !strings.HasSuffix(f.Pattern, "$") {
		o.fault(o.at("pattern"), "must be anchored: begin with ^ and end with $")
	}
}

func (o object) enumOf(f *spec.Field) {
	want := map[string]string{"string": "!!str", "integer": "!!int"}[f.Type]
	for _, n := range o.list("enum") {
		switch {
		case n.Kind != yaml.ScalarNode || n.Tag != want:
			o.fault(n, "an entry of enum must be of the type %s", f.Type)
		case slices.Contains(f.Enum, n.Value):
			o.fault(n, "%q stands twice in enum", n.Value)
		default:
			f.Enum = append(f.Enum, n.Value)
		}
	}
}

// inferredOf reads the names of the rules that no source states.
func (o object) inferredOf(f *spec.Field) {
	f.Inferred = o.texts("x-inferred")
	for i, rule := range f.Inferred {
		// "required" is written one level up, so it cannot be seen from here.
		if rule != "required" && (!slices.Contains(schemaKeys, rule) || !o.has(rule)) {
			o.fault(o.at("x-inferred").Content[i], "there is no rule %q here to be inferred", rule)
		}
	}
}

// reference reads {$ref: …} with the texts that may stand beside it.
func (l *loader) reference(file string, node *yaml.Node) spec.Field {
	o := l.object(file, node, "$ref", "description", "x-label")
	target := path.Join(path.Dir(file), o.text("$ref"))
	if !strings.HasPrefix(target, "schemas/") {
		o.fault(o.at("$ref"), "must lead into schemas/, and leads to %s", target)
		return spec.Field{Type: "object"}
	}
	if slices.Contains(l.open, target) {
		o.fault(o.at("$ref"), "leads back to %s: a circle", target)
		return spec.Field{Type: "object"}
	}
	f, ok := l.sharedSchema(target)
	if !ok {
		o.fault(o.at("$ref"), "leads to %s, which cannot be read", target)
		return spec.Field{Type: "object"}
	}
	if o.has("description") {
		f.Doc = strings.TrimSpace(o.text("description"))
	}
	if o.has("x-label") {
		f.Label = o.text("x-label")
	}
	return f
}

// sharedSchema reads schemas/<package>/<GoTypeName>.yaml, once.
func (l *loader) sharedSchema(file string) (spec.Field, bool) {
	if f, ok := l.shared[file]; ok {
		return f, true
	}
	node, ok := l.read(file)
	if !ok {
		return spec.Field{}, false
	}
	l.open = append(l.open, file)
	f := l.schema(file, node, schemaUse{})
	l.open = l.open[:len(l.open)-1]

	parts := strings.Split(file, "/")
	name := strings.TrimSuffix(parts[len(parts)-1], ".yaml")
	if len(parts) != 3 || !goTypeName.MatchString(name) {
		l.faults = append(l.faults, Fault{file, 1, 1, "a shared schema is schemas/<package>/<GoTypeName>.yaml"})
	} else {
		l.take(file, node, parts[1], name)
	}
	f.Go = name
	l.shared[file] = f
	return f, true
}
