package spec

import (
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
)

const contract = "/v3/password-exempt-contract/contracts/service-id/{service_id}/out-contract-code/{out_contract_code}"

func TestMatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, method, path string
		want               string // template, "" means none
		params             map[string]string
	}{
		{"literals alone", "POST", "/v3/pay/transactions/jsapi", "/v3/pay/transactions/jsapi", map[string]string{}},
		{"two parameters", "GET", "/v3/password-exempt-contract/contracts/service-id/12535/out-contract-code/wx1", contract,
			map[string]string{"service_id": "12535", "out_contract_code": "wx1"}},
		{"a longer template with the same beginning", "POST", "/v3/password-exempt-contract/contracts/service-id/1/out-contract-code/c/terminate", contract + "/terminate",
			map[string]string{"service_id": "1", "out_contract_code": "c"}},
		{"an escaped slash is part of the value", "GET", "/v3/pay/transactions/out-trade-no/a%2Fb", "/v3/pay/transactions/out-trade-no/{out_trade_no}",
			map[string]string{"out_trade_no": "a/b"}},
		{"a value is unescaped once", "GET", "/v3/pay/transactions/out-trade-no/a%252Fb+c", "/v3/pay/transactions/out-trade-no/{out_trade_no}",
			map[string]string{"out_trade_no": "a%2Fb+c"}},
		{"a value keeps its case", "GET", "/v3/pay/transactions/out-trade-no/AbC-d_E", "/v3/pay/transactions/out-trade-no/{out_trade_no}",
			map[string]string{"out_trade_no": "AbC-d_E"}},
		{"a slash at the end that belongs there", "POST", "/v3/applyment4sub/applyment/", "/v3/applyment4sub/applyment/", map[string]string{}},
		{"the access of Hong Kong", "GET", "/hk/v3/refunds/id/1", "/hk/v3/refunds/id/{refund_id}", map[string]string{"refund_id": "1"}},
		{"two endpoints at one address", "POST", "/v3/apply4subject/applyment/1/cancel", "/v3/apply4subject/applyment/{applyment_id}/cancel",
			map[string]string{"applyment_id": "1"}},
		{name: "without the slash that belongs at the end", method: "POST", path: "/v3/applyment4sub/applyment"},
		{name: "a broken escape", method: "GET", path: "/v3/pay/transactions/out-trade-no/%zz"},
		{name: "an empty value", method: "GET", path: "/v3/pay/transactions/out-trade-no/"},
		{name: "a slash at the end", method: "GET", path: "/v3/certificates/"},
		{name: "a literal in another case", method: "GET", path: "/v3/Certificates"},
		{name: "unknown path", method: "GET", path: "/v3/nothing"},
		{name: "only the beginning of a path", method: "GET", path: "/v3/pay"},
		{name: "wrong method", method: "GET", path: "/v3/pay/transactions/jsapi"},
		{name: "method in lower case", method: "get", path: "/v3/certificates"},
		{name: "no slash in front", method: "GET", path: "v3/certificates"},
		{name: "empty", method: "GET", path: ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			op, params, ok := Match(tt.method, tt.path)
			if ok != (tt.want != "") || ok != (op != nil) {
				t.Fatalf("Match() = %v, %v, %v", op, params, ok)
			}
			if ok && (op.Path != tt.want || !maps.Equal(params, tt.params)) {
				t.Errorf("Match() = %s %v, want %s %v", op.Path, params, tt.want, tt.params)
			}
		})
	}
}

// TestMatchPrefersLiterals has templates that compete, as those of refunds do.
func TestMatchPrefersLiterals(t *testing.T) {
	t.Parallel()
	l := scan(strings.Join([]string{
		"operation GET /r/{id}\t{\"path\":\"param\"}",
		"operation GET /r/apply\t{\"path\":\"literal\"}",
		"operation POST /r/{id}\t{\"path\":\"post param\"}",
		"operation GET /r/apply/{no}/x\t{\"path\":\"literal first\"}",
		"operation GET /r/{id}/{no}/y\t{\"path\":\"param first\"}",
	}, "\n"))
	for _, tt := range []struct{ name, method, path, want string }{
		{"literal over parameter", "GET", "/r/apply", "literal"},
		{"parameter for the rest", "GET", "/r/other", "param"},
		{"parameter where the literal lacks the method", "POST", "/r/apply", "post param"},
		{"literal from the left", "GET", "/r/apply/1/x", "literal first"},
		{"back from a literal that leads nowhere", "GET", "/r/apply/1/y", "param first"},
		{"nothing", "GET", "/r/apply/1/z", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			if op, _, ok := l.routes.match(tt.method, tt.path); ok {
				got = op.Path
			}
			if got != tt.want {
				t.Errorf("match() = %q, want %q", got, tt.want)
			}
		})
	}
	if got := l.routes.methodsAt("/r/apply"); !slices.Equal(got, []string{"GET", "POST"}) {
		t.Errorf("methodsAt(/r/apply) = %q, want those of the literal and of the parameter, each once", got)
	}
}

func TestMethods(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, path string
		want       []string
	}{
		{"one method", "/v3/certificates", []string{"GET"}},
		{"a path with values", "/v3/pay/transactions/out-trade-no/a%2Fb", []string{"GET"}},
		{"a path that does not exist", "/v3/nothing", nil},
		{"a broken escape", "/v3/pay/transactions/out-trade-no/%zz", nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := Methods(tt.path); !slices.Equal(got, tt.want) {
				t.Errorf("Methods() = %q, want %q", got, tt.want)
			}
		})
	}
}

// FuzzMatch states the law of paths: build the path of any endpoint from any
// values, escaped, and matching gives the endpoint and the values back. Only a
// value that is itself the literal of another endpoint may lead there.
func FuzzMatch(f *testing.F) {
	f.Add(0, "12535", "wxwtdk20200910100000")
	f.Add(1, "a/b", "%2F")
	f.Add(2, "..", "terminate")
	f.Add(3, "\x00\xff", "微信?x=1#y")
	f.Add(4, "applyment", "")
	ops := slices.Collect(Operations())
	f.Fuzz(func(t *testing.T, i int, first, second string) {
		op := ops[uint(i)%uint(len(ops))]
		path, want := build(op.Path, first, second)
		got, params, ok := Match(op.Method, path)
		if slices.Contains(slices.Collect(maps.Values(want)), "") {
			if ok && got == op {
				t.Errorf("%s matched with an empty value", path)
			}
			return
		}
		if !ok {
			t.Fatalf("%s, built from %s, matches nothing", path, op.Path)
		}
		if got.Path == op.Alias {
			return
		}
		if got != op && !slices.Contains(strings.Split(got.Path, "/"), first) && !slices.Contains(strings.Split(got.Path, "/"), second) {
			t.Fatalf("%s, built from %s, matches %s", path, op.Path, got.Path)
		}
		if got == op && !maps.Equal(params, want) {
			t.Errorf("%s gives %q, want %q", path, params, want)
		}
	})
}

// build puts the values into the parameters of a template, in turn.
func build(template string, values ...string) (path string, params map[string]string) {
	params = map[string]string{}
	parts := strings.Split(template, "/")
	for i, part := range parts {
		if name, ok := strings.CutPrefix(part, "{"); ok {
			value := values[len(params)%len(values)]
			params[strings.TrimSuffix(name, "}")] = value
			parts[i] = url.PathEscape(value)
		}
	}
	return strings.Join(parts, "/"), params
}
