package wxpay

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/wxpay-go/wxpay/sign"
)

// Do sends one request and decodes the answer into out. All spellings of a
// call end here. It goes five steps: encode once, sign those bytes, send,
// verify the raw bytes of the answer, decode.
//
// in is a generated request, any value that encoding/json can write, or nil
// for no body. Fields with the tags path, query and header go where the tags
// say. out is a pointer, or nil to ignore the body.
//
// Errors: [*InputError] before anything is sent; [*NetworkError] when no answer
// came; [*Error] when WeChat Pay refused; [*AnswerError] when the answer must
// not be used. After an error nothing of the answer is in out.
func (c *Client) Do(ctx context.Context, op *Op, in, out any, opts ...Option) error {
	k := newCall(op, opts)
	if err := c.encode(ctx, k, in); err != nil {
		return err
	}
	answer, err := c.repeat(ctx, k)
	if err != nil {
		return err
	}
	return c.decode(k, answer, out)
}

func newCall(op *Op, opts []Option) *call {
	k := &call{op: op, idempotent: op.Idempotent}
	for _, opt := range opts {
		opt(k)
	}
	return k
}

// encode is the first step. The key of WeChat Pay is asked for here too: a
// call whose answer could not be verified must not have an effect.
func (c *Client) encode(ctx context.Context, k *call, in any) error {
	params, header := k.params, k.header
	body, err := k.read(in)
	if err != nil {
		return err
	}
	if checker, ok := in.(Checker); ok && !k.unchecked {
		if err := checkRequest(k.op, checker); err != nil {
			return err
		}
	}
	if err := k.address(); err != nil {
		return err
	}
	serial, key, err := c.cfg.Trust.Current(ctx)
	if err != nil {
		return fmt.Errorf("wxpay: %s: no key of WeChat Pay: %w", k.name(), err)
	}
	if k.serial == "" {
		k.serial = serial
	}
	if in != nil && isSealedBody(reflect.ValueOf(in)) {
		// Read again, encrypted: a sensitive field may stand in the query too.
		k.params, k.header = params, header
		if body, err = k.readSealed(in, key); err != nil {
			return err
		}
	}
	if body == nil {
		return nil
	}
	if err := k.encode(body); err != nil || k.file == nil {
		return err
	}
	return k.multipart()
}

// answer is what came back, read whole and trusted.
type answer struct {
	status    int
	requestID string
	serial    string
	body      []byte

	// Of a file, whose body is still to be read.
	file    *http.Response
	sum     hash.Hash
	want    []byte
	release func()
}

// repeat makes attempts until one succeeds or must not be followed by another.
func (c *Client) repeat(ctx context.Context, k *call) (*answer, error) {
	for n, lost := 1, 0; ; n++ {
		base := c.site()
		a, after, err := c.attempt(ctx, k, base, n)
		if err == nil {
			return a, nil
		}
		if e, ok := errors.AsType[*NetworkError](err); ok {
			e.Attempts = n
			lost++
			c.lost(base, lost)
		}
		if n >= c.cfg.Retry.Attempts || ctx.Err() != nil || !repeatable(err, k.idempotent) {
			return nil, err
		}
		if sleep(ctx, c.cfg.Retry.wait(n, after)) != nil {
			return nil, err
		}
	}
}

// preferBackup is how long calls go to the backup after the first site has
// failed repeatedly.
const preferBackup = 30 * time.Second

// site chooses where the next attempt goes.
func (c *Client) site() *url.URL {
	if down := c.down.Load(); down != 0 && c.cfg.Now().UnixNano() < down {
		return c.backup
	}
	return c.base
}

// lost notes that no answer came: the second time in one call from the first
// site turns to the backup, any time from the backup turns back.
func (c *Client) lost(base *url.URL, lost int) {
	switch {
	case c.backup == nil:
	case base == c.backup:
		c.down.Store(0)
	case lost >= 2:
		c.down.Store(c.cfg.Now().Add(preferBackup).UnixNano())
	}
}

// attempt signs, sends and verifies once. after is what the answer asks to
// wait before another attempt.
func (c *Client) attempt(ctx context.Context, k *call, base *url.URL, n int) (a *answer, after time.Duration, err error) {
	ctx, done := c.begin(ctx, k, base, n)
	defer func() { done(a, err) }()
	if k.raw {
		return c.attemptFile(ctx, k, base)
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	return c.roundTrip(ctx, k, base)
}

// roundTrip is one attempt without its bounds.
func (c *Client) roundTrip(ctx context.Context, k *call, base *url.URL) (*answer, time.Duration, error) {
	req, err := c.request(ctx, k, base)
	if err != nil {
		return nil, 0, err
	}
	res, err := c.cfg.Transport.RoundTrip(req)
	if err != nil {
		return nil, 0, &NetworkError{Err: err, method: k.op.Method, path: k.op.Path}
	}
	if k.raw && res.StatusCode < 300 {
		a, err := c.verifyFile(ctx, k, res)
		if err != nil {
			_ = res.Body.Close()
		}
		return a, 0, err
	}
	defer res.Body.Close()
	a, err := c.verify(ctx, k, res)
	if err != nil {
		return nil, retryAfter(res.Header.Get("Retry-After")), err
	}
	return a, 0, nil
}

// body is a request body that can be read again.
type body struct{ bytes.Reader }

func (*body) Close() error { return nil }

func newBody(b []byte) *body {
	r := new(body)
	r.Reset(b)
	return r
}

// blank is copied by WithContext, which is the one way to set a context.
var blank http.Request

// request builds the request and signs it: target and body as they are sent.
func (c *Client) request(ctx context.Context, k *call, base *url.URL) (*http.Request, error) {
	req := blank.WithContext(ctx)
	req.Method, req.Host = k.op.Method, base.Host
	req.Proto, req.ProtoMajor, req.ProtoMinor = "HTTP/1.1", 1, 1
	path, err := url.PathUnescape(k.path)
	if err != nil {
		return nil, inputError(k.name(), "path", "has a broken percent escape", "give raw values with Path; they are escaped for you")
	}
	// RawPath too: without it, net/url would escape what the signature has as
	// it is, such as an exclamation mark.
	u := &url.URL{Scheme: base.Scheme, Host: base.Host, Path: path, RawPath: k.path, RawQuery: k.query}
	if k.op.Host != "" && isWeChat(base.Hostname()) {
		u.Host, req.Host = k.op.Host, k.op.Host
	}
	req.URL = u
	if k.body != nil {
		req.Body, req.ContentLength = newBody(k.body), int64(len(k.body))
		req.GetBody = func() (io.ReadCloser, error) { return newBody(k.body), nil }
	}
	authorization, err := c.authorize(k)
	if err != nil {
		return nil, err
	}
	req.Header = c.header(k, authorization)
	return req, nil
}

// userAgent is required by WeChat Pay.
const userAgent = "wxpay-go/" + Version

// header makes the headers of one attempt, in two allocations.
func (c *Client) header(k *call, authorization string) http.Header {
	v := [...]string{authorization, "application/json", userAgent, k.serial, c.cfg.Language}
	values := v[:]
	h := make(http.Header, 8)
	for i := 0; i < len(k.header); i += 2 {
		h[k.header[i]] = []string{k.header[i+1]}
	}
	h["Authorization"] = values[0:1:1]
	h["Accept"] = values[1:2:2]
	h["User-Agent"] = values[2:3:3]
	delete(h, "Content-Type")
	switch {
	case k.contentType != "":
		h["Content-Type"] = []string{k.contentType}
	case k.body != nil:
		h["Content-Type"] = values[1:2:2]
	}
	if k.raw {
		h["Accept"] = []string{"*/*"}
	}
	if k.serial != "" {
		h[sign.HeaderSerial] = values[3:4:4]
	}
	if c.cfg.Language != "" {
		h["Accept-Language"] = values[4:5:5]
	}
	return h
}

var messages = sync.Pool{New: func() any { return new([]byte) }}

// authorize signs the request and returns the Authorization header.
func (c *Client) authorize(k *call) (string, error) {
	target := k.path
	if k.query != "" {
		target += "?" + k.query
	}
	timestamp, nonce := strconv.FormatInt(c.cfg.Now().Unix(), 10), c.cfg.Nonce()
	buf := messages.Get().(*[]byte)
	defer messages.Put(buf)
	signed := k.body
	if k.signed != nil {
		signed = k.signed
	}
	message, err := sign.AppendRequest((*buf)[:0], k.op.Method, target, timestamp, nonce, signed)
	if err != nil {
		return "", &InputError{What: k.name(), Err: err, Faults: []Fault{{"path", "cannot be signed", "give path and values without line breaks"}}}
	}
	signature, err := c.cfg.Suite.Sign(c.cfg.Signer, message)
	if err != nil {
		return "", &InputError{What: "config", Err: err, Faults: []Fault{{"Signer", "could not sign", "check the key, or the service that holds it"}}}
	}
	// The message is done with; its memory takes the header.
	h := append(message[:0], c.prefix...)
	h = append(h, nonce...)
	h = append(h, `",signature="`...)
	h = base64.StdEncoding.AppendEncode(h, signature)
	h = append(h, `",timestamp="`...)
	h = append(h, timestamp...)
	h = append(h, c.suffix...)
	if cap(h) <= 64<<10 {
		*buf = h
	}
	return string(h), nil
}

// verify reads the answer whole and says what it is worth.
func (c *Client) verify(ctx context.Context, k *call, res *http.Response) (*answer, error) {
	a := &answer{status: res.StatusCode, requestID: res.Header.Get("Request-Id")}
	if res.StatusCode >= 300 && res.StatusCode < 400 {
		return nil, k.refused(a, ReasonRedirect, nil)
	}
	body, reason, err := c.readBody(res)
	if reason != "" {
		if res.StatusCode >= 400 {
			return nil, k.failed(a, nil, false) // the status is worth more than a broken body
		}
		return nil, k.refused(a, reason, err)
	}
	h := sign.ReadHeader(res.Header)
	if res.StatusCode >= 400 {
		signed := h.Signature != "" && k.keys == nil && c.verifier.Verify(ctx, h, body) == nil
		return nil, k.failed(a, body, signed)
	}
	if h.Signature == "" && strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		return nil, k.refused(a, ReasonHTML, nil)
	}
	verifier := c.verifier
	if k.keys != nil {
		if verifier.Trust, err = k.keys(body); err != nil {
			return nil, k.refused(a, ReasonFormat, err)
		}
	}
	if err := verifier.Verify(ctx, h, body); err != nil {
		return nil, k.refused(a, ReasonUntrusted, err)
	}
	if res.StatusCode == http.StatusAccepted {
		return nil, k.failed(a, body, true) // taken, not done: the same request asks again
	}
	a.serial, a.body = h.Serial, body
	return a, nil
}

// readBody reads at most Config.MaxBody bytes.
func (c *Client) readBody(res *http.Response) ([]byte, Reason, error) {
	limit := c.cfg.MaxBody
	if res.ContentLength > limit {
		return nil, ReasonOversized, nil
	}
	if n := res.ContentLength; n >= 0 {
		b := make([]byte, n)
		if _, err := io.ReadFull(res.Body, b); err != nil {
			return nil, ReasonTruncated, err
		}
		return b, "", nil
	}
	b, err := io.ReadAll(io.LimitReader(res.Body, limit+1))
	if err != nil {
		return nil, ReasonTruncated, err
	}
	if int64(len(b)) > limit {
		return nil, ReasonOversized, nil
	}
	return b, "", nil
}

func (k *call) refused(a *answer, reason Reason, err error) error {
	return &AnswerError{Reason: reason, Status: a.status, RequestID: a.requestID, Err: err, method: k.op.Method, path: k.op.Path}
}

// failed reads the error of WeChat Pay out of body, if there is one.
func (k *call) failed(a *answer, body []byte, signed bool) error {
	var wire struct {
		Code    any             `json:"code"`
		Message any             `json:"message"`
		Detail  json.RawMessage `json:"detail"`
	}
	_ = json.Unmarshal(body, &wire) // an odd body must not hide the status
	code, _ := wire.Code.(string)
	message, _ := wire.Message.(string)
	return &Error{
		Status: a.status, Code: code, Message: message, Detail: wire.Detail,
		RequestID: a.requestID, Signed: signed, method: k.op.Method, path: k.op.Path,
	}
}

// decode is the last step. What cannot be decoded whole is not returned.
func (c *Client) decode(k *call, a *answer, out any) error {
	if out != nil && a.status != http.StatusNoContent {
		err := json.Unmarshal(a.body, out)
		if err == nil {
			err = c.unseal(out)
		}
		if err != nil {
			clear0(out)
			return k.refused(a, ReasonFormat, err)
		}
	}
	if k.answer != nil {
		*k.answer = Answer{Status: a.status, RequestID: a.requestID, Serial: a.serial, Body: a.body}
	}
	return nil
}

// clear0 sets what out points to to its zero value.
func clear0(out any) {
	if v := reflect.ValueOf(out); v.Kind() == reflect.Pointer && !v.IsNil() {
		v.Elem().SetZero()
	}
}
