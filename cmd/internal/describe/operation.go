package describe

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/wxpay-go/wxpay/spec"
)

// mainHost is where every endpoint lives that does not name its own host.
const mainHost = "api.mch.weixin.qq.com"

const errorRef = "#/components/responses/Error"

var (
	methods = []string{"get", "post", "put", "patch", "delete"}

	operationKeys = []string{
		"operationId", "tags", "summary", "description", "parameters", "requestBody", "responses",
		"x-title", "x-roles", "x-updated", "x-links", "x-idempotent", "x-inferred", "x-behavior",
		"x-errors", "x-name-reason", "x-host", "x-verify",
	}

	segment     = regexp.MustCompile(`^([A-Za-z0-9._-]+|\{[a-z][a-z0-9_]*\})$`)
	operationID = regexp.MustCompile(`^[a-z][a-z0-9]*\.[A-Z][A-Za-z0-9]*$`)
)

// pathItem reads one file below v3: every method of one path.
func (l *loader) pathItem(file string) []*spec.Operation {
	root, ok := l.read(file)
	if !ok {
		return nil
	}
	template := "/" + strings.TrimSuffix(file, ".yaml")
	item := l.object(file, root, methods...)
	l.checkPath(item, template)
	var ops []*spec.Operation
	for i := 0; i+1 < len(item.node.Content); i += 2 {
		if method := item.node.Content[i].Value; slices.Contains(methods, method) {
			ops = append(ops, l.operation(file, item.node.Content[i+1], strings.ToUpper(method), template))
		}
	}
	if len(ops) == 0 {
		item.fault(root, "no method")
	}
	return ops
}

// checkPath holds the address in the first line against the place of the file,
// so that a file that was moved or copied cannot describe another URL.
func (l *loader) checkPath(item object, template string) {
	top := &yaml.Node{Line: 1, Column: 1}
	host := mainHost
	for _, n := range item.keys {
		if h := l.mapping(item.file, n).text("x-host"); h != "" {
			host = h
		}
	}
	if want := "# https://" + host + template; l.first[item.file] != want {
		item.fault(top, "the path differs from the file: the first line must be %q", want)
	}
	for part := range strings.SplitSeq(template[1:], "/") {
		if !segment.MatchString(part) {
			item.fault(top, "%q is no piece of a path: a literal, or {name}", part)
		}
	}
}

func (l *loader) operation(file string, node *yaml.Node, method, template string) *spec.Operation {
	o := l.object(file, node, operationKeys...)
	op := &spec.Operation{
		ID:         o.mustText("operationId"),
		Method:     method,
		Path:       template,
		Title:      o.mustText("x-title"),
		Summary:    o.mustText("summary"),
		Doc:        strings.TrimSpace(o.mustText("description")),
		Roles:      o.texts("x-roles"),
		Links:      o.texts("x-links"),
		Updated:    o.text("x-updated"),
		Host:       o.text("x-host"),
		Verify:     o.text("x-verify"),
		Idempotent: o.yes("x-idempotent"),
		Errors:     o.texts("x-errors"),
	}
	op.Inferred = o.reasons("x-inferred")
	op.Behavior = o.behavior()
	l.checkTexts(o, op)
	l.checkName(o, op)
	op.Params = l.parameters(o, op)
	op.Request = l.requestBody(o, op)
	op.Status, op.Response = l.responses(o)
	return op
}

func (l *loader) checkTexts(o object, op *spec.Operation) {
	o.must("x-links")
	o.must("x-roles")
	if o.must("x-updated") && op.Updated != "" {
		if _, err := time.Parse(time.DateOnly, op.Updated); err != nil {
			o.fault(o.at("x-updated"), "%q is no yyyy-mm-dd", op.Updated)
		}
	}
	for i, link := range op.Links {
		if !strings.HasPrefix(link, "https://") {
			o.fault(o.at("x-links").Content[i], "%q is no https address", link)
		}
	}
	if op.Method == "GET" && !op.Idempotent {
		o.fault(o.at("x-idempotent"), "a GET is idempotent: say x-idempotent: true")
	}
	o.must("x-idempotent")
	if o.must("x-errors") {
		for i, code := range op.Errors {
			if l.errors[code] == nil {
				o.fault(o.at("x-errors").Content[i], "unknown error code %q: add it to errors.yaml", code)
			}
		}
	}
}

// checkName holds the operation to its product and to the naming rule.
func (l *loader) checkName(o object, op *spec.Operation) {
	tags := o.texts("tags")
	if len(tags) != 1 || l.products[tags[0]] == nil {
		o.fault(o.at("tags"), "tags must name one product of products.yaml")
		return
	}
	product := l.products[tags[0]]
	op.Product = product.Name
	if op.Path != product.Prefix && !strings.HasPrefix(op.Path, product.Prefix+"/") {
		o.fault(o.at("tags"), "the path is not below %s, the prefix of %s", product.Prefix, product.Name)
	}
	pkg, function, _ := strings.Cut(op.ID, ".")
	if !operationID.MatchString(op.ID) || pkg != product.Package {
		o.fault(o.at("operationId"), "%q must be %s.<FuncName>", op.ID, product.Package)
		return
	}
	rule := ruleName(product.Prefix, op.Path)
	switch follows := followsRule(function, rule); {
	case follows && o.has("x-name-reason"):
		o.fault(o.at("x-name-reason"), "%s follows the naming rule; there is nothing to explain", function)
	case !follows && o.text("x-name-reason") == "":
		o.fault(o.at("operationId"), "%s breaks the naming rule, which gives %q: follow it, or say why in x-name-reason", function, rule)
	}
	at := o.at("operationId")
	for _, suffix := range []string{"", "Async", "Request", "Response"} {
		l.take(o.file, at, pkg, function+suffix)
	}
}

// reasons reads a mapping from a rule to the reason it was inferred for.
func (o object) reasons(key string) map[string]string {
	if !o.has(key) {
		return nil
	}
	m := o.l.mapping(o.file, o.at(key))
	list := map[string]string{}
	for rule := range m.keys {
		list[rule] = m.text(rule)
	}
	return list
}

func (o object) behavior() spec.Behavior {
	if !o.has("x-behavior") {
		return spec.Behavior{}
	}
	b := o.l.object(o.file, o.at("x-behavior"), "name", "args")
	behavior := spec.Behavior{Name: b.mustText("name")}
	if b.has("args") {
		args := o.l.mapping(o.file, b.at("args"))
		behavior.Args = map[string]string{}
		for name := range args.keys {
			behavior.Args[name] = args.text(name)
		}
	}
	return behavior
}
