package emulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"io"
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
	routes := e.adminRoutes()
	for _, r := range routes {
		mux.HandleFunc(r.Method+" "+adminPath+r.Path, e.adminFunc(r))
	}
	listed := append(routes, e.above...)
	index := e.adminFunc(adminRoute{run: func(*http.Request) (any, error) {
		return map[string]any{"routes": listed, "faults": DisruptionCases(), "notification_faults": notificationFaults(), "scenarios": Scenarios(), "magic_members": magicMembers}, nil
	}})
	mux.HandleFunc("GET "+adminPath+"/{$}", index)
	mux.HandleFunc("GET "+adminPath, index)
	mux.HandleFunc(adminPath+"/", func(w http.ResponseWriter, r *http.Request) {
		writeAdmin(w, http.StatusNotFound, adminFault{"not_found", "there is no " + r.Method + " " + r.URL.Path + "; GET " + adminPath + "/ lists what there is"})
	})
	return e.adminGuard(mux)
}

type adminFault struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// adminGuard keeps out what a page in a browser could send: a request under a
// foreign host name (DNS rebinding), or from a foreign origin. A request that
// is signed for APIv3 has lost its way, and is told so.
func (e *Emulator) adminGuard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.Header.Get("Authorization"), "WECHATPAY"):
			writeAdmin(w, http.StatusBadRequest, adminFault{"invalid", "the admin interface takes no APIv3 requests"})
		case !e.cfg.AllowRemote && !e.isOwnHost(r):
			writeAdmin(w, http.StatusForbidden, adminFault{"forbidden", "the admin interface is for this machine only"})
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

// adminRoute is one row of the admin interface.
type adminRoute struct {
	Method string `json:"method"`
	Path   string `json:"path"` // below the reserved path
	Does   string `json:"does"`
	Body   string `json:"body,omitempty"` // its members, all optional unless said

	run   func(r *http.Request) (any, error)
	limit int64 // of the body, in bytes; 0 means maxAdminBody
}

func (e *Emulator) adminFunc(route adminRoute) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, cmp.Or(route.limit, maxAdminBody))
		answer, err := route.run(r)
		if err == nil && r.Method == http.MethodPost {
			err = e.keepClock() // which it may have moved
		}
		if err == nil {
			writeAdmin(w, http.StatusOK, answer)
			return
		}
		if known, ok := errors.AsType[*ActionError](err); ok {
			writeAdmin(w, adminStatus[known.Code], adminFault{known.Code, known.Message})
			return
		}
		e.log.ErrorContext(r.Context(), "admin", "method", r.Method, "path", route.Path, "error", err)
		writeAdmin(w, http.StatusInternalServerError, adminFault{"internal", "the emulator failed; its log says why"})
	}
}

// adminStatus is the HTTP status of an [ActionError]'s code.
var adminStatus = map[string]int{
	"not_found": http.StatusNotFound,
	"conflict":  http.StatusConflict,
	"invalid":   http.StatusBadRequest,
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

// input reads the JSON body of an admin request; an empty one is the zero
// value. Unknown members are refused, for they are typing errors.
func input[T any](r *http.Request) (in T, err error) {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil && !errors.Is(err, io.EOF) {
		return in, &ActionError{"invalid", "the body is not the JSON object that this takes: " + err.Error()}
	}
	return in, nil
}
