package generate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// inlineObject is an object that several operations of a package describe in
// the same words: one Go type, though the description names none.
type inlineObject struct {
	key   string
	field string // Go name of the field
	users int    // operations that have it
	first int    // number of the first of them
	name  string // of the type, "" until it is built
	plain bool   // the name of the field is free for it
}

// inlineKey tells inline objects apart: by name and by shape.
func inlineKey(f *spec.Field, shape string) string {
	if f.Go != "" || f.Name == "" {
		return ""
	}
	return exported(f.Name) + " " + shape
}

// surveyInline counts the inline objects of the operation with number n, and
// claims the names that the description gives.
func (p *goPackage) surveyInline(f *spec.Field, n int) {
	if f == nil {
		return
	}
	if f.Go != "" && f.Type == "object" {
		name := p.sharedName(f)
		p.take(name, "shared object "+name)
	}
	if f.Type == "object" && len(f.Fields) > 0 && f.Name != "" && f.Go == "" {
		key := inlineKey(f, shapeOf(f))
		in := p.inline[key]
		if in == nil {
			in = &inlineObject{key: key, field: exported(f.Name), first: n, users: 1}
			p.inline[key] = in
		} else if p.lastUser[key] != n {
			in.users++
		}
		p.lastUser[key] = n
	}
	for i := range f.Fields {
		p.surveyInline(&f.Fields[i], n)
	}
	for _, inner := range []*spec.Field{f.Items, f.Text} {
		if inner != nil {
			p.surveyInline(named(inner, f.Name), n)
		}
	}
}

// chooseInline keeps what is shared. Of several shapes of one name the one with
// the most users gets it alone; the others are also called after their first
// owner.
func (p *goPackage) chooseInline() {
	var list []*inlineObject
	for key, in := range p.inline {
		if in.users < 2 {
			delete(p.inline, key)
			continue
		}
		list = append(list, in)
	}
	slices.SortFunc(list, func(a, b *inlineObject) int {
		return cmp.Or(strings.Compare(a.field, b.field), cmp.Compare(b.users, a.users), cmp.Compare(a.first, b.first), strings.Compare(a.key, b.key))
	})
	last := ""
	for _, in := range list {
		in.plain, last = in.field != last, in.field
	}
}

// inlineName names a shared inline object when it is first met; owned is what
// it would be called if it were the operation's own.
func (p *goPackage) inlineName(in *inlineObject, owned ...string) string {
	if in.name == "" {
		candidates := append(owned, owned[0]+"Info")
		if in.plain {
			candidates = append([]string{in.field}, candidates...)
		}
		in.name = p.choose(candidates...)
	}
	return in.name
}

// sharedName is the name of an object that the description names, "" if it does
// not. What is written by hand in the package keeps its name.
func (p *goPackage) sharedName(f *spec.Field) string {
	if p.names[f.Go] == handwritten {
		return f.Go + "Info"
	}
	return f.Go
}
