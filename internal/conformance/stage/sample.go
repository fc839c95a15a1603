package stage

import (
	"context"
	"crypto/sha1" //nolint:gosec // the digest that the protocol names
	"encoding/hex"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/spec"
)

// Call is a sample of a page as a function: the body is what the page shows,
// the parameters are what it takes for granted.
type Call func(ctx context.Context, wx *wxpay.Client, w io.Writer, file io.Reader, hashValue string) error

// Run is one sample.
type Run struct {
	Spelling string // end of the function's name: "Chained", "DeclaredAsync"
	Call     Call
}

// Sample is the samples of one operation, in the order of its page.
type Sample struct {
	Page         string // where they are shown
	Method, Path string
	Name         string // their functions begin with it
	Want         string // what they print, "" if that is not known before
	Runs         []Run
}

// RunSamples runs samples against emulators in which there is what each sample
// speaks of.
func RunSamples(t *testing.T, samples []Sample) {
	t.Helper()
	if len(samples) == 0 {
		t.Fatal("no samples")
	}
	for _, s := range samples {
		op, ok := spec.Lookup(s.Method, s.Path)
		if !ok {
			t.Errorf("%s %s is not described", s.Method, s.Path)
			continue
		}
		for _, r := range s.Runs {
			t.Run(s.Name+r.Spelling, func(t *testing.T) {
				t.Parallel()
				s.run(t, op, r)
			})
		}
	}
}

func (s *Sample) run(t *testing.T, op *spec.Operation, r Run) {
	e, wx := NewServer(t, Caller(op))
	prepare(t, e, wx, op)
	var w strings.Builder
	if err := r.Call(t.Context(), wx, &w, strings.NewReader("a picture"), hashOf(t, wx, op)); err != nil {
		t.Fatal(err)
	}
	got, whole := strings.CutSuffix(w.String(), "\n")
	answers := op.Response != nil || op.Verify != ""
	beyond := got == "0" && op.Page.Items != "" // the page that a sample asks for may be empty
	if answers && !beyond && (!whole || got == "" || got == "0" || s.Want != "" && got != s.Want) {
		t.Errorf("printed %q, want %q", got, s.Want)
	}
}

// hashOf is the digest of the file that the sample of op asks for, as it would
// have come with its address.
func hashOf(t *testing.T, wx *wxpay.Client, op *spec.Operation) string {
	t.Helper()
	if op.Verify != spec.VerifyDigest {
		return ""
	}
	opts := []wxpay.Option{wxpay.Unchecked()}
	for i := range op.Params {
		switch f := &op.Params[i]; {
		case f.In == "path":
			opts = append(opts, wxpay.Path(f.Name, f.Sample))
		case f.In == "query" && f.Required:
			opts = append(opts, wxpay.Query(f.Name, f.Sample))
		}
	}
	file, err := wx.Chain(op.Path).Download(t.Context(), op.Verify, opts...)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	sum := sha1.New() //nolint:gosec // see above
	if _, err := io.Copy(sum, file); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// Caller is the merchant that the samples of op are written for: the service
// provider, if there is one.
func Caller(op *spec.Operation) string {
	fields := op.Params
	if op.Request != nil {
		fields = slices.Concat(fields, op.Request.Fields)
	}
	for _, name := range []string{"sp_mchid", "mchid"} {
		for _, f := range fields {
			if id, ok := f.Sample.(string); ok && f.Name == name && id != "" && strings.Trim(id, "0123456789") == "" {
				return id
			}
		}
	}
	return emulator.DefaultMchID
}
