package openapi

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/wxpay-go/wxpay/spec"
)

const (
	jsonType   = "application/json"
	uploadType = "multipart/form-data"
	fileType   = "application/octet-stream"
)

// paths writes the endpoints, the methods of a path together.
func (d *document) paths(paths mapping, ops []*spec.Operation) {
	aliases := aliasesOf(ops)
	items := map[string]mapping{}
	for _, op := range ops {
		if aliases[op.Method+" "+op.Alias] != nil {
			continue // it stands below the path that it is an alias of
		}
		item, ok := items[op.Path]
		if !ok {
			item = newMapping()
			items[op.Path] = item
			paths.put(op.Path, item.node)
			if op.Host != "" {
				server := newMapping()
				server.text("url", "https://"+op.Host)
				item.put("servers", list(server.node))
			}
		}
		object := d.operation(op)
		if others := aliases[op.Method+" "+op.Path]; others != nil {
			same := newMapping()
			for _, other := range others {
				same.put(other.Path, d.operation(other).node)
			}
			object.put("x-aliases", same.node)
		}
		item.put(strings.ToLower(op.Method), object.node)
	}
}

// aliasesOf returns, by method and path, the operations that requests cannot
// tell from the one there. OpenAPI forbids a second path of the same shape, so
// they become an extension of the operation at the first.
func aliasesOf(ops []*spec.Operation) map[string][]*spec.Operation {
	aliases := map[string][]*spec.Operation{}
	for _, op := range ops {
		isHere := func(o *spec.Operation) bool { return o.Method == op.Method && o.Path == op.Alias }
		if op.Alias != "" && slices.ContainsFunc(ops, isHere) {
			key := op.Method + " " + op.Alias
			aliases[key] = append(aliases[key], op)
		}
	}
	return aliases
}

func (d *document) operation(op *spec.Operation) mapping {
	pkg := d.packages[op.Product]
	o := newMapping()
	o.text("operationId", op.ID)
	o.texts("tags", []string{op.Product})
	o.text("summary", op.Summary)
	o.text("description", op.Doc)
	o.text("x-title", op.Title)
	o.texts("x-roles", op.Roles)
	o.text("x-updated", op.Updated)
	if len(op.Links) > 0 {
		o.put("x-links", links(op.Links))
	}
	o.put("x-idempotent", plain("!!bool", fmt.Sprint(op.Idempotent)))
	o.text("x-host", op.Host)
	o.text("x-alias", op.Alias)
	o.text("x-verify", op.Verify)
	extensions(o, op)
	if len(op.Params) > 0 {
		params := list()
		for i := range op.Params {
			params.Content = append(params.Content, d.parameter(pkg, &op.Params[i]))
		}
		o.put("parameters", params)
	}
	if body := d.requestBody(pkg, op); body != nil {
		o.put("requestBody", body)
	}
	o.put("responses", d.responses(pkg, op))
	return o
}

// extensions writes what has members of its own.
func extensions(o mapping, op *spec.Operation) {
	if op.Page.Items != "" {
		page := newMapping()
		page.text("offset", op.Page.Offset)
		page.text("limit", op.Page.Limit)
		page.text("items", op.Page.Items)
		page.text("total", op.Page.Total)
		page.yes("pages", op.Page.Pages)
		o.put("x-page", page.node)
	}
	if op.Behavior.Name != "" {
		behavior := newMapping()
		behavior.text("name", op.Behavior.Name)
		behavior.pairs("args", op.Behavior.Args)
		o.put("x-behavior", behavior.node)
	}
	o.texts("x-errors", op.Errors)
	o.pairs("x-inferred", op.Inferred)
}

func links(addresses []string) *yaml.Node {
	n := list()
	for _, a := range addresses {
		n.Content = append(n.Content, text(a))
	}
	return n
}

func (d *document) parameter(pkg string, f *spec.Field) *yaml.Node {
	p := newMapping()
	p.text("name", f.Name)
	p.text("in", f.In)
	p.yes("required", f.Required)
	p.text("description", f.Doc)
	p.text("x-label", f.Label)
	value := *f
	value.Doc, value.Label = "", ""
	p.put("schema", d.schema(pkg, &value))
	return p.node
}

// requestBody is the JSON of a request, the two parts of an upload, or nil.
func (d *document) requestBody(pkg string, op *spec.Operation) *yaml.Node {
	var content *yaml.Node
	switch {
	case op.File != nil:
		content = d.upload(pkg, op)
	case op.Request != nil:
		content = media(jsonType, d.schema(pkg, op.Request))
	default:
		return nil
	}
	body := newMapping()
	body.yes("required", true)
	body.put("content", content)
	return body.node
}

// upload is the content of a request with a file: "meta", JSON, whose text
// alone is signed, and the file itself.
func (d *document) upload(pkg string, op *spec.Operation) *yaml.Node {
	properties := newMapping()
	required := []string{op.File.Name}
	encoding := newMapping()
	if op.Request != nil {
		required = []string{"meta", op.File.Name}
		properties.put("meta", d.schema(pkg, op.Request))
		meta := newMapping()
		meta.text("contentType", jsonType)
		encoding.put("meta", meta.node)
	}
	file := newMapping()
	file.text("type", "string")
	file.text("format", "binary")
	file.text("description", op.File.Doc)
	file.text("x-label", op.File.Label)
	properties.put(op.File.Name, file.node)

	form := newMapping()
	form.text("type", "object")
	form.texts("required", required)
	form.put("properties", properties.node)
	content := media(uploadType, form.node)
	content.Content[1].Content = append(content.Content[1].Content, text("encoding"), encoding.node)
	return content
}

// media is a Content of one type.
func media(typ string, schema *yaml.Node) *yaml.Node {
	value := newMapping()
	value.put("schema", schema)
	content := newMapping()
	content.put(typ, value.node)
	return content.node
}

func (d *document) responses(pkg string, op *spec.Operation) *yaml.Node {
	success := newMapping()
	switch {
	case op.Response != nil:
		success.text("description", "Done.")
		success.put("content", media(jsonType, d.schema(pkg, op.Response)))
	case op.Verify != "":
		success.text("description", "The file.")
		content := newMapping()
		content.put(fileType, newMapping().node) // OpenAPI 3.1: bytes have no schema
		success.put("content", content.node)
	default:
		success.text("description", "Done; the answer has no body.")
	}
	return answers(op.Status, success.node, "Error")
}

// answers is a success, and what comes in every other case.
func answers(status int, success *yaml.Node, otherwise string) *yaml.Node {
	ref := newMapping()
	ref.text("$ref", "#/components/responses/"+otherwise)
	m := newMapping()
	code := text(fmt.Sprint(status))
	code.Style = yaml.DoubleQuotedStyle
	m.node.Content = append(m.node.Content, code, success)
	m.put("default", ref.node)
	return m.node
}
