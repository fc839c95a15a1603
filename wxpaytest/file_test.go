package wxpaytest_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
	"github.com/wxpay-go/wxpay/wxpaytest"
)

// catalogue is a description of a few endpoints by method and path, none of
// which has a parameter in its path.
type catalogue map[string]*spec.Operation

func (c catalogue) Match(method, path string) (*spec.Operation, map[string]string, bool) {
	op, ok := c[method+" "+path]
	return op, nil, ok
}

func (c catalogue) Methods(string) []string { return nil }

func (c catalogue) Lookup(method, path string) (*spec.Operation, bool) {
	op, ok := c[method+" "+path]
	return op, ok
}

func (c catalogue) LookupEvent(string) (*spec.Event, bool) { return nil, false }

func member(name, sample string) spec.Field {
	return spec.Field{Name: name, Type: "string", Required: true, Sample: sample}
}

func inQuery(f spec.Field) spec.Field {
	f.In, f.Required = "query", false
	return f
}

func structure(fields ...spec.Field) *spec.Field { return &spec.Field{Type: "object", Fields: fields} }

// files is an upload, a bill in two steps, and a statement.
func files() catalogue {
	digest := member("sha256", "x")
	digest.Digest = "sha256"
	return catalogue{
		"POST /v3/invented/upload": {
			Method: "POST", Path: "/v3/invented/upload", Status: 200, File: &spec.Field{Name: "file"},
			Request: structure(member("filename", "a"), digest), Response: structure(member("media_id", "m1")),
		},
		"GET /v3/invented/bill": {
			Method: "GET", Path: "/v3/invented/bill", Status: 200, Params: []spec.Field{inQuery(member("bill_date", "d"))},
			Response: structure(member("hash_type", "SHA1"), member("hash_value", "x"), member("download_url", "x")),
			Behavior: spec.Behavior{Name: "file.address", Args: map[string]string{"file": "/v3/invented/file"}},
		},
		"GET /v3/invented/file": {
			Method: "GET", Path: "/v3/invented/file", Status: 200, Verify: spec.VerifyDigest, Params: []spec.Field{inQuery(member("token", "t"))},
		},
		"GET /v3/invented/statement": {
			Method: "GET", Path: "/v3/invented/statement", Status: 200, Verify: spec.VerifyStatement, Params: []spec.Field{inQuery(spec.Field{Name: "tar_type", Type: "string"})},
		},
	}
}

func fileClient(t *testing.T) *wxpay.Client {
	return wxpaytest.NewServer(t, wxpaytest.Configure(func(c *emulator.Config) { c.Description = files() })).Client()
}

func TestUpload(t *testing.T) {
	t.Parallel()
	type picture struct {
		Filename string    `json:"filename" file:"name"`
		SHA256   string    `json:"sha256" file:"sha256"`
		File     io.Reader `json:"-" file:"file"`
	}
	var out struct {
		MediaID string `json:"media_id"`
	}
	op := &wxpay.Op{Method: "POST", Path: "/v3/invented/upload"}
	in := &picture{Filename: `门店 "1".png`, File: strings.NewReader("a picture")}
	if err := fileClient(t).Do(t.Context(), op, in, &out); err != nil || out.MediaID != "m1" {
		t.Errorf("%v, %+v", err, out)
	}
	in = &picture{Filename: "a.png", SHA256: strings.Repeat("0", 64), File: strings.NewReader("a picture")}
	refused, ok := errors.AsType[*wxpay.Error](fileClient(t).Do(t.Context(), op, in, &out))
	if !ok || refused.Code != "PARAM_ERROR" {
		t.Errorf("another digest: %v", refused)
	}
}

func TestDownloadInTwoSteps(t *testing.T) {
	t.Parallel()
	wx := fileClient(t)
	var bill struct {
		HashType    string `json:"hash_type"`
		HashValue   string `json:"hash_value"`
		DownloadURL string `json:"download_url"`
	}
	if err := wx.Chain("v3/invented/bill").Get(t.Context(), &bill, wxpay.Query("bill_date", "2026-01-01")); err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]error{bill.HashValue: nil, strings.Repeat("00", 20): wxpay.ErrDigest} {
		file, err := wx.DownloadURL(t.Context(), bill.DownloadURL, wxpay.Digest(bill.HashType, value))
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(file)
		if !errors.Is(err, want) || !bytes.Contains(content, []byte("/v3/invented/file")) {
			t.Errorf("digest %s: %q, %v, want %v", value, content, err, want)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
}

// Packed or not, the client and the emulator take the digest of the same bytes.
func TestStatementIsVouchedFor(t *testing.T) {
	t.Parallel()
	wx := fileClient(t)
	op := &wxpay.Op{Method: "GET", Path: "/v3/invented/statement", Verify: wxpay.VerifyStatement}
	for _, opts := range [][]wxpay.Option{nil, {wxpay.Query("tar_type", "GZIP")}} {
		file, err := wx.Download(t.Context(), op, nil, opts...)
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(file)
		if err != nil || !bytes.HasPrefix(content, []byte("name,value\n")) || (file.Length == -1) != (opts != nil) {
			t.Errorf("%q of %d bytes, %v", content, file.Length, err)
		}
		if err := file.Close(); err != nil {
			t.Error(err)
		}
	}
}
