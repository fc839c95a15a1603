package describe

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Fault is one thing that is wrong in one place of the description.
type Fault struct {
	File string // slash-separated, relative to the folder spec
	Line int    // from 1
	Col  int    // from 1
	What string // what is wrong and, where it is not plain, what to do
}

// Error returns the place and the text, "v3/x.yaml:3:5: …", in the form that
// editors jump to.
func (f Fault) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Col, f.What)
}

// Faults is everything that is wrong, in file, line and column order.
type Faults []Fault

// Error returns the faults, one a line.
func (f Faults) Error() string {
	lines := make([]string, len(f))
	for i, fault := range f {
		lines[i] = fault.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap lets errors.As find a single [Fault].
func (f Faults) Unwrap() []error {
	errs := make([]error, len(f))
	for i, fault := range f {
		errs[i] = fault
	}
	return errs
}

// sorted puts the faults in order and drops repetitions: a shared schema is
// read once for itself and may be looked at again by its users.
func (f Faults) sorted() Faults {
	slices.SortStableFunc(f, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col), cmp.Compare(a.What, b.What))
	})
	return slices.Compact(f)
}

// syntaxFault keeps the place the YAML parser names, if it names one.
func syntaxFault(file string, err error) Fault {
	fault := Fault{File: file, Line: 1, Col: 1, What: "is no YAML: " + err.Error()}
	if load, ok := errors.AsType[*yaml.LoadError](err); ok && load.Mark.Line > 0 {
		fault.Line, fault.Col = load.Mark.Line, max(load.Mark.Column, 1)
	}
	return fault
}
