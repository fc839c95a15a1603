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
		"one and all":          {[]string{"export", file, "--dir", from, "--url", "http://127.0.0.1:1", "--all", "--mchid", "1"}, 2, "leave out one"},
		"a file is not named":  {[]string{"import"}, 2, "one file"},
		"an address that none": {[]string{"export", file, "--dir", from, "--url", "::"}, 2, "--url"},
	} {
		var errs strings.Builder
		if code := run(t.Context(), append([]string{"emulator"}, tt.args...), new(strings.Builder), &errs); code != tt.code || !strings.Contains(errs.String(), tt.want) {
			t.Errorf("%s: exit %d, %s; want %d, %q", name, code, &errs, tt.code, tt.want)
		}
	}
}

// TestExportAndImportOfAllMerchants moves two merchants to an emulator that has
// one, and makes keys for the other there.
func TestExportAndImportOfAllMerchants(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	from, into, file, list := filepath.Join(dir, "from"), filepath.Join(dir, "into"), filepath.Join(dir, "state.json"), filepath.Join(dir, "list.json")
	if err := os.WriteFile(list, []byte(`[{"mchid": "1900000201", "role": "service-provider"}]`), 0o600); err != nil {
		t.Fatal(err)
	}
	p := start(t, "emulator", "--listen", "127.0.0.1:0", "--dir", from, "--merchants", list, "--clock", "2026-01-02T15:04:05+08:00")
	base := address.FindString(p.greeting(t))
	if status, text := ask(t, new(http.Client), "POST", base+"/_wxpay/merchants/1900000201/orders", `{"order": {"out_trade_no": "1", "appid": "wxd678efh567hg6787", "notify_url": "https://shop.example/n"}, "total": 100}`); status != 200 {
		t.Fatalf("%d %s", status, text)
	}
	q := start(t, "emulator", "--listen", "127.0.0.1:0", "--dir", into)
	q.greeting(t)
	var out, errs strings.Builder
	for _, args := range [][]string{
		{"emulator", "export", file, "--dir", from, "--all"},
		{"emulator", "import", file, "--dir", into, "--all"},
		{"emulator", "export", "-", "--dir", into, "--all"},
	} {
		if code := run(t.Context(), args, &out, &errs); code != 0 {
			t.Fatalf("%q: exit %d, %s", args, code, &errs)
		}
	}
	text, err := os.ReadFile(file)
	if err != nil || out.String() != string(text) || !strings.Contains(string(text), `"role": "service-provider"`) || !strings.Contains(string(text), `"out_trade_no": "1"`) {
		t.Errorf("exported\n%s\nand again\n%s, %v", text, &out, err)
	}
	if one, two := secondKey(t, from), secondKey(t, into); one == two {
		t.Error("both have the same key")
	}
	if code := run(t.Context(), []string{"emulator", "import", file, "--dir", into}, &out, &errs); code != 1 || !strings.Contains(errs.String(), "wxpay_emulator_platform") {
		t.Errorf("as the state of one merchant: exit %d, %s", code, &errs)
	}
	p.stopped(t)
	q.stopped(t)
}

// secondKey returns the key of the second merchant in a folder of credentials.
func secondKey(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "merchants", "1900000201", "apiclient_key.pem"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
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
