package caller

import (
	"bytes"
	"context"
	"crypto"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/shell"
	"github.com/wxpay-go/wxpay/sign"
)

// Draft is a request that was made and signed, and not sent.
type Draft struct {
	Method  string
	URL     string
	Header  http.Header
	Message string // what was signed (签名串)
	Body    []byte // as it would be sent; nil for none

	// Curl is a command for a POSIX shell that sends the request. WeChat Pay
	// takes it for five minutes, and once.
	Curl string
}

// Draft makes the request that [Call.Do] or [Call.Download] would send with
// cfg, and sends nothing: not even for the keys of WeChat Pay, unless something
// must be encrypted to them.
func (c *Call) Draft(ctx context.Context, cfg wxpay.Config, opts ...wxpay.Option) (*Draft, error) {
	h := &halt{}
	cfg.Transport, cfg.Retry.Attempts = h, 1
	if _, remote := cfg.Trust.(*wxpay.Certificates); remote {
		cfg.Trust = nobody{}
	}
	wx, err := wxpay.New(cfg)
	if err != nil {
		return nil, err
	}
	if c.IsDownload() {
		_, err = c.Download(ctx, wx, opts...)
	} else {
		_, err = c.Do(ctx, wx, cfg.Signer)
	}
	if h.request == nil {
		return nil, err
	}
	return c.draft(h.request, h.body)
}

// halt takes a request instead of a network.
type halt struct {
	request *http.Request
	body    []byte
}

var errHalt = errors.New("caller: not sent")

// RoundTrip implements [http.RoundTripper].
func (h *halt) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		h.body = body
	}
	h.request = r
	return nil, errHalt
}

// nobody stands for keys that would have to be downloaded first.
type nobody struct{}

// Key implements [sign.Trust].
func (nobody) Key(context.Context, string) (crypto.PublicKey, error) { return nil, errHalt }

// Current implements [sign.Trust].
func (nobody) Current(context.Context) (string, crypto.PublicKey, error) { return "", nil, nil }

func (c *Call) draft(r *http.Request, body []byte) (*Draft, error) {
	d := &Draft{Method: r.Method, URL: r.URL.String(), Header: r.Header, Body: body}
	signed := body
	if c.op.File != nil {
		var err error
		if signed, err = metaOf(r, body); err != nil {
			return nil, err
		}
	}
	auth, err := sign.ParseAuthorization(r.Header.Get("Authorization"))
	if err != nil {
		return nil, err
	}
	message, err := sign.AppendRequest(nil, r.Method, r.URL.RequestURI(), auth.Timestamp, auth.Nonce, signed)
	if err != nil {
		return nil, err
	}
	d.Message, d.Curl = string(message), c.curl(d, signed)
	return d, nil
}

// metaOf is the part of an upload that is signed.
func metaOf(r *http.Request, body []byte) ([]byte, error) {
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, err
	}
	part, err := multipart.NewReader(bytes.NewReader(body), params["boundary"]).NextPart()
	if err != nil {
		return nil, err
	}
	return io.ReadAll(part)
}

// curl writes the command. signed is the body, or the part "meta" of an upload.
func (c *Call) curl(d *Draft, signed []byte) string {
	line := shell.Curl{Options: []string{"-sS"}, Method: d.Method, URL: d.URL, Header: d.Header, Body: d.Body}
	if c.op.File != nil {
		line.Parts = []shell.Part{{Name: "meta", Text: string(signed), Type: "application/json"}, {Name: c.op.File.Name, File: c.file}}
	}
	return line.String()
}
