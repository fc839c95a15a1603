package emulator_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay/spec"
)

const uploadPath = "/v3/invented/pictures"

// picture is an upload such as those of the description.
var picture = invented{operations: []*spec.Operation{{
	ID: "invented.Upload", Method: "POST", Path: uploadPath, Status: 200,
	File: &spec.Field{Name: "file", Type: "string", Required: true, MaxLength: 4096},
	Request: &spec.Field{Type: "object", Required: true, Fields: []spec.Field{
		{Name: "filename", Type: "string", Required: true, Filename: true, Sample: "a.png"},
		{Name: "sha256", Type: "string", Required: true, Digest: "sha256", Sample: "x"},
		{Name: "sm3", Type: "string", Digest: "sm3", Sample: "x"},
	}},
	Response: &spec.Field{Type: "object", Fields: []spec.Field{text("media_id", "id"), text("filename", "b.png")}},
}}}

func metaOf(content []byte, more string) string {
	sum := sha256.Sum256(content)
	return `{ "filename": "c.png", "sha256": "` + hex.EncodeToString(sum[:]) + `"` + more + `}`
}

func TestUpload(t *testing.T) {
	t.Parallel()
	good := metaOf(aFile, "")
	at := func(field, issue string) string { return `"field":"` + field + `"` + issue }
	extra := func(w *multipart.Writer) { addPart(t, w, `form-data; name="other"`, "text/plain", []byte("x")) }
	again := func(w *multipart.Writer) { addPart(t, w, `form-data; name="file"; filename="b"`, "image/png", aFile) }
	twice := func(w *multipart.Writer) { addPart(t, w, `form-data; name="meta"`, "application/json", []byte(good)) }
	for _, tt := range []struct {
		name     string
		meta     string
		metaKind string
		file     string // disposition
		content  []byte
		more     func(*multipart.Writer)
		status   int
		want     string
	}{
		{name: "as documented", status: 200, want: `{"media_id":"id","filename":"c.png"}`},
		{name: "with an SM3 digest", meta: metaOf(aFile, `,"sm3":"`+aFileSM3+`"`), status: 200, want: `"media_id"`},
		{name: "another digest", meta: metaOf([]byte("x"), ""), status: 400, want: `is not the sha256 of the file, in lower-case hex`},
		{name: "another SM3 digest", meta: metaOf(aFile, `,"sm3":"00"`), status: 400, want: `is not the sm3 of the file`},
		{name: "a digest in upper case", meta: upper(good), status: 400, want: `is not the sha256 of the file`},
		{name: "a member missing", meta: `{"filename":"a"}`, status: 400, want: at("/sha256", `,"issue":"is required"`)},
		{name: "a member too much", meta: metaOf(aFile, `,"a":1`), status: 400, want: "非法的额外参数"},
		{name: "meta that is no JSON", meta: "filename", status: 400, want: "the body is not JSON"},
		{name: "meta of another type", metaKind: "text/plain", status: 400, want: at("/meta", `,"issue":"must be of Content-Type application/json"`)},
		{name: "meta without a type", metaKind: "-", status: 400, want: at("/meta", "")},
		{name: "two metas", more: twice, status: 400, want: at("/meta", `,"issue":"is given twice"`)},
		{name: "no file", file: `form-data; name="picture"; filename="a"`, status: 400, want: at("/picture", "")},
		{name: "a part too much", more: extra, status: 400, want: at("/other", "")},
		{name: "two files", more: again, status: 400, want: at("/file", `,"issue":"is given twice"`)},
		{name: "a file without a name", file: `form-data; name="file"`, status: 400, want: "must have a filename"},
		{name: "an empty file", content: []byte{}, meta: metaOf(nil, ""), status: 400, want: "is too small"},
		{name: "a file too large", content: make([]byte, 4097), meta: metaOf(make([]byte, 4097), ""), status: 400, want: "is too large"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			meta, kind, file, content := or(tt.meta, good), or(tt.metaKind, "application/json"), or(tt.file, `form-data; name="file"; filename="a.png"`), tt.content
			if content == nil {
				content = aFile
			}
			var b bytes.Buffer
			w := multipart.NewWriter(&b)
			addPart(t, w, `form-data; name="meta"`, strings.TrimPrefix(kind, "-"), []byte(meta))
			addPart(t, w, file, "image/png", content)
			if tt.more != nil {
				tt.more(w)
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			p := newPay(t, picture.use)
			a := p.send(p.upload(p.request("POST", uploadPath, []byte(meta)), multi{b.Bytes(), w.FormDataContentType()}))
			if a.status != tt.status || !strings.Contains(a.body, tt.want) {
				t.Errorf("got %d %s\nwant %d with %s", a.status, a.body, tt.status, tt.want)
			}
			if err := p.signed(a); err != nil {
				t.Errorf("a good signature is answered with one: %v", err)
			}
		})
	}
}

// upper writes the digest of a meta in upper case.
func upper(meta string) string {
	before, digest, _ := strings.Cut(meta, `"sha256": `)
	return before + `"sha256": ` + strings.ToUpper(digest)
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func TestUploadIsSignedOverItsMetaAlone(t *testing.T) {
	t.Parallel()
	p := newPay(t, picture.use)
	meta := metaOf(aFile, "")
	m := form(t, meta, "file", aFile)
	for name, signed := range map[string]string{"the whole body": string(m.body), "the meta without its blanks": strings.ReplaceAll(meta, " ", "")} {
		a := p.send(p.upload(p.request("POST", uploadPath, []byte(signed)), m))
		if a.status != 401 || !strings.Contains(a.body, `"truncated_sign_message":"POST\n/v3/invented/pictures\n`) || !strings.Contains(a.body, `{ \"filen\n`) {
			t.Errorf("signed over %s: %d %s", name, a.status, a.body)
		}
	}
	for name, file := range map[string][]byte{"this one": aFile, "another one": append([]byte("x"), aFile...)} {
		changed := form(t, meta, "file", file)
		a := p.send(p.upload(p.request("POST", uploadPath, []byte(meta)), changed))
		if want := map[bool]int{true: 200, false: 400}[name == "this one"]; a.status != want {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

// TestWhatIsNoUploadIsRefusedUnsigned: there is nothing that its signature
// could be checked against.
func TestWhatIsNoUploadIsRefusedUnsigned(t *testing.T) {
	t.Parallel()
	meta := metaOf(aFile, "")
	m := form(t, meta, "file", aFile)
	noMeta := bytes.Replace(m.body, []byte(`name="meta"`), []byte(`name="beta"`), 1)
	many := strings.Repeat("--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n", 17) + "--b--\r\n"
	for name, try := range map[string]struct {
		kind, body, want string
	}{
		"JSON":                {"application/json", meta, "is not multipart/form-data with a boundary"},
		"no type":             {"", meta, "is not multipart/form-data with a boundary"},
		"no boundary":         {"multipart/form-data", string(m.body), "is not multipart/form-data with a boundary"},
		"another boundary":    {"multipart/form-data; boundary=x", string(m.body), "malformed"},
		"torn":                {m.kind, string(m.body[:len(m.body)-20]), "malformed"},
		"empty":               {m.kind, "", "malformed"},
		"too many parts":      {"multipart/form-data; boundary=b", many, "malformed"},
		"without a meta":      {m.kind, string(noMeta), `"field":"/meta","issue":"is required"`},
		"another multipart":   {strings.Replace(m.kind, "form-data", "mixed", 1), string(m.body), "is not multipart/form-data"},
		"a broken media type": {"multipart/form-data; boundary", string(m.body), "is not multipart/form-data"},
	} {
		p := newPay(t, picture.use)
		a := p.send(p.upload(p.request("POST", uploadPath, []byte(meta)), multi{[]byte(try.body), try.kind}))
		if a.status != 400 || !strings.Contains(a.body, try.want) || a.header.Get("Wechatpay-Signature") != "" {
			t.Errorf("%s: %d %s, want 400 with %s, unsigned", name, a.status, a.body, try.want)
		}
	}
}

// FuzzUpload sends any body to an upload. The law: the emulator neither panics
// nor fails by itself, and what it takes holds the signed text as it was.
func FuzzUpload(f *testing.F) {
	meta := metaOf(aFile, "")
	m := form(f, meta, "file", aFile)
	f.Add(m.kind, m.body, meta)
	f.Add("multipart/form-data; boundary=b", []byte("--b\r\n\r\n\r\n--b--"), "{}")
	f.Add("multipart/form-data; boundary=b", []byte("--b\r\nContent-Disposition: form-data; name=meta\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n=7B=7D\r\n--b--"), "{}")
	p := newPay(f, picture.use)
	f.Fuzz(func(t *testing.T, kind string, body []byte, meta string) {
		signer := *p
		signer.t = t
		a := p.send(signer.upload(signer.request("POST", uploadPath, []byte(meta)), multi{body, kind}))
		if a.status >= 500 {
			t.Errorf("%d %s", a.status, a.body)
		}
		if a.status == http.StatusOK && !bytes.Contains(body, []byte(meta)) {
			t.Errorf("took %q, signed over %q", body, meta)
		}
	})
}
