package openapi_test

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/wxpay-go/wxpay/cmd/internal/openapi"
)

// TestJSONSaysTheSame: what the document says does not depend on its language.
func TestJSONSaysTheSame(t *testing.T) {
	t.Parallel()
	s, err := openapi.Bundled().Only("papay", "certificates")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := s.Write(&text); err != nil {
		t.Fatal(err)
	}
	var fromYAML, fromJSON any
	if err := yaml.Unmarshal([]byte(text.String()), &fromYAML); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(fromYAML)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(again, &fromYAML); err != nil {
		t.Fatal(err)
	}
	document, err := s.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(document, &fromJSON); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(fromYAML, fromJSON) {
		t.Errorf("YAML and JSON differ: %.500s", document)
	}
}
