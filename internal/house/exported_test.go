package house

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite testdata/exported.txt")

// exportedList names everything that programs can name, so that a renaming is
// seen in review and not by those who upgrade.
const exportedList = "testdata/exported.txt"

// TestExportedNames holds the exported names of the packages that programs
// import against the list. A name that is gone breaks somebody's build: put it
// into CHANGELOG too. Run with -update after a change that is meant.
func TestExportedNames(t *testing.T) {
	t.Parallel()
	var names []string
	for _, dir := range append(subfolders(t, "../../api"), "../../chain", "../../notify", "../..") {
		pkg := strings.TrimPrefix(strings.TrimPrefix(filepath.ToSlash(dir), "../.."), "/")
		if pkg == "" {
			pkg = "wxpay"
		}
		for _, name := range namesOf(t, dir) {
			names = append(names, pkg+"."+name)
		}
	}
	slices.Sort(names)
	if len(names) < 10_000 {
		t.Fatalf("only %d names", len(names))
	}
	if *update {
		if err := os.WriteFile(exportedList, []byte(indented(names)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(exportedList)
	if err != nil {
		t.Fatal(err)
	}
	kept := outdented(string(text))
	tell(t, "is new", names, kept)
	tell(t, "is gone", kept, names)
}

// tell reports what stands in list and not in other, both sorted.
func tell(t *testing.T, what string, list, other []string) {
	t.Helper()
	for _, name := range list {
		if _, ok := slices.BinarySearch(other, name); !ok {
			t.Errorf("%s %s", name, what)
		}
	}
}

func subfolders(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, e := range entries {
		if e.IsDir() {
			list = append(list, filepath.Join(dir, e.Name()))
		}
	}
	return list
}

// namesOf are the exported names of one package: "Name", and "Type.Member" for fields
// and methods.
func namesOf(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(dir + "/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: no Go files: %v", dir, err)
	}
	var names []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range parsed.Decls {
			names = append(names, declared(decl)...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func declared(decl ast.Decl) []string {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if !d.Name.IsExported() {
			return nil
		}
		if owner := receiverOf(d); owner == "" {
			return []string{d.Name.Name}
		} else if ast.IsExported(owner) {
			return []string{owner + "." + d.Name.Name}
		}
	case *ast.GenDecl:
		var names []string
		for _, spec := range d.Specs {
			names = append(names, specified(spec)...)
		}
		return names
	}
	return nil
}

// receiver is the name of the type that a method belongs to, "" for a function.
func receiverOf(d *ast.FuncDecl) string {
	if d.Recv == nil {
		return ""
	}
	name := ""
	ast.Inspect(d.Recv.List[0].Type, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name == "" {
			name = id.Name
		}
		return name == ""
	})
	return name
}

func specified(spec ast.Spec) []string {
	var names []string
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for _, id := range s.Names {
			if id.IsExported() {
				names = append(names, id.Name)
			}
		}
	case *ast.TypeSpec:
		if !s.Name.IsExported() {
			return nil
		}
		names = append(names, s.Name.Name)
		if st, ok := s.Type.(*ast.StructType); ok {
			for _, field := range st.Fields.List {
				for _, id := range field.Names {
					if id.IsExported() {
						names = append(names, s.Name.Name+"."+id.Name)
					}
				}
			}
		}
	}
	return names
}

// indented writes each name below the one that it begins with.
func indented(names []string) string {
	var b strings.Builder
	var last []string
	for _, name := range names {
		parts := strings.Split(name, ".")
		for i, part := range parts {
			if i < len(last) && slices.Equal(last[:i+1], parts[:i+1]) {
				continue
			}
			b.WriteString(strings.Repeat("\t", i) + part + "\n")
		}
		last = parts
	}
	return b.String()
}

// outdented reads what indented wrote, sorted.
func outdented(text string) []string {
	var names, at []string
	for line := range strings.Lines(text) {
		part := strings.TrimLeft(line, "\t")
		depth := len(line) - len(part)
		if depth > len(at) {
			continue // no list of ours: the names above are missing, and told
		}
		at = append(at[:depth:depth], strings.TrimSuffix(part, "\n"))
		if depth > 0 {
			names = append(names, strings.Join(at, "."))
		}
	}
	slices.Sort(names)
	return names
}

// TestIndented: the list can be read back.
func TestIndented(t *testing.T) {
	t.Parallel()
	names := []string{"api/a.B", "api/a.B.C", "api/a.B.D", "api/a.E", "chain.B"}
	text := indented(names)
	if want := "api/a\n\tB\n\t\tC\n\t\tD\n\tE\nchain\n\tB\n"; text != want {
		t.Errorf("indented: %q", text)
	}
	if got := outdented(text); !slices.Equal(got, names) {
		t.Errorf("outdented: %q", got)
	}
}
