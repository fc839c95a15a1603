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
		f.Doc, f.Label = strings.TrimSpace(p.mustText("description")), p.mustText("x-label")
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

func (l *loader) requestBody(o object, op *spec.Operation) *spec.Field {
	if !o.has("requestBody") {
		return nil
	}
	if op.Method == "GET" {
		o.fault(o.at("requestBody"), "a GET has no body")
	}
	body := l.object(o.file, o.at("requestBody"), "required", "content")
	if !body.yes("required") {
		body.fault(body.node, "a request body is required: true")
	}
	f := l.content(body)
	if f != nil {
		f.Required = true
	}
	return f
}

// content reads application/json, the only kind so far.
func (l *loader) content(o object) *spec.Field {
	if !o.must("content") {
		return nil
	}
	media := l.object(o.file, o.at("content"), "application/json")
	if !media.must("application/json") {
		return nil
	}
	json := l.object(o.file, media.at("application/json"), "schema")
	if !json.must("schema") {
		return nil
	}
	f := l.schema(o.file, json.at("schema"), schemaUse{top: true})
	if f.Type != "object" && f.Type != "" {
		json.fault(json.at("schema"), "a body is an object")
	}
	return &f
}

// responses reads the success, 200 with a body or 204 without, and sees to it
// that everything else is the error all endpoints share.
func (l *loader) responses(o object) (status int, body *spec.Field) {
	if !o.must("responses") {
		return 0, nil
	}
	r := l.object(o.file, o.at("responses"), "200", "204", "default")
	if r.has("200") == r.has("204") {
		r.fault(r.node, "there must be one success: \"200\" or \"204\"")
		return 0, nil
	}
	l.sharedResponse(r, "default", errorRef)
	if r.has("204") {
		l.object(o.file, r.at("204"), "description").mustText("description")
		return 204, nil
	}
	success := l.object(o.file, r.at("200"), "description", "content")
	success.mustText("description")
	return 200, l.content(success)
}

// sharedResponse checks that key is exactly {$ref: ref}.
func (l *loader) sharedResponse(r object, key, ref string) {
	if r.must(key) && l.object(r.file, r.at(key), "$ref").mustText("$ref") != ref {
		r.fault(r.at(key), "%q must be {$ref: %q}", key, ref)
	}
}

// ambiguous reports two templates that differ in nothing but the names of
// their parameters: no request could tell them apart.
func (l *loader) ambiguous(ops []*spec.Operation) {
	seen := map[string]string{}
	for _, op := range ops {
		var shape []string
		for part := range strings.SplitSeq(op.Path, "/") {
			if strings.HasPrefix(part, "{") {
				part = "{}"
			}
			shape = append(shape, part)
		}
		key := op.Method + strings.Join(shape, "/")
		if other, ok := seen[key]; ok {
			l.faults = append(l.faults, Fault{op.Path[1:] + ".yaml", 1, 1, "no request could be told from one of " + other})
		}
		seen[key] = op.Path
	}
}
