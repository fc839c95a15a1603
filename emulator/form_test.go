package emulator_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"testing"
)

// multi is a multipart body and its Content-Type.
type multi struct {
	body []byte
	kind string
}

// form is an upload, made by the standard library.
func form(t testing.TB, meta, name string, content []byte) multi {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	addPart(t, w, `form-data; name="meta"`, "application/json", []byte(meta))
	addPart(t, w, fmt.Sprintf(`form-data; name=%q; filename="a.png"`, name), "image/png", content)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return multi{b.Bytes(), w.FormDataContentType()}
}

func addPart(t testing.TB, w *multipart.Writer, disposition, kind string, content []byte) {
	t.Helper()
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {disposition}, "Content-Type": {kind}})
	if err == nil {
		_, err = part.Write(content)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// upload makes a multipart request of one that is signed over its meta.
func (p *pay) upload(signed *http.Request, m multi) *http.Request {
	r := p.request(signed.Method, signed.RequestURI, m.body)
	r.Header = signed.Header.Clone()
	r.Header.Set("Content-Type", m.kind)
	return r
}
