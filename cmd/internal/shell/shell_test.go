package shell_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/shell"
)

func TestWord(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                  `''`,
		"a/b_c-1.pem":       "a/b_c-1.pem",
		"http://h:8089/a%2": "http://h:8089/a%2",
		"a b":               `'a b'`,
		"it's":              `'it'\''s'`,
		"$HOME":             `'$HOME'`,
		"~/a":               `'~/a'`,
		"a\nb":              "'a\nb'",
		"商户":                "'商户'",
	} {
		if got := shell.Word(text); got != want {
			t.Errorf("Word(%q) = %s, want %s", text, got, want)
		}
	}
}

// awkward are words that a shell would change if they were not quoted.
var awkward = []string{
	"", "'", "''", `\`, `\'`, `'\''`, "a b\tc", "$HOME ${A} $(date) `date`", "a\nb\r\n", "*?[a]{b,c}", "~", "#x", "!1", "-n", "a&b;c|d<e>f(g)", `"`, "商户号", "\x7f\x80\xff",
}

// A shell reads back what was quoted, to the byte.
func TestShellReadsBack(t *testing.T) {
	t.Parallel()
	for _, write := range []func(string) string{shell.Quote, shell.Word} {
		words := make([]string, len(awkward))
		for i, text := range awkward {
			words[i] = write(text)
		}
		out, err := exec.CommandContext(t.Context(), "/bin/sh", "-c", `printf '%s\0' `+strings.Join(words, " ")).Output()
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00"); !slices.Equal(got, awkward) {
			t.Errorf("the shell read %q", got)
		}
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	list, err := shell.Variables("\ufeff# a comment\r\n\r\nA=plain\nexport B='it'\\''s'\nC=\"a \\\"b\\\" \\$c\"\nD=\nE=a=b\n")
	want := []shell.Variable{{"A", "plain"}, {"B", "it's"}, {"C", `a "b" $c`}, {"D", ""}, {"E", "a=b"}}
	if err != nil || !slices.Equal(list, want) {
		t.Errorf("Variables() = %q, %v", list, err)
	}
	for text, want := range map[string]string{
		"A=1\nsecret":    "line 2 is no NAME=VALUE",
		"=secret":        "line 1 is no NAME=VALUE",
		"A =secret":      "line 1 is no NAME=VALUE",
		"\n\nA='secret":  "line 3: the value begins with a quote",
		`A="`:            "line 1: the value begins with a quote",
		"A='secret\nB=1": "line 1: the value begins with a quote",
	} {
		if _, err := shell.Variables(text); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: error %v, want %q", text, err, want)
		}
	}
}

// FuzzVariablesReadBack: a value without a line break is read back unchanged.
func FuzzVariablesReadBack(f *testing.F) {
	for _, text := range awkward {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if strings.ContainsAny(value, "\r\n\x00") {
			return
		}
		list, err := shell.Variables("A=" + shell.Word(value) + "\n")
		if err != nil || len(list) != 1 || list[0].Value != value {
			t.Errorf("%q was read back as %q, %v", value, list, err)
		}
	})
}

func TestCurl(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		curl shell.Curl
		want string
	}{
		{"a query", shell.Curl{Options: []string{"-sS"}, Method: "GET", URL: "https://h/v3/x?a=1&b=2"}, `curl -sS -X GET 'https://h/v3/x?a=1&b=2'`},
		{"what curl would change in an address", shell.Curl{Method: "GET", URL: "https://h/a/../b?c[]={d}"}, `curl --path-as-is --globoff -X GET 'https://h/a/../b?c[]={d}'`},
		{
			"headers in their order, one empty, and no length",
			shell.Curl{Method: "DELETE", URL: "https://h/", Header: http.Header{"X-B": {"1", "it's"}, "X-A": {""}, "Content-Length": {"0"}}},
			"curl -X DELETE 'https://h/' \\\n  -H 'X-A;' \\\n  -H 'X-B: 1' \\\n  -H 'X-B: it'\\''s'",
		},
		{
			"a body that looks like the name of a file",
			shell.Curl{Method: "POST", URL: "https://h/", Header: http.Header{"Content-Type": {"application/json"}}, Body: []byte("@a")},
			"curl -X POST 'https://h/' \\\n  -H 'Content-Type: application/json' \\\n  --data-raw '@a'",
		},
		{"no body, and a length of zero", shell.Curl{Method: "POST", URL: "https://h/"}, "curl -X POST 'https://h/' \\\n  -H 'Content-Type:' \\\n  --data-raw ''"},
		{
			"a form",
			shell.Curl{
				Method: "POST", URL: "https://h/", Header: http.Header{"Content-Type": {"multipart/form-data; boundary=x"}},
				Parts: []shell.Part{{Name: "meta", Text: `{"a":1}`, Type: "application/json"}, {Name: "file", File: `a "b".png`}},
			},
			"curl -X POST 'https://h/' \\\n  -F 'meta=\"{\\\"a\\\":1}\";type=application/json' \\\n  -F 'file=@\"a \\\"b\\\".png\"'",
		},
	} {
		if got := tt.curl.String(); got != tt.want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, tt.want)
		}
	}
}

// A shell and curl send the request that was written.
func TestCurlSends(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("curl"); err != nil {
		t.Skip("there is no curl on this machine")
	}
	photo := filepath.Join(t.TempDir(), `a "photo", it's.png`)
	if err := os.WriteFile(photo, []byte("\x89PNG"), 0o600); err != nil {
		t.Fatal(err)
	}
	send := func(c shell.Curl) (r *http.Request, body string) {
		t.Helper()
		s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, got *http.Request) {
			if len(c.Parts) > 0 {
				_ = got.ParseMultipartForm(1 << 20) // what is missing is seen below
			}
			text, _ := io.ReadAll(got.Body)
			r, body = got, string(text)
		}))
		defer s.Close()
		c.URL = s.URL + c.URL
		if out, err := exec.CommandContext(t.Context(), "/bin/sh", "-c", "env -u http_proxy "+c.String()).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		return r, body
	}
	r, body := send(shell.Curl{Method: "PUT", URL: "/v3/a/../b?c[]={d}", Header: http.Header{"X-A": {"it's"}}, Body: []byte("@{\"a\":\n\"$HOME\"}\r\n")})
	if r.Method != "PUT" || r.RequestURI != "/v3/a/../b?c[]={d}" || r.Header.Get("X-A") != "it's" || r.Header.Values("Content-Type") != nil || body != "@{\"a\":\n\"$HOME\"}\r\n" {
		t.Errorf("%s %s %v, body %q", r.Method, r.RequestURI, r.Header, body)
	}
	r, _ = send(shell.Curl{Method: "POST", URL: "/", Parts: []shell.Part{{Name: "meta", Text: `{"a":"\"it's\""}`, Type: "application/json"}, {Name: "file", File: photo}}})
	_, file, err := r.FormFile("file")
	if err != nil || file.Size != 4 || r.FormValue("meta") != `{"a":"\"it's\""}` {
		t.Errorf("meta %q, file %+v, %v", r.FormValue("meta"), file, err)
	}
}
