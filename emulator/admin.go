package emulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/wxpay-go/wxpay/internal/loopback"
)

// adminPath is the reserved path of the admin interface. No path of APIv3
// begins with it.
const adminPath = "/_wxpay"

// maxAdminBody is the size up to which an admin request is read, in bytes.
const maxAdminBody = 64 << 10

// adminHandler routes the admin interface: for tests in any language, to do
// what the user does and to see what happened. Answers are JSON, unsigned; an
// error is {"code": …, "message": …}.
func (e *Emulator) adminHandler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range e.adminRoutes() {
		mux.HandleFunc(r.pattern(), e.adminFunc(r))
	}
	index := e.adminFunc(adminRoute{run: shows(e.adminIndex)})
	mux.HandleFunc("GET "+adminPath, index) // and with a slash, by the table
	mux.HandleFunc(adminPath+"/", func(w http.ResponseWriter, r *http.Request) {
		refuseAdmin(w, "not_found", "there is no "+r.Method+" "+r.URL.Path+"; GET "+adminPath+"/ lists what there is")
	})
	return e.adminGuard(mux)
}

// adminFault is the answer to what is refused.
type adminFault struct {
	Code    string `json:"code"`
	Message string `json:"message"` // for people
}

// adminGuard keeps out what a page in a browser could send: a request under a
// foreign host name (DNS rebinding), or from a foreign origin. A request that
// is signed for APIv3 has lost its way, and is told so.
func (e *Emulator) adminGuard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.Header.Get("Authorization"), "WECHATPAY"):
			refuseAdmin(w, "invalid", "the admin interface takes no APIv3 requests")
		case !e.cfg.AllowRemote && !e.isOwnHost(r):
			refuseAdmin(w, "forbidden", "the admin interface is for this machine only")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func (e *Emulator) isOwnHost(r *http.Request) bool {
	if !loopback.HostPort(r.Host) {
		return false
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site == "cross-site" {
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && loopback.Host(u.Hostname())
}

// adminRoute is one row of the admin interface. The same row serves, is listed,
// and becomes an operation of the OpenAPI document.
type adminRoute struct {
	Method string   `json:"method"`
	Path   string   `json:"path"` // below the reserved path
	Does   string   `json:"does"`
	Body   string   `json:"body,omitempty"`  // its members, for people
	Needs  []string `json:"needs,omitempty"` // the members without which it is refused; all others are optional

	run   adminAction
	limit int64 // of the body, in bytes; 0 means maxAdminBody
}

// pattern is the row for a [http.ServeMux].
func (r *adminRoute) pattern() string {
	path := r.Path
	if path == "/" {
		path = "/{$}" // itself, and not what is below it
	}
	return r.Method + " " + adminPath + path
}

func (e *Emulator) adminFunc(route adminRoute) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, cmp.Or(route.limit, maxAdminBody))
		answer, err := route.run.do(r)
		if err == nil && r.Method == http.MethodPost {
			err = e.keepClock() // which it may have moved
		}
		if err == nil {
			writeAdmin(w, http.StatusOK, answer)
			return
		}
		if known, ok := errors.AsType[*ActionError](err); ok {
			refuseAdmin(w, known.Code, known.Message)
			return
		}
		e.log.ErrorContext(r.Context(), "admin", "method", r.Method, "path", route.Path, "error", err)
		refuseAdmin(w, "internal", "the emulator failed; its log says why")
	}
}

// adminStatus is the HTTP status of a fault's code.
var adminStatus = map[string]int{
	"not_found": http.StatusNotFound,
	"conflict":  http.StatusConflict,
	"invalid":   http.StatusBadRequest,
	"forbidden": http.StatusForbidden,
	"internal":  http.StatusInternalServerError,
}

func refuseAdmin(w http.ResponseWriter, code, message string) {
	writeAdmin(w, adminStatus[code], adminFault{code, message})
}

// document is an answer that is written as it is.
type document []byte

func writeAdmin(w http.ResponseWriter, status int, answer any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if text, ok := answer.(document); ok {
		_, _ = w.Write(text)
		return
	}
	_ = json.NewEncoder(w).Encode(answer) // the caller went away; there is nobody to tell
}
