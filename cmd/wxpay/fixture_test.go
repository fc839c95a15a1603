package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestExportAndImport moves a state from one emulator to another, which is
// reached by HTTPS.
func TestExportAndImport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	from, into, file := filepath.Join(dir, "from"), filepath.Join(dir, "into"), filepath.Join(dir, "state.json")
	p := start(t, "emulator", "--listen", "127.0.0.1:0", "--dir", from, "--clock", "2026-01-02T15:04:05+08:00")
	base := address.FindString(p.greeting(t))
	if status, text := ask(t, new(http.Client), "POST", base+"/_wxpay/events", `{"event_type": "ENTRUST.SIGN", "notify_url": "https://shop.example/n"}`); status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	q := start(t, "emulator", "--listen", "127.0.0.1:0", "--dir", into, "--tls")
	q.greeting(t)

	var out, errs strings.Builder
	for _, args := range [][]string{
		{"emulator", "export", file, "--dir", from},
		{"emulator", "import", file, "--dir", into},
		{"emulator", "export", "-", "--dir", into, "--mchid", "1900000109"},
	} {
		if code := run(t.Context(), args, &out, &errs); code != 0 {
			t.Fatalf("%q: exit %d, %s", args, code, &errs)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil || !strings.Contains(string(text), `"event_type": "ENTRUST.SIGN"`) || !strings.Contains(string(text), `"time": "2026-01-02T15:04:05+08:00"`) {
		t.Errorf("exported %s, %v", text, err)
	}
	for _, want := range []string{`"event_type": "ENTRUST.SIGN"`, `"time": "2026-01-02T15:04:05+08:00"`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the imported state lacks %s:\n%s", want, &out)
		}
	}
	p.stopped(t)
	q.stopped(t)

	for name, tt := range map[string]struct {
		args []string
		code int
		want string
	}{
		"nobody there":         {[]string{"export", file, "--dir", from}, 3, "start one with wxpay emulator"},
		"no folder":            {[]string{"export", file, "--dir", filepath.Join(dir, "none")}, 2, "start wxpay emulator first"},
		"no file":              {[]string{"import", filepath.Join(dir, "none.json"), "--dir", from}, 2, "none.json"},
		"a file is not named":  {[]string{"import"}, 2, "one file"},
		"an address that none": {[]string{"export", file, "--dir", from, "--url", "::"}, 2, "--url"},
	} {
		var errs strings.Builder
		if code := run(t.Context(), append([]string{"emulator"}, tt.args...), new(strings.Builder), &errs); code != tt.code || !strings.Contains(errs.String(), tt.want) {
			t.Errorf("%s: exit %d, %s; want %d, %q", name, code, &errs, tt.code, tt.want)
		}
	}
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	p := start(t, "emulator", "--listen", "127.0.0.1:0")
	p.greeting(t)
	file := filepath.Join(p.Dir, "state.json")
	if err := os.WriteFile(file, []byte(`{"openapi": "3.1.0"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	var errs strings.Builder
	code := run(t.Context(), []string{"emulator", "import", file, "--dir", filepath.Join(p.Dir, ".wxpay")}, new(strings.Builder), &errs)
	if code != 1 || !strings.Contains(errs.String(), "the state cannot be imported") {
		t.Errorf("exit %d, %s", code, &errs)
	}
	p.stopped(t)
}
