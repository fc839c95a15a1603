package console

import (
	"strings"
	"testing"
)

// brackets writes marks as brackets.
func brackets(list []span) string {
	var b strings.Builder
	for _, s := range list {
		if s.Marked {
			b.WriteString("[" + s.Text + "]")
		} else {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

func TestCompare(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 900)
	for name, tt := range map[string]struct{ a, b, left, right string }{
		"blanks":                  {`{"a":1,"b":2}`, `{"a": 1, "b": 2}`, `{"a":1,"b":2}`, `{"a":[ ]1,[ ]"b":[ ]2}`},
		"one more line":           {"a\n", "a\n\n", "a↵\n[∅]", "a↵\n[↵\n]"},
		"nothing":                 {"", "a", "[∅]", "[a]"},
		"Chinese":                 {"微信支付", "微支付", "微[信]支付", "微[∅]支付"},
		"case":                    {"POST x", "post x", "[POST] x", "[post] x"},
		"a carriage return":       {"a\n", "a\r\n", "a[∅]↵\n", "a[[CR]]↵\n"},
		"more than can be marked": {"x" + long + "y", "x" + strings.ToUpper(long) + "y", "x[" + long + "]y", "x[" + strings.ToUpper(long) + "]y"},
	} {
		left, right := compare(tt.a, tt.b)
		if got := brackets(right); got != tt.right {
			t.Errorf("%s: right = %s, want %s", name, got, tt.right)
		}
		if got := strings.ReplaceAll(brackets(left), "[∅]", ""); got != strings.ReplaceAll(tt.left, "[∅]", "") {
			t.Errorf("%s: left = %s, want %s", name, got, tt.left)
		}
	}
}

// FuzzCompare: what is not marked is the same in both, in the same order, and
// nothing is lost.
func FuzzCompare(f *testing.F) {
	f.Add("abc", "axc")
	f.Add("", "x")
	f.Add("POST\n/v3", "post\n/v3\n")
	f.Fuzz(func(t *testing.T, a, b string) {
		left, right := compare(a, b)
		for _, side := range []struct {
			spans []span
			text  string
		}{{left, a}, {right, b}} {
			whole := strings.ReplaceAll(join(side.spans, true), "∅", "")
			if want := strings.ReplaceAll(reveal(side.text), "∅", ""); whole != want {
				t.Errorf("%q became %q", want, whole)
			}
		}
		if join(left, false) != join(right, false) {
			t.Errorf("%q and %q are not marked", join(left, false), join(right, false))
		}
	})
}

// join is the text of the spans, with or without those that are marked.
func join(list []span, marked bool) string {
	var b strings.Builder
	for _, s := range list {
		if marked || !s.Marked {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}
