package seal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/wxpay-go/wxpay/seal"
)

const vectors = "../testdata/vectors"

// vector is one file of testdata/vectors/seal; its README describes it.
type vector struct {
	Kind     string                      `json:"kind"`
	Source   string                      `json:"source"`
	Link     string                      `json:"link"`
	Note     string                      `json:"note"`
	Input    json.RawMessage             `json:"input"`
	Expected *struct{ Plaintext string } `json:"expected"`
	Refuse   string                      `json:"refuse"`
}

var kinds = map[string]func(*testing.T, vector){
	"resource": testResourceVector,
	"field":    testFieldVector,
}

func TestVectors(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(vectors + "/seal/*.json")
	if err != nil || len(files) == 0 {
		t.Fatalf("no vectors: %v", err)
	}
	seen := map[string]bool{}
	for _, file := range files {
		var v vector
		strict(t, readFile(t, file), &v)
		run, ok := kinds[v.Kind]
		if !ok {
			t.Fatalf("%s: unknown kind %q", file, v.Kind)
		}
		if v.Source == "" || v.Link == "" || (v.Expected == nil) == (v.Refuse == "") {
			t.Fatalf("%s: want a source, a link, and either expected or refuse", file)
		}
		seen[v.Kind] = true
		t.Run(filepath.Base(file), func(t *testing.T) { t.Parallel(); run(t, v) })
	}
	if len(seen) != len(kinds) {
		t.Errorf("kinds with a vector: %v, want all of %d", seen, len(kinds))
	}
}

func testResourceVector(t *testing.T, v vector) {
	var in struct {
		seal.Resource
		Key string
	}
	strict(t, v.Input, &in)
	got, err := seal.Open([]byte(in.Key), in.Resource)
	if v.Refuse != "" {
		wantField(t, err, v.Refuse)
		if got != nil {
			t.Errorf("refused, and yet returned %d bytes", len(got))
		}
		return
	}
	if err != nil || string(got) != v.Expected.Plaintext {
		t.Fatalf("Open = %q, %v", got, err)
	}
	again, err := seal.Close([]byte(in.Key), got, in.AssociatedData, in.Nonce)
	if err != nil || again != in.Resource {
		t.Errorf("Close = %+v, %v; want the vector itself", again, err)
	}
}

func testFieldVector(t *testing.T, v vector) {
	var in struct {
		PrivateKey string `json:"private_key"`
		Ciphertext string
	}
	strict(t, v.Input, &in)
	got, err := seal.DecryptField(private(t, in.PrivateKey), in.Ciphertext)
	if v.Refuse != "" {
		wantField(t, err, v.Refuse)
	} else if err != nil || got != v.Expected.Plaintext {
		t.Errorf("DecryptField = %q, %v; want %q", got, err, v.Expected.Plaintext)
	}
}

func strict(t testing.TB, data []byte, into any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatal(err)
	}
}

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func wantField(t testing.TB, err error, field string) {
	t.Helper()
	e, ok := errors.AsType[*seal.Error](err)
	if !ok || e.Field != field || e.Op == "" || e.Rule == "" || e.Remedy == "" {
		t.Errorf("error = %v, want one of %q with rule and remedy", err, field)
	}
}
