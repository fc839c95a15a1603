package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/cmd/internal/wholefile"
)

// Folder is where profiles are kept: NAME.env each, and a file "default" that
// holds the name of the one that is taken when none is named.
type Folder string

// UserFolder is the folder of the user who runs the program.
func UserFolder() (Folder, error) {
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("the folder of the user's configuration is not known; set HOME: %w", err)
	}
	return Folder(filepath.Join(dir, "wxpay", "profiles")), nil
}

const (
	ending      = ".env"
	fileDefault = "default"
)

var goodName = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._-]{0,63}$`)

// CheckName refuses a name that could not be one of a file everywhere.
func CheckName(name string) error {
	if !goodName.MatchString(name) || strings.HasSuffix(name, ending) {
		return fmt.Errorf("%q is no name of a profile; use up to 64 letters, digits, dots, hyphens and underscores, such as shop", name)
	}
	return nil
}

// File is where a profile is kept.
func (f Folder) File(name string) string { return filepath.Join(string(f), name+ending) }

// List returns the names, sorted. A folder that is not there has none.
func (f Folder) List() ([]string, error) {
	entries, err := os.ReadDir(string(f))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ending); ok && CheckName(name) == nil {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names, nil
}

// Read reads one. If it is not there, the error matches [fs.ErrNotExist].
func (f Folder) Read(name string) (*Profile, error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	p, err := read(f.File(name))
	if err != nil {
		return nil, err
	}
	p.Name = name
	return p, nil
}

// Write keeps a profile under its name, whole or not at all, and makes it the
// default if there is none.
func (f Folder) Write(p *Profile) error {
	if err := CheckName(p.Name); err != nil {
		return err
	}
	if err := os.MkdirAll(string(f), 0o700); err != nil {
		return err
	}
	if err := wholefile.Write(f.File(p.Name), p.text(), 0o600); err != nil {
		return err
	}
	name, err := f.Default()
	if err != nil || name != "" {
		return err
	}
	return f.SetDefault(p.Name)
}

// Default is the name that is taken when none is given, or "". One whose
// profile is gone counts as none.
func (f Folder) Default() (string, error) {
	text, err := os.ReadFile(filepath.Join(string(f), fileDefault))
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	if name := strings.TrimSpace(string(text)); goodName.MatchString(name) && isFile(f.File(name)) {
		return name, nil
	}
	return "", nil
}

// SetDefault makes a profile the one that is taken when none is named.
func (f Folder) SetDefault(name string) error {
	if err := f.need(name); err != nil {
		return err
	}
	return wholefile.Write(filepath.Join(string(f), fileDefault), []byte(name+"\n"), 0o600)
}

// Remove forgets a profile, that it is the default, and its secret if the
// keyring holds it under the profile's name. The files that it names stay.
func (f Folder) Remove(name string) error {
	if err := f.need(name); err != nil {
		return err
	}
	if p, err := f.Read(name); err == nil && p.APIv3.Keyring == name {
		if err := forget(name); err != nil {
			return err
		}
	}
	standard, err := f.Default()
	if err != nil {
		return err
	}
	if standard == name {
		if err := os.Remove(filepath.Join(string(f), fileDefault)); err != nil {
			return err
		}
	}
	return os.Remove(f.File(name))
}

func (f Folder) need(name string) error {
	if err := CheckName(name); err != nil {
		return err
	}
	if isFile(f.File(name)) {
		return nil
	}
	names, err := f.List()
	if err != nil {
		return err
	}
	return &NotFound{Name: name, Known: names}
}
