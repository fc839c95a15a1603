package console

import (
	"crypto/subtle"
	"net/http"

	"github.com/wxpay-go/wxpay/internal/loopback"
)

// policy forbids whatever the pages do not need: what gets into one by mistake
// stays text.
const policy = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// secured keeps out who does not reach the console under an address of this
// machine, which a foreign page could (DNS rebinding), and bounds every body.
func (c *console) secured(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		h.Set("Vary", "Accept-Language, Cookie")
		if !c.cfg.AllowRemote && !loopback.HostPort(r.Host) {
			c.fail(w, r, &failure{http.StatusForbidden, "the console is for this machine only", "控制台只供本机使用"})
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		next.ServeHTTP(w, r)
	})
}

// maxForm is the size up to which a form is read, in bytes.
const maxForm = 2 << 20

// checkToken refuses a form that did not come from a page of this console.
func (c *console) checkToken(r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return &failure{http.StatusBadRequest, "the form cannot be read", "无法读取表单"}
	}
	if subtle.ConstantTimeCompare([]byte(r.PostForm.Get("token")), []byte(c.token)) != 1 {
		return &failure{http.StatusForbidden, "this form is out of date; load its page again", "表单已过期，请重新打开页面"}
	}
	return nil
}
