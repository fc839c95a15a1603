package main

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/catalogue"
	"github.com/wxpay-go/wxpay/cmd/internal/demo"
	"github.com/wxpay-go/wxpay/cmd/internal/docs"
)

// documents is what --json prints, by command. What wxpay call, wxpay openapi
// and wxpay emulator export - print is JSON of WeChat Pay, of OpenAPI and of
// the emulator.
var documents = map[string]any{
	"bill":              billsJSON{},
	"call --dry-run":    draftJSON{},
	"call --include":    included{},
	"call --output":     written{},
	"certs":             certsJSON{},
	"certs watch":       watchedJSON{},
	"coverage":          coverageReport{},
	"decrypt":           openedJSON{},
	"demo":              demo.Report{},
	"docs":              []docs.Product{},
	"docs WORD":         found{},
	"doctor":            doctorJSON{},
	"emulator":          greeting{},
	"emulator export":   written{},
	"emulator import":   imported{},
	"encrypt":           fieldJSON{},
	"env":               environment{},
	"error":             struct{ Error failure }{},
	"init":              initJSON{},
	"init --list":       profilesJSON{},
	"listen":            received{},
	"listen list":       keptList{},
	"listen replay":     replayed{},
	"listen show":       keptNotification{},
	"listen show --raw": rawRequest{},
	"man":               []manPage{},
	"proxy":             proxyStarted{},
	"proxy, a request":  proxyLine{},
	"serving":           serving{},
	"sign":              signedJSON{},
	"sign --pay":        pageJSON{},
	"sign --pay app":    appJSON{},
	"trigger":           triggered{},
	"trigger --dry-run": rawRequest{},
	"trigger --list":    eventList{},
	"v3":                []catalogue.Child{},
	"verify":            verdictsJSON{},
	"version":           versionJSON{},
}

// TestJSONIsAPromise: a member that is there once is not renamed and does not
// go away. testdata/json.txt has them all; UPDATE=1 writes it.
func TestJSONIsAPromise(t *testing.T) {
	t.Parallel()
	var lines []string
	for command, document := range documents {
		lines = append(lines, members(command+":", reflect.TypeOf(document))...)
	}
	slices.Sort(lines)
	got := strings.Join(lines, "\n") + "\n"
	file := filepath.Join("testdata", "json.txt")
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(want)) {
		if !strings.Contains("\n"+got, "\n"+line) {
			t.Errorf("%s is gone: programs may rely on it", strings.TrimSpace(line))
		}
	}
	if got != string(want) {
		t.Errorf("the members have changed: UPDATE=1 go test ./wxpay -run JSON writes them\n%s", got)
	}
}

// members lists the members of a type, one a line: place and kind.
func members(place string, typ reflect.Type) (lines []string) {
	switch typ.Kind() {
	case reflect.Pointer:
		return members(place, typ.Elem())
	case reflect.Slice:
		return members(place+"[]", typ.Elem())
	case reflect.Struct:
		for f := range typ.Fields() {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			switch {
			case name == "-" || !f.IsExported() && !f.Anonymous:
			case f.Anonymous && name == "":
				lines = append(lines, members(place, f.Type)...)
			default:
				if name == "" {
					name = strings.ToLower(f.Name)
				}
				lines = append(lines, members(place+" "+name, f.Type)...)
			}
		}
		return lines
	}
	return []string{fmt.Sprintf("%s %s", place, typ.Kind())}
}
