package gateway

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/sign"
	"github.com/wxpay-go/wxpay/spec"
)

// exchange is one request and its answer.
type exchange struct {
	*Gateway
	w      http.ResponseWriter
	in     *http.Request
	op     *spec.Operation // nil for an endpoint that the description does not know
	report Report
}

func (x *exchange) run() *failure {
	if !x.allowed(x.in.Header) {
		return failed(CodeToken, "show the token that wxpay proxy printed, as Authorization: Bearer TOKEN or Wxpay-Token: TOKEN")
	}
	if op, _, ok := spec.Match(x.in.Method, x.in.URL.EscapedPath()); ok {
		x.op, x.report.Path = op, op.Path
	}
	ctx, cancel := context.WithCancel(x.in.Context())
	defer cancel()
	out, fail := x.request(ctx)
	if fail != nil {
		return fail
	}
	return x.exchange(out, cancel)
}

// request makes the signed request to WeChat Pay.
func (x *exchange) request(ctx context.Context) (*http.Request, *failure) {
	body, fail := x.body()
	if fail != nil {
		return nil, fail
	}
	serial, key, err := x.cfg.Trust.Current(ctx)
	if err != nil {
		return nil, failed(CodeKey, "there is no key of WeChat Pay to verify the answer with; check the profile with wxpay doctor").because(err)
	}
	u := x.address()
	header := x.header(serial)
	if x.cfg.Seal && x.op != nil {
		if body, fail = x.seal(u, body, key); fail != nil {
			return nil, fail
		}
		header.Set(sign.HeaderSerial, serial) // what is encrypted for this key must name it
	}
	signed, fail := x.signed(body)
	if fail != nil {
		return nil, fail
	}
	authorization, fail := x.authorize(u, signed)
	if fail != nil {
		return nil, fail
	}
	header.Set("Authorization", authorization)
	out, err := http.NewRequestWithContext(ctx, x.in.Method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, failed(CodeRequest, "the address cannot be read; give path and query as WeChat Pay documents them").because(err)
	}
	out.URL, out.Header = u, header // the very address that was signed
	return out, nil
}

// body reads the request whole: it is signed before its first byte is sent.
func (x *exchange) body() ([]byte, *failure) {
	body, err := io.ReadAll(http.MaxBytesReader(x.w, x.in.Body, maxRequest))
	if _, long := errors.AsType[*http.MaxBytesError](err); long {
		return nil, failed(CodeTooLong, "the request is longer than 64 MiB")
	}
	if err != nil {
		return nil, failed(CodeRequest, "the request ended before its length").because(err)
	}
	if len(body) > 0 && x.in.Method == http.MethodGet {
		return nil, failed(CodeRequest, "a GET has no body: WeChat Pay verifies it without one")
	}
	if x.in.Header.Get("Content-Encoding") != "" {
		return nil, failed(CodeRequest, "send the body unpacked: WeChat Pay verifies it as it is")
	}
	return body, nil
}

// address is where the request goes: path and query as they came.
func (x *exchange) address() *url.URL {
	u := &url.URL{Scheme: x.base.Scheme, Host: x.base.Host, Path: x.in.URL.Path, RawPath: x.in.URL.RawPath, RawQuery: x.in.URL.RawQuery}
	if x.op != nil && x.op.Host != "" && isWeChat(x.base.Hostname()) {
		u.Host = x.op.Host
	}
	return u
}

func isWeChat(host string) bool {
	return strings.HasSuffix(host, ".weixin.qq.com") || strings.HasSuffix(host, ".wechatpay.cn")
}

// header is what the program sent, without what belongs to its connection or
// to the gateway.
func (x *exchange) header(serial string) http.Header {
	h := http.Header{}
	copyHeader(h, x.in.Header)
	for _, name := range []string{"Authorization", "Wxpay-Token", "Accept-Encoding", "Cookie", "Forwarded", "Referer", "Origin"} {
		h.Del(name)
	}
	maps.DeleteFunc(h, func(name string, _ []string) bool { return strings.HasPrefix(name, "X-Forwarded-") })
	preset(h, "User-Agent", "wxpay-go/"+wxpay.Version)
	preset(h, sign.HeaderSerial, serial)
	if h.Get("Accept") == "" {
		h.Set("Accept", "application/json")
		if x.op != nil && x.op.Verify != "" {
			h.Set("Accept", "*/*")
		}
	}
	if x.in.ContentLength != 0 {
		preset(h, "Content-Type", "application/json")
	}
	return h
}

func preset(h http.Header, name, value string) {
	if h.Get(name) == "" {
		h.Set(name, value)
	}
}

// hop are the headers of one connection (RFC 9110, 7.6.1).
var hop = []string{"Connection", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "Expect", "Content-Length"}

func copyHeader(to, from http.Header) {
	maps.Copy(to, from)
	for _, name := range hop {
		to.Del(name)
	}
	for _, list := range from["Connection"] {
		for name := range strings.SplitSeq(list, ",") {
			to.Del(strings.TrimSpace(name))
		}
	}
}

// signed is the last of the signed lines: the body, or of an upload the text
// of the part meta.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012365342
func (x *exchange) signed(body []byte) ([]byte, *failure) {
	kind, params, _ := mime.ParseMediaType(x.in.Header.Get("Content-Type")) // what cannot be read is no upload
	if kind != "multipart/form-data" {
		return body, nil
	}
	for parts := multipart.NewReader(bytes.NewReader(body), params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if err != nil {
			return nil, failed(CodeRequest, "an upload needs a part named meta, whose text is signed").because(err)
		}
		if part.FormName() != "meta" {
			continue
		}
		meta, err := io.ReadAll(part)
		if err != nil {
			return nil, failed(CodeRequest, "the part meta of the upload ends too early").because(err)
		}
		return meta, nil
	}
}

func (x *exchange) authorize(u *url.URL, signed []byte) (string, *failure) {
	a := sign.Authorization{
		Scheme: sign.SchemeRSA, MchID: x.cfg.MchID, Serial: x.cfg.Serial, Nonce: sign.Nonce(),
		Timestamp: strconv.FormatInt(x.cfg.Now().Unix(), 10),
	}
	message, err := sign.AppendRequest(nil, x.in.Method, u.RequestURI(), a.Timestamp, a.Nonce, signed)
	if err != nil {
		return "", failed(CodeRequest, "method and path cannot be signed; give them as WeChat Pay documents them").because(err)
	}
	raw, err := sign.RSA.Sign(x.cfg.Signer, message)
	if err != nil {
		return "", failed(CodeKey, "the merchant's private key does not sign; check the profile with wxpay doctor").because(err)
	}
	a.Signature = base64.StdEncoding.EncodeToString(raw)
	return a.String(), nil
}
