package emulator

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"go/ast"
	"go/doc"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

const (
	wordsFile    = "adminwords.json"
	documentFile = "../docs/admin-openapi.json"
)

// TestDocumentOfAdminInterface holds the words that the OpenAPI document is
// made with, and the document, to the source.
func TestDocumentOfAdminInterface(t *testing.T) {
	t.Parallel()
	list := sourceWords(t)
	text, err := json.MarshalIndent(list, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	if name := goName.Find(text); name != nil {
		t.Errorf("a comment names %s, which means nothing to who reads the document: say it otherwise, or as a last See", name)
	}
	fresh(t, wordsFile, append(text, '\n'))
	fresh(t, documentFile, adminOpenAPI(&schemas{words: list}))
}

// fresh compares a file with what it should be, or writes it.
func fresh(t *testing.T, name string, want []byte) {
	t.Helper()
	if have, err := os.ReadFile(name); err == nil && bytes.Equal(have, want) {
		return
	}
	if flag.Lookup("update").Value.String() != "true" {
		t.Errorf("%s is stale: go test ./emulator -run TestDocument -update", name)
		return
	}
	if err := os.WriteFile(name, want, 0o644); err != nil {
		t.Fatal(err)
	}
}

// sourceWords reads the comments of every type that the admin interface shows.
func sourceWords(t *testing.T) map[string]words {
	t.Helper()
	s := &schemas{}
	adminOpenAPI(s)
	source := parsed(t)
	list := map[string]words{}
	for _, typ := range s.types {
		list[typ.Name()] = source.of(t, typ)
	}
	return list
}

// source is the types of the package as they are written.
type source map[string]*doc.Type

func parsed(t *testing.T) source {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	pkg, err := doc.NewFromFiles(set, files, "emulator", doc.AllDecls)
	if err != nil {
		t.Fatal(err)
	}
	s := source{}
	for _, typ := range pkg.Types {
		s[typ.Name] = typ
	}
	return s
}

// of is what the source says of one type.
func (s source) of(t *testing.T, typ reflect.Type) words {
	t.Helper()
	found := s[typ.Name()]
	if found == nil || found.Doc == "" {
		t.Errorf("the admin interface shows the type %s, which has no comment", typ.Name())
		return words{}
	}
	w := words{Doc: withoutName(plain(found.Doc), typ.Name())}
	if typ.Kind() == reflect.String {
		w.addValues(t, found)
		return w
	}
	w.addFields(found, memberNames(written(typ)))
	return w
}

// addFields takes the comments of fields, by the names that they have in JSON.
func (w *words) addFields(typ *doc.Type, names *strings.Replacer) {
	w.Fields = map[string]string{}
	for _, f := range typ.Decl.Specs[0].(*ast.TypeSpec).Type.(*ast.StructType).Fields.List {
		if f.Tag != nil && strings.Contains(f.Tag.Value, `"-"`) {
			continue
		}
		said := cmp.Or(f.Doc.Text(), f.Comment.Text())
		for _, name := range f.Names {
			if said != "" && name.IsExported() {
				w.Fields[name.Name] = strings.TrimSpace(names.Replace(" " + plain(said) + " "))
			}
		}
	}
}

// memberNames puts the names of JSON in the place of those of Go.
func memberNames(fields reflect.Type) *strings.Replacer {
	var pairs []string
	for f := range fields.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		for _, end := range []string{" ", ",", ".", ";", ":"} {
			pairs = append(pairs, " "+f.Name+end, " "+name+end)
		}
	}
	return strings.NewReplacer(pairs...)
}

// addValues takes the values of a type that has a closed set of them, with
// what their comments say. An empty one is a member that is left out.
func (w *words) addValues(t *testing.T, typ *doc.Type) {
	t.Helper()
	for _, group := range typ.Consts {
		for _, s := range group.Decl.Specs {
			constant := s.(*ast.ValueSpec)
			value, err := strconv.Unquote(constant.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			if value == "" {
				continue
			}
			w.Values = append(w.Values, value)
			said := cmp.Or(constant.Doc.Text(), constant.Comment.Text())
			if said != "" {
				w.Doc += " " + value + ": " + withoutName(plain(said), constant.Names[0].Name)
			}
		}
	}
	if len(w.Values) == 0 {
		t.Errorf("the admin interface shows the type %s, which has no constants", typ.Name)
	}
}

var (
	// link is a doc link: [Order], [*ActionError].
	link = regexp.MustCompile(`\[\*?([A-Za-z.]+)\]`)
	// see is a reference to a function or a field, for readers of Go.
	see = regexp.MustCompile(`(;|\.) [Ss]ee \[\*?[A-Za-z]+\.[A-Za-z]+\]`)
	// goName is one that was not left out so.
	goName = regexp.MustCompile(`\b[A-Z][a-z]\w*\.[A-Z][a-z]\w*`)
)

// withoutName is a sentence without its beginning, where that only names what it is
// about: "Signed: in force", "Event is one notification".
func withoutName(sentence, name string) string {
	for _, begin := range []string{name + ": ", name + " is ", name + " "} {
		if rest, ok := strings.CutPrefix(sentence, begin); ok {
			return rest
		}
	}
	return sentence
}

// plain is a comment as a text in lines of no certain length.
func plain(comment string) string {
	return link.ReplaceAllString(see.ReplaceAllString(strings.Join(strings.Fields(comment), " "), ""), "$1")
}
