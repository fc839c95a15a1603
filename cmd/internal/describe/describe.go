// Package describe reads the description of WeChat Pay APIv3 (微信支付 APIv3),
// the YAML files of the folder spec, and refuses whatever is not meant.
//
// A description that is read without error has no unknown key, no field
// that neither an English description nor an official label tells of, no sample
// that breaks the rules beside it, and no name that breaks the naming rules. Whoever makes
// something from it, code or pages or a bundle, need not check again.
//
// Every error names its file, line and column; [Load] reports all of them at
// once, so that one run shows the whole work.
package describe

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/wxpay-go/wxpay/spec"
)

// Description is the whole description, checked.
type Description struct {
	Operations []*spec.Operation // in path, then method order
	Events     []*spec.Event     // by type
	Errors     []*spec.Error     // by code
	Products   []spec.Product    // by name
}

// Load reads the description in dir, the folder spec.
//
// The error is a [Faults] if something in the files is wrong, else the error
// of the file system.
func Load(dir fs.FS) (*Description, error) {
	l := &loader{
		dir:      dir,
		products: map[string]*spec.Product{},
		errors:   map[string]*spec.Error{},
		files:    map[string]*yaml.Node{},
		first:    map[string]string{},
		shared:   map[string]spec.Field{},
		names:    map[string]string{},
		named:    map[string][]nameCheck{},
	}
	d := &Description{}
	d.Products = l.loadProducts("products.yaml")
	d.Errors = l.loadErrors("errors.yaml")
	if err := l.walk("schemas", func(file string) { l.sharedSchema(file) }); err != nil {
		return nil, err
	}
	for _, root := range pathRoots {
		if err := l.walk(root, func(file string) { d.Operations = append(d.Operations, l.pathItem(file)...) }); err != nil {
			return nil, err
		}
	}
	if err := l.walk("events", func(file string) { d.Events = append(d.Events, l.event(file)...) }); err != nil {
		return nil, err
	}
	d.sort()
	l.ambiguous(d.Operations)
	l.checkNames()
	if len(l.faults) > 0 {
		return nil, l.faults.sorted()
	}
	return d, nil
}

func (d *Description) sort() {
	slices.SortFunc(d.Operations, func(a, b *spec.Operation) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	slices.SortFunc(d.Events, func(a, b *spec.Event) int { return cmp.Compare(a.Type, b.Type) })
	slices.SortFunc(d.Errors, func(a, b *spec.Error) int { return cmp.Compare(a.Code, b.Code) })
	slices.SortFunc(d.Products, func(a, b spec.Product) int { return cmp.Compare(a.Name, b.Name) })
}

// loader is the state of one [Load].
type loader struct {
	dir      fs.FS
	faults   Faults
	products map[string]*spec.Product
	errors   map[string]*spec.Error
	files    map[string]*yaml.Node  // by name, each parsed once
	first    map[string]string      // first line of each file: the URL of a path item
	shared   map[string]spec.Field  // shared schemas, by file
	open     []string               // shared schemas being read, to find a circle
	names    map[string]string      // package and Go name -> where it was taken
	named    map[string][]nameCheck // by product: operations whose names are to be checked
}

// pathRoots are the folders that hold path items: a URL begins with one.
var pathRoots = []string{"v3", "hk"}

// walk calls visit for every YAML file below root, in name order. A folder
// that is not there holds no files; any other file is a fault, because it
// would be silently without effect.
func (l *loader) walk(root string, visit func(file string)) error {
	err := fs.WalkDir(l.dir, root, func(file string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir():
			return nil
		case path.Ext(file) != ".yaml":
			l.faults = append(l.faults, Fault{File: file, Line: 1, Col: 1, What: "only .yaml files belong here"})
			return nil
		}
		visit(file)
		return nil
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// read parses a file into its root mapping, or reports why it cannot.
func (l *loader) read(file string) (*yaml.Node, bool) {
	if node, ok := l.files[file]; ok {
		return node, true
	}
	text, err := fs.ReadFile(l.dir, file)
	if err != nil {
		l.faults = append(l.faults, Fault{File: file, Line: 1, Col: 1, What: "cannot be read: " + err.Error()})
		return nil, false
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		l.faults = append(l.faults, syntaxFault(file, err))
		return nil, false
	}
	if len(doc.Content) != 1 {
		l.faults = append(l.faults, Fault{File: file, Line: 1, Col: 1, What: "is empty"})
		return nil, false
	}
	l.files[file] = doc.Content[0]
	first, _, _ := strings.Cut(string(text), "\n")
	l.first[file] = strings.TrimSpace(first)
	return doc.Content[0], true
}
