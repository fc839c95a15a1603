package conformance

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"hash"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/internal/txtar"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/spec"
)

var update = flag.Bool("update", false, "rewrite the golden files of the wire")

// wireDir holds what goes over the wire, an archive a product.
const wireDir = "testdata/wire"

// TestWire: the typed and the chained call of every operation, with everything
// that is documented, put the same bytes on the wire, and those that are kept.
func TestWire(t *testing.T) {
	t.Parallel()
	archives := map[string][]txtar.File{}
	for _, c := range allCalls {
		op := c.op(t)
		text := c.wire(t, op)
		pkg, _, _ := strings.Cut(op.ID, ".")
		archives[pkg] = append(archives[pkg], txtar.File{Name: op.ID, Data: text})
	}
	for pkg, files := range archives {
		compareWire(t, pkg, files)
	}
	kept, err := filepath.Glob(wireDir + "/*.txtar")
	if err != nil || len(kept) != len(archives) {
		t.Errorf("%d archives are kept for %d products (%v): remove what is no longer described", len(kept), len(archives), err)
	}
}

func compareWire(t *testing.T, pkg string, files []txtar.File) {
	t.Helper()
	path := filepath.Join(wireDir, pkg+".txtar")
	if *update {
		comment := "What the calls of package " + pkg + " send, with every documented value.\nMade by: go test ./internal/conformance -run TestWire -update\n\n"
		if err := os.WriteFile(path, txtar.Format(comment, files), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Errorf("%v: run with -update, and read what is new", err)
		return
	}
	_, kept := txtar.Parse(string(text))
	for _, f := range files {
		i := slices.IndexFunc(kept, func(k txtar.File) bool { return k.Name == f.Name })
		switch {
		case i < 0:
			t.Errorf("%s lacks %s: run with -update, and read what is new", path, f.Name)
		case kept[i].Data != f.Data:
			t.Errorf("%s sends\n%sand did send\n%s", f.Name, f.Data, kept[i].Data)
		}
	}
	if len(kept) != len(files) {
		t.Errorf("%s keeps %d calls, there are %d", path, len(kept), len(files))
	}
}

// wire is what both calls of an operation send. It fails the test where they
// differ, or where the body is not the documented one.
func (c *calls) wire(t *testing.T, op *spec.Operation) string {
	t.Helper()
	var texts []string
	for _, b := range both {
		s, wx := newStub(t, op)
		if op.Response != nil {
			s.answer = marshal(t, full(op.Response, func(v string) string { return s.sealed(t, v) }))
		}
		in := c.newRequest()
		fill(t, op, in)
		if _, err := b.call(c, t.Context(), wx, in, options(op)...); err != nil {
			t.Errorf("%s, %s: %v", op.ID, b.name, err)
			return ""
		}
		s.documented(t)
		texts = append(texts, s.text(t))
	}
	if texts[0] != texts[1] {
		t.Errorf("%s: the typed call sends\n%sand the chained one\n%s", op.ID, texts[0], texts[1])
	}
	return texts[0]
}

// documented holds the body against the sample of the description.
func (s *stub) documented(t *testing.T) {
	t.Helper()
	if s.op.Request == nil {
		return
	}
	want := full(s.op.Request, asIs).(object)
	for i, m := range want {
		switch s.op.Request.Fields[i].Digest {
		case "sha256":
			want[i] = memberValue{m.name, hexOf(sha256.New())}
		case "sm3":
			want[i] = memberValue{m.name, hexOf(seal.NewSM3())}
		}
	}
	if got, want := canonical(t, []byte(s.openedJSON(t, s.json(t)))), canonical(t, marshal(t, want)); got != want {
		t.Errorf("%s sends\n%s\nand is documented with\n%s", s.op.ID, got, want)
	}
}

// hexOf is the digest of the file that is uploaded.
func hexOf(h hash.Hash) string {
	_, _ = io.WriteString(h, content)
	return hex.EncodeToString(h.Sum(nil))
}

// json is the body, of an upload its part meta.
func (s *stub) json(t *testing.T) string {
	t.Helper()
	kind, params, err := mime.ParseMediaType(s.sent.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return string(s.body)
	}
	part, err := multipart.NewReader(bytes.NewReader(s.body), params["boundary"]).NextPart()
	if err != nil || part.FormName() != "meta" {
		t.Fatalf("%s: the first part is not meta: %v", s.op.ID, err)
	}
	text, err := io.ReadAll(part)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// text is a request as it is kept: line, headers of its own, body, with what is
// encrypted or random replaced.
func (s *stub) text(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	u := s.sent.URL
	target := u.EscapedPath()
	if u.RawQuery != "" {
		target += "?" + s.openedQuery(t, u.RawQuery)
	}
	fmt.Fprintf(&b, "%s %s\n", s.sent.Method, target)
	if s.op.Host != "" {
		fmt.Fprintf(&b, "Host: %s\n", u.Host)
	}
	for _, p := range s.op.Params {
		if v := s.sent.Header.Get(p.Name); p.In == "header" && v != "" {
			fmt.Fprintf(&b, "%s: %s\n", p.Name, v)
		}
	}
	if body := s.replaced(t); body != "" {
		b.WriteString("\n" + body)
	}
	return b.String()
}

// replaced is the body with the plain text of what is encrypted, and with a
// boundary that does not change.
func (s *stub) replaced(t *testing.T) string {
	t.Helper()
	if len(s.body) == 0 {
		return ""
	}
	json := s.json(t)
	body := strings.Replace(string(s.body), json, s.openedJSON(t, json), 1)
	_, params, err := mime.ParseMediaType(s.sent.Header.Get("Content-Type"))
	if boundary := params["boundary"]; err == nil && boundary != "" {
		return strings.ReplaceAll(strings.ReplaceAll(body, boundary, "BOUNDARY"), "\r\n", "\n")
	}
	return body + "\n"
}

// openedJSON is the text with the plain text of what is encrypted.
func (s *stub) openedJSON(t *testing.T, body string) string {
	t.Helper()
	if s.op.Request == nil || body == "" {
		return body
	}
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Fatalf("%s: %v", s.op.ID, err)
	}
	for _, ciphertext := range encrypted(s.op.Request, v) {
		plain := marshal(t, s.opened(t, ciphertext))
		body = strings.ReplaceAll(body, string(marshal(t, ciphertext)), string(plain))
	}
	return body
}

// encrypted are the values that the description marks, in v.
func encrypted(f *spec.Field, v any) []string {
	switch v := v.(type) {
	case string:
		if f.Encrypted {
			return []string{v}
		}
	case []any:
		var out []string
		for _, item := range v {
			out = append(out, encrypted(f.Items, item)...)
		}
		return out
	case map[string]any:
		var out []string
		for i := range f.Fields {
			out = append(out, encrypted(&f.Fields[i], v[f.Fields[i].Name])...)
		}
		return out
	}
	return nil
}

// openedQuery is the query with the plain text of what is encrypted.
func (s *stub) openedQuery(t *testing.T, query string) string {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatalf("%s: %v", s.op.ID, err)
	}
	for _, p := range s.op.Params {
		if v := values.Get(p.Name); p.In == "query" && p.Encrypted && v != "" {
			query = strings.ReplaceAll(query, url.QueryEscape(v), "sealed:"+url.QueryEscape(s.opened(t, v)))
		}
	}
	return query
}
