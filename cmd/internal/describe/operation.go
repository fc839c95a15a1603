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
		"x-errors", "x-name-reason", "x-host", "x-verify", "x-page", "x-alias",
	}

	segment     = regexp.MustCompile(`^([A-Za-z0-9._-]+|\{[a-z][a-z0-9_]*\})$`)
	hostName    = regexp.MustCompile(`^[a-z0-9]+\.mch\.weixin\.qq\.com$`)
	operationID = regexp.MustCompile(`^[a-z][a-z0-9]*\.[A-Z][A-Za-z0-9]*$`)
)

// templateOf is the path that a file describes: its own place. A path that
// ends in "/" stands in a file called index.
func templateOf(file string) string {
	template := "/" + strings.TrimSuffix(file, ".yaml")
	if strings.HasSuffix(template, "/index") {
		return strings.TrimSuffix(template, "index")
	}
	return template
}

// pathItem reads one file below v3 or hk: every method of one path.
func (l *loader) pathItem(file string) []*spec.Operation {
	root, ok := l.read(file)
	if !ok {
		return nil
	}
	template := templateOf(file)
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
	if want := "# https://" + l.host(item) + template; l.first[item.file] != want {
		item.fault(top, "the path differs from the file: the first line must be %q", want)
	}
	for part := range strings.SplitSeq(strings.TrimSuffix(template[1:], "/"), "/") {
		if !segment.MatchString(part) {
			item.fault(top, "%q is no piece of a path: a literal, or {name}", part)
		}
	}
}

// host is where the methods of a path live: one place for all of them, because
// it becomes the server of the path in the OpenAPI document.
func (l *loader) host(item object) string {
	host := ""
	for i := 1; i < len(item.node.Content); i += 2 {
		o := l.mapping(item.file, item.node.Content[i])
		own := mainHost
		if h := o.text("x-host"); h != "" {
			own = h
		}
		if !hostName.MatchString(own) || o.has("x-host") && own == mainHost {
			o.fault(o.at("x-host"), "%q is no other host of WeChat Pay", own)
		}
		if host != "" && host != own {
			o.fault(o.at("x-host"), "the methods of one path live at one host, and the first at %s", host)
		}
		host = own
	}
	return host
}

func (l *loader) operation(file string, node *yaml.Node, method, template string) *spec.Operation {
	o := l.object(file, node, operationKeys...)
	op := &spec.Operation{
		ID:         o.mustText("operationId"),
		Method:     method,
		Path:       template,
		Title:      o.mustText("x-title"),
		Summary:    o.mustText("summary"),
		Doc:        strings.TrimSpace(o.text("description")),
		Roles:      o.texts("x-roles"),
		Links:      o.texts("x-links"),
		Updated:    o.text("x-updated"),
		Host:       o.text("x-host"),
		Verify:     o.text("x-verify"),
		Alias:      o.text("x-alias"),
		Idempotent: o.yes("x-idempotent"),
		Errors:     o.texts("x-errors"),
	}
	op.Inferred = o.reasons("x-inferred")
	op.Behavior = o.behavior()
	l.checkTexts(o, op)
	l.checkName(o, op)
	op.Params = l.parameters(o, op)
	l.requestBody(o, op)
	l.responses(o, op)
	l.page(o, op)
	return op
}

func (l *loader) checkTexts(o object, op *spec.Operation) {
	o.mustOrSay("x-links", op.Inferred)
	o.mustOrSay("x-roles", op.Inferred)
	if o.mustOrSay("x-updated", op.Inferred); op.Updated != "" {
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

// mustOrSay reports a statement that is neither there nor said to be missing.
func (o object) mustOrSay(key string, inferred map[string]string) {
	if o.has(key) == (inferred[key] != "") {
		o.fault(o.at(key), "%q must be there, or x-inferred must say why it is not", key)
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
