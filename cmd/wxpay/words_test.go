package main

import (
	"slices"
	"strings"
	"testing"
)

// TestWordsAndFlagsArePartedBeforeAnyCommandReadsThem: a value of a flag is no
// word of a path, wherever it stands.
func TestWordsAndFlagsArePartedBeforeAnyCommandReadsThem(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ args, words, flags string }{
		{"papay sign", "papay sign", ""},
		{"--json papay --profile shop sign", "papay sign", "--json --profile shop"},
		{"--profile=shop papay", "papay", "--profile=shop"},
		{"images m -o photo.png x=1", "images m x=1", "-o photo.png"},
		{"images m -io photo.png x=1", "images m x=1", "-io photo.png"},
		{"images m -ophoto.png x=1", "images m x=1", "-ophoto.png"},
		{"close --nope 12 x=1", "close x=1", "--nope 12"},
		{"close --out-trade-no 12 x=1", "close x=1", ""},
		{"close --out-trade-no=12", "close", ""},
		{"echo --help", "echo", "--help"},
		{"echo -h", "echo", "-h"},
		{"close -- -12 x=1", "close -12 x=1", ""},
		{"call --data - x", "call x", "--data -"},
		{"papay x=1 --profile", "papay x=1", ""}, // what follows would be taken for its value
	} {
		w := readWords(strings.Fields(tt.args), knownFlags(rootCommand(newOutput(nil, nil))))
		value, ok := w.take("out_trade_no")
		if ok != strings.Contains(tt.args, "--out-trade-no") || ok && value != "12" {
			t.Errorf("%s: out_trade_no = %q, %v", tt.args, value, ok)
		}
		if !slices.Equal(w.words, strings.Fields(tt.words)) || !slices.Equal(w.flags(), strings.Fields(tt.flags)) {
			t.Errorf("%s: words %q, flags %q", tt.args, w.words, w.flags())
		}
	}
}
