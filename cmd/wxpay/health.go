package main

import (
	"io"
	"net/http"
)

// pathHealth is outside of everything that WeChat Pay has.
const pathHealth = "/healthz"

// withHealth answers whoever watches over the program: 200 while check finds
// nothing, and 503 otherwise. It tells nothing else, and so it tells everybody.
func withHealth(next http.Handler, check func() error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != pathHealth {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		switch {
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			w.Header().Set("Allow", "GET, HEAD")
			w.WriteHeader(http.StatusMethodNotAllowed)
		case check() != nil:
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = io.WriteString(w, "the state cannot be read\n")
		default:
			_, _ = io.WriteString(w, "ok\n")
		}
	})
}
