package emulator

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// reply is an answer on its way out.
type reply struct {
	status int
	number string // internal number that ends Request-ID: "0" for a success, "" where none is known
	body   []byte
	kind   string // Content-Type; "" is JSON

	// unsigned: nothing vouches for the body, as for most files.
	unsigned bool
	// digest is the SHA-1 of a file in hex, which is signed in place of it.
	digest string
}

// vouched is what the signature is made over.
func (r *reply) vouched() []byte {
	if r.digest == "" {
		return r.body
	}
	text, _ := json.Marshal(struct { // a text alone cannot fail
		SHA1 string `json:"sha1"`
	}{r.digest})
	return text
}

// answer writes a reply with the headers of a live answer, and signs it if the
// request was found to be the merchant's.
func (e *Emulator) answer(w http.ResponseWriter, c *call, r reply) {
	h := w.Header()
	c.mishap.hold(c, e)
	c.mishap.spoil(&r)
	id, err := e.random.hex(44)
	if err == nil && c.key != nil && !r.unsigned {
		signed, signErr := e.sign(c.key, c.mishap.timestamp(c.now), r.vouched())
		err = signErr
		c.mishap.forge(&signed)
		signed.Write(h)
	}
	if err != nil {
		// Nothing can be signed: an answer without a signature would look
		// like a forged one.
		e.log.ErrorContext(c.ctx, "answer cannot be signed", "path", c.op.Path, "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	r.writeHead(h, id)
	h.Set("Content-Language", language(c.header))
	if c.from.Kind != "" {
		h.Set(headerProvenance, c.from.String())
	}
	c.mishap.deliver(w, &r)
}

func (r *reply) writeHead(h http.Header, id string) {
	if r.number != "" {
		id += "-" + r.number
	}
	h.Set("Request-ID", strings.ToUpper(id))
	h.Set("Cache-Control", "no-cache, must-revalidate")
	h.Set("X-Content-Type-Options", "nosniff")
	if r.digest != "" {
		h.Set(headerStatement, r.digest)
	}
	if len(r.body) == 0 {
		return
	}
	if r.kind == "" {
		r.kind = "application/json; charset=utf-8"
	}
	h.Set("Content-Type", r.kind)
	h.Set("Content-Length", strconv.Itoa(len(r.body)))
}

// headerStatement holds the digest of a statement (对账单), which is what its
// answer's signature is made over.
const headerStatement = "Wechatpay-Statement-Sha1"

// deliver sends the answer, as the mishap has it if there is one.
func (m *mishap) deliver(w http.ResponseWriter, r *reply) {
	if m != nil && m.send != nil {
		m.send(w, r)
		return
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body) // the caller went away; there is nobody to tell
}

// sendHalf sends the head, half of the body that the head promises, and ends
// the connection.
func sendHalf(w http.ResponseWriter, r *reply) {
	w.WriteHeader(r.status)
	_, _ = w.Write(r.body[:len(r.body)/2]) // the caller went away; there is nobody to tell
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

func sendShortened(w http.ResponseWriter, r *reply) {
	half := r.body[:len(r.body)/2]
	if len(half) > 0 {
		w.Header().Set("Content-Length", strconv.Itoa(len(half)))
	}
	w.WriteHeader(r.status)
	_, _ = w.Write(half) // the caller went away; there is nobody to tell
}
