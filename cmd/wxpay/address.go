package main

import (
	"context"
	"errors"
	"fmt"
	"net"

	"github.com/wxpay-go/wxpay/internal/loopback"
)

// listen listens on an address of this machine, which a flag names. remedy says
// what to do about another one.
func listen(ctx context.Context, flag, address, remedy string) (net.Listener, error) {
	foreign := usageError{fmt.Errorf("%s: %q is not a loopback address; %s", flag, address, remedy)}
	if host, _, err := net.SplitHostPort(address); err == nil && !loopback.Host(host) {
		return nil, foreign
	}
	l, err := open(ctx, flag, address)
	if err != nil {
		return nil, err
	}
	if at, ok := l.Addr().(*net.TCPAddr); !ok || !loopback.Addr(at.AddrPort().Addr()) { // localhost may lead elsewhere
		_ = l.Close()
		return nil, foreign
	}
	return l, nil
}

// open listens on any address.
func open(ctx context.Context, flag, address string) (net.Listener, error) {
	if _, _, err := net.SplitHostPort(address); err != nil {
		return nil, usageError{fmt.Errorf("%s: %w; give host:port, for instance 127.0.0.1:8089", flag, err)}
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if e, ok := errors.AsType[*net.AddrError](err); ok { // a port that no machine has
		return nil, usageError{fmt.Errorf("%s: %w; give host:port, for instance 127.0.0.1:8089", flag, e)}
	}
	if err != nil {
		return nil, reachError{fmt.Errorf("%s: %w; stop what listens there, or choose another port", flag, err)}
	}
	return l, nil
}
