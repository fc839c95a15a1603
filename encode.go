package wxpay

import (
	"bytes"
	"encoding"
	"encoding/json"
	"fmt"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// shape is what a struct type says by its tags of the request it makes:
// which fields go into the path, the query or the headers, whether any goes
// into the body, whether strings are encrypted on the way (tag seal), and
// which fields make an upload (tag file).
type shape struct {
	params []shapeParam
	body   bool
	sealed bool
	upload upload
}

type shapeParam struct {
	in, name string
	index    int
}

var shapes sync.Map // reflect.Type -> *shape

func shapeOf(t reflect.Type) *shape {
	if s, ok := shapes.Load(t); ok {
		return s.(*shape)
	}
	s := &shape{sealed: isSealed(t, nil)}
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		if s.upload.take(f, i) && f.Tag.Get("json") == "-" {
			continue
		}
		if p, ok := paramOf(f, i); ok {
			s.params = append(s.params, p)
		} else if f.Tag.Get("json") != "-" {
			s.body = true
		}
	}
	shapes.Store(t, s)
	return s
}

func paramOf(f reflect.StructField, i int) (shapeParam, bool) {
	for _, in := range []string{"path", "query", "header"} {
		if name, ok := f.Tag.Lookup(in); ok {
			return shapeParam{in, name, i}, true
		}
	}
	return shapeParam{}, false
}

// read takes what in holds for path, query and headers into c, and returns
// what is to be the body: in itself, or nil if nothing of it goes there.
func (c *call) read(in any) (body any, err error) {
	if in == nil {
		return nil, nil
	}
	v := reflect.ValueOf(in)
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return nil, inputError(c.name(), "request", "must not be a nil pointer", "give a request, or untyped nil for none")
		}
		v = v.Elem()
	}
	if v.Kind() != reflect.Struct {
		return in, nil
	}
	s := shapeOf(v.Type())
	for _, p := range s.params {
		c.take(p, v.Field(p.index))
	}
	if s.upload.part != "" {
		return c.readFile(&s.upload, v)
	}
	if !s.body {
		return nil, nil
	}
	return in, nil
}

// take adds one tagged field. Values that are not given are left out; Check
// has named them already if they are required.
func (c *call) take(p shapeParam, v reflect.Value) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	if (v.Kind() == reflect.String || v.Kind() == reflect.Slice) && v.Len() == 0 {
		return
	}
	if p.in == "header" {
		c.header = append(c.header, p.name, fmt.Sprint(v.Interface()))
		return
	}
	c.params = append(c.params, param{p.in, p.name, v.Interface()})
}

func (c *call) name() string { return c.op.Method + " " + c.op.Path }

// encoder is the memory of one encoding. The protocol wants neither null nor
// an escaped ampersand; Encoder, unlike Marshal, can be told so.
type encoder struct {
	buf bytes.Buffer
	enc *json.Encoder
}

var encoders = sync.Pool{New: func() any {
	e := new(encoder)
	e.enc = json.NewEncoder(&e.buf)
	e.enc.SetEscapeHTML(false)
	return e
}}

// encode returns the JSON of v, without the line feed that Encoder adds.
func (c *call) encode(v any) error {
	if raw, ok := v.(json.RawMessage); ok {
		if !json.Valid(raw) {
			return inputError(c.name(), "request", "must be JSON", "check the text given as json.RawMessage")
		}
		c.body = raw
		return nil
	}
	e := encoders.Get().(*encoder)
	defer e.release()
	if err := e.enc.Encode(v); err != nil {
		return &InputError{What: c.name(), Err: err, Faults: []Fault{{"request", "cannot be written as JSON", "use generated types, maps or structs with json tags"}}}
	}
	// A copy: the transport may read the body after the answer has come.
	c.body = append(make([]byte, 0, e.buf.Len()-1), e.buf.Bytes()[:e.buf.Len()-1]...)
	return nil
}

func (e *encoder) release() {
	if e.buf.Cap() <= 64<<10 {
		e.buf.Reset()
		encoders.Put(e)
	}
}

// pathPart is one piece of a template: a literal, or the name of a parameter.
type pathPart struct {
	text  string
	param bool
}

// split parses the template once.
func (op *Op) split() error {
	op.once.Do(func() { op.parts, op.err = splitTemplate(op.Method, op.Path) })
	return op.err
}

func splitTemplate(method, template string) ([]pathPart, error) {
	bad := func(rule, remedy string) ([]pathPart, error) {
		return nil, inputError(method+" "+printable(template), "path", rule, remedy)
	}
	if !strings.HasPrefix(template, "/") || strings.HasPrefix(template, "//") {
		return bad("must begin with one /", "give path only, without scheme and host")
	}
	var parts []pathPart
	for rest := template; rest != ""; {
		literal, after, open := strings.Cut(rest, "{")
		if i := strings.IndexFunc(literal, notInPath); i >= 0 {
			return bad("holds a character that must be escaped or does not belong into a path", "use {name} with Path for values, and Query for the query")
		}
		if literal != "" {
			parts = append(parts, pathPart{text: literal})
		}
		if !open {
			break
		}
		name, tail, closed := strings.Cut(after, "}")
		if !closed || name == "" || strings.ContainsAny(name, "{/") {
			return bad("has a { without its }", "write parameters as {name}")
		}
		parts = append(parts, pathPart{text: name, param: true})
		rest = tail
	}
	return parts, nil
}

func notInPath(r rune) bool {
	isIn := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || strings.ContainsRune("/-._~!$&'()*+,;=:@%", r)
	return !isIn
}

// address fills the template and builds the query.
func (c *call) address() error {
	if err := c.op.split(); err != nil {
		return err
	}
	if len(c.params) == 0 && len(c.op.parts) == 1 && !c.op.parts[0].param {
		c.path = c.op.Path
		return nil
	}
	var path, query strings.Builder
	for _, part := range c.op.parts {
		if !part.param {
			path.WriteString(part.text)
			continue
		}
		value, err := c.pathValue(part.text)
		if err != nil {
			return err
		}
		path.WriteString(url.PathEscape(value))
	}
	for _, p := range c.params {
		if err := c.addQuery(&query, p); err != nil {
			return err
		}
	}
	c.path, c.query = path.String(), query.String()
	return nil
}

// pathValue returns the last value given for the parameter.
func (c *call) pathValue(name string) (string, error) {
	for _, p := range slices.Backward(c.params) {
		if p.in != "path" || p.name != name {
			continue
		}
		s, ok := text(p.value)
		switch {
		case !ok:
			return "", inputError(c.name(), name, "must be a string or an integer", "convert the value")
		case s == "" || s == "." || s == "..":
			return "", inputError(c.name(), name, "must not be empty, . or ..", "give the value that stands in the path")
		}
		return s, nil
	}
	return "", inputError(c.name(), name, "is required in the path", "give it with Path(\""+name+"\", value)")
}

func (c *call) addQuery(b *strings.Builder, p param) error {
	if p.in == "path" {
		if !c.op.hasParam(p.name) {
			return inputError(c.name(), p.name, "is no parameter of the path", "leave it out, or write {"+p.name+"} into the path")
		}
		return nil
	}
	s, ok := text(p.value)
	if !ok {
		return inputError(c.name(), p.name, "must be a string, an integer or a boolean", "convert the value")
	}
	if b.Len() > 0 {
		b.WriteByte('&')
	}
	b.WriteString(queryEscape(p.name))
	b.WriteByte('=')
	b.WriteString(queryEscape(s))
	return nil
}

func (op *Op) hasParam(name string) bool {
	for _, part := range op.parts {
		if part.param && part.text == name {
			return true
		}
	}
	return false
}

// queryEscape writes a blank as %20: a plus is a blank to some servers only.
func queryEscape(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// text writes a parameter as the protocol does.
func text(v any) (string, bool) {
	switch x := v.(type) {
	case string:
		return x, true
	case int64:
		return strconv.FormatInt(x, 10), true
	case int:
		return strconv.Itoa(x), true
	case bool:
		return strconv.FormatBool(x), true
	}
	if m, ok := v.(encoding.TextMarshaler); ok {
		b, err := m.MarshalText()
		return string(b), err == nil
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.String:
		return r.String(), true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.FormatInt(r.Int(), 10), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return strconv.FormatUint(r.Uint(), 10), true
	case reflect.Slice:
		return list(r)
	}
	return "", false
}

// list joins the texts of a list with commas, the form of lists in a query.
func list(v reflect.Value) (string, bool) {
	texts := make([]string, v.Len())
	for i := range texts {
		s, ok := text(v.Index(i).Interface())
		if !ok {
			return "", false
		}
		texts[i] = s
	}
	return strings.Join(texts, ","), true
}
