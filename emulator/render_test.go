package emulator

import (
	"crypto/rand"
	"strings"
	"testing"
	"time"

	"github.com/wxpay-go/wxpay/spec"
)

// TestSamplesOfAnEndpointWithoutBehaviour is written against the inside,
// because every endpoint of the description may come to have a behaviour.
func TestSamplesOfAnEndpointWithoutBehaviour(t *testing.T) {
	t.Parallel()
	f := &spec.Field{Type: "object", Fields: []spec.Field{
		{Name: "id", Type: "string", Required: true, Sample: "12"},
		{Name: "count", Type: "integer", Required: true, Sample: int64(12535)},
		{Name: "state", Type: "string", Required: true, Enum: []string{"A", "B"}},
		{Name: "on", Type: "boolean", Required: true, Sample: false},
		{Name: "list", Type: "array", Required: true, Items: &spec.Field{Type: "object", Fields: []spec.Field{
			{Name: "name", Type: "string", Required: true},
		}}},
		{Name: "texts", Type: "array", Items: &spec.Field{Type: "string", Sample: "t"}},
		{Name: "inner", Type: "object", Fields: []spec.Field{{Name: "n", Type: "integer"}}},
	}}
	e := &Emulator{}
	got, err := e.render(f, samples(f))
	want := `{"id":"12","count":12535,"state":"A","on":false,"list":[{"name":"name"}],"texts":["t"],"inner":{"n":1}}`
	if err != nil || string(got) != want {
		t.Errorf("got %s, %v\nwant %s", got, err, want)
	}
}

func TestRenderRefusesWhatIsRequiredAndNotKnown(t *testing.T) {
	t.Parallel()
	f := &spec.Field{Type: "object", Fields: []spec.Field{{Name: "a", Type: "object", Fields: []spec.Field{{Name: "b", Type: "string", Required: true}}}}}
	_, err := new(Emulator).render(f, values{"a": values{"b": ""}})
	if err == nil || !strings.Contains(err.Error(), "/a/b") {
		t.Errorf("got %v", err)
	}
}

func TestScheduleAddsUpToThePrintedTotal(t *testing.T) {
	t.Parallel()
	var sum time.Duration
	for _, d := range schedule {
		sum += d
	}
	if sum != 24*time.Hour+4*time.Minute || len(schedule) != 15 {
		t.Errorf("%d waits, %v in all", len(schedule), sum)
	}
}

// TestKeysCannotBeMistaken: no two lists of parts give one key.
func TestKeysCannotBeMistaken(t *testing.T) {
	t.Parallel()
	seen := map[string][]string{}
	for _, parts := range [][]string{{"a", "b"}, {"a/b"}, {"a%2Fb"}, {"a%252Fb"}, {"a", "", "b"}, {"", "a", "b"}, {"ab"}} {
		k := key(parts...)
		if other, twice := seen[k]; twice {
			t.Errorf("%q and %q both give %q", parts, other, k)
		}
		seen[k] = parts
	}
}

func TestRandomTextKeepsToItsAlphabet(t *testing.T) {
	t.Parallel()
	r := &random{reader: rand.Reader}
	text, err := r.text(digits, 1000)
	if err != nil || len(text) != 1000 || strings.Trim(text, digits) != "" {
		t.Errorf("%q, %v", text, err)
	}
	if _, err := (&random{reader: strings.NewReader("")}).hex(2); err == nil {
		t.Error("an empty source gave a text")
	}
}
