package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"strings"
	"testing"
)

// exportedNames has every package of the root module, and of each its
// exported names: "wxpay", "wxpay.Client", "wxpay.Client.Do", "Client.Do".
func exportedNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	library := func(path string) bool {
		return isGo(path) && !strings.HasSuffix(path, "_test.go") && !strings.Contains(path, "testdata/") &&
			!strings.HasPrefix(path, "cmd/") && !strings.HasPrefix(path, "bench/") && !strings.HasPrefix(path, "examples/")
	}
	for _, name := range files(t, library) {
		file, err := parser.ParseFile(token.NewFileSet(), path.Base(name), read(t, name), 0)
		if err != nil {
			t.Fatal(err)
		}
		names[file.Name.Name] = true
		add := func(parts ...string) {
			full := strings.Join(parts, ".")
			names[full], names[file.Name.Name+"."+full] = true, true
		}
		for _, decl := range file.Decls {
			addDecl(decl, add)
		}
	}
	return names
}

func addDecl(decl ast.Decl, add func(parts ...string)) {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			add(d.Name.Name)
		} else {
			add(receiver(d.Recv.List[0].Type), d.Name.Name)
		}
	case *ast.GenDecl:
		for _, s := range d.Specs {
			addSpec(s, add)
		}
	}
}

func receiver(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.StarExpr:
		return receiver(x.X)
	case *ast.IndexExpr: // of a generic type
		return receiver(x.X)
	case *ast.Ident:
		return x.Name
	}
	return ""
}

func addSpec(s ast.Spec, add func(parts ...string)) {
	switch s := s.(type) {
	case *ast.ValueSpec:
		for _, n := range s.Names {
			add(n.Name)
		}
	case *ast.TypeSpec:
		add(s.Name.Name)
		var members *ast.FieldList
		switch x := s.Type.(type) {
		case *ast.StructType:
			members = x.Fields
		case *ast.InterfaceType:
			members = x.Methods
		default:
			return
		}
		for _, m := range members.List {
			for _, n := range m.Names {
				add(s.Name.Name, n.Name)
			}
		}
	}
}
