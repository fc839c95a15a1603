package openapi_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/openapi"
	"github.com/wxpay-go/wxpay/spec"
)

var update = flag.Bool("update", false, "write the golden files anew")

// whole is the document of everything, which is large: it is made once.
var whole = sync.OnceValues(func() ([]byte, error) {
	var out bytes.Buffer
	err := openapi.Bundled().Write(&out)
	return out.Bytes(), err
})

// everything returns the whole document.
func everything(t *testing.T) []byte {
	t.Helper()
	text, err := whole()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// written returns the document of a source.
func written(t *testing.T, s openapi.Source) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := s.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// changed returns text with the one place changed that must be there.
func changed(t *testing.T, text []byte, old, replacement string) []byte {
	t.Helper()
	broken := bytes.Replace(text, []byte(old), []byte(replacement), 1)
	if bytes.Equal(broken, text) {
		t.Fatalf("the document does not hold %q", old)
	}
	return broken
}

// save puts a document into a file.
func save(t *testing.T, name string, text []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestGolden shows the document of an invented description that has one of
// everything.
func TestGolden(t *testing.T) {
	t.Parallel()
	got := written(t, invented())
	const golden = "testdata/invented.yaml"
	if *update {
		if err := os.WriteFile(golden, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("%s differs (%v): run go test -update, and look at what git diff says", golden, err)
	}
}

// TestSmallDiff holds that a change of one endpoint changes its own lines.
func TestSmallDiff(t *testing.T) {
	t.Parallel()
	before := strings.Split(string(written(t, invented())), "\n")
	s := invented()
	s.Operations[0].Summary = "Lists less."
	after := strings.Split(string(written(t, s)), "\n")
	if len(before) != len(after) {
		t.Fatalf("%d lines became %d", len(before), len(after))
	}
	n := 0
	for i := range before {
		if before[i] != after[i] {
			n++
		}
	}
	if n != 1 {
		t.Errorf("a change of one line changed %d", n)
	}
}

// invented is a description with one of everything.
func invented() openapi.Source {
	amount := &spec.Field{Name: "amount", Type: "object", Go: "Amount", Fields: []spec.Field{
		{Name: "total", Type: "integer", Minimum: new(int64(1)), Maximum: new(int64(100)), Label: "金额", Doc: "In fen.", Required: true, Sample: int64(8)},
		{Name: "currency", Type: "string", Enum: []string{"CNY", "NO"}, Doc: "Currency.", Sample: "CNY"},
	}}
	otherAmount := *amount
	otherAmount.Fields = amount.Fields[:1]
	id := spec.Field{Name: "thing_id", In: "path", Type: "string", MaxLength: 32, Doc: "Id.", Label: "编号", Required: true, Sample: "017"}
	code := spec.Field{Name: "code", In: "path", Type: "string", Doc: "Own id.", Required: true, Sample: "1:30"}
	return openapi.Source{
		Operations: []*spec.Operation{
			{
				ID: "things.List", Method: "GET", Path: "/v3/things", Product: "things", Title: "查询", Summary: "Lists things.",
				Idempotent: true, Status: 200, Page: spec.Page{Offset: "offset", Limit: "limit", Items: "data", Total: "total_count", Pages: true},
				Params: []spec.Field{
					{Name: "offset", In: "query", Type: "integer", Doc: "How many to skip."},
					{Name: "limit", In: "query", Type: "integer", Doc: "How many to give.", Enum: []string{"1", "20"}, Sample: int64(20)},
					{Name: "Idempotency-Key", In: "header", Type: "string", Doc: "Key."},
					{Name: "name", In: "query", Type: "string", Doc: "Name.", Encrypted: true},
				},
				Response: &spec.Field{Type: "object", Fields: []spec.Field{
					{Name: "data", Type: "array", MaxItems: 20, Items: amount, Required: true},
					{Name: "total_count", Type: "integer", Doc: "How many there are."},
				}},
				Inferred: map[string]string{"x-updated": "no page has a date", "x-links": "no page is known"},
				Links:    []string{"https://pay.weixin.qq.com/doc/1"}, Roles: []string{"普通商户"}, Updated: "2026-01-02",
			},
			{
				ID: "things.Cancel", Method: "POST", Path: "/v3/things/{code}/cancel", Product: "things", Title: "取消", Summary: "Cancels by the merchant's id.",
				Host: "apihk.mch.weixin.qq.com", Status: 204, Params: []spec.Field{code}, Errors: []string{"PARAM_ERROR"},
				Request: &spec.Field{Type: "object", AnyOf: [][]string{{"amount"}, {"at", "text"}}, Inferred: []string{"anyOf"}, Fields: []spec.Field{
					{Name: "amount", Type: "object", Go: "Amount", Doc: "What it costs.", Fields: amount.Fields},
					{Name: "other", Type: "object", Go: "Amount", Fields: otherAmount.Fields},
					{Name: "at", Type: "string", Format: "date-time", Doc: "When.", Sample: "2026-01-02T15:04:05+08:00"},
					{Name: "text", Type: "string", Text: &spec.Field{Type: "object", Fields: []spec.Field{{Name: "inner", Type: "boolean", Sample: true}}}},
					{Name: "free", Type: "object", Doc: "Anything."},
					{Name: "secret", Type: "string", MinLength: 1, Pattern: `^\d+$`, Encrypted: true, Sample: "0123"},
					{Name: "rate", Type: "number", Sample: 0.5},
				}},
				Behavior: spec.Behavior{Name: "cancel", Args: map[string]string{"b": "yes", "a": "1"}},
			},
			{
				ID: "things.CancelByID", Method: "POST", Path: "/v3/things/{thing_id}/cancel", Product: "things", Title: "取消", Summary: "Cancels by id.",
				Status: 204, Params: []spec.Field{id}, Alias: "/v3/things/{code}/cancel",
			},
			{
				ID: "files.Get", Method: "GET", Path: "/v3/things/files/{thing_id}", Product: "things/files", Title: "下载", Summary: "Downloads a file.",
				Verify: spec.VerifyDigest, Status: 200, Params: []spec.Field{id}, Idempotent: true,
			},
			{
				ID: "files.Upload", Method: "POST", Path: "/v3/things/files/{thing_id}", Product: "things/files", Title: "上传", Summary: "Uploads a file.",
				File: &spec.Field{Name: "file", Type: "string", Format: "binary", Doc: "A picture.", Required: true}, Status: 200, Params: []spec.Field{id},
				Request: &spec.Field{Type: "object", Fields: []spec.Field{
					{Name: "filename", Type: "string", Filename: true, Required: true, Sample: "a.png"},
					{Name: "sha256", Type: "string", Digest: "sha256", Required: true},
				}},
				Response: &spec.Field{Type: "object", Fields: []spec.Field{{Name: "media_id", Type: "string", Required: true}}},
			},
		},
		Events: []*spec.Event{
			{Type: "THING.ASKED", Go: "ThingAsked", Product: "things/files", Title: "询问", Summary: "Asks.", Within: 1, Resource: amount,
				Answer: &spec.Field{Type: "object", Fields: []spec.Field{{Name: "state", Type: "string", Required: true}}}},
			{Type: "THING.MADE", Go: "ThingMade", Product: "things", Title: "通知", Summary: "A thing was made.", Within: 5, Again: []int{10, 300}, OriginalType: "thing",
				Resource: &spec.Field{Type: "object", Fields: []spec.Field{{Name: "thing_id", Type: "string", Required: true}}}},
		},
		Errors: []*spec.Error{{Code: "PARAM_ERROR", Status: 400, Message: "参数错误", Summary: "Wrong.", Hint: "Mend it.", Retry: true, Source: "a page"}},
		Products: []spec.Product{
			{Name: "things", Package: "things", Prefix: "/v3/things", Title: "东西", Summary: "Things."},
			{Name: "things/files", Package: "thingsfiles", Prefix: "/v3/things/files", Title: "文件", Summary: "Files of things.", Contract: true},
		},
	}
}
