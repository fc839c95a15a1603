package wxpay

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"io"
	"mime"
	"mime/multipart"
	"net/textproto"
	"path"
	"reflect"
	"strings"

	"github.com/wxpay-go/wxpay/seal"
)

// maxUpload bounds a file, in bytes; WeChat Pay takes a few MiB at most.
const maxUpload = 64 << 20

// upload says which fields of a request make a multipart upload: tag file with
// the name of the part on the io.Reader; "name", and "sha256" or "sm3", on
// members of the part "meta".
type upload struct {
	part                 string
	file, name, checksum int
	digest               func() hash.Hash
}

// take notes field i if its tag says that it belongs to an upload.
func (u *upload) take(f reflect.StructField, i int) bool {
	switch tag := f.Tag.Get("file"); tag {
	case "":
		return false
	case "name":
		u.name = i + 1
	case "sha256":
		u.checksum, u.digest = i+1, sha256.New
	case "sm3":
		u.checksum, u.digest = i+1, seal.NewSM3
	default:
		u.part, u.file = tag, i
	}
	return true
}

// filePart is the file of an upload, read whole: its digest is signed before
// its first byte is sent, and a repeated request sends it again.
type filePart struct {
	part, name string
	content    []byte
}

// readFile reads the file and returns the meta of the upload, a copy of v with
// the digest filled in.
func (c *call) readFile(u *upload, v reflect.Value) (meta any, err error) {
	if c.file == nil {
		if c.file, err = c.openFile(u, v); err != nil {
			return nil, err
		}
	}
	out := reflect.New(v.Type())
	out.Elem().Set(v)
	if u.checksum > 0 && v.Field(u.checksum-1).String() == "" {
		h := u.digest()
		_, _ = h.Write(c.file.content)
		out.Elem().Field(u.checksum - 1).SetString(hex.EncodeToString(h.Sum(nil)))
	}
	return out.Interface(), nil
}

func (c *call) openFile(u *upload, v reflect.Value) (*filePart, error) {
	r, ok := v.Field(u.file).Interface().(io.Reader)
	if !ok {
		return nil, inputError(c.name(), u.part, "is required", "set it to a reader of the file")
	}
	content, err := io.ReadAll(io.LimitReader(r, maxUpload+1))
	if err != nil {
		return nil, &InputError{What: c.name(), Err: err, Faults: []Fault{{u.part, "could not be read", "check the file"}}}
	}
	if len(content) == 0 || len(content) > maxUpload {
		return nil, inputError(c.name(), u.part, "must have 1 byte to 64 MiB", "check the file")
	}
	f := &filePart{part: u.part, name: "file", content: content}
	if u.name > 0 {
		if s := v.Field(u.name - 1).String(); s != "" {
			f.name = s
		}
	}
	return f, nil
}

// multipart puts the encoded meta and the file into one body. The text of the
// meta alone is signed.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012365342
func (c *call) multipart() error {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	parts := []struct {
		disposition, kind string
		content           []byte
	}{
		{multipart.FileContentDisposition("meta", ""), "application/json", c.body},
		{multipart.FileContentDisposition(c.file.part, c.file.name), contentType(c.file.name), c.file.content},
	}
	parts[0].disposition = `form-data; name="meta"`
	for _, p := range parts {
		part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {p.disposition}, "Content-Type": {p.kind}})
		if err == nil {
			_, err = part.Write(p.content)
		}
		if err != nil {
			return &InputError{What: c.name(), Err: err, Faults: []Fault{{c.file.part, "could not be packed", "check the file"}}}
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	c.signed, c.body, c.contentType = c.body, b.Bytes(), w.FormDataContentType()
	return nil
}

// contentType goes by the name, and not by the system's tables, which differ.
func contentType(name string) string {
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".jpg", ".jpeg", ".png", ".pdf", ".gif":
		return mime.TypeByExtension(ext)
	case ".bmp":
		return "image/bmp"
	case ".mp4":
		return "video/mp4"
	case ".csv":
		return "text/csv"
	}
	return "application/octet-stream"
}
