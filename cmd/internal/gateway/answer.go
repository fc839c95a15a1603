package gateway

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // the digest that the protocol names
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/unpack"
	"github.com/wxpay-go/wxpay/sign"
	"github.com/wxpay-go/wxpay/spec"
)

// exchange sends the request and passes the answer on. The time-out bounds all
// of an answer that is verified before it is passed on, and the head of a
// file.
func (x *exchange) exchange(out *http.Request, cancel func()) *failure {
	timer := time.AfterFunc(x.cfg.Timeout, cancel)
	defer timer.Stop()
	res, err := x.cfg.Transport.RoundTrip(out)
	if err != nil {
		return x.lost(out, failed(CodeUnreachable, "no answer came from WeChat Pay; what was asked may have happened: look it up before it is asked again").because(err))
	}
	defer res.Body.Close()
	switch {
	case res.StatusCode >= 300 && res.StatusCode < 400:
		return failed(CodeUnverified, "the answer leads elsewhere, which WeChat Pay never does; something else answers at its address")
	case res.StatusCode < 300 && x.op != nil && x.op.Verify != "" && timer.Stop():
		return x.file(res)
	}
	return x.whole(out, res)
}

// lost is the failure of an answer that did not come, or of the time that it
// took.
func (x *exchange) lost(out *http.Request, f *failure) *failure {
	if out.Context().Err() != nil && x.in.Context().Err() == nil {
		return failed(CodeTimeout, "WeChat Pay did not answer in time; what was asked may have happened: look it up before it is asked again")
	}
	return f
}

// whole reads the answer whole, and passes it on if it is verified or tells of
// no success.
func (x *exchange) whole(out *http.Request, res *http.Response) *failure {
	body, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	if err != nil {
		return x.lost(out, failed(CodeUnverified, "the answer ended before its length; what was asked may have happened").because(err))
	}
	if len(body) > maxAnswer {
		return failed(CodeUnverified, "the answer is longer than 8 MiB; what was asked may have happened")
	}
	verified := BySignature
	if err := x.verifier.Verify(x.in.Context(), sign.ReadHeader(res.Header), body); err != nil {
		if res.StatusCode < 400 {
			return failed(CodeUnverified, "the answer cannot be shown to come from WeChat Pay, and must not be used; what was asked may have happened").because(err)
		}
		verified = ByNothing // as the refusal of a signature, which is unsigned
	}
	x.head(res, verified, int64(len(body)))
	_, _ = x.w.Write(body) // the program is gone, or has it
	return nil
}

// head writes status and headers of the answer.
func (x *exchange) head(res *http.Response, verified string, length int64) {
	h := x.w.Header()
	copyHeader(h, res.Header)
	h.Set("Wxpay-Verified", verified)
	if length >= 0 && res.StatusCode != http.StatusNoContent {
		h.Set("Content-Length", strconv.FormatInt(length, 10))
	}
	x.report.Status, x.report.Verified = res.StatusCode, verified
	x.w.WriteHeader(res.StatusCode)
}

// file passes a download on while it comes. One whose digest is signed is
// checked on the way; a wrong one breaks off, so that nobody takes it for
// whole. The digest of the others came with their address, to the program.
func (x *exchange) file(res *http.Response) *failure {
	if x.op.Verify != spec.VerifyStatement {
		x.head(res, ByNothing, res.ContentLength)
		_, err := io.Copy(x.w, res.Body)
		return x.ended(err)
	}
	value := res.Header.Get("Wechatpay-Statement-Sha1")
	err := x.verifier.Verify(x.in.Context(), sign.ReadHeader(res.Header), []byte(`{"sha1":"`+value+`"}`))
	var want []byte
	if err == nil {
		want, err = hex.DecodeString(value)
	}
	if err != nil {
		return failed(CodeUnverified, "the statement cannot be shown to come from WeChat Pay, and must not be used").because(err)
	}
	x.head(res, ByStatement, -1) // a length would make a file whole before its digest is known
	return x.ended(pass(x.w, res.Body, want))
}

// pass passes a statement on as it comes. The digest is of what is inside, if
// it is packed.
func pass(to io.Writer, body io.Reader, want []byte) error {
	inside, err := unpack.Reader(io.TeeReader(body, to))
	if err != nil {
		return err
	}
	sum := sha1.New() //nolint:gosec // see above
	if _, err := io.Copy(sum, inside); err != nil {
		return err
	}
	if !bytes.Equal(sum.Sum(nil), want) {
		return errors.New("the file has another digest than WeChat Pay signed")
	}
	return nil
}

// ended breaks a file off that must not be used.
func (x *exchange) ended(err error) *failure {
	if err != nil {
		x.report.Error, x.report.Detail = string(CodeUnverified), err.Error()
		panic(http.ErrAbortHandler)
	}
	return nil
}
