package main

import (
	"context"
	"fmt"
	"net"
)

// listen listens on an address of this machine.
func listen(ctx context.Context, address string) (net.Listener, error) {
	ok, err := isLoopback("--listen", address)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, usageError{fmt.Errorf("--listen: %q is not a loopback address; choose 127.0.0.1 or localhost", address)}
	}
	return open(ctx, "--listen", address)
}

// isLoopback reports whether only this machine can reach an address, which a
// flag names.
func isLoopback(flag, address string) (bool, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false, usageError{fmt.Errorf("%s: %w; give host:port, for instance 127.0.0.1:8089", flag, err)}
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback(), nil
}

func open(ctx context.Context, flag, address string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return nil, reachError{fmt.Errorf("%s: %w; stop what listens there, or choose another port", flag, err)}
	}
	return l, nil
}
