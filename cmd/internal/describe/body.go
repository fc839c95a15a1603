package describe

import (
	"iter"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// parameters reads the path, query and header parameters, and holds those in
// the path against the template.
func (l *loader) parameters(o object, op *spec.Operation) []spec.Field {
	var params []spec.Field
	for _, n := range o.list("parameters") {
		p := l.object(o.file, n, "name", "in", "required", "description", "schema", "x-label")
		if !p.must("schema") {
			continue
		}
		f := l.schema(o.file, p.at("schema"), schemaUse{element: true})
		f.Name, f.In = p.mustText("name"), p.mustText("in")
		f.Doc, f.Label = strings.TrimSpace(p.text("description")), p.text("x-label")
		p.mustTell()
		f.Required = p.yes("required")
		l.checkParameter(p, op, f, params)
		params = append(params, f)
	}
	for name := range templateNames(op.Path) {
		if p := find(params, name); p == nil || p.In != "path" {
			o.fault(o.at("parameters"), "the parameter {%s} of the path is not described", name)
		}
	}
	return params
}

func (l *loader) checkParameter(p object, op *spec.Operation, f spec.Field, before []spec.Field) {
	switch {
	case !slices.Contains([]string{"path", "query", "header"}, f.In):
		p.fault(p.at("in"), "%q is not path, query or header", f.In)
	case f.In == "path" && !strings.Contains(op.Path, "{"+f.Name+"}"):
		p.fault(p.at("name"), "the path has no {%s}", f.Name)
	case f.In == "path" && !f.Required:
		p.fault(p.at("required"), "a parameter of the path is required: true")
	case f.Type == "object" || f.Type == "array":
		p.fault(p.at("schema"), "a parameter is a scalar")
	}
	if slices.ContainsFunc(before, func(b spec.Field) bool { return b.Name == f.Name && b.In == f.In }) {
		p.fault(p.at("name"), "the parameter %q is there already", f.Name)
	}
}

// templateNames yields the names of the parameters of a path, in order.
func templateNames(template string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for part := range strings.SplitSeq(template, "/") {
			if name, ok := strings.CutPrefix(part, "{"); ok && !yield(strings.TrimSuffix(name, "}")) {
				return
			}
		}
	}
}

// requestBody reads the JSON of a request, or the two parts of an upload.
func (l *loader) requestBody(o object, op *spec.Operation) {
	if !o.has("requestBody") {
		return
	}
	if op.Method == "GET" {
		o.fault(o.at("requestBody"), "a GET has no body")
	}
	body := l.object(o.file, o.at("requestBody"), "required", "content")
	if !body.yes("required") {
		body.fault(body.node, "a request body is required: true")
	}
	if !body.must("content") {
		return
	}
	media := l.object(o.file, body.at("content"), jsonType, uploadType)
	if media.has(uploadType) {
		l.upload(media, op)
	} else {
		op.Request = l.json(media)
	}
	if op.Request != nil {
		op.Request.Required = true
	}
}

const (
	jsonType   = "application/json"
	uploadType = "multipart/form-data"
	fileType   = "application/octet-stream"
)

// json reads the schema of a JSON body.
func (l *loader) json(media object) *spec.Field {
	if !media.must(jsonType) {
		return nil
	}
	json := l.object(media.file, media.at(jsonType), "schema")
	if !json.must("schema") {
		return nil
	}
	f := l.schema(media.file, json.at("schema"), schemaUse{top: true})
	if f.Type != "object" && f.Type != "" {
		json.fault(json.at("schema"), "a body is an object")
	}
	return &f
}

// responses reads the success, 200 with a body or 204 without, and sees to it
// that everything else is the error all endpoints share.
func (l *loader) responses(o object, op *spec.Operation) {
	if !o.must("responses") {
		return
	}
	r := l.object(o.file, o.at("responses"), "200", "204", "default")
	if r.has("200") == r.has("204") {
		r.fault(r.node, "there must be one success: \"200\" or \"204\"")
		return
	}
	l.sharedResponse(r, "default", errorRef)
	if r.has("204") {
		op.Status = 204
		l.object(o.file, r.at("204"), "description").mustText("description")
	} else {
		op.Status = 200
		l.success(r, op)
	}
	if isFile := op.Status == 200 && op.Response == nil; isFile != (op.Verify != "") {
		o.fault(o.at("x-verify"), "x-verify belongs to a file, an answer of %s, and a file needs it", fileType)
	}
	if !slices.Contains([]string{"", spec.VerifyDigest, spec.VerifyStatement, spec.VerifyNone}, op.Verify) {
		o.fault(o.at("x-verify"), "%q is not digest, statement or none", op.Verify)
	}
}

// success reads a 200: JSON, or a file.
func (l *loader) success(r object, op *spec.Operation) {
	o := l.object(r.file, r.at("200"), "description", "content")
	o.mustText("description")
	if !o.must("content") {
		return
	}
	media := l.object(r.file, o.at("content"), jsonType, fileType)
	if media.has(fileType) {
		l.object(r.file, media.at(fileType)) // nothing is known of its inside
		return
	}
	op.Response = l.json(media)
}

// sharedResponse checks that key is exactly {$ref: ref}.
func (l *loader) sharedResponse(r object, key, ref string) {
	if r.must(key) && l.object(r.file, r.at(key), "$ref").mustText("$ref") != ref {
		r.fault(r.at(key), "%q must be {$ref: %q}", key, ref)
	}
}
