package main

import (
	"context"
	"fmt"
	"net"
)

// listen listens on an address of this machine.
func listen(ctx context.Context, address string) (net.Listener, error) {
	ok, err := isLoopback(address)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, usageError{fmt.Errorf("--listen: %q is not a loopback address; choose 127.0.0.1 or localhost", address)}
	}
	return open(ctx, address)
}

// isLoopback reports whether only this machine can reach an address.
func isLoopback(address string) (bool, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false, usageError{fmt.Errorf("--listen: %w; give host:port, for instance 127.0.0.1:8089", err)}
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback(), nil
}

func open(ctx context.Context, address string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, reachError{fmt.Errorf("--listen: %w; stop what listens there, or choose another port", err)}
	}
	return l, nil
}
