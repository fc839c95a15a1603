package describe_test

import (
	"bytes"
	"iter"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v4"
)

// checkSchemas holds every Schema Object of a document against the metaschema
// of JSON Schema 2020-12. The schema of OpenAPI 3.1 leaves their inside
// unchecked, so the validation of the document cannot see what is wrong there.
func checkSchemas(t *testing.T, text []byte) (n int, broken []string) {
	t.Helper()
	var doc any
	if err := yaml.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat() // of "format: regex", for pattern
	meta, err := c.Compile("https://json-schema.org/draft/2020-12/schema")
	if err != nil {
		t.Fatal(err)
	}
	for at, schema := range schemas(doc, "") {
		n++
		if err := meta.Validate(schema); err != nil {
			broken = append(broken, at+": "+err.Error())
		}
	}
	return n, broken
}

// schemas yields the outermost schemas of a document and where they are:
// below every key "schema", and the components.
func schemas(v any, at string) iter.Seq2[string, any] {
	return func(yield func(string, any) bool) { yieldSchemas(v, at, yield) }
}

func yieldSchemas(v any, at string, yield func(string, any) bool) bool {
	switch v := v.(type) {
	case []any: // parameters
		for _, sub := range v {
			if !yieldSchemas(sub, at+"/-", yield) {
				return false
			}
		}
	case map[string]any:
		for key, sub := range v {
			isSchema := key == "schema" || at == "/components/schemas"
			if isSchema && !yield(at+"/"+key, sub) || !isSchema && !yieldSchemas(sub, at+"/"+key, yield) {
				return false
			}
		}
	}
	return true
}

func TestOpenAPISchemas(t *testing.T) {
	t.Parallel()
	text := realDocument(t)
	if n, broken := checkSchemas(t, text); n < 1500 || len(broken) > 0 {
		t.Errorf("%d schemas, of which are broken: %q", n, broken)
	}
}

func TestSchemaFaultsAreNoticed(t *testing.T) {
	t.Parallel()
	text := invented(t)
	if n, broken := checkSchemas(t, text); n < 10 || len(broken) > 0 {
		t.Fatalf("%d schemas, of which are broken: %q", n, broken)
	}
	for _, change := range [][2]string{
		{"required: [algorithm, ciphertext, nonce]", "required: algorithm"},
		{"maxLength: 4", "maxLength: many"},
		{"type: integer", "type: int"},
		{"pattern: ^[a-z0-9]+$", `pattern: "["`},
	} {
		changed := bytes.Replace(text, []byte(change[0]), []byte(change[1]), 1)
		if bytes.Equal(changed, text) {
			t.Fatalf("the document does not hold %q", change[0])
		}
		if _, broken := checkSchemas(t, changed); len(broken) == 0 {
			t.Errorf("%q went unnoticed", change[1])
		}
	}
}
