package describe

import (
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/wxpay-go/wxpay/spec"
)

// upload reads the two parts of a file: "meta", JSON, and the file itself.
func (l *loader) upload(media object, op *spec.Operation) {
	form := l.object(media.file, media.at(uploadType), "schema", "encoding")
	if !form.must("schema") || !form.must("encoding") {
		return
	}
	meta := l.mapping(form.file, form.at("encoding"))
	if l.mapping(form.file, meta.at("meta")).text("contentType") != jsonType || len(meta.keys) != 1 {
		form.fault(form.at("encoding"), "must be {meta: {contentType: %s}}", jsonType)
	}
	schema := l.object(form.file, form.at("schema"), "type", "required", "properties")
	schema.mustText("type")
	if !schema.must("properties") {
		return
	}
	parts := l.mapping(form.file, schema.at("properties"))
	if !parts.must("meta") || len(parts.keys) != 2 || len(schema.texts("required")) != 2 {
		parts.fault(parts.node, "an upload has two parts, both required: meta and the file")
		return
	}
	op.Request = new(l.schema(form.file, parts.at("meta"), schemaUse{top: true, meta: true}))
	for name, node := range parts.keys {
		if name != "meta" {
			op.File = l.filePart(parts, name, node)
		}
	}
}

// filePart reads the part of an upload that holds the file.
func (l *loader) filePart(parts object, name string, node *yaml.Node) *spec.Field {
	o := l.object(parts.file, node, "type", "format", "description", "x-label")
	if o.mustText("type") != "string" || o.mustText("format") != "binary" {
		o.fault(o.node, "a file is {type: string, format: binary}")
	}
	o.mustTell()
	return &spec.Field{
		Name: name, Type: "string", Format: "binary", Required: true,
		Doc: strings.TrimSpace(o.text("description")), Label: o.text("x-label"),
	}
}
