package files

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/wxpay-go/wxpay/wxpaytest"
)

func TestBill(t *testing.T) {
	t.Parallel()
	var got bytes.Buffer
	if err := Bill(t.Context(), wxpaytest.NewServer(t).Client(), "2026-01-02", &got); err != nil {
		t.Fatal(err)
	}
	if got.Len() == 0 {
		t.Error("the bill is empty")
	}
}

func TestUpload(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "licence.png")
	if err := os.WriteFile(path, []byte("\x89PNG"), 0o600); err != nil {
		t.Fatal(err)
	}
	id, err := Upload(t.Context(), wxpaytest.NewServer(t).Client(), path)
	if err != nil || id == "" {
		t.Errorf("the picture is %q, %v", id, err)
	}
}

func TestComplaints(t *testing.T) {
	t.Parallel()
	n := 0
	for id, err := range Complaints(t.Context(), wxpaytest.NewServer(t).Client(), "2026-01-01", "2026-01-31") {
		if err != nil || id == "" {
			t.Fatalf("complaint %q: %v", id, err)
		}
		n++
	}
	if n == 0 {
		t.Error("no complaint was listed")
	}
}
