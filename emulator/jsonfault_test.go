package emulator

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestJSONFault(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{``, "it is empty"},
		{`[{"mchid":`, "it ends too early"},
		{`<html>`, "it is broken at byte 1: invalid character '<' looking for beginning of value"},
		{`{}`, "something else than object is wanted at byte 1"},
		{`[7]`, "something else than number is wanted at byte 2"},
		{`[{"mchid":7}]`, "member mchid must not be of the type number"},
		{`[{"mchid":"1","rolle":"x"}]`, `unknown field "rolle"`},
	}
	for _, tt := range tests {
		d := json.NewDecoder(strings.NewReader(tt.text))
		d.DisallowUnknownFields()
		var list []Merchant
		err := d.Decode(&list)
		if err == nil {
			t.Fatalf("%s is decoded", tt.text)
		}
		if got := jsonFault(err); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.text, got, tt.want)
		}
	}
}
