package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
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
	values, err := parse(string(text))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
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

// parse reads lines NAME=VALUE as a shell would: the value plain, or within
// single or double quotes; blank lines and comments are left out, and so is an
// export before the name. An error names the line, never its content.
func parse(text string) (map[string]string, error) {
	values := map[string]string{}
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(text, "\ufeff")) {
		number++
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, value, ok := strings.Cut(strings.TrimPrefix(line, "export "), "=")
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			return nil, fmt.Errorf("line %d is no NAME=VALUE; put one variable in a line, without blanks around the equals sign", number)
		}
		value, err := unquote(value)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		values[name] = value
	}
	return values, nil
}

func unquote(text string) (string, error) {
	if text == "" || text[0] != '\'' && text[0] != '"' {
		return text, nil
	}
	quote := text[:1]
	if len(text) < 2 || !strings.HasSuffix(text, quote) {
		return "", errors.New("the value begins with a quote and does not end with it; close the quote")
	}
	inner := text[1 : len(text)-1]
	if quote == "'" {
		return strings.ReplaceAll(inner, `'\''`, "'"), nil
	}
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`, `\$`, `$`, "\\`", "`").Replace(inner), nil
}

// quote writes a value so that a POSIX shell takes it as it is.
func quote(value string) string {
	plain := func(r rune) bool {
		return r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' || r >= 'a' && r <= 'z' || strings.ContainsRune("/._-:+=@,%", r)
	}
	if strings.TrimFunc(value, plain) == "" {
		return value
	}
	return "'" + strings.ReplaceAll(value, "'", `'\''`) + "'"
}

// text is the profile as a file: the variables that are set, in their order.
func (p *Profile) text() []byte {
	var b strings.Builder
	for _, f := range p.fields() {
		if *f.value != "" {
			fmt.Fprintf(&b, "%s=%s\n", f.name, quote(*f.value))
		}
	}
	return []byte(b.String())
}

// writeWhole writes a file beside its place and moves it there, so that a
// reader never sees half of it. Only its owner can read it.
func writeWhole(name string, data []byte) error {
	temp, err := os.CreateTemp(filepath.Dir(name), ".new-*") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temp.Name()) }() // fails once the file was moved, as it should
	if _, err := temp.Write(data); err != nil {
		_ = temp.Close()
		return err
	}
	if err := temp.Sync(); err != nil {
		_ = temp.Close()
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), name)
}
