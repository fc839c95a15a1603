package describe_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"go.yaml.in/yaml/v4"
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

// TestOpenAPIValid also breaks the document, each time in one place, to show
// that the validator would notice.
func TestOpenAPIValid(t *testing.T) {
	t.Parallel()
	text, err := load(t).OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new string }{
		{name: "the document as it is is valid"},
		{"an operation key nobody knows is noticed", "operationId: security.Echo", "operationID: security.Echo"},
		{"a parameter in no place is noticed", "in: path", "in: nowhere"},
		{"a webhook that is no path item is noticed", "ENTRUST.SIGN:\n    post:", "ENTRUST.SIGN:\n    pots:"},
		{"a missing title is noticed", "title: WeChat Pay APIv3 (微信支付 APIv3)", "x-title: x"},
		{"a reference into nothing is noticed", "#/components/schemas/pay.StoreInfo", "#/components/schemas/pay.Nothing"},
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
	d := load(t)
	text, err := d.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	again, err := load(t).OpenAPI()
	if err != nil || !bytes.Equal(text, again) {
		t.Errorf("two runs differ, or fail: %v", err)
	}
	var doc struct {
		Paths map[string]map[string]struct {
			OperationID string `yaml:"operationId"`
		}
		Webhooks   map[string]any
		Tags       []any
		Components struct{ Schemas map[string]any }
	}
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	for _, op := range d.Operations {
		if got := doc.Paths[op.Path][strings.ToLower(op.Method)].OperationID; got != op.ID {
			t.Errorf("%s %s is %q, want %q", op.Method, op.Path, got, op.ID)
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
