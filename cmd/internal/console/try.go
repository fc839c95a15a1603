package console

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay/emulator"
	"github.com/wxpay-go/wxpay/seal"
	signing "github.com/wxpay-go/wxpay/sign"
	"github.com/wxpay-go/wxpay/spec"
)

// tryPage is the form of an endpoint with the samples filled in.
type tryPage struct {
	*spec.Operation
	Params []param
	Sample string // of the body
	All    bool
	Other  string // the same form with, or without, what is optional
}

type param struct {
	*spec.Field
	Sample string
}

func tryForm(v *visit) (any, error) {
	q := v.URL.Query()
	op, ok := spec.Lookup(q.Get("method"), q.Get("path"))
	if !ok {
		return nil, &failure{http.StatusNotFound, "there is no such endpoint", "没有这个接口"}
	}
	s := sampler{mchID: v.pay.Credentials().MchID, all: q.Get("all") != ""}
	page := &tryPage{Operation: op, All: s.all, Other: tryLink(v, op)}
	if !s.all {
		page.Other += "&all=1"
	}
	for i := range op.Params {
		f := &op.Params[i]
		switch {
		case strings.EqualFold(f.Name, signing.HeaderSerial): // the console's own business
		case f.Required || s.all:
			page.Params = append(page.Params, param{f, fmt.Sprint(s.scalar(f))})
		default:
			page.Params = append(page.Params, param{f, ""})
		}
	}
	if op.Request != nil {
		page.Sample = s.body(op.Request)
	}
	return page, nil
}

// try sends what the form says as the merchant's own program would: encrypted
// where that is due, and signed. It leads to the exchange.
func (c *console) try(v *visit) (done, to string, err error) {
	op, ok := spec.Lookup(v.PostForm.Get("method"), v.PostForm.Get("path"))
	if !ok {
		return "", "", &failure{http.StatusNotFound, "there is no such endpoint", "没有这个接口"}
	}
	a := &attempt{visit: v, op: op}
	r, err := a.request()
	if err != nil {
		return "", "", err
	}
	var answer answer
	c.cfg.Next.ServeHTTP(&answer, r)
	for _, x := range v.pay.Exchanges() {
		if x.Caller != nil && x.Caller.Nonce == a.nonce {
			return v.t("The answer is ", "应答状态码 ") + strconv.Itoa(x.Status), v.base() + "/requests/" + strconv.FormatInt(x.ID, 10), nil
		}
	}
	return "", "", &failure{http.StatusBadGateway, "the request was sent, and no exchange is kept of it", "请求已发送，但没有保留记录"}
}

// attempt is a request that the console makes.
type attempt struct {
	*visit
	op    *spec.Operation
	nonce string
}

func (a *attempt) request() (*http.Request, error) {
	target := a.target()
	body := []byte(strings.TrimSpace(strings.ReplaceAll(a.PostForm.Get("body"), "\r\n", "\n")))
	if a.op.Request == nil || a.op.Method == http.MethodGet {
		body = nil
	}
	serial, key, err := a.platform()
	if err != nil {
		return nil, err
	}
	if body, err = sealed(a.op.Request, body, key); err != nil {
		return nil, err
	}
	sent, kind := body, "application/json"
	if a.op.File != nil {
		body = withDigests(a.op.Request, body)
		if sent, kind, err = form(a.op.File, body); err != nil {
			return nil, err
		}
	}
	r, err := http.NewRequestWithContext(a.Context(), a.op.Method, "http://"+a.Host+target, bytes.NewReader(sent))
	if err != nil {
		return nil, &failure{http.StatusBadRequest, "the values do not make a URL", "参数无法组成 URL"}
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", "wxpay console")
	r.Header.Set("Content-Type", kind)
	r.Header.Set(signing.HeaderSerial, serial)
	for i := range a.op.Params {
		if f := &a.op.Params[i]; f.In == "header" && a.given(f) != "" {
			r.Header.Set(f.Name, a.given(f))
		}
	}
	authorization, err := a.authorization(r.URL.RequestURI(), body)
	r.Header.Set("Authorization", authorization)
	return r, err
}

// given is what the form says of a parameter.
func (a *attempt) given(f *spec.Field) string {
	return strings.TrimSpace(a.PostForm.Get(f.In + "." + f.Name))
}

// target is path and query of the request.
func (a *attempt) target() string {
	path, query := a.op.Path, url.Values{}
	for i := range a.op.Params {
		f := &a.op.Params[i]
		switch value := a.given(f); {
		case f.In == "path":
			path = strings.ReplaceAll(path, "{"+f.Name+"}", url.PathEscape(value))
		case f.In == "query" && value != "":
			query.Set(f.Name, value)
		}
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}

// platform is the key of WeChat Pay that this merchant encrypts with.
func (a *attempt) platform() (serial string, key any, err error) {
	sum, err := a.pay.Summary()
	creds := a.pay.Credentials()
	if sum.Keys == emulator.KeyCertificate {
		return creds.PlatformSerial(), &creds.PlatformKey.PublicKey, err
	}
	return creds.PublicKeyID, creds.PublicKey(), err
}

func (a *attempt) authorization(target string, body []byte) (string, error) {
	creds := a.pay.Credentials()
	a.nonce = signing.Nonce()
	auth := signing.Authorization{
		Scheme: signing.RSA.Scheme(), MchID: creds.MchID, Nonce: a.nonce,
		Timestamp: strconv.FormatInt(a.pay.Clock().Now().Unix(), 10), Serial: creds.MerchantSerial(),
	}
	message, err := signing.AppendRequest(nil, a.op.Method, target, auth.Timestamp, auth.Nonce, body)
	if err != nil {
		return "", &failure{http.StatusBadRequest, "the values do not make a request that can be signed", "参数无法组成可签名的请求"}
	}
	signature, err := signing.RSA.Sign(creds.MerchantKey, message)
	auth.Signature = base64.StdEncoding.EncodeToString(signature)
	return auth.String(), err
}

// sealed encrypts the members that are documented as encrypted. What is no
// JSON goes as it is, for the emulator to refuse.
func sealed(f *spec.Field, body []byte, key any) ([]byte, error) {
	if f == nil || !hasSecret(f) {
		return body, nil
	}
	object, ok := parse(body).(map[string]any)
	if !ok {
		return body, nil
	}
	err := sealObject(f, object, key)
	return []byte(text(object)), err
}

func hasSecret(f *spec.Field) bool {
	if f.Encrypted || f.Items != nil && hasSecret(f.Items) {
		return true
	}
	for i := range f.Fields {
		if hasSecret(&f.Fields[i]) {
			return true
		}
	}
	return false
}

func sealObject(f *spec.Field, object map[string]any, key any) (err error) {
	for i := range f.Fields {
		m := &f.Fields[i]
		switch inner := object[m.Name].(type) {
		case map[string]any:
			err = sealObject(m, inner, key)
		case []any:
			for n := range inner {
				if item, ok := inner[n].(map[string]any); ok && err == nil && m.Items != nil {
					err = sealObject(m.Items, item, key)
				}
			}
		case string:
			if m.Encrypted {
				object[m.Name], err = seal.EncryptField(key, inner)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// parse reads JSON without losing a digit, or returns nil.
func parse(body []byte) (v any) {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

// picture is what the console uploads: the smallest PNG there is.
var picture, _ = base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")

// withDigests writes the digests of the picture into the meta of an upload.
func withDigests(f *spec.Field, meta []byte) []byte {
	object, ok := parse(meta).(map[string]any)
	if f == nil || !ok {
		return meta
	}
	for i := range f.Fields {
		switch m := &f.Fields[i]; strings.ToLower(m.Digest) {
		case "sha256":
			sum := sha256.Sum256(picture)
			object[m.Name] = hex.EncodeToString(sum[:])
		case "sm3":
			h := seal.NewSM3()
			_, _ = h.Write(picture) // a hash does not fail
			object[m.Name] = hex.EncodeToString(h.Sum(nil))
		}
	}
	return []byte(text(object))
}

// form is the body of an upload.
func form(f *spec.Field, meta []byte) (body []byte, kind string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, part := range []struct {
		disposition, kind string
		content           []byte
	}{{`form-data; name="meta"`, "application/json", meta}, {`form-data; name="` + f.Name + `"; filename="sample.png"`, "image/png", picture}} {
		var to io.Writer
		if to, err = w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {part.disposition}, "Content-Type": {part.kind}}); err != nil {
			return nil, "", err
		}
		if _, err = to.Write(part.content); err != nil {
			return nil, "", err
		}
	}
	err = w.Close()
	return b.Bytes(), w.FormDataContentType(), err
}

// answer receives an answer that is read from the exchange.
type answer struct{ header http.Header }

// Header returns the header of the answer.
func (a *answer) Header() http.Header {
	if a.header == nil {
		a.header = http.Header{}
	}
	return a.header
}

// Write takes the body.
func (a *answer) Write(p []byte) (int, error) { return len(p), nil }

// WriteHeader takes the status.
func (a *answer) WriteHeader(int) {}
