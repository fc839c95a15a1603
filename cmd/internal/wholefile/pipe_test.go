//go:build unix

package wholefile_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/wholefile"
)

// What is no file is written to, and stays what it is.
func TestWriteThroughAPipe(t *testing.T) {
	t.Parallel()
	dir, _ := folder(t)
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	heard := make(chan string, 1)
	go func() {
		text, _ := os.ReadFile(pipe) // what is missing is seen below
		heard <- string(text)
	}()
	if err := wholefile.Write(pipe, []byte("after"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := <-heard; got != "after" {
		t.Errorf("the reader got %q", got)
	}
	if info, err := os.Stat(pipe); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Errorf("the pipe became %v, %v", info, err)
	}
	entries(t, dir, 2)
}
