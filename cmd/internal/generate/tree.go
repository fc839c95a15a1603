package generate

import (
	"fmt"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// node is one step of the URL tree, and a type of package chain.
type node struct {
	typ      string // name of its type
	method   string // of the parent, that leads here
	segments string // what it adds to the URL: "plan-id/{plan_id}"
	path     string // the URL up to here
	param    *param // what it takes, or nil
	params   []param
	parent   *node
	children []*node
	ops      []*operation
	packages map[string]bool // that have an operation here or below
}

// param is a path parameter on the way to a node.
type param struct {
	field *spec.Field
	name  string // of the Go parameter and of the field of the node
	typ   string
}

// tree is the URLs of all operations as nodes.
type tree struct {
	root     *node
	literals map[string]bool // URLs that go on with a literal, or are whole
	types    map[string]string
	errs     []error
}

func newTree(ops []*operation) *tree {
	t := &tree{root: &node{typ: "Root", packages: map[string]bool{}}, literals: map[string]bool{}, types: map[string]string{"Root": "the root"}}
	for _, o := range ops {
		t.survey(o)
	}
	for _, o := range ops {
		t.add(o)
	}
	t.root.sort()
	t.root.walk(t.clash)
	return t
}

// survey notes which literals are addresses of their own. Such a literal does
// not merge with the parameter that follows it elsewhere: it has to be a method
// without argument already.
func (t *tree) survey(o *operation) {
	list := segments(o.Path)
	for i, s := range list {
		if !isParam(s) && (i+1 == len(list) || !isParam(list[i+1])) {
			t.literals[strings.Join(list[:i+1], "/")] = true
		}
	}
}

// segments splits a path. One that ends in a slash has a last segment that is
// empty: the step Index.
func segments(path string) []string { return strings.Split(strings.TrimPrefix(path, "/"), "/") }

func isParam(segment string) bool { return strings.HasPrefix(segment, "{") }

// merges: "plan-id/{plan_id}" is one step, and so is
// "harmony-plan-id/{plan_id}" or "id/{transaction_id}": the literal is the name
// of the parameter, or one of the two ends in the other.
func merges(literal, param string) bool {
	a, b := strings.Join(words(literal), "_"), strings.Join(words(param), "_")
	return a == b || strings.HasSuffix(b, "_"+a) || strings.HasSuffix(a, "_"+b)
}

// add puts o at the end of its URL.
func (t *tree) add(o *operation) {
	n := t.root
	list := segments(o.Path)
	for i := 0; i < len(list); i++ {
		name, step := exported(list[i]), list[i]
		var f *spec.Field
		switch {
		case step == "":
			name = "Index"
		case isParam(step):
			f = o.pathParam(step)
		case i+1 < len(list) && isParam(list[i+1]) && merges(step, list[i+1]) && !t.literals[strings.Join(list[:i+1], "/")]:
			f = o.pathParam(list[i+1])
			step += "/" + list[i+1]
			i++
		}
		n = t.child(n, o, name, step, f)
	}
	n.ops = append(n.ops, o)
}

func (o *operation) pathParam(segment string) *spec.Field {
	name := strings.Trim(segment, "{}")
	for i := range o.Params {
		if f := &o.Params[i]; f.In == "path" && f.Name == name {
			return f
		}
	}
	return &spec.Field{Name: name, In: "path", Type: "string"}
}

// child returns the node after n, which may be new.
func (t *tree) child(n *node, o *operation, method, step string, f *spec.Field) *node {
	n.packages[o.pkg.name] = true
	for _, c := range n.children {
		if c.segments == step {
			t.sameType(c, o, f)
			c.packages[o.pkg.name] = true
			return c
		}
	}
	c := &node{method: t.free(n, method, step), segments: step, path: n.path + "/" + step, parent: n, params: slices.Clone(n.params), packages: map[string]bool{o.pkg.name: true}}
	c.typ = strings.TrimPrefix(n.typ, "Root") + c.method
	if _, ok := t.types[c.typ]; ok {
		c.typ = n.typ + "Step" + c.method
	}
	if f != nil {
		c.param = &param{field: f, name: n.freeParam(unexported(f.Name)), typ: paramType(f)}
		c.params = append(c.params, *c.param)
	}
	if other, ok := t.types[c.typ]; ok {
		t.errs = append(t.errs, fmt.Errorf("generate: chain: %s and %s would both be the type %s", other, c.path, c.typ))
	}
	t.types[c.typ] = c.path
	n.children = append(n.children, c)
	return c
}

// free is the method for a step from n. Where a sibling has the name already, a
// parameter is asked By it, and of two spellings of one name, the one with
// underscores says so.
func (t *tree) free(n *node, method, step string) string {
	taken := func(name string) *node {
		for _, c := range n.children {
			if c.method == name {
				return c
			}
		}
		return nil
	}
	if taken(method) == nil {
		return method
	}
	other := method + "Underscored"
	if isParam(step) {
		other = "By" + method
	}
	if c := taken(other); c != nil || !isParam(step) && !strings.Contains(step, "_") {
		t.errs = append(t.errs, fmt.Errorf("generate: chain: %s and %s/%s would both be the method %s", taken(method).path, n.path, step, method))
	}
	return other
}

// freeParam is name, numbered where the way to n has a parameter of that name.
func (n *node) freeParam(name string) string {
	for _, p := range n.params {
		if p.name == name {
			return fmt.Sprintf("%s%d", name, len(n.params)+1)
		}
	}
	return name
}

// sameType: all operations below a parameter have to agree on its type.
func (t *tree) sameType(c *node, o *operation, f *spec.Field) {
	if f != nil && paramType(f) != c.param.typ {
		t.errs = append(t.errs, fmt.Errorf("generate: chain: %s: {%s} is %s elsewhere and %s in %s %s", c.path, f.Name, c.param.typ, paramType(f), o.Method, o.Path))
	}
}

func paramType(f *spec.Field) string {
	if f.Type == "integer" {
		return "int64"
	}
	return "string"
}

// clash renames steps from n that are called like a verb of n: DELETE at a URL
// that goes on with "delete".
func (t *tree) clash(n *node) {
	for _, o := range n.ops {
		for _, c := range n.children {
			if c.method == verb(o) || c.method == verb(o)+"Async" {
				c.method += "Step"
			}
		}
	}
}

// verb is the name of the HTTP method as a Go method.
func verb(o *operation) string { return upperFirst(strings.ToLower(o.Method)) }

func (n *node) sort() {
	slices.SortFunc(n.children, func(a, b *node) int { return strings.Compare(a.segments, b.segments) })
	for _, c := range n.children {
		c.sort()
	}
}

// walk visits n and everything below it.
func (n *node) walk(visit func(*node)) {
	visit(n)
	for _, c := range n.children {
		c.walk(visit)
	}
}
