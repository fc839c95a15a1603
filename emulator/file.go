package emulator

import (
	"bytes"
	"compress/gzip"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/wxpay-go/wxpay/spec"

	"github.com/wxpay-go/wxpay/seal"
)

// serveFile answers a download. The file is a text made of the address: the
// same address gives the same file, and no two addresses give one.
//
// A compressed file is one of type gzip, not a Content-Encoding, so that no
// HTTP client unpacks it by itself. Accept-Encoding is passed over.
func (e *Emulator) serveFile(c *call) (reply, error) {
	path, _, _ := strings.Cut(c.target, "?")
	content := fileContent(path, c.query)
	r := reply{status: c.op.Status, number: "0", body: content, kind: "application/octet-stream", unsigned: true}
	if c.op.Verify == spec.VerifyStatement {
		r.unsigned, r.digest = false, digestOf("SHA1", content)
	}
	if !c.wantsGzip() {
		return r, nil
	}
	var err error
	r.body, err = compress(content)
	return r, err
}

// paramsGzip are the names under which a request asks for a compressed file:
// of the file itself, and of its address.
var paramsGzip = []string{"tartype", "tar_type"}

func (c *call) wantsGzip() bool {
	return slices.ContainsFunc(paramsGzip, func(name string) bool { return strings.EqualFold(c.query[name], "GZIP") })
}

// fileContent is the file before compression, a line for each part of the
// address, written like those of a bill: values behind a backquote.
func fileContent(path string, query map[string]string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "name,value\npath,`%s\n", path)
	for _, name := range slices.Sorted(maps.Keys(query)) {
		if !slices.Contains(paramsGzip, name) {
			fmt.Fprintf(&b, "%q,`%q\n", name, query[name])
		}
	}
	return b.Bytes()
}

func compress(content []byte) ([]byte, error) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	err := w.Close()
	return b.Bytes(), err
}

// digestOf is a digest in hex, or "" for an algorithm that is not known.
func digestOf(algorithm string, content []byte) string {
	makers := map[string]func() hash.Hash{"SHA1": sha1.New, "SHA256": sha256.New, "SM3": seal.NewSM3}
	newHash, ok := makers[strings.ToUpper(algorithm)]
	if !ok {
		return ""
	}
	h := newHash()
	_, _ = h.Write(content)
	return hex.EncodeToString(h.Sum(nil))
}

// fileAddress answers where a file is, and its digest: download_url leads to
// the endpoint of this emulator that the argument "file" names, wherever it
// stands in the answer.
//
// The digest is that of the file before compression, as the pages of the bills
// say (原始账单（gzip需要解压缩）的摘要值), and for statements the official PHP
// client. Assumed: of other files too.
//
// An entry with an encrypt_key is left as its samples: what is encrypted in
// such a file, and how the key is packed, is not reproduced.
func fileAddress(e *Emulator, _ Tx, c *call) (map[string]any, error) {
	file, ok := e.description.Lookup(http.MethodGet, c.op.Behavior.Args["file"])
	if !ok || strings.Contains(file.Path, "{") {
		return nil, fmt.Errorf("emulator: %s %s names the file %q, which is no endpoint with a fixed path", c.op.Method, c.op.Path, c.op.Behavior.Args["file"])
	}
	known := e.sampled(c)
	c.addressFiles(file, c.op.Response, known, "")
	return known, nil
}

func (c *call) addressFiles(file *spec.Operation, f *spec.Field, known map[string]any, at string) {
	for i := range f.Fields {
		m := &f.Fields[i]
		switch inner := known[m.Name].(type) {
		case map[string]any:
			c.addressFiles(file, m, inner, at+"/"+m.Name)
		case []any:
			for n, item := range inner {
				if object, ok := item.(map[string]any); ok {
					c.addressFiles(file, m.Items, object, indexPointer(at+"/"+m.Name, n))
				}
			}
		}
	}
	if known["download_url"] != nil && known["encrypt_key"] == nil {
		c.addressFile(file, known, at)
	}
}

// addressFile points one entry to its file.
func (c *call) addressFile(file *spec.Operation, known map[string]any, at string) {
	query := c.fileQuery(file, at)
	pairs := url.Values{}
	for name, value := range query {
		pairs.Set(name, value)
	}
	known["download_url"] = c.base + file.Path + "?" + pairs.Encode()
	kind, _ := known["hash_type"].(string)
	if sum := digestOf(kind, fileContent(file.Path, query)); sum != "" {
		known["hash_value"] = sum
	}
}

// fileQuery is the query of a file's address: a token that stands for what was
// asked, and the samples of whatever else is required.
func (c *call) fileQuery(file *spec.Operation, at string) map[string]string {
	query := map[string]string{}
	for i := range file.Params {
		f := &file.Params[i]
		switch {
		case f.In != "query":
		case f.Name == "token":
			query[f.Name] = pseudonym(c.method, c.target, string(c.raw), at)
		case slices.Contains(paramsGzip, f.Name):
			if c.wantsGzip() {
				query[f.Name] = "gzip"
			}
		case f.Name == "mchid":
			query[f.Name] = c.mchID
		case f.Required:
			query[f.Name] = fmt.Sprint(spec.Sample(f))
		}
	}
	return query
}
