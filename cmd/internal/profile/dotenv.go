package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/wxpay-go/wxpay/cmd/internal/shell"
)

// maxFile bounds every file that is read here, in bytes: a profile, a key and
// a certificate have a few thousand.
const maxFile = 1 << 20

// read takes a profile from a file of variables.
func read(file string) (*Profile, error) {
	text, err := ReadFile(file)
	if err != nil {
		return nil, err
	}
	variables, err := shell.Variables(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	values := map[string]string{}
	for _, v := range variables {
		values[v.Name] = v.Value
	}
	dir, err := filepath.Abs(filepath.Dir(file))
	if err != nil {
		return nil, err
	}
	p := &Profile{From: file}
	p.fill(func(name string) string { return values[name] }, dir)
	return p, nil
}

// ReadFile reads a small regular file. Its error names the file.
func ReadFile(name string) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("it is a folder")}
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, &fs.PathError{Op: "read", Path: name, Err: errors.New("it is no regular file of at most 1 MiB")}
	}
	return os.ReadFile(name)
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// text is the profile as a file: the variables that are set, in their order.
func (p *Profile) text() []byte {
	var b strings.Builder
	for _, f := range p.fields() {
		if *f.value != "" {
			fmt.Fprintf(&b, "%s=%s\n", f.name, shell.Word(*f.value))
		}
	}
	return []byte(b.String())
}
