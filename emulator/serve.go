package emulator

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay/spec"
)

// maxBody is the size up to which a request body is read, in bytes.
const maxBody = 1 << 20

// call is one request on its way through the checks, and what they found.
type call struct {
	ctx    context.Context
	op     *spec.Operation
	header http.Header
	method string
	target string // path and query as sent
	rawURL string // the query as sent
	path   map[string]string
	query  map[string]string
	raw    []byte         // the body as sent; of an upload, the part meta
	parts  []part         // of an upload
	body   map[string]any // decoded, encrypted fields in the clear
	now    time.Time
	mchID  string       // of the merchant
	base   string       // URL of the emulator, for links
	key    *platformKey // signs the answer; nil before the signature was checked
	from   Provenance   // of what the answer shows; the zero value for the checks
	stage  stage        // how far it came
	mishap *mishap      // what goes wrong on purpose, or nil
}

// serve is the road of every APIv3 request: what, who, how, then the state.
func (e *Emulator) serve(w http.ResponseWriter, r *http.Request, target, path, query string) {
	w, seen := e.witness(w)
	defer seen.end(r, target)
	op, params, ok := e.description.Match(r.Method, path)
	if !ok {
		e.serveNothing(w, path)
		return
	}
	c := &call{
		ctx: r.Context(), op: op, header: r.Header, method: r.Method, target: target, rawURL: query,
		path: params, now: e.clock.Now(), mchID: e.cfg.MchID, base: e.baseURL(r),
	}
	seen.sees(c)
	var err error
	if c.mishap, err = e.mishap(c); err != nil {
		e.refuse(w, c, err)
		return
	}
	if c.mishap != nil && c.mishap.instead != nil {
		c.mishap.instead(w)
		return
	}
	answer, err := e.run(c, r.Body)
	if err == nil {
		e.answer(w, c, answer)
		return
	}
	e.refuse(w, c, err)
}

// run does the checks in the live order, and then the work.
func (e *Emulator) run(c *call, body io.Reader) (reply, error) {
	c.stage = stageHeaders
	if err := checkHeaders(c.header); err != nil {
		return reply{}, err
	}
	c.stage = stageAuthorization
	auth, err := e.checkAuthorization(c)
	if err != nil {
		return reply{}, err
	}
	c.stage = stageBody
	if err := c.read(body); err != nil {
		return reply{}, err
	}
	c.stage = stageSignature
	if err := e.checkSignature(c, auth); err != nil {
		return reply{}, err
	}
	c.stage = stageKey
	if err := e.chooseKey(c); err != nil {
		return reply{}, err
	}
	c.stage = stageParameters
	if err := e.checkParameters(c); err != nil {
		return reply{}, err
	}
	if err := e.checkMerchant(c); err != nil {
		return reply{}, err
	}
	if err := c.mishap.refused(c); err != nil {
		return reply{}, err
	}
	c.stage = stageState
	answer, err := e.act(c)
	if err == nil {
		c.stage = stageDone
	}
	return answer, err
}

// serveNothing answers a path that does not exist with 404, and one that
// exists under other methods with 405, both with an empty body.
func (e *Emulator) serveNothing(w http.ResponseWriter, path string) {
	methods := e.description.Methods(path)
	if len(methods) == 0 {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	w.Header().Set("Allow", strings.Join(methods, ", "))
	w.WriteHeader(http.StatusMethodNotAllowed)
}

// read reads the body, and takes that of an upload apart.
func (c *call) read(r io.Reader) (err error) {
	if c.op.File == nil {
		c.raw, err = readBody(r, maxBody)
		return err
	}
	if c.raw, err = readBody(r, maxUpload); err != nil {
		return err
	}
	return c.takeApart()
}

// readBody reads the body up to the limit. Assumed: a longer one is refused
// before the signature, because it is never read whole, and as a parameter.
func readBody(r io.Reader, limit int64) ([]byte, error) {
	if r == nil {
		return nil, nil
	}
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	switch {
	case err != nil:
		return nil, paramError(fault{Issue: "the body could not be read", Location: "body"})
	case int64(len(body)) > limit:
		return nil, paramError(fault{Issue: "the body is larger than " + strconv.FormatInt(limit>>20, 10) + " MiB", Location: "body"})
	}
	return body, nil
}

// baseURL is where the caller reached the emulator.
func (e *Emulator) baseURL(r *http.Request) string {
	if e.cfg.BaseURL != "" {
		return e.cfg.BaseURL
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// refuse writes an error: the one that a check or a behaviour names, or
// SYSTEM_ERROR for a failure of our own, of which the log alone is told.
func (e *Emulator) refuse(w http.ResponseWriter, c *call, err error) {
	known, ok := errors.AsType[*refusal](err)
	if !ok {
		e.log.ErrorContext(c.ctx, "request failed", "method", c.method, "path", c.op.Path, "error", err)
		known = systemError()
	}
	e.log.DebugContext(c.ctx, "request refused", "method", c.method, "path", c.op.Path, "status", known.status, "code", known.code)
	if known.from.Kind != "" {
		c.from = known.from
	}
	body, err := known.body(language(c.header))
	if err != nil {
		e.log.ErrorContext(c.ctx, "error answer", "path", c.op.Path, "error", err)
	}
	e.answer(w, c, reply{status: known.status, number: known.number, body: body})
}
