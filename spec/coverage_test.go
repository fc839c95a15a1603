package spec

import (
	"os"
	"strings"
	"testing"
)

// mainHost is where endpoints live that have no host of their own.
const mainHost = "api.mch.weixin.qq.com"

// documented reads operations.txt: what the official pages of APIv3 document.
func documented(t *testing.T) map[string]bool {
	t.Helper()
	text, err := os.ReadFile("operations.txt")
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		if list[line] {
			t.Errorf("operations.txt holds %q twice", line)
		}
		list[line] = true
	}
	return list
}

// TestEverythingIsDescribed counts the description against the list, and names
// what is missing and what is surplus.
func TestEverythingIsDescribed(t *testing.T) {
	t.Parallel()
	missing := documented(t)
	operations, events := 0, 0
	check := func(line string) {
		if !missing[line] {
			t.Errorf("described, and in no list: %s", line)
		}
		delete(missing, line)
	}
	for op := range Operations() {
		host := op.Host
		if host == "" {
			host = mainHost
		}
		check(op.Method + " " + host + " " + op.Path)
		operations++
	}
	for e := range Events() {
		check("event " + e.Type)
		events++
	}
	for line := range missing {
		t.Errorf("not described: %s", line)
	}
	t.Logf("%d operations and %d events of %d products", operations, events, len(Products()))
	if operations != 1018 || events != 102 {
		t.Errorf("%d operations and %d events are described, of 1018 and 102", operations, events)
	}
}

// TestNamesAreUnique: the id of an operation is a Go function, and that of an
// event a Go type.
func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	take := func(name, what string) {
		if other, ok := seen[name]; ok {
			t.Errorf("%s is the name of %s and of %s", name, other, what)
		}
		seen[name] = what
	}
	for op := range Operations() {
		take(op.ID, op.Method+" "+op.Path)
	}
	for e := range Events() {
		take("notify."+e.Go, e.Type)
	}
}

// TestBundleIsSmall holds the bundle to what it may add to a binary.
func TestBundleIsSmall(t *testing.T) {
	t.Parallel()
	if len(bundle) > 6<<20 {
		t.Errorf("the bundle has %d bytes, more than 6 MiB", len(bundle))
	}
}
