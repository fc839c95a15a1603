package txtar

import (
	"slices"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text, comment string
		files               []File
	}{
		{"nothing", "", "", nil},
		{"a comment alone", "hello\n", "hello\n", nil},
		{"two texts", "c\n-- a --\n1\n2\n-- b c --\n3\n", "c\n", []File{{"a", "1\n2\n"}, {"b c", "3\n"}}},
		{"an empty text", "-- a --\n-- b --\nx\n", "", []File{{"a", ""}, {"b", "x\n"}}},
		{"no line feed at the end", "-- a --\nx", "", []File{{"a", "x\n"}}},
		{"carriage returns", "-- a --\r\nx\r\n", "", []File{{"a", "x\r\n"}}},
		{"what is no marker", "-- a --\n-- --\n--b--\n-- c\n", "", []File{{"a", "-- --\n--b--\n-- c\n"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			comment, files := Parse(tt.text)
			if comment != tt.comment || !slices.Equal(files, tt.files) {
				t.Errorf("got %q, %q", comment, files)
			}
		})
	}
}

// FuzzParse: what is read and written reads the same again.
func FuzzParse(f *testing.F) {
	f.Add("c\n-- a --\n1\n")
	f.Add("-- a --\n-- a --")
	f.Fuzz(func(t *testing.T, text string) {
		comment, files := Parse(text)
		again, files2 := Parse(string(Format(comment, files)))
		if again != comment || !slices.Equal(files, files2) {
			t.Errorf("%q, %q became %q, %q", comment, files, again, files2)
		}
	})
}
