package emulator

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"

	"github.com/wxpay-go/wxpay/spec"
)

const (
	// maxUpload is the size up to which an upload is read, in bytes. The
	// documented limits are a few MiB, and stand in the text of the pages
	// alone; an endpoint that has its own states it as the file's maxLength.
	maxUpload = 64 << 20
	// maxParts is how many parts an upload may have; documented are two.
	maxParts = 16
	// partMeta is the part that holds the JSON, and is signed.
	partMeta = "meta"
)

// part is one part of a multipart body.
type part struct {
	name, filename string
	kind           string // media type, without its parameters
	content        []byte
}

// takeApart splits the body of an upload: the text of its part meta takes the
// place of the body, because that alone is signed.
//
// Assumed: what is no multipart body, or has no meta, is refused as a
// parameter and unsigned, before the signature: there is nothing to check that
// against.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012365342
func (c *call) takeApart() error {
	kind, params, err := mime.ParseMediaType(c.header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || params["boundary"] == "" {
		return noUpload("the body is not multipart/form-data with a boundary")
	}
	if c.parts, err = readParts(multipart.NewReader(bytes.NewReader(c.raw), params["boundary"])); err != nil {
		return noUpload("the parts of the body are malformed")
	}
	meta := c.part(partMeta)
	if len(meta) == 0 {
		return bodyError("/"+partMeta, "is required")
	}
	c.raw = meta[0].content
	return nil
}

func noUpload(issue string) error { return paramError(fault{Issue: issue, Location: "body"}) }

func readParts(r *multipart.Reader) ([]part, error) {
	var parts []part
	for {
		// Raw: a transfer encoding would change what is signed.
		next, err := r.NextRawPart()
		if err == io.EOF { //nolint:errorlint // the end of a whole body is this very value; a torn one wraps it
			return parts, nil
		}
		if err != nil {
			return nil, err
		}
		if len(parts) == maxParts {
			return nil, errors.New("too many parts")
		}
		content, err := io.ReadAll(next)
		if err != nil {
			return nil, err
		}
		kind, _, _ := mime.ParseMediaType(next.Header.Get("Content-Type")) // "" is answered by checkParts
		parts = append(parts, part{name: next.FormName(), filename: next.FileName(), kind: kind, content: content})
	}
}

// part returns the parts of a name, of which there should be one.
func (c *call) part(name string) []part {
	var found []part
	for _, p := range c.parts {
		if p.name == name {
			found = append(found, p)
		}
	}
	return found
}

// checkParts holds the parts of an upload against the description.
func (c *call) checkParts() error {
	file := c.op.File
	if file == nil {
		return nil
	}
	for _, p := range c.parts {
		at := "/" + escapePointer(p.name)
		switch {
		case p.name != partMeta && p.name != file.Name:
			return unknownMember(fault{Field: at, Location: "body"})
		case len(c.part(p.name)) > 1:
			return bodyError(at, "is given twice")
		case p.name == partMeta && p.kind != "application/json":
			// Assumed: documented as what to send, not as what is refused.
			return bodyError(at, "must be of Content-Type application/json")
		}
	}
	if len(c.part(file.Name)) == 0 {
		return bodyError("/"+file.Name, "is required")
	}
	return c.checkFile(file, c.part(file.Name)[0])
}

// checkFile checks the file itself: that it has a name, that it is not empty
// and not too large, and that the digests of the meta are its own.
func (c *call) checkFile(f *spec.Field, file part) error {
	at := "/" + f.Name
	switch {
	case file.filename == "":
		return bodyError(at, "must have a filename in its Content-Disposition")
	case len(file.content) < max(f.MinLength, 1):
		return bodyError(at, "is too small")
	case f.MaxLength > 0 && len(file.content) > f.MaxLength:
		return bodyError(at, "is too large")
	}
	if c.op.Request == nil {
		return nil
	}
	for i := range c.op.Request.Fields {
		m := &c.op.Request.Fields[i]
		if given, ok := c.body[m.Name].(string); ok && !isDigest(m.Digest, given, file.content) {
			return paramError(fault{Field: "/" + m.Name, Value: given, Issue: "is not the " + m.Digest + " of the file, in lower-case hex", Location: "body"})
		}
	}
	return nil
}

// isDigest reports whether text is the named digest of content, or none that
// can be checked. Assumed: upper-case hex is refused; the documents show lower
// case, and do not say that the other is taken.
func isDigest(algorithm, text string, content []byte) bool {
	want := digestOf(algorithm, content)
	return want == "" || text == want
}
