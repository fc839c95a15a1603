package catalogue_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/catalogue"
	"github.com/wxpay-go/wxpay/spec"
)

// TestEveryEndpointHasItsWords: the words of a path, with values for its
// parameters, lead to the endpoint and to no other.
func TestEveryEndpointHasItsWords(t *testing.T) {
	t.Parallel()
	root := catalogue.Root()
	n := 0
	for op := range spec.Operations() {
		n++
		words, want := []string{}, op.Path
		for i, s := range strings.Split(op.Path[1:], "/") {
			switch {
			case s == "v3":
			case strings.HasPrefix(s, "{"):
				value := "a/b " + string(rune('a'+i))
				words = append(words, value)
				want = strings.Replace(want, s, "a%2Fb%20"+string(rune('a'+i)), 1)
			default:
				words = append(words, s)
			}
		}
		steps, rest := root.Walk(words, nil)
		if len(rest) > 0 || len(steps) != len(words) {
			t.Errorf("%s %s: %q leads %d steps, %q is left", op.Method, op.Path, words, len(steps), rest)
			continue
		}
		end := steps[len(steps)-1].Node
		if !slices.Contains(end.Methods(), op.Method) || end.Path(op.Method) != want {
			t.Errorf("%s %s: %q leads to %v %s", op.Method, op.Path, words, end.Methods(), end.Path(op.Method))
		}
	}
	if n == 0 {
		t.Fatal("there are no endpoints")
	}
}

func TestWalk(t *testing.T) {
	t.Parallel()
	named := func(name string) (string, bool) { return "12", name == "out_trade_no" }
	for _, tt := range []struct {
		words string
		named bool
		path  string // of POST, "" for no endpoint
		rest  string
	}{
		{words: "papay sign contracts pre-entrust-sign plan_id=1", path: "/v3/papay/sign/contracts/pre-entrust-sign", rest: "plan_id=1"},
		{words: "pay transactions out-trade-no 12 close", path: "/v3/pay/transactions/out-trade-no/12/close"},
		{words: "pay transactions out-trade-no {out_trade_no} close out_trade_no=12", path: "/v3/pay/transactions/out-trade-no/{out_trade_no}/close", rest: "out_trade_no=12"},
		{words: "pay transactions out-trade-no close", named: true, path: "/v3/pay/transactions/out-trade-no/12/close"},
		{words: "pay transactions nowhere", rest: "nowhere"},
		{words: "security echo post", path: "/v3/security/echo", rest: "post"},
		{words: "", path: ""},
	} {
		flag := func(string) (string, bool) { return "", false }
		if used := false; tt.named {
			flag = func(name string) (string, bool) {
				value, ok := named(name)
				ok, used = ok && !used, used || ok
				return value, ok
			}
		}
		steps, rest := catalogue.Root().Walk(strings.Fields(tt.words), flag)
		path := ""
		if len(steps) > 0 {
			path = steps[len(steps)-1].Node.Path("POST")
		}
		if path != tt.path || strings.Join(rest, " ") != tt.rest {
			t.Errorf("%q: %q, %q; want %q, %q", tt.words, path, rest, tt.path, tt.rest)
		}
	}
}

func TestChildren(t *testing.T) {
	t.Parallel()
	steps, _ := catalogue.Root().Walk([]string{"pay", "transactions", "out-trade-no"}, nil)
	list := steps[2].Node.Children()
	if len(list) != 1 || list[0].Word != "{out_trade_no}" || !slices.Equal(list[0].Methods, []string{"GET"}) || list[0].Endpoints < 2 {
		t.Errorf("children = %+v", list)
	}
	for _, c := range catalogue.Root().Children() {
		if c.Summary == "" || c.Endpoints == 0 {
			t.Errorf("child = %+v", c)
		}
	}
}
