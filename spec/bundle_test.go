package spec

import (
	"slices"
	"strings"
	"sync"
	"testing"
)

// TestBundleDecodes asks for every entry: what the lazy reading puts off must
// not fail later.
func TestBundleDecodes(t *testing.T) {
	t.Parallel()
	n := 0
	for op := range Operations() {
		if got, ok := Lookup(op.Method, op.Path); !ok || got != op {
			t.Errorf("Lookup(%q, %q) is not the operation that Operations yields", op.Method, op.Path)
		}
		n++
	}
	for e := range Events() {
		if got, ok := LookupEvent(e.Type); !ok || got != e || e.Resource == nil {
			t.Errorf("LookupEvent(%q) = %v, %v", e.Type, got, ok)
		}
		n++
	}
	for e := range Errors() {
		if got, ok := LookupError(e.Code); !ok || got != e {
			t.Errorf("LookupError(%q) = %v, %v", e.Code, got, ok)
		}
		n++
	}
	n += len(Products())
	if lines := strings.Count(bundle, "\n"); n != lines-1 || n < 40 {
		t.Errorf("%d entries in %d lines, of which one is the marker", n, lines)
	}
}

func TestOperationsAreInOrder(t *testing.T) {
	t.Parallel()
	var keys []string
	for op := range Operations() {
		keys = append(keys, op.Path+" "+op.Method)
	}
	if !slices.IsSorted(keys) {
		t.Errorf("not in path, then method order: %q", keys)
	}
	for op := range Operations() {
		if op.Path+" "+op.Method != keys[0] {
			t.Errorf("a second run begins with %s %s", op.Method, op.Path)
		}
		break
	}
}

func TestLookupUnknown(t *testing.T) {
	t.Parallel()
	if op, ok := Lookup("GET", "/v3/nothing"); ok || op != nil {
		t.Errorf("Lookup of no path = %v, %v", op, ok)
	}
	if op, ok := Lookup("DELETE", "/v3/certificates"); ok || op != nil {
		t.Errorf("Lookup of a method that is not there = %v, %v", op, ok)
	}
	if e, ok := LookupEvent("NOTHING.SUCCESS"); ok || e != nil {
		t.Errorf("LookupEvent of no event = %v, %v", e, ok)
	}
	if e, ok := LookupError("NOTHING"); ok || e != nil {
		t.Errorf("LookupError of no code = %v, %v", e, ok)
	}
}

// TestLazy shows that nothing is decoded before it is asked for, and that the
// one entry is decoded once, whoever asks at the same time.
func TestLazy(t *testing.T) {
	t.Parallel()
	l := scan("# marker\nerror A\t{\"code\":\"A\"}\nerror B\tno JSON at all\n")
	var wg sync.WaitGroup
	got := make([]*Error, 8)
	for i := range got {
		wg.Go(func() { got[i], _ = l.errors.lookup("", "A") })
	}
	wg.Wait()
	for _, e := range got {
		if e == nil || e != got[0] || e.Code != "A" {
			t.Errorf("lookups of one entry gave %v and %v", got[0], e)
		}
	}
	if l.errors.list[1].value != nil {
		t.Error("B was decoded though nobody asked for it")
	}
}

func TestSampleKeepsItsType(t *testing.T) {
	t.Parallel()
	l := scan("operation GET /x\t" + `{"params":[` +
		`{"name":"integer beyond 2^53","type":"integer","sample":9007199254740993},` +
		`{"name":"number","type":"number","sample":1},` +
		`{"name":"boolean","type":"boolean","sample":false},` +
		`{"name":"digits in a string","type":"string","sample":"1"},` +
		`{"name":"none","type":"object"}]}`)
	want := []any{int64(9007199254740993), float64(1), false, "1", nil}
	for i, f := range l.operations.list[0].get().Params {
		if f.Sample != want[i] {
			t.Errorf("%s: sample is %T %v, want %T %v", f.Name, f.Sample, f.Sample, want[i], want[i])
		}
	}
	if n := len(l.operations.list[0].get().Params); n != len(want) {
		t.Errorf("%d params, want %d", n, len(want))
	}
}

// TestSamplesEverywhere: the samples of every place where a field can stand
// have the types of their fields.
func TestSamplesEverywhere(t *testing.T) {
	t.Parallel()
	const id = `{"type":"integer","sample":9007199254740993}`
	l := scan(`operation POST /x	{"file":` + id + `,"request":{"type":"object","fields":[{"type":"array","items":` + id + `}]},` +
		`"response":{"type":"string","text":{"type":"object","fields":[` + id + "]}}}\n" +
		`event A	{"resource":` + id + `,"answer":` + id + "}\n")
	op, e := l.operations.list[0].get(), l.events.list[0].get()
	for place, f := range map[string]*Field{
		"file": op.File, "items": op.Request.Fields[0].Items, "text": &op.Response.Text.Fields[0],
		"resource": e.Resource, "answer": e.Answer,
	} {
		if f.Sample != int64(9007199254740993) {
			t.Errorf("%s: sample is %T %v", place, f.Sample, f.Sample)
		}
	}
}

// TestDecodeRefuses: what is no entry is told, not taken in part.
func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"nothing":                 ``,
		"no JSON":                 `{"params":[`,
		"two values":              `{} {}`,
		"half an integer":         `{"request":{"type":"integer","sample":0.5}}`,
		"a number without limits": `{"params":[{"type":"array","items":{"type":"number","sample":1e999}}]}`,
	} {
		if err := decode(text, new(Operation)); err == nil {
			t.Errorf("%s: %s was decoded", name, text)
		}
	}
}

func BenchmarkLookup(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := Lookup("GET", "/v3/pay/transactions/out-trade-no/{out_trade_no}"); !ok {
			b.Fatal("not found")
		}
	}
}

func BenchmarkMatch(b *testing.B) {
	for _, bm := range []struct{ name, method, path string }{
		{"params=0", "POST", "/v3/pay/transactions/jsapi"},
		{"params=2", "GET", "/v3/password-exempt-contract/contracts/service-id/12535/out-contract-code/wxwtdk20200910100000"},
	} {
		b.Run(bm.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, ok := Match(bm.method, bm.path); !ok {
					b.Fatal("no match")
				}
			}
		})
	}
}

// BenchmarkFirst is what the first questions of a program pay, once: the bundle
// is cut, the tree of paths is made, and one entry is decoded. It must stay
// under 50 ms.
func BenchmarkFirst(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		op, _, ok := scan(bundle).routes.match("POST", "/v3/pay/transactions/jsapi")
		if !ok || op.Request == nil {
			b.Fatal("no match")
		}
	}
}

// BenchmarkScan is the part of it that cuts the bundle.
func BenchmarkScan(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(bundle)))
	for b.Loop() {
		scan(bundle)
	}
}

// TestAddressesAreThoseOfTheOperations: naming endpoints needs no decoding, and
// names the same ones in the same order.
func TestAddressesAreThoseOfTheOperations(t *testing.T) {
	t.Parallel()
	var got, want []string
	for method, path := range Addresses() {
		got = append(got, method+" "+path)
	}
	for op := range Operations() {
		want = append(want, op.Method+" "+op.Path)
	}
	if len(got) == 0 || !slices.Equal(got, want) {
		t.Errorf("%d addresses, %d operations", len(got), len(want))
	}
	for range Addresses() {
		break // whoever stops is let go
	}
}
