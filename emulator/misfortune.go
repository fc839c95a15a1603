package emulator

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/wxpay-go/wxpay/sign"
	"github.com/wxpay-go/wxpay/spec"
)

// DisruptionCase is what can go wrong with a request.
type DisruptionCase struct {
	Name string `json:"case"`
	Does string `json:"does"`
}

// DisruptionCases lists what can go wrong with a request: the documented error
// codes, and what happens on the way of an answer.
func DisruptionCases() []DisruptionCase {
	var cases []DisruptionCase
	for code := range spec.Errors() {
		cases = append(cases, DisruptionCase{code.Code, strconv.Itoa(code.Status) + ": " + code.Summary})
	}
	for _, m := range misfortunes {
		cases = append(cases, DisruptionCase{m.name, m.does})
	}
	return cases
}

// misfortune is one case. Each of its functions may be nil; they are called in
// this order.
type misfortune struct {
	name, does string

	// instead answers before the request is looked at: nothing is done.
	instead func(w http.ResponseWriter)
	// refusal is the answer in the place of the work, after every check.
	refusal *refusal
	// late keeps the answer back once the work is done.
	late func(ctx context.Context, e *Emulator, m *mishap)
	// reply changes the answer before it is signed.
	reply func(r *reply, m *mishap)
	// signed changes the time that is signed, header the signature.
	signed func(time.Time) time.Time
	header func(*sign.Header)
	// send sends the answer in its own way.
	send func(w http.ResponseWriter, r *reply)
}

// misfortunes are the cases that are no error codes.
var misfortunes = []misfortune{
	{
		name: "slow", does: "the answer comes after delay: of the clock if it runs, and of the machine, 30 s at most, if it stands still",
		late: func(ctx context.Context, e *Emulator, m *mishap) { e.dawdle(ctx, m.delay) },
	},
	{name: "cut", does: "the connection ends before anything is done", instead: func(http.ResponseWriter) { panic(http.ErrAbortHandler) }},
	{name: "lost", does: "everything is done, and the connection ends without an answer", send: func(http.ResponseWriter, *reply) { panic(http.ErrAbortHandler) }},
	{name: "truncated", does: "the connection ends in the middle of the body", send: sendHalf},
	{name: "shortened", does: "half of the body is missing, and its length is given as if it were whole: the signature does not fit", send: sendShortened},
	{name: "oversized", does: "the body is filled up to size with white space, and rightly signed", reply: func(r *reply, m *mishap) { r.fill(m.size) }},
	{name: "gateway", does: "502 and a page in HTML, as a gateway would answer; nothing is done", instead: sendGateway},
	{name: "unsigned", does: "no Wechatpay headers at all", reply: func(r *reply, _ *mishap) { r.unsigned = true }},
	{name: "signature", does: "the signature is another one's", header: func(h *sign.Header) { h.Signature = otherSignature(h.Signature) }},
	{name: "serial", does: "signed by a key that nobody has heard of", header: func(h *sign.Header) { h.Serial = unknownSerial }},
	{name: "stale", does: "rightly signed ten minutes ago", signed: func(t time.Time) time.Time { return t.Add(-10 * time.Minute) }},
	{name: "probe", does: "a signature that begins with " + sign.ProbePrefix + ", as WeChat Pay sends now and then", header: func(h *sign.Header) { h.Signature = sign.ProbePrefix + h.Signature }},
}

// unknownSerial looks like a public key id, and is nobody's.
const unknownSerial = "PUB_KEY_ID_0000000000000000000000000000000000"

// misfortuneOf finds a case by its name: an error code, or one of the list.
func misfortuneOf(name string) (*misfortune, bool) {
	for i := range misfortunes {
		if misfortunes[i].name == name {
			return &misfortunes[i], true
		}
	}
	if code, ok := spec.LookupError(name); ok {
		return &misfortune{name: name, refusal: &refusal{status: code.Status, code: code.Code, message: code.Message}}, true
	}
	return nil, false
}

// mishap is a misfortune that has found its request.
type mishap struct {
	*misfortune
	delay time.Duration
	size  int
}

func newMishap(m *misfortune, d *Disruption) *mishap {
	made := &mishap{m, d.Delay, d.Size}
	if made.delay == 0 {
		made.delay = defaultDelay
	}
	if made.size == 0 {
		made.size = defaultSize
	}
	return made
}

// refused is the error in the place of the work. One of authentication is as
// unsigned as a real one.
func (m *mishap) refused(c *call) error {
	if m == nil || m.refusal == nil {
		return nil
	}
	if m.refusal.status == http.StatusUnauthorized {
		c.key = nil
	}
	return m.refusal
}

// maxDawdle bounds the machine's time that a slow answer takes.
const maxDawdle = 30 * time.Second

// dawdle waits, by the clock if that runs, and no longer than the machine
// takes for as long.
func (e *Emulator) dawdle(ctx context.Context, delay time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, min(delay, maxDawdle))
	defer cancel()
	_ = e.clock.wait(ctx, e.clock.Now().Add(delay)) // however it ended, the answer is due
}

// fill makes the body size bytes long; white space is no part of JSON's value.
func (r *reply) fill(size int) {
	if more := size - len(r.body); more > 0 {
		r.body = append(bytes.Clone(r.body), bytes.Repeat([]byte{' '}, more)...)
	}
}

func sendGateway(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(http.StatusBadGateway)
	_, _ = w.Write([]byte("<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"))
}

// otherSignature is as well-formed as a signature, and another one.
func otherSignature(signature string) string {
	first := "A"
	if signature != "" && signature[0] == 'A' {
		first = "B"
	}
	return first + signature[min(1, len(signature)):]
}

// The steps of an answer, each as the mishap has it; nil leaves it alone.

func (m *mishap) hold(c *call, e *Emulator) {
	if m != nil && m.late != nil {
		m.late(c.ctx, e, m)
		c.now = e.clock.Now()
	}
}

func (m *mishap) spoil(r *reply) {
	if m != nil && m.reply != nil {
		m.reply(r, m)
	}
}

func (m *mishap) timestamp(now time.Time) string {
	if m != nil && m.signed != nil {
		now = m.signed(now)
	}
	return strconv.FormatInt(now.Unix(), 10)
}

func (m *mishap) forge(h *sign.Header) {
	if m != nil && m.header != nil {
		m.header(h)
	}
}
