package wholefile_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/wholefile"
)

// folder holds a file "old", and what else a test puts into it.
func folder(t *testing.T) (dir, old string) {
	t.Helper()
	dir = t.TempDir()
	old = filepath.Join(dir, "old")
	if err := os.WriteFile(old, []byte("before"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, old
}

func holds(t *testing.T, name, want string) {
	t.Helper()
	if got, err := os.ReadFile(name); err != nil || string(got) != want {
		t.Errorf("%s holds %q, %v; want %q", filepath.Base(name), got, err, want)
	}
}

// entries fails if the folder holds more or less than n.
func entries(t *testing.T, dir string, n int) {
	t.Helper()
	if list, err := os.ReadDir(dir); err != nil || len(list) != n {
		t.Errorf("the folder holds %v, %v; want %d entries", list, err, n)
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	dir, old := folder(t)
	for _, name := range []string{old, filepath.Join(dir, "new")} {
		if err := wholefile.Write(name, []byte("after"), 0o644); err != nil {
			t.Fatal(err)
		}
		holds(t, name, "after")
		if info, err := os.Stat(name); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o644 {
			t.Errorf("%v, %v", info, err)
		}
	}
	entries(t, dir, 2)
}

// While it is written, and when it cannot be, the old file is there.
func TestWriteFuncFails(t *testing.T) {
	t.Parallel()
	dir, old := folder(t)
	broken := errors.New("the cable was pulled")
	err := wholefile.WriteFunc(old, 0o600, func(w io.Writer) error {
		_, _ = io.WriteString(w, "aft")
		holds(t, old, "before")
		return broken
	})
	if err.Error() != broken.Error() || !errors.Is(err, broken) {
		t.Errorf("WriteFunc() = %v", err)
	}
	holds(t, old, "before")
	entries(t, dir, 1)
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	dir, old := folder(t)
	for name, want := range map[string]string{
		dir:                                "is a folder",
		filepath.Join(dir, "absent", "f"):  "no such file",
		filepath.Join(old, "f"):            "not a directory",
		filepath.Join(dir, "absent") + "/": "no such file",
		"":                                 "", // whatever the system says
	} {
		err := wholefile.Write(name, []byte("after"), 0o600)
		if err == nil || runtime.GOOS != "windows" && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", name, err, want)
		}
	}
	entries(t, dir, 1)
}

// A link stays one, and what it leads to is written.
func TestWriteFollowsLinks(t *testing.T) {
	t.Parallel()
	dir, old := folder(t)
	link := filepath.Join(dir, "link")
	if err := os.Symlink("old", link); err != nil {
		t.Skip(err) // Windows may not let us
	}
	if err := wholefile.Write(link, []byte("after"), 0o600); err != nil {
		t.Fatal(err)
	}
	holds(t, old, "after")
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info, err)
	}
}
