// Package txtar reads and writes many small texts in one file, in the txtar
// form of the Go project: a comment, then each text behind a line
// "-- name --". It holds the goldens of the wire, which are read by people.
package txtar

import (
	"bytes"
	"strings"
)

// File is one text of an archive.
type File struct {
	Name string
	Data string // ends with a line feed, or is empty
}

// Parse reads an archive. Every text is one: what stands before the first
// marker is the comment.
func Parse(text string) (comment string, files []File) {
	var data strings.Builder
	end := func() {
		if len(files) == 0 {
			comment = data.String()
		} else {
			files[len(files)-1].Data = data.String()
		}
		data.Reset()
	}
	for line := range strings.Lines(text) {
		if name, ok := marker(line); ok {
			end()
			files = append(files, File{Name: name})
			continue
		}
		data.WriteString(line)
		if !strings.HasSuffix(line, "\n") {
			data.WriteByte('\n')
		}
	}
	end()
	return comment, files
}

// marker reports whether a line begins a text, and which.
func marker(line string) (name string, ok bool) {
	line = strings.TrimRight(line, "\r\n")
	name, ok = strings.CutPrefix(line, "-- ")
	if !ok {
		return "", false
	}
	if name, ok = strings.CutSuffix(name, " --"); !ok {
		return "", false
	}
	name = strings.TrimSpace(name)
	return name, name != ""
}

// Format writes an archive. A text that does not end with a line feed gets one.
func Format(comment string, files []File) []byte {
	var b bytes.Buffer
	line(&b, comment)
	for _, f := range files {
		b.WriteString("-- " + f.Name + " --\n")
		line(&b, f.Data)
	}
	return b.Bytes()
}

func line(b *bytes.Buffer, text string) {
	b.WriteString(text)
	if text != "" && !strings.HasSuffix(text, "\n") {
		b.WriteByte('\n')
	}
}
