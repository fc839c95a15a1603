package openapi_test

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/openapi"
	"github.com/wxpay-go/wxpay/emulator"
)

// TestGeneratedClient lets a public generator, openapi-typescript, make a
// client of one product from the document, compiles it, and lets it call the
// emulator.
func TestGeneratedClient(t *testing.T) {
	t.Parallel()
	dir := generateClient(t)
	if _, err := compile(t, dir); err != nil {
		t.Fatalf("the client does not compile: %v", err)
	}
	out, err := node(t, dir, emulated(t), "client.js")
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Status, Refused int
		Session, Code   string
	}
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("the client printed %q: %v", out, err)
	}
	if got.Status != 200 || got.Session == "" {
		t.Errorf("the pre-sign got %+v", got)
	}
	if got.Refused != 404 || got.Code == "" {
		t.Errorf("the query of a contract that is none got %+v", got)
	}
}

// TestGeneratedClientIsTyped holds that the compiler refuses what the
// description does not know: the types are really those of the document.
func TestGeneratedClientIsTyped(t *testing.T) {
	t.Parallel()
	dir := generateClient(t)
	text, err := os.ReadFile(filepath.Join(dir, "client.ts"))
	if err != nil {
		t.Fatal(err)
	}
	changes := [][3]string{
		{"'SIGN_SCENE_APP'", "'SIGN_SCENE_TV'", `'"SIGN_SCENE_TV"' is not assignable`},
		{"data.pre_entrustweb_id", "data.prepay_id", "'prepay_id' does not exist"},
		{"plan_id: 12535, out_contract_code", "plan: 12535, out_contract_code", "'plan' does not exist"},
	}
	for _, c := range changes {
		text = changed(t, text, c[0], c[1])
	}
	if err := os.WriteFile(filepath.Join(dir, "client.ts"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := compile(t, dir)
	if err == nil {
		t.Fatal("the client compiles in spite of its faults")
	}
	for _, c := range changes {
		if !strings.Contains(out, c[2]) {
			t.Errorf("the compiler does not say %s: %s", c[2], out)
		}
	}
}

// generateClient makes a folder in which the client waits to be compiled.
func generateClient(t *testing.T) string {
	t.Helper()
	needsWitnesses(t)
	s, err := openapi.Bundled().Only("papay")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "wechatpay.yaml"), written(t, s), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"client.ts", "package.json"} {
		text, err := os.ReadFile(filepath.Join(witnesses, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	modules, err := filepath.Abs(filepath.Join(witnesses, "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	if _, err := node(t, dir, nil, "node_modules/openapi-typescript/bin/cli.js", "wechatpay.yaml", "--output", "wechatpay.d.ts"); err != nil {
		t.Fatal(err)
	}
	return dir
}

// compile runs the TypeScript compiler, as strict as it can be.
func compile(t *testing.T, dir string) (string, error) {
	t.Helper()
	return node(t, dir, nil, "node_modules/typescript/bin/tsc", "--strict", "--target", "es2022",
		"--module", "nodenext", "--moduleResolution", "nodenext", "--skipLibCheck", "false", "--types", "node", "client.ts")
}

// emulated starts an emulator, and returns the variables that lead to it.
func emulated(t *testing.T) (env []string) {
	t.Helper()
	creds, err := emulator.NewCredentials(emulator.DefaultMchID, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	e, err := emulator.New(emulator.Config{Credentials: creds})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(e)
	t.Cleanup(func() {
		server.Close()
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	})
	dir := t.TempDir()
	if err := creds.WriteFolder(dir, server.URL); err != nil {
		t.Fatal(err)
	}
	for _, pair := range creds.Env(dir, server.URL) {
		env = append(env, pair[0]+"="+pair[1])
	}
	return env
}
