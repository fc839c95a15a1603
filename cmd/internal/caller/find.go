package caller

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// find looks the path up as a template, then as an address with values.
func find(method, path string) (*spec.Operation, map[string]string, error) {
	if strings.Contains(path, "://") {
		return nil, nil, &Error{Field: strings.TrimPrefix(path, "/"), Rule: "is a whole address", Remedy: "give its path alone; the host comes from the profile"}
	}
	if op, ok := spec.Lookup(method, path); ok {
		return op, nil, nil
	}
	if op, values, ok := spec.Match(method, path); ok {
		maps.DeleteFunc(values, func(name, value string) bool { return value == "{"+name+"}" }) // given as a field
		return op, values, nil
	}
	if methods := spec.Methods(path); len(methods) > 0 {
		return nil, nil, &Error{Field: path, Rule: "has no " + method, Remedy: "it has " + strings.Join(methods, ", ")}
	}
	return nil, nil, &Error{Field: path, Rule: "is described nowhere", Remedy: "nearest: " + strings.Join(NearestPaths(path), ", ") + "; wxpay docs WORD finds more"}
}

// NearestPaths are the three endpoints, method and path, that were perhaps meant
// by a path.
func NearestPaths(path string) []string {
	unlike := map[string]int{}
	for method, template := range spec.Addresses() {
		unlike[method+" "+template] = distance(path, template)
	}
	return nearest(unlike)
}

// nearest are the three names with the smallest distance.
func nearest(unlike map[string]int) []string {
	names := slices.SortedFunc(maps.Keys(unlike), func(a, b string) int {
		return cmp.Or(cmp.Compare(unlike[a], unlike[b]), cmp.Compare(a, b))
	})
	return names[:min(3, len(names))]
}

// Nearest are the names that were perhaps meant by a word: three at most, and
// none that has little in common with it.
func Nearest(word string, names []string) []string {
	unlike := map[string]int{}
	for _, name := range names {
		if d := distance(word, name); d <= max(2, len(word)/2) || strings.HasPrefix(name, word) {
			unlike[name] = d
		}
	}
	return nearest(unlike)
}

// distance is how many letters must be changed, added or left out to make a
// into b (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
