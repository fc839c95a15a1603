package describe_test

import (
	"bytes"
	"os"
	"testing"
	"testing/fstest"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"go.yaml.in/yaml/v4"

	"github.com/wxpay-go/wxpay/cmd/internal/describe"
)

// validate holds a document against the JSON Schema of OpenAPI 3.1 and
// returns what it breaks.
func validate(t *testing.T, text []byte) []string {
	t.Helper()
	doc, err := libopenapi.NewDocument(text)
	if err != nil {
		return []string{err.Error()}
	}
	v, errs := validator.NewValidator(doc)
	if len(errs) > 0 {
		return []string{errs[0].Error()}
	}
	var broken []string
	if ok, faults := v.ValidateDocument(); !ok {
		for _, f := range faults {
			broken = append(broken, f.Error())
		}
	}
	return broken
}

func TestOpenAPIValid(t *testing.T) {
	t.Parallel()
	text := realDocument(t)
	if broken := validate(t, text); len(broken) > 0 {
		t.Errorf("validator says %q", broken)
	}
}

// invented is the document of small and wide together: it holds one of each
// thing, and is checked in no time.
func invented(t *testing.T) []byte {
	t.Helper()
	dir := folder(t, "", "", "")
	for name, text := range wide {
		if name == "products.yaml" {
			text = small[name] + text
		}
		dir[name] = &fstest.MapFile{Data: []byte(text)}
	}
	d, err := describe.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	text, err := d.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestOpenAPIFaultsAreNoticed breaks a document, each time in one place, to
// show that the validator of TestOpenAPIValid would say so.
func TestOpenAPIFaultsAreNoticed(t *testing.T) {
	t.Parallel()
	text := invented(t)
	tests := []struct{ name, old, new string }{
		{name: "the document as it is is valid"},
		{"an operation key nobody knows", "operationId: teahouse.CreateBrew", "operationID: teahouse.CreateBrew"},
		{"a parameter in no place", "in: path", "in: nowhere"},
		{"a webhook that is no path item", "TEA.READY:\n    post:", "TEA.READY:\n    pots:"},
		{"a missing title", "title: WeChat Pay APIv3 (微信支付 APIv3)", "x-title: x"},
		{"a reference into nothing", "#/components/schemas/teahouse.Cup", "#/components/schemas/teahouse.Nothing"},
		{"a server without an address", "- url: https://apihk.mch.weixin.qq.com", "- uri: https://apihk.mch.weixin.qq.com"},
		{"an encoding that is none", "encoding:\n              meta:", "encoding:\n              - meta:"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			changed := text
			if tt.old != "" {
				if changed = bytes.Replace(text, []byte(tt.old), []byte(tt.new), 1); bytes.Equal(changed, text) {
					t.Fatalf("the document does not hold %q", tt.old)
				}
			}
			broken := validate(t, changed)
			if (len(broken) == 0) != (tt.old == "") {
				t.Errorf("validator says %q", broken)
			}
		})
	}
}

func TestOpenAPIHoldsEverything(t *testing.T) {
	t.Parallel()
	d, text := load(t), realDocument(t)
	second, err := describe.Load(os.DirFS(specDir))
	if err != nil {
		t.Fatal(err)
	}
	again, err := second.OpenAPI()
	if err != nil || !bytes.Equal(text, again) {
		t.Errorf("two runs differ, or fail: %v", err)
	}
	type operation struct {
		OperationID string `yaml:"operationId"`
	}
	var doc struct {
		Paths map[string]struct {
			Get, Post, Put, Patch, Delete operation
			Servers                       []struct{ URL string }
		}
		Webhooks   map[string]any
		Tags       []any
		Components struct{ Schemas map[string]any }
	}
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	for _, op := range d.Operations {
		item := doc.Paths[op.Path]
		by := map[string]operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete}
		if got := by[op.Method].OperationID; got != op.ID {
			t.Errorf("%s %s is %q, want %q", op.Method, op.Path, got, op.ID)
		}
		if own := op.Host != ""; own != (len(item.Servers) == 1 && item.Servers[0].URL == "https://"+op.Host) {
			t.Errorf("%s lives at %q, and its servers are %v", op.Path, op.Host, item.Servers)
		}
	}
	for _, e := range d.Events {
		if doc.Webhooks[e.Type] == nil || doc.Components.Schemas["notify."+e.Go] == nil {
			t.Errorf("%s is no webhook, or its resource no component", e.Type)
		}
	}
	if len(doc.Tags) != len(d.Products) {
		t.Errorf("%d tags for %d products", len(doc.Tags), len(d.Products))
	}
}
