package spec

import (
	"iter"
	"net/url"
	"slices"
	"strings"
)

// route is a node of the tree of paths: one step is one segment.
type route struct {
	literals map[string]*route
	param    *route                       // where any segment fits
	methods  map[string]*entry[Operation] // what ends here
}

// add hangs an endpoint into the tree. The names of its parameters stay with
// the endpoint: two of them may call the same place differently. Where they
// have the same method too, the first stays: the other is its alias.
func (r *route) add(method, template string, op *entry[Operation]) {
	for segment := range segments(template) {
		r = r.child(segment)
	}
	if r.methods == nil {
		r.methods = map[string]*entry[Operation]{}
	}
	if r.methods[method] == nil {
		r.methods[method] = op
	}
}

func (r *route) child(segment string) *route {
	if strings.HasPrefix(segment, "{") {
		if r.param == nil {
			r.param = &route{}
		}
		return r.param
	}
	if r.literals == nil {
		r.literals = map[string]*route{}
	}
	if r.literals[segment] == nil {
		r.literals[segment] = &route{}
	}
	return r.literals[segment]
}

// segments yields the pieces of a path between its slashes.
func segments(path string) iter.Seq[string] {
	return strings.SplitSeq(strings.TrimPrefix(path, "/"), "/")
}

// visit calls found for every node that the rest of a path leads to, literals
// before parameters at each step, until found returns true. values are the
// segments, still escaped, that stood in for parameters.
func (r *route) visit(rest []string, values []string, found func(*route, []string) bool) bool {
	if len(rest) == 0 {
		return len(r.methods) > 0 && found(r, values)
	}
	if next := r.literals[rest[0]]; next != nil && next.visit(rest[1:], values, found) {
		return true
	}
	if r.param == nil || rest[0] == "" {
		return false
	}
	return r.param.visit(rest[1:], append(values[:len(values):len(values)], rest[0]), found)
}

// walk splits an escaped path and visits what fits it.
func (r *route) walk(escapedPath string, found func(*route, []string) bool) {
	if !strings.HasPrefix(escapedPath, "/") {
		return
	}
	r.visit(slices.Collect(segments(escapedPath)), nil, found)
}

// Match returns the endpoint of a method at the path of a URL, as it is
// escaped on the wire and without query, and the values of its parameters,
// unescaped once: "%2F" in a segment is a slash in the value and parts nothing.
//
// A literal segment wins over a parameter, from the left. A parameter is never
// empty, and a segment with a broken escape matches none.
func Match(method, escapedPath string) (op *Operation, params map[string]string, ok bool) {
	return scanned().routes.match(method, escapedPath)
}

func (r *route) match(method, escapedPath string) (op *Operation, params map[string]string, ok bool) {
	r.walk(escapedPath, func(end *route, values []string) bool {
		e := end.methods[method]
		if e == nil {
			return false
		}
		if params, ok = unescape(e.key, values); ok {
			op = e.get()
		}
		return ok
	})
	return op, params, ok
}

// unescape gives the values the names that the template has for them.
func unescape(template string, values []string) (map[string]string, bool) {
	params := make(map[string]string, len(values))
	for segment := range segments(template) {
		name, isParam := strings.CutPrefix(segment, "{")
		if !isParam {
			continue
		}
		value, err := url.PathUnescape(values[0])
		if err != nil {
			return nil, false
		}
		params[strings.TrimSuffix(name, "}")], values = value, values[1:]
	}
	return params, true
}

// Methods returns the methods, sorted, that exist at the path of a URL: none
// for a path that does not exist (404), others than the one that was asked for
// otherwise (405).
func Methods(escapedPath string) []string {
	return scanned().routes.methodsAt(escapedPath)
}

func (r *route) methodsAt(escapedPath string) []string {
	var methods []string
	r.walk(escapedPath, func(end *route, values []string) bool {
		for method, e := range end.methods {
			if _, ok := unescape(e.key, values); ok {
				methods = append(methods, method)
			}
		}
		return false
	})
	slices.Sort(methods)
	return slices.Compact(methods)
}
