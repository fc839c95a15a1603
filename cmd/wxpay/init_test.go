package main

import (
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"github.com/wxpay-go/wxpay/cmd/internal/profile"
)

// TestInitKeepsTheKeyInTheKeyring has a keyring in memory, and a pipe for a
// terminal.
func TestInitKeepsTheKeyInTheKeyring(t *testing.T) { //nolint:paralleltest // the keyring is that of the process
	keyring.MockInit()
	const key = "0123456789abcdef0123456789ABCDEF"
	f := &initFlags{output: newOutput(io.Discard, io.Discard), keyring: true, stdin: strings.NewReader(key + "\nrest")}
	p := &profile.Profile{Name: "shop", MchID: "1900000109"}
	if err := f.askMissing(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(f.stdin); err != nil || string(rest) != "rest" {
		t.Errorf("left on standard input: %q, %v", rest, err)
	}
	folder := profile.Folder(filepath.Join(t.TempDir(), "profiles"))
	if err := f.write(folder, p); err != nil {
		t.Fatal(err)
	}
	text, err := profile.ReadFile(folder.File("shop"))
	if err != nil || strings.Contains(string(text), key) {
		t.Errorf("the profile is %s, %v", text, err)
	}
	back, err := folder.Read("shop")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := back.APIv3Key(); err != nil || got != key {
		t.Errorf("the key comes back as %d bytes, %v", len(got), err)
	}
	f.stdin = strings.NewReader("")
	if err := f.askMissing(t.Context(), &profile.Profile{Name: "other"}); exitCode(err) != 2 {
		t.Errorf("nobody on standard input: %v", err)
	}
}
