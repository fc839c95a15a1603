package main

import (
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestDocsServe reads a page as a browser does, from a program as a user
// starts it.
func TestDocsServe(t *testing.T) {
	t.Parallel()
	p := start(t, "docs", "--serve")
	base := regexp.MustCompile(`http://127\.0\.0\.1:\d+`).FindString(p.greeting(t))
	if page := get(t, base+"/v3/papay/sign/contracts/pre-entrust-sign"); !strings.Contains(page, "代扣预签约") {
		t.Errorf("page = %.300s", page)
	}
	if found := get(t, base+"/search?q=contract_display_account"); !strings.Contains(found, "用户账户展示名称") {
		t.Errorf("search = %.300s", found)
	}
	if err := p.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	rest, err := io.ReadAll(p.out)
	if err != nil || string(rest) != "stopped\n" {
		t.Errorf("printed %q, %v", rest, err)
	}
	if err := p.Wait(); err != nil {
		t.Errorf("exit: %v", err)
	}
}
