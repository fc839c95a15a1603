package main

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// parts are what a program runs side by side, each until ctx ends.
type parts []func(context.Context) error

// together runs every part until ctx ends or one of them does, and then waits
// for all. The error is the first.
func together(ctx context.Context, parts ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, len(parts))
	for _, part := range parts {
		go func() { ended <- part(ctx) }()
	}
	var first error
	for range parts {
		if err := <-ended; first == nil {
			first = err
		}
		cancel()
	}
	return first
}

// server answers on a listener until ctx ends, then lets requests under way
// finish. secure is nil for plain HTTP.
func server(l net.Listener, secure *tls.Config, handler http.Handler) func(context.Context) error {
	srv := &http.Server{Handler: handler, TLSConfig: secure, ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute}
	return func(ctx context.Context) error {
		served := make(chan error, 1)
		go func() {
			if secure == nil {
				served <- srv.Serve(l)
			} else {
				served <- srv.ServeTLS(l, "", "")
			}
		}()
		select {
		case err := <-served:
			return reachError{err}
		case <-ctx.Done():
			graceful(srv, served)
			return nil
		}
	}
}

func graceful(srv *http.Server, served <-chan error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if srv.Shutdown(ctx) != nil {
		_ = srv.Close()
	}
	<-served
}
