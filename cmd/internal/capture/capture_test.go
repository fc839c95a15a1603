package capture_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"errors"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/cmd/internal/capture"
)

func one(t *testing.T, text string) *capture.Message {
	t.Helper()
	list, err := capture.Parse([]byte(text), nil)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d messages, %v; want one", len(list), err)
	}
	return list[0]
}

func packed(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write([]byte(text))
	_ = z.Close()
	return b.String()
}

func TestParse(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text string
		want capture.Message // Header by its own test
		kind string
	}{
		"a request with CRLF": {
			text: "POST /v3/x?a=%E5%BE HTTP/1.1\r\nHost: h.example\r\nContent-Length: 9\r\n\r\n{\"a\": 1}\n",
			want: capture.Message{Form: "raw HTTP", Method: "POST", Scheme: "https", Host: "h.example", Target: "/v3/x?a=%E5%BE", Body: []byte("{\"a\": 1}\n")}, kind: "request",
		},
		"a request with LF, lower case, without version or headers": {
			text: "GET /v3/certificates",
			want: capture.Message{Form: "raw HTTP", Method: "GET", Scheme: "https", Target: "/v3/certificates"}, kind: "request",
		},
		"an absolute address": {
			text: "get http://127.0.0.1:8089/v3/x?q=1#f HTTP/1.1\n\n",
			want: capture.Message{Form: "raw HTTP", Method: "GET", Scheme: "http", Host: "127.0.0.1:8089", Target: "/v3/x?q=1"}, kind: "request",
		},
		"an answer": {
			text: "HTTP/2 200\nDate: x\n\n{}",
			want: capture.Message{Form: "raw HTTP", Status: 200, Body: []byte("{}")}, kind: "answer",
		},
		"a notification": {
			text: "POST /notify HTTP/1.1\nwechatpay-signature: x\n\n{}",
			want: capture.Message{Form: "raw HTTP", Method: "POST", Scheme: "https", Target: "/notify", Body: []byte("{}")}, kind: "notification",
		},
		"a line break behind the body that nobody sent": {
			text: "HTTP/1.1 200 OK\nContent-Length: 2\n\n{}\n",
			want: capture.Message{Form: "raw HTTP", Status: 200, Body: []byte("{}"), Notes: []string{"dropped 1 bytes of line breaks behind the body, which Content-Length does not count"}}, kind: "answer",
		},
		"a body that is cut": {
			text: "HTTP/1.1 200 OK\nContent-Length: 20\n\n{}",
			want: capture.Message{Form: "raw HTTP", Status: 200, Body: []byte("{}"), Notes: []string{"the body has 2 bytes and Content-Length says 20: it was changed or cut after it was sent"}}, kind: "answer",
		},
		"chunks": {
			text: "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n2\r\n{}\r\n0\r\n\r\n",
			want: capture.Message{Form: "raw HTTP", Status: 200, Body: []byte("{}"), Notes: []string{"joined the chunks of the body"}}, kind: "answer",
		},
		"a packed body": {
			text: "HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n" + packed("{}"),
			want: capture.Message{Form: "raw HTTP", Status: 200, Body: []byte("{}"), Notes: []string{"unpacked the body, which came with Content-Encoding: gzip"}}, kind: "answer",
		},
		"a body alone, with its byte order mark": {
			text: "\ufeff{\"id\":\"EV\"}\n",
			want: capture.Message{Form: "JSON", Body: []byte("\ufeff{\"id\":\"EV\"}\n")}, kind: "body",
		},
		"a logged message": {
			text: `{"headers":{"wechatpay-signature":["x"],"Host":"h"},"body":"{}\n","method":"post","url":"/n"}`,
			want: capture.Message{Form: "JSON", Method: "POST", Scheme: "https", Host: "h", Target: "/n", Body: []byte("{}\n")}, kind: "notification",
		},
		"a curl line of a browser": {
			text: "curl 'https://api.mch.weixin.qq.com/v3/x?a=1' \\\n  -H 'accept: application/json' \\\n  --data-raw $'{\"a\":\"\\u4f60\\n\\x41\\101\\'\"}' --compressed",
			want: capture.Message{Form: "curl", Method: "POST", Scheme: "https", Host: "api.mch.weixin.qq.com", Target: "/v3/x?a=1", Body: []byte("{\"a\":\"你\nAA'\"}")}, kind: "request",
		},
		"a curl line of Postman": {
			text: "curl --location --request PUT \"https://h/v3/x\" \\\r\n--header \"Content-Type: application/json\" \\\r\n--data '{\"a\":\r\n1}'",
			want: capture.Message{Form: "curl", Method: "PUT", Scheme: "https", Host: "h", Target: "/v3/x", Body: []byte("{\"a\":\r\n1}")}, kind: "request",
		},
		"curl as people write it": {
			text: "$ curl -sSXPOST h/v3/x -HA:1 -d a=1 --data b=\"2 \\\"3\\\"\" | jq .",
			want: capture.Message{Form: "curl", Method: "POST", Scheme: "https", Host: "h", Target: "/v3/x", Body: []byte(`a=1&b=2 "3"`)}, kind: "request",
		},
		"curl --json": {
			text: `curl --json '{"a":' --json '1}' https://h`,
			want: capture.Message{Form: "curl", Method: "POST", Scheme: "https", Host: "h", Target: "/", Body: []byte(`{"a":1}`)}, kind: "request",
		},
		"curl -G": {
			text: `curl -G https://h/x -d a=1 --data-urlencode 'b=你 1' -o /dev/null`,
			want: capture.Message{Form: "curl", Method: "GET", Scheme: "https", Host: "h", Target: "/x?a=1&b=%E4%BD%A0+1"}, kind: "request",
		},
		"curl with an address that is not quoted": {
			text: "curl https://h/x?a=1&b=2",
			want: capture.Message{Form: "curl", Method: "GET", Scheme: "https", Host: "h", Target: "/x?a=1", Notes: []string{"the command ends at an & that is not quoted, as it does for a shell: quote the address"}}, kind: "request",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := one(t, tt.text)
			if m.Form != tt.want.Form || m.Method != tt.want.Method || m.Scheme != tt.want.Scheme || m.Host != tt.want.Host ||
				m.Target != tt.want.Target || m.Status != tt.want.Status || !bytes.Equal(m.Body, tt.want.Body) ||
				strings.Join(m.Notes, "|") != strings.Join(tt.want.Notes, "|") || m.Kind() != tt.kind {
				t.Errorf("got %s %+v\nbody %q\nwant %s %+v", m.Kind(), m, m.Body, tt.kind, tt.want)
			}
		})
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, header, want string }{
		"raw":              {"POST /x HTTP/1.1\nwechatpay-nonce:  n \n\n", "Wechatpay-Nonce", "n"},
		"curl":             {`curl h -H 'X-A: b: c'`, "X-A", "b: c"},
		"curl's own":       {`curl h -d 1`, "Content-Type", "application/x-www-form-urlencoded"},
		"curl --json":      {`curl h --json 1`, "Accept", "application/json"},
		"curl without":     {`curl h -d 1 -H Content-Type:`, "Content-Type", ""},
		"curl user agent":  {`curl h -A me`, "User-Agent", "me"},
		"HTTP/2 in a HAR":  {`{"log":{"entries":[{"request":{"method":"GET","url":"https://h/","headers":[{"name":":path","value":"/"},{"name":"wechatpay-serial","value":"S"}]}}]}}`, "Wechatpay-Serial", "S"},
		"curl, empty":      {`curl h -H 'X-A;'`, "X-A", ""},
		"a logged message": {`{"headers":{"x-a":"1"},"body":""}`, "X-A", "1"},
	} {
		if got := one(t, tt.text).Header.Get(tt.header); got != tt.want {
			t.Errorf("%s: %s is %q, want %q", name, tt.header, got, tt.want)
		}
	}
}

func TestHAR(t *testing.T) {
	t.Parallel()
	text := `{"log":{"version":"1.2","entries":[
	 {"request":{"method":"POST","url":"https://h/v3/x","headers":[],"postData":{"mimeType":"application/json","text":"{}"}},
	  "response":{"status":200,"headers":[{"name":"content-encoding","value":"gzip"}],"content":{"text":"` + base64.StdEncoding.EncodeToString([]byte("{ }")) + `","encoding":"base64"}}},
	 {"request":{"method":"GET","url":"wss://h/","headers":[]},"response":{"status":101}},
	 {"request":{"method":"GET","url":"https://h/v3/y","headers":[]},"response":{"status":0}}]}}`
	list, err := capture.Parse([]byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range list {
		got = append(got, strings.Join([]string{m.Kind(), m.Target, string(m.Body)}, " "))
	}
	if want := "request /v3/x {}|answer  { }|request /v3/y "; strings.Join(got, "|") != want || list[2].Entry != 3 {
		t.Errorf("got %q, want %q", got, want)
	}
	if list[1].Header.Get("Content-Encoding") != "" {
		t.Error("a HAR file holds the unpacked body: its encoding is no longer true")
	}
}

func TestCurlReadsFiles(t *testing.T) {
	t.Parallel()
	files := func(name string) ([]byte, error) {
		if name != "b.json" {
			return nil, os.ErrNotExist
		}
		return []byte("{\r\n}\n"), nil
	}
	for text, want := range map[string]string{
		"curl h -d @b.json":            "{}",
		"curl h --data-binary @b.json": "{\r\n}\n",
		"curl h --json @b.json":        "{\r\n}\n",
		"curl h --data-raw @b.json":    "@b.json",
	} {
		list, err := capture.Parse([]byte(text), files)
		if err != nil || string(list[0].Body) != want {
			t.Errorf("%s: %v; want %q", text, err, want)
		}
	}
	if _, err := capture.Parse([]byte("curl h -d @c.json"), files); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Errorf("a missing file: %v", err)
	}
}

// Each text that is no message says which form it seemed to have, where it
// broke, and what to do.
func TestRefused(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		text, form string
		line       int
		want       string
	}{
		"empty":                     {"", "", 0, "is empty"},
		"blank":                     {"\ufeff \r\n\n", "", 0, "is empty"},
		"binary":                    {"\x89PNG\r\n\x1a\n\x00\x00", "", 0, "binary"},
		"a key":                     {"-----BEGIN PRIVATE KEY-----\n", "", 0, "a key or a certificate"},
		"prose":                     {"hello\nworld", "", 1, "none of the forms"},
		"broken JSON":               {"{\n\"a\": 1,\n}", "JSON", 3, "is broken here"},
		"JSON that is cut":          {"{\n\"a\": ", "JSON", 2, "ends too early"},
		"a bad status line":         {"HTTP/1.1 OK\n", "raw HTTP", 1, "neither a request line nor a status line"},
		"a target with a blank":     {"\n\nGET /a b HTTP/1.1\n", "raw HTTP", 3, "neither"},
		"a bad percent code":        {"GET /%zz HTTP/1.1\n", "raw HTTP", 1, "percent code"},
		"a body without empty line": {"POST /x HTTP/1.1\nA: b\n{\"a\":1}", "raw HTTP", 3, "is no header line"},
		"no entries":                {`{"log":{"entries":[]}}`, "HAR", 0, "holds no entries"},
		"a bad address in a HAR":    {`{"log":{"entries":[{"request":{"method":"GET","url":"https:///x"}}]}}`, "HAR", 0, "entry 1 has an address"},
		"no method in a HAR":        {`{"log":{"entries":[{"request":{"url":"https://h/"}}]}}`, "HAR", 0, "without a method"},
		"bad base64 in a HAR":       {`{"log":{"entries":[{"request":{"method":"GET","url":"https://h/"},"response":{"status":200,"content":{"text":"?","encoding":"base64"}}}]}}`, "HAR", 0, "no base64"},
		"headers that are numbers":  {`{"headers":{"a":1},"body":""}`, "JSON", 0, "neither a text nor a list"},
		"an open quote":             {"curl h \\\n -d '{", "curl", 2, "never closed"},
		"an open double quote":      {"curl \"h", "curl", 1, "never closed"},
		"an open $'":                {"curl $'h", "curl", 1, "never closed"},
		"a backslash at the end":    {"curl h\\", "curl", 1, "ends in a backslash"},
		"Windows":                   {"curl ^\"h^\"", "curl", 1, "cmd"},
		"a variable":                {"curl h -d \"${A}\"", "curl", 1, "shell put something"},
		"a value that is missing":   {"curl h -H", "curl", 1, "ends behind -H"},
		"two addresses":             {"curl h\\\n i", "curl", 2, "second address"},
		"no address":                {"curl -d 1", "curl", 1, "no address"},
		"a form":                    {"curl h -F file=@x", "curl", 1, "sends a file"},
		"a file without files":      {"curl h -d @x", "curl", 1, "from a file"},
		"standard input":            {"curl h -d @-", "curl", 1, "standard input"},
		"a bad header":              {"curl h -H abc", "curl", 1, "header"},
		"another protocol":          {"curl ftp://h/", "curl", 1, "no URL"},
		"two requests":              {"curl h --next i", "curl", 1, "more than one"},
	} {
		_, err := capture.Parse([]byte(tt.text), nil)
		e, ok := errors.AsType[*capture.Error](err)
		if !ok || e.Form != tt.form || e.Line != tt.line || !strings.Contains(err.Error(), tt.want) || e.Remedy == "" {
			t.Errorf("%s: %+v; want %q in form %q line %d", name, err, tt.want, tt.form, tt.line)
		}
	}
}

func TestParseHeaders(t *testing.T) {
	t.Parallel()
	m, err := capture.ParseHeaders([]byte("Wechatpay-Nonce: n\r\nDate: d\r\n\r\n"))
	if err != nil || m.Header.Get("Wechatpay-Nonce") != "n" || m.Method != "" || m.Target != "" {
		t.Errorf("%+v, %v", m, err)
	}
	m, err = capture.ParseHeaders([]byte("HTTP/1.1 200 OK\nDate: d\n"))
	if err != nil || m.Status != 200 {
		t.Errorf("%+v, %v", m, err)
	}
	for text, want := range map[string]string{"": "is empty", "A: b\nno header\n": "line 2", "A: b\n\n{}": "holds a body"} {
		if _, err := capture.ParseHeaders([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

func TestSignedPartOfAnUpload(t *testing.T) {
	t.Parallel()
	m := one(t, "POST /v3/merchant/media/upload HTTP/1.1\nContent-Type: multipart/form-data; boundary=b\n\n--b\r\nContent-Disposition: form-data; name=\"meta\"\r\n\r\n{ \"filename\": \"a\" }\r\n--b\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nxx\r\n--b--\r\n")
	if got := string(m.Signed()); got != `{ "filename": "a" }` {
		t.Errorf("got %q", got)
	}
}

// FuzzRawReadsBack: a message that was read and written as HTTP is read back as
// the same, its body byte for byte.
func FuzzRawReadsBack(f *testing.F) {
	f.Add([]byte("POST /v3/x?a=1 HTTP/1.1\r\nHost: h\r\nX: 1\r\nX: 2\r\nContent-Length: 3\r\n\r\n{}\n\n"))
	f.Add([]byte("HTTP/1.1 204 No Content\n\n"))
	f.Add([]byte("HTTP/1.1 200 OK\nContent-Encoding: gzip\n\n" + packed(" {}\r\n")))
	f.Add([]byte(`curl 'https://h/x' -H 'A: b' --data-raw $'\u4f60'`))
	f.Add([]byte(`{"headers":{"a":"b"},"body":"{}","url":"/x","method":"POST"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		list, err := capture.Parse(text, nil)
		if err != nil {
			return // refusing is always allowed
		}
		for _, m := range list {
			if m.Kind() == capture.Body || m.Form != capture.HTTP {
				continue
			}
			again, err := capture.Parse(m.Raw(), nil)
			if err != nil || len(again) != 1 || !same(m, again[0]) {
				t.Errorf("%q\nwas written as %q\nand read back as %+v, %v", text, m.Raw(), again, err)
			}
		}
	})
}

// FuzzCurlReadsBack: a request that was written as a curl line is read back as
// the same, whatever is in its body.
func FuzzCurlReadsBack(f *testing.F) {
	f.Add("POST", "/v3/x?a=%E5&b='", "it's", []byte("{\"a\": \"$HOME `x` \\n\"}\r\n\\"))
	f.Add("GET", "/", "", []byte(nil))
	f.Add("POST", "/x", "@file", []byte("@file"))
	f.Fuzz(func(t *testing.T, method, target, value string, body []byte) {
		if !capture.ValidWords(method, target, value) || bytes.IndexByte(body, 0) >= 0 {
			return // no HTTP message, or no argument of a program
		}
		m := &capture.Message{Method: method, Scheme: "https", Host: "h", Target: target, Header: http.Header{"X-A": {value}}, Body: body}
		again, err := capture.Parse([]byte(m.Curl()), nil)
		if err != nil || len(again) != 1 || !same(m, again[0]) {
			t.Errorf("%s\nwas read back as %+v, %v", m.Curl(), again, err)
		}
	})
}

func same(a, b *capture.Message) bool {
	x, y := a.Header.Clone(), b.Header.Clone()
	x.Del("Content-Length")
	y.Del("Content-Length")
	if len(x) != len(y) {
		return false
	}
	for name := range x {
		if strings.Join(x[name], "\x00") != strings.Join(y[name], "\x00") {
			return false
		}
	}
	return a.Method == b.Method && a.Host == b.Host && a.Target == b.Target && a.Status == b.Status && bytes.Equal(a.Body, b.Body)
}
