package emulator

import (
	"net/http"
	"strconv"
	"strings"
)

// answer writes body with the headers of a live answer, and signs it if the
// request was found to be the merchant's. number is the internal number that
// ends Request-ID: "0" for a success, "" where none is known.
func (e *Emulator) answer(w http.ResponseWriter, c *call, status int, body []byte, number string) {
	h := w.Header()
	id, err := e.random.hex(44)
	if err == nil && c.key != nil {
		signed, signErr := e.sign(c.key, strconv.FormatInt(c.now.Unix(), 10), body)
		err = signErr
		signed.Write(h)
	}
	if err != nil {
		// Nothing can be signed: an answer without a signature would look
		// like a forged one.
		e.log.ErrorContext(c.ctx, "answer cannot be signed", "path", c.op.Path, "error", err)
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	if number != "" {
		id += "-" + number
	}
	h.Set("Request-ID", strings.ToUpper(id))
	h.Set("Cache-Control", "no-cache, must-revalidate")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Language", language(c.header))
	if len(body) > 0 {
		h.Set("Content-Type", "application/json; charset=utf-8")
		h.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(status)
	_, _ = w.Write(body) // the caller went away; there is nobody to tell
}
