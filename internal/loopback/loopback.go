// Package loopback tells what is this machine, for the guards that let nobody
// else in and nothing out.
//
// It judges what was written and looks nothing up: what a name leads to can
// change between a check and the connection. So localhost is the only name,
// and who listens or connects under it checks the address too, with [Addr].
package loopback

import (
	"net"
	"net/netip"
	"strings"
)

// Host reports whether a host, without port and without brackets, is this
// machine: the name localhost, or an address of the loopback network written
// as RFC 4291 and RFC 1123 have it, without a zone.
func Host(host string) bool {
	if strings.ToLower(host) == "localhost" { // EqualFold would take a long s for an s
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.Zone() == "" && Addr(a)
}

// HostPort is [Host] for what stands in a Host header: with a port or without,
// an IPv6 address in brackets.
func HostPort(text string) bool {
	if host, _, err := net.SplitHostPort(text); err == nil {
		return Host(host)
	}
	if inner, ok := strings.CutPrefix(text, "["); ok {
		inner, ok = strings.CutSuffix(inner, "]")
		return ok && strings.Contains(inner, ":") && Host(inner)
	}
	return Host(text)
}

// Addr reports whether an address is of the loopback network, also where IPv6
// wraps one of IPv4 (::ffff:127.0.0.1).
func Addr(a netip.Addr) bool { return a.Unmap().IsLoopback() }
