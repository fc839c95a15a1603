package loopback_test

import (
	"net/netip"
	"testing"

	"github.com/wxpay-go/wxpay/internal/loopback"
)

func TestHost(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"localhost":              true,
		"LocalHost":              true,
		"127.0.0.1":              true,
		"127.255.255.254":        true,
		"::1":                    true,
		"0:0:0:0:0:0:0:1":        true,
		"::ffff:127.0.0.1":       true,
		"":                       false,
		"localhost.":             false,
		"127.0.0.1.":             false,
		"localhost.localdomain":  false,
		"app.localhost":          false,
		"localhost.shop.example": false,
		"localhost%00":           false,
		" localhost":             false,
		"localho\u017ft":         false, // a letter that folds to s
		"127.0.0.1.nip.io":       false,
		"shop.example":           false,
		"128.0.0.1":              false,
		"10.0.0.1":               false,
		"169.254.169.254":        false,
		"0.0.0.0":                false,
		"::":                     false,
		"::2":                    false,
		"fe80::1":                false,
		"::ffff:10.0.0.1":        false,
		"::127.0.0.1":            false,
		"64:ff9b::127.0.0.1":     false,
		"::1%lo":                 false,
		"127.0.0.1%lo":           false,
		"[::1]":                  false,
		"127.0.0.1:80":           false,
		"127.1":                  false, // forms that some resolvers take
		"127.0.0.01":             false,
		"0x7f.0.0.1":             false,
		"2130706433":             false,
		"017700000001":           false,
		"١٢٧.0.0.1":              false,
	} {
		if got := loopback.Host(host); got != want {
			t.Errorf("Host(%q) = %t", host, got)
		}
	}
}

func TestHostPort(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"localhost":               true,
		"LOCALHOST:8089":          true,
		"127.0.0.1":               true,
		"127.0.0.1:0":             true,
		"127.0.0.1:":              true,
		"[::1]":                   true,
		"[::1]:8089":              true,
		"[::ffff:127.0.0.1]:1":    true,
		"":                        false,
		":":                       false,
		":8089":                   false,
		"[]":                      false,
		"[]:8089":                 false,
		"[::1":                    false,
		"::1]":                    false,
		"[[::1]]":                 false,
		"[::1]x":                  false,
		"[::1%lo]:8089":           false,
		"[localhost]":             false,
		"[127.0.0.1]":             false,
		"0.0.0.0:8089":            false,
		"[::]:8089":               false,
		"shop.example:8089":       false,
		"localhost:80:80":         false,
		"localhost@shop:80":       false,
		"shop.example#@localhost": false,
		"localhost/":              false,
		"127.0.0.1.nip.io:80":     false,
	} {
		if got := loopback.HostPort(text); got != want {
			t.Errorf("HostPort(%q) = %t", text, got)
		}
	}
}

func TestAddr(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"127.0.0.1": true, "127.3.2.1": true, "::1": true, "::ffff:127.0.0.1": true, "::1%lo": true,
		"0.0.0.0": false, "::": false, "10.0.0.1": false, "::ffff:10.0.0.1": false, "fe80::1%lo": false,
	} {
		if got := loopback.Addr(netip.MustParseAddr(text)); got != want {
			t.Errorf("Addr(%s) = %t", text, got)
		}
	}
	if loopback.Addr(netip.Addr{}) {
		t.Error("no address at all is loopback")
	}
}
