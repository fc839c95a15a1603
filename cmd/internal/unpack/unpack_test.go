package unpack_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/wxpay-go/wxpay/cmd/internal/unpack"
)

func packed(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReader(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"": "", "\x1f": "\x1f", "a bill": "a bill", packed(t, "a bill"): "a bill", packed(t, ""): "", packed(t, "a ") + packed(t, "bill"): "a bill",
	} {
		r, err := unpack.Reader(iotest.OneByteReader(strings.NewReader(file)))
		if err != nil {
			t.Errorf("%q: %v", file, err)
			continue
		}
		if got, err := io.ReadAll(r); err != nil || string(got) != want {
			t.Errorf("%q: %q, %v; want %q", file, got, err, want)
		}
	}
}

// What is packed and cut, or followed by something else, is no file.
func TestReaderRefuses(t *testing.T) {
	t.Parallel()
	whole := packed(t, "a bill")
	for _, file := range []string{whole[:5], whole[:len(whole)-1], whole + "x"} {
		r, err := unpack.Reader(strings.NewReader(file))
		if err == nil {
			_, err = io.ReadAll(r)
		}
		if err == nil {
			t.Errorf("%q was taken", file)
		}
	}
	pulled := errors.New("the cable was pulled")
	r, err := unpack.Reader(iotest.ErrReader(pulled))
	if err == nil {
		_, err = io.ReadAll(r)
	}
	if !errors.Is(err, pulled) {
		t.Errorf("error = %v", err)
	}
}
