package emulator_test

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/spec"
)

// bills is an address and its file in the three kinds of digest, and a
// statement.
func bills() invented {
	d := invented{operations: []*spec.Operation{
		{Method: "GET", Path: "/v3/invented/file", Status: 200, Verify: spec.VerifyDigest, Params: []spec.Field{query(text("token", "t")), query(optional(text("tartype", "gzip"))), query(text("source", "s0"))}},
		{Method: "GET", Path: "/v3/invented/statement", Status: 200, Verify: spec.VerifyStatement, Params: []spec.Field{query(text("date", "20260101"))}},
		{Method: "GET", Path: "/v3/invented/pictures/{id}", Status: 200, Verify: spec.VerifyNone, Params: []spec.Field{path(text("id", "1"))}},
	}}
	for _, kind := range []string{"SHA1", "SHA256", "SM3"} {
		answer := object("", text("hash_type", kind), text("hash_value", "old"), text("download_url", "https://old"),
			list("more", text("download_url", "https://old"), text("hash_type", kind), text("hash_value", "old")),
			list("locked", text("download_url", "https://old"), text("encrypt_key", "k")))
		d.operations = append(d.operations, &spec.Operation{
			Method: "GET", Path: "/v3/invented/bill/" + kind, Status: 200, Response: &answer,
			Behavior: spec.Behavior{Name: "file.address", Args: map[string]string{"file": "/v3/invented/file"}},
			Params:   []spec.Field{query(optional(text("date", "d"))), query(optional(text("tar_type", "GZIP")))},
		})
	}
	return d
}

// fetch follows a download_url, as a merchant does: signed, and at its path.
func (p *pay) fetch(t *testing.T, address any) answer {
	t.Helper()
	u, err := url.Parse(address.(string))
	if err != nil || u.Host != "127.0.0.1:1" {
		t.Fatalf("%v leads elsewhere: %v", address, err)
	}
	a := p.send(p.request("GET", u.RequestURI(), nil))
	if a.status != 200 || a.header.Get("Wechatpay-Signature") != "" || a.header.Get("Content-Type") != "application/octet-stream" {
		t.Fatalf("%s: %d %s %v", u, a.status, a.body, a.header)
	}
	return a
}

func TestABillIsFetchedInTwoSteps(t *testing.T) {
	t.Parallel()
	for kind, sum := range map[string]func(string) string{
		"SHA1":   func(s string) string { d := sha1.Sum([]byte(s)); return hex.EncodeToString(d[:]) },
		"SHA256": func(s string) string { d := sha256.Sum256([]byte(s)); return hex.EncodeToString(d[:]) },
		"SM3":    func(string) string { return "" }, // TestSM3
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			p := newPay(t, bills().use)
			bill := p.call("GET", "/v3/invented/bill/"+kind+"?date=1", nil, 200)
			file := p.fetch(t, bill["download_url"]).body
			if want := sum(file); bill["hash_type"] != kind || want != "" && bill["hash_value"] != want || bill["hash_value"] == "old" {
				t.Errorf("got %v, want the digest %s", bill, want)
			}
			entry := bill["more"].([]any)[0].(map[string]any)
			if other := p.fetch(t, entry["download_url"]).body; other == file || sum(other) != "" && entry["hash_value"] != sum(other) {
				t.Errorf("another entry leads to %q, got %v", other, entry)
			}
			if locked := bill["locked"].([]any)[0].(map[string]any); locked["download_url"] != "https://old" {
				t.Errorf("an encrypted file is not reproduced: %v", locked)
			}
			again := p.call("GET", "/v3/invented/bill/"+kind+"?date=1", nil, 200)
			other := p.call("GET", "/v3/invented/bill/"+kind+"?date=2", nil, 200)
			if again["download_url"] != bill["download_url"] || other["download_url"] == bill["download_url"] {
				t.Errorf("the same request has the same file, another one another:\n%v\n%v\n%v", bill, again, other)
			}
		})
	}
}

// TestACompressedBillHasTheDigestOfTheOriginal is what the pages of the bills
// say.
func TestACompressedBillHasTheDigestOfTheOriginal(t *testing.T) {
	t.Parallel()
	p := newPay(t, bills().use)
	bill := p.call("GET", "/v3/invented/bill/SHA1?date=1&tar_type=GZIP", nil, 200)
	if !strings.Contains(bill["download_url"].(string), "tartype=gzip") {
		t.Errorf("got %v", bill)
	}
	a := p.fetch(t, bill["download_url"])
	r, err := gzip.NewReader(bytes.NewReader([]byte(a.body)))
	if err != nil {
		t.Fatal(err)
	}
	file, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha1.Sum(file)
	if bill["hash_value"] != hex.EncodeToString(sum[:]) || a.header.Get("Content-Encoding") != "" {
		t.Errorf("got %v for %q, %v", bill, file, a.header)
	}
	plain := strings.Replace(bill["download_url"].(string), "tartype=gzip", "", 1)
	if other := p.fetch(t, strings.TrimSuffix(strings.Replace(plain, "&&", "&", 1), "&")); other.body != string(file) {
		t.Errorf("without compression it is another file: %q, want %q", other.body, file)
	}
}

func TestFilesAreVouchedForAsDescribed(t *testing.T) {
	t.Parallel()
	p := newPay(t, bills().use)
	for _, op := range bills().operations[:3] {
		a := p.send(p.sampleRequest(op))
		if a.status != 200 {
			t.Fatalf("%s: %d %s", op.Path, a.status, a.body)
		}
		if op.Path != "/v3/invented/file" { // its sample asks for compression
			p.isFile(t, op, a)
		}
	}
	if a := p.send(p.request("GET", "/v3/invented/statement", nil)); a.status != 400 || p.signed(a) != nil {
		t.Errorf("a refusal is JSON, signed: %d %s", a.status, a.body)
	}
}

func TestAnAddressThatLeadsNowhereIsOurOwnFault(t *testing.T) {
	t.Parallel()
	d := bills()
	d.operations = d.operations[1:]
	p := newPay(t, d.use)
	p.call("GET", "/v3/invented/bill/SHA1", nil, 500)
}

// TestEveryAddressLeadsToItsFile follows each download_url of the description,
// and compares the digest that came with it.
func TestEveryAddressLeadsToItsFile(t *testing.T) {
	t.Parallel()
	followed := 0
	for op := range spec.Operations() {
		if op.Behavior.Name != "file.address" {
			continue
		}
		p := newPay(t)
		entry := decode(t, p.send(p.sampleRequest(op)).body)
		for _, value := range entry {
			if list, ok := value.([]any); ok { // one of several files
				entry = list[0].(map[string]any)
			}
		}
		content := []byte(p.fetch(t, entry["download_url"]).body)
		if r, err := gzip.NewReader(bytes.NewReader(content)); err == nil {
			if content, err = io.ReadAll(r); err != nil {
				t.Error(err)
			}
		}
		first, second := sha1.Sum(content), sha256.Sum256(content)
		want := map[any]string{"SHA1": hex.EncodeToString(first[:]), "SHA256": hex.EncodeToString(second[:])}[entry["hash_type"]]
		if want != "" && entry["hash_value"] != want {
			t.Errorf("%s: %v, want %s", op.ID, entry, want)
		}
		followed++
	}
	if followed < 20 {
		t.Errorf("%d addresses", followed)
	}
}
