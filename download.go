package wxpay

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

// What vouches for a file, see [Op.Verify].
const (
	VerifyDigest    = "digest"    // the digest that came with its address: the option Digest
	VerifyStatement = "statement" // a digest in the headers, which is signed
	VerifyNone      = "none"      // nothing
)

// ErrDigest is the error, at the end of a [Download], of a file whose content
// has another digest than it should: what was read must not be used.
var ErrDigest = errors.New("wxpay: the file has another digest than WeChat Pay gave")

// Download is a file on its way. Read it to the end: there its digest is
// checked, and [ErrDigest] comes instead of [io.EOF] if it is wrong. Close it
// in any case.
//
// A file that comes packed (tar_type GZIP) and has a digest is unpacked on the
// way: the digest is of what is inside. The pages of statements do not say so;
// the official PHP client does, and that it is of the plain CSV in any case.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012791866
type Download struct {
	ContentType string
	Length      int64 // -1 if it is not known

	body    io.Closer
	content io.Reader
	sum     hash.Hash // nil if nothing vouches for the file
	want    []byte
	release func()
}

// Read implements [io.Reader].
func (d *Download) Read(p []byte) (int, error) {
	n, err := d.content.Read(p)
	if d.sum == nil {
		return n, err
	}
	d.sum.Write(p[:n])
	if err == io.EOF && !bytes.Equal(d.sum.Sum(nil), d.want) {
		return n, ErrDigest
	}
	return n, err
}

// Close implements [io.Closer].
func (d *Download) Close() error {
	err := d.body.Close()
	d.release()
	return err
}

// digest is what a file must have.
type digest struct {
	algorithm, value string
}

// Digest gives the digest of a file that is asked for, as it came with its
// address: the algorithm (hash_type: SHA1, SHA256 or SM3) and the value in hex.
func Digest(algorithm, value string) Option {
	return func(c *call) { c.digest = &digest{algorithm, value} }
}

func (c *call) newDigest(d *digest) (hash.Hash, []byte, error) {
	want, err := hex.DecodeString(d.value)
	if err != nil || len(want) == 0 {
		return nil, nil, inputError(c.name(), "Digest", "must be in hex", "give hash_value as it came")
	}
	switch strings.ReplaceAll(strings.ToUpper(d.algorithm), "-", "") {
	case "SHA1":
		return sha1.New(), want, nil
	case "SHA256":
		return sha256.New(), want, nil
	case "SM3":
		return seal.NewSM3(), want, nil
	}
	return nil, nil, inputError(c.name(), "Digest", "must be of SHA1, SHA256 or SM3", "check other digests over what you read, and give Unchecked")
}

// Download asks for a file. Generated functions of endpoints that answer files
// are made of it. Where the digest came with the address of the file, it must
// be given with [Digest], or [Unchecked] to do without.
//
// The time-out of the client bounds the wait for the answer, not the reading
// of the file: that ends with ctx. Errors are those of [Client.Do].
func (c *Client) Download(ctx context.Context, op *Op, in any, opts ...Option) (*Download, error) {
	k := newCall(op, opts)
	k.raw = true
	if err := c.encode(ctx, k, in); err != nil {
		return nil, err
	}
	return c.download(ctx, k)
}

// DownloadURL asks for the file at an address that WeChat Pay gave
// (download_url), path and query as they are. The host must be one of WeChat
// Pay, or that of the client, which is the one that is asked.
func (c *Client) DownloadURL(ctx context.Context, address string, opts ...Option) (*Download, error) {
	u, err := url.Parse(address)
	op := &Op{Method: http.MethodGet, Path: "/", Idempotent: true, Verify: VerifyDigest}
	if err != nil || u.Host == "" || u.Host != c.base.Host && !isWeChat(u.Hostname()) {
		return nil, inputError("GET download_url", "address", "must be a full URL of WeChat Pay", "give download_url as it came; no other host gets a signed request")
	}
	op.Path = u.EscapedPath()
	k := newCall(op, opts)
	k.raw = true
	if err := c.encode(ctx, k, nil); err != nil {
		return nil, err
	}
	k.query = u.RawQuery
	return c.download(ctx, k)
}

func (c *Client) download(ctx context.Context, k *call) (*Download, error) {
	var sum hash.Hash
	var want []byte
	switch {
	case k.digest != nil:
		var err error
		if sum, want, err = k.newDigest(k.digest); err != nil {
			return nil, err
		}
	case k.op.Verify == VerifyDigest && !k.unchecked:
		return nil, inputError(k.name(), "Digest", "is required", "give hash_type and hash_value with the option Digest, or Unchecked to do without")
	}
	a, err := c.repeat(ctx, k)
	if err != nil {
		return nil, err
	}
	if a.sum != nil {
		sum, want = a.sum, a.want
	}
	res := a.file
	d := &Download{
		ContentType: res.Header.Get("Content-Type"), Length: res.ContentLength,
		body: res.Body, content: res.Body, sum: sum, want: want, release: a.release,
	}
	if sum != nil {
		if err := d.unpack(); err != nil {
			_ = d.Close()
			return nil, k.refused(a, ReasonTruncated, err)
		}
	}
	return d, nil
}

// unpack looks whether the file is packed.
func (d *Download) unpack() error {
	r := bufio.NewReader(d.content)
	d.content = r
	if head, _ := r.Peek(2); !bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return nil // an error of the body shows when it is read
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	d.content, d.Length = z, -1
	return nil
}

// attemptFile is the part of an attempt that differs for a file: the body stays
// open, and outlives the time-out.
func (c *Client) attemptFile(ctx context.Context, k *call, base *url.URL) (*answer, time.Duration, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	timer := time.AfterFunc(c.cfg.Timeout, func() { cancel(context.DeadlineExceeded) })
	a, after, err := c.roundTrip(ctx, k, base)
	timer.Stop()
	if err != nil {
		cancel(nil)
		return nil, after, err
	}
	a.release = func() { cancel(nil) }
	return a, 0, nil
}

// verifyFile decides about an answer that should be a file, by its head.
func (c *Client) verifyFile(ctx context.Context, k *call, res *http.Response) (*answer, error) {
	a := &answer{status: res.StatusCode, requestID: res.Header.Get("Request-Id"), file: res}
	if k.op.Verify != VerifyStatement {
		return a, nil
	}
	value := res.Header.Get("Wechatpay-Statement-Sha1")
	h := sign.ReadHeader(res.Header)
	if err := c.verifier.Verify(ctx, h, []byte(`{"sha1":"`+value+`"}`)); err != nil {
		return nil, k.refused(a, ReasonUntrusted, err)
	}
	var err error
	if a.sum, a.want, err = k.newDigest(&digest{"SHA1", value}); err != nil {
		return nil, k.refused(a, ReasonFormat, err)
	}
	return a, nil
}
