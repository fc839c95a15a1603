package wxpay_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

// imageUpload is a request as the generator makes it.
type imageUpload struct {
	Filename string    `json:"filename" file:"name"`
	SHA256   string    `json:"sha256" file:"sha256"`
	File     io.Reader `json:"-" file:"file"`
}

func (r *imageUpload) Check(c *wxpay.Check) {
	c.String("filename", r.Filename, wxpay.Rule{Required: true})
	c.Given("file", r.File != nil)
}

// parts reads a multipart body back.
func parts(t *testing.T, s *sent) map[string]*part {
	t.Helper()
	_, params, err := mime.ParseMediaType(s.header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]*part{}
	for r := multipart.NewReader(strings.NewReader(s.body), params["boundary"]); ; {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(p)
		if err != nil {
			t.Fatal(err)
		}
		list[p.FormName()] = &part{p.FileName(), p.Header.Get("Content-Type"), b}
	}
}

type part struct {
	name, kind string
	content    []byte
}

func TestUploadSignsItsMeta(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{status: 500}, reply{body: `{"media_id":"m"}`}}}
	cfg := config(a.do)
	cfg.Retry.Wait = time.Nanosecond
	wx := newClient(t, cfg)
	content := []byte("\x89PNG not really")
	in := &imageUpload{Filename: `图 "1".png`, File: bytes.NewReader(content)}
	op := &wxpay.Op{Method: "POST", Path: "/v3/merchant/media/upload", Idempotent: true}
	var out struct {
		MediaID string `json:"media_id"`
	}
	if err := wx.Do(t.Context(), op, in, &out); err != nil || out.MediaID != "m" {
		t.Fatalf("%+v, %v", out, err)
	}
	if in.SHA256 != "" {
		t.Error("the caller's request was changed")
	}
	sum := sha256.Sum256(content)
	for _, s := range a.sent { // the retry sends the file again
		p := parts(t, s)
		if f := p["file"]; !bytes.Equal(f.content, content) || f.name != in.Filename || f.kind != "image/png" {
			t.Errorf("file = %+v", f)
		}
		if m := p["meta"]; m.kind != "application/json" || string(m.content) != `{"filename":"图 \"1\".png","sha256":"`+hex.EncodeToString(sum[:])+`"}` {
			t.Errorf("meta = %s", m.content)
		}
		s.body = string(p["meta"].content) // what is signed
		verifySent(t, s)
	}
}

func TestUploadRefused(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: `{}`}}}
	wx := newClient(t, config(a.do))
	op := &wxpay.Op{Method: "POST", Path: "/v3/merchant/media/upload"}
	for name, tt := range map[string]struct {
		in   *imageUpload
		want string
	}{
		"no file":    {&imageUpload{Filename: "x.png"}, "file"},
		"empty file": {&imageUpload{Filename: "x.png", File: strings.NewReader("")}, "file"},
		"bad disk":   {&imageUpload{Filename: "x.png", File: iotest.ErrReader(errors.New("disk"))}, "file"},
		"no name":    {&imageUpload{File: strings.NewReader("x")}, "filename"},
	} {
		if got := faults(t, wx.Do(t.Context(), op, tt.in, nil)); !slices.Equal(got, []string{tt.want}) {
			t.Errorf("%s: faults of %v", name, got)
		}
	}
	if len(a.sent) > 0 {
		t.Error("it was sent")
	}
}

var billFile = wxpay.Op{Method: "GET", Path: "/v3/billdownload/file", Idempotent: true, Verify: wxpay.VerifyDigest}

const bill = "交易时间,公众账号ID\n`2026-01-01`,`wx`\n"

// billSHA1 is what `sha1sum` says of the bill.
const billSHA1 = "f7ccdd0f6faed6d5832b82921914ea355a2f185b"

func TestDownloadChecksTheDigestAtTheEnd(t *testing.T) {
	t.Parallel()
	sum256 := sha256.Sum256([]byte(bill))
	tests := []struct {
		name, body string
		opts       []wxpay.Option
		want       error
	}{
		{"SHA1", bill, []wxpay.Option{wxpay.Digest("SHA1", billSHA1)}, nil},
		{"upper-case value", bill, []wxpay.Option{wxpay.Digest("sha-1", strings.ToUpper(billSHA1))}, nil},
		{"SHA256", bill, []wxpay.Option{wxpay.Digest("SHA256", hex.EncodeToString(sum256[:]))}, nil},
		{"SM3", bill, []wxpay.Option{wxpay.Digest("SM3", sm3OfBill())}, nil},
		{"changed", strings.Replace(bill, "wx", "xw", 1), []wxpay.Option{wxpay.Digest("SHA1", billSHA1)}, wxpay.ErrDigest},
		{"cut at the end", bill[:20], []wxpay.Option{wxpay.Digest("SHA1", billSHA1)}, wxpay.ErrDigest},
		{"unchecked", bill, []wxpay.Option{wxpay.Unchecked()}, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			a := &answering{t: t, replies: []any{reply{body: tt.body, unsigned: true, header: map[string]string{"Content-Type": "text/plain"}}}}
			d, err := newClient(t, config(a.do)).Download(t.Context(), &billFile, nil, tt.opts...)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			got, err := io.ReadAll(iotest.OneByteReader(d))
			if !errors.Is(err, tt.want) || string(got) != tt.body || d.ContentType != "text/plain" {
				t.Errorf("%q, %v; want %v", got, err, tt.want)
			}
		})
	}
}

func sm3OfBill() string {
	h := seal.NewSM3()
	_, _ = io.WriteString(h, bill)
	return hex.EncodeToString(h.Sum(nil))
}

func gzipped(t *testing.T, content string) string {
	t.Helper()
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if _, err := io.WriteString(w, content); err != nil || w.Close() != nil {
		t.Fatal(err)
	}
	return packed.String()
}

// The digest of a packed file is that of what is inside.
func TestDownloadUnpacks(t *testing.T) {
	t.Parallel()
	packed := gzipped(t, bill)
	ask := func(content string, opt wxpay.Option) (string, error) {
		a := &answering{t: t, replies: []any{reply{body: content, unsigned: true}}}
		d, err := newClient(t, config(a.do)).Download(t.Context(), &billFile, nil, opt)
		if err != nil {
			return "", err
		}
		defer d.Close()
		b, err := io.ReadAll(d)
		return string(b), err
	}
	digest := wxpay.Digest("SHA1", billSHA1)
	if got, err := ask(packed, digest); err != nil || got != bill {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := ask(packed, wxpay.Unchecked()); err != nil || got != packed {
		t.Errorf("without a digest it comes as it is: %d bytes, %v", len(got), err)
	}
	if _, err := ask(packed[:len(packed)-6], digest); err == nil {
		t.Error("a cut file was taken")
	}
	if _, err := ask(packed[:5], digest); err == nil {
		t.Error("the head of a file was taken")
	}
}

func TestDownloadRefused(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: bill, unsigned: true}}}
	wx := newClient(t, config(a.do))
	for name, opts := range map[string][]wxpay.Option{
		"no digest":      nil,
		"no hex":         {wxpay.Digest("SHA1", "xyz")},
		"empty":          {wxpay.Digest("SHA1", "")},
		"unknown digest": {wxpay.Digest("MD5", "00")},
	} {
		if _, err := wx.Download(t.Context(), &billFile, nil, opts...); !slices.Equal(faults(t, err), []string{"Digest"}) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if len(a.sent) > 0 {
		t.Error("it was sent")
	}
	a.replies = []any{reply{status: 400, body: `{"code":"NO_STATEMENT_EXIST"}`}}
	if _, err := wx.Download(t.Context(), &billFile, nil, wxpay.Unchecked()); !wxpay.IsCode(err, "NO_STATEMENT_EXIST") {
		t.Errorf("error = %v", err)
	}
}

func TestDownloadOfAStatement(t *testing.T) {
	t.Parallel()
	op := &wxpay.Op{Method: "GET", Path: "/v3/statements", Verify: wxpay.VerifyStatement}
	answer := func(content string) *answering {
		signed := http.Header{}
		reply{body: `{"sha1":"` + billSHA1 + `"}`}.sign(t, signed)
		h := map[string]string{"Wechatpay-Statement-Sha1": billSHA1, "Content-Type": "text/plain"}
		for _, name := range []string{"Timestamp", "Nonce", "Serial", "Signature"} {
			h["Wechatpay-"+name] = signed.Get("Wechatpay-" + name)
		}
		return &answering{t: t, replies: []any{reply{body: content, unsigned: true, header: h}}}
	}
	for name, tt := range map[string]struct {
		content string
		want    error
	}{
		"the file that was signed": {bill, nil},
		"packed":                   {gzipped(t, bill), nil},
		"a longer file":            {bill + "x", wxpay.ErrDigest},
		"a longer file, packed":    {gzipped(t, bill+"x"), wxpay.ErrDigest},
	} {
		d, err := newClient(t, config(answer(tt.content).do)).Download(t.Context(), op, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(d); !errors.Is(err, tt.want) || tt.want == nil && string(got) != bill || d.Close() != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	unsigned := &answering{t: t, replies: []any{reply{body: bill, unsigned: true, header: map[string]string{"Wechatpay-Statement-Sha1": billSHA1}}}}
	if _, err := newClient(t, config(unsigned.do)).Download(t.Context(), op, nil); !errors.Is(err, sign.ErrUntrusted) {
		t.Errorf("unsigned: %v", err)
	}
}

func TestDownloadURL(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: bill, unsigned: true}}}
	wx := newClient(t, config(a.do))
	d, err := wx.DownloadURL(t.Context(), "https://api.mch.weixin.qq.com/v3/billdownload/file?token=a%2Bb_c", wxpay.Digest("SHA1", billSHA1))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(d); err != nil || string(got) != bill {
		t.Errorf("%q, %v", got, err)
	}
	if s := a.sent[0]; s.target != "/v3/billdownload/file?token=a%2Bb_c" {
		t.Errorf("target = %s", s.target)
	}
	verifySent(t, a.sent[0])
	for _, address := range []string{"https://evil.example/v3/billdownload/file", "/v3/billdownload/file", "://"} {
		if _, err := wx.DownloadURL(t.Context(), address); !slices.Equal(faults(t, err), []string{"address"}) {
			t.Errorf("%s: %v", address, err)
		}
	}
}

// The time-out is for the answer; a long file may take longer.
func TestDownloadOutlivesTheTimeout(t *testing.T) {
	t.Parallel()
	merchantKey()
	synctest.Test(t, func(t *testing.T) {
		cfg := config(func(req *http.Request) (*http.Response, error) {
			r, w := io.Pipe()
			go func() {
				time.Sleep(time.Hour)
				_, err := io.WriteString(w, bill)
				_ = w.CloseWithError(err)
			}()
			context.AfterFunc(req.Context(), func() { _ = r.CloseWithError(context.Cause(req.Context())) })
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: r, ContentLength: -1}, nil
		})
		d, err := newClient(t, cfg).Download(t.Context(), &billFile, nil, wxpay.Digest("SHA1", billSHA1))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(d); err != nil || string(got) != bill {
			t.Errorf("%q, %v", got, err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}

		cfg = config(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, context.Cause(req.Context())
		})
		cfg.Retry.Attempts = 1
		start := time.Now()
		_, err = newClient(t, cfg).Download(t.Context(), &billFile, nil, wxpay.Unchecked())
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 30*time.Second {
			t.Errorf("no answer: %v after %v", err, time.Since(start))
		}
	})
}

type listRequest struct {
	Offset int64 `json:"-" query:"offset"`
	Limit  int64 `json:"-" query:"limit"`
}

func TestPages(t *testing.T) {
	t.Parallel()
	all := []string{"a", "b", "c", "d", "e"}
	tests := []struct {
		name  string
		total int64 // -1: the answer does not say
		fail  int   // call that fails, from 1
		stop  int   // items after which the caller stops, 0: never
		want  string
		calls int
	}{
		{"the total ends it", 5, 0, 0, "abcde", 3},
		{"an empty page ends it", -1, 0, 0, "abcde", 4},
		{"the caller ends it", 5, 0, 3, "abc", 2},
		{"an error ends it", 5, 2, 0, "ab!", 2},
		{"a total that is too large does not keep it going", 99, 0, 0, "abcde", 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			calls, got := 0, ""
			in := &listRequest{Limit: 2}
			list := wxpay.Pages(in, func(r *listRequest, n, _ int64) { r.Offset = n }, func(r *listRequest) ([]string, int64, error) {
				if calls++; calls == tt.fail {
					return nil, 0, errors.New("no")
				}
				from := min(int(r.Offset), len(all))
				return all[from:min(from+int(r.Limit), len(all))], tt.total, nil
			})
			for item, err := range list {
				if err != nil {
					got += "!"
					continue
				}
				got += *item
				if len(got) == tt.stop {
					break
				}
			}
			if got != tt.want || calls != tt.calls || in.Offset != 0 {
				t.Errorf("got %s in %d calls (offset of the caller %d), want %s in %d", got, calls, in.Offset, tt.want, tt.calls)
			}
		})
	}
}

func TestJSONText(t *testing.T) {
	t.Parallel()
	type doc struct {
		Valid wxpay.JSONText[[]string] `json:"valid"`
	}
	const wire = `{"valid":"[\"2017-10-28\",\"2037-10-28\"]"}`
	var d doc
	if err := json.Unmarshal([]byte(wire), &d); err != nil || !slices.Equal(d.Valid.Value, []string{"2017-10-28", "2037-10-28"}) {
		t.Fatalf("%+v, %v", d, err)
	}
	if b, err := json.Marshal(d); err != nil || string(b) != wire {
		t.Errorf("%s, %v", b, err)
	}
	if err := json.Unmarshal([]byte(`{"valid":""}`), &d); err != nil || d.Valid.Value != nil {
		t.Errorf("empty: %+v, %v", d, err)
	}
	for _, bad := range []string{`{"valid":["x"]}`, `{"valid":"["}`, `{"valid":"{}"}`} {
		if json.Unmarshal([]byte(bad), &d) == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}

type listQuery struct {
	Kinds []string `json:"-" query:"kinds"`
	Empty []int64  `json:"-" query:"empty"`
}

func TestListInAQuery(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: `{}`}}}
	if err := newClient(t, config(a.do)).At("v3/x").Do(t.Context(), "GET", &listQuery{Kinds: []string{"A", "B,C"}}, nil, wxpay.Query("n", []int{1, 2})); err != nil {
		t.Fatal(err)
	}
	if got := a.sent[0].target; got != "/v3/x?n=1%2C2&kinds=A%2CB%2CC" {
		t.Errorf("target = %s", got)
	}
}

type sealedQuery struct {
	Name string `json:"-" query:"name" seal:"oaep"`
}

func TestSealedQuery(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: `{}`}}}
	op := &wxpay.Op{Method: "GET", Path: "/v3/x", Idempotent: true}
	if err := newClient(t, config(a.do)).Do(t.Context(), op, &sealedQuery{"张三"}, nil); err != nil {
		t.Fatal(err)
	}
	verifySent(t, a.sent[0])
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://x"+a.sent[0].target, nil)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := seal.DecryptField(platformKey(), req.URL.Query().Get("name")); err != nil || plain != "张三" || strings.Count(a.sent[0].target, "name=") != 1 {
		t.Errorf("sent %s: %q, %v", a.sent[0].target, plain, err)
	}
}

type deviceList struct {
	Data  []device `json:"data"`
	Total *int64   `json:"total_count"`
}

type device struct {
	SN string `json:"sn"`
}

type deviceRequest struct {
	Offset *int64 `json:"-" query:"offset"`
	Limit  int64  `json:"-" query:"limit"`
}

var opDevices = wxpay.Op{Method: "GET", Path: "/v3/devices", Idempotent: true, Page: wxpay.Page{Offset: "offset", Items: "data", Total: "total_count"}}

func TestList(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{
		reply{body: `{"data":[{"sn":"a"},{"sn":"b"}],"total_count":3}`},
		reply{body: `{"data":[{"sn":"c"}],"total_count":3}`},
	}}
	wx := newClient(t, config(a.do))
	in := &deviceRequest{Limit: 2, Offset: new(int64(10))}
	var got []string
	for d, err := range wxpay.List[deviceList, device](t.Context(), wx, &opDevices, in, nil) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, d.SN)
	}
	if !slices.Equal(got, []string{"a", "b", "c"}) || *in.Offset != 10 {
		t.Errorf("got %s, the caller's offset is %d", got, *in.Offset)
	}
	if a.sent[0].target != "/v3/devices?offset=10&limit=2" || a.sent[1].target != "/v3/devices?offset=12&limit=2" {
		t.Errorf("sent %s, %s", a.sent[0].target, a.sent[1].target)
	}
}

func TestListOfPages(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: `{"data":[{"sn":"a"},{"sn":"b"}]}`}, reply{body: `{"data":[]}`}}}
	op := &wxpay.Op{Method: "GET", Path: "/v3/devices", Idempotent: true, Page: wxpay.Page{Offset: "offset", Items: "data", Total: "total_count", Pages: true}}
	n := 0
	for range wxpay.List[deviceList, device](t.Context(), newClient(t, config(a.do)), op, &deviceRequest{}, nil) {
		n++
	}
	if n != 2 || len(a.sent) != 2 || a.sent[1].target != "/v3/devices?offset=1&limit=0" {
		t.Errorf("%d records, sent %+v", n, a.sent[len(a.sent)-1])
	}
}

func TestListRefused(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{status: 400, body: `{"code":"PARAM_ERROR"}`}}}
	wx := newClient(t, config(a.do))
	for name, in := range map[string]any{"nil": (*deviceRequest)(nil), "no struct": 7, "no offset": &struct{ X int }{}} {
		for d, err := range wxpay.List[deviceList, device](t.Context(), wx, &opDevices, in, nil) {
			if got := faults(t, err); d != nil || !slices.Equal(got, []string{"request"}) {
				t.Errorf("%s: faults of %v", name, got)
			}
		}
	}
	n := 0
	for _, err := range wxpay.List[deviceList, device](t.Context(), wx, &opDevices, &deviceRequest{}, nil) {
		if n++; !wxpay.IsCode(err, wxpay.CodeParamError) {
			t.Errorf("error = %v", err)
		}
	}
	if n != 1 {
		t.Errorf("the error came %d times", n)
	}
}
