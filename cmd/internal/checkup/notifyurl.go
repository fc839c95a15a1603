package checkup

import (
	"context"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"unicode"

	"github.com/wxpay-go/wxpay/internal/loopback"
)

// maxNotifyURL is how long a notify URL may be, in characters.
const maxNotifyURL = 256

// notifyURL checks the rules of a notify URL, and with online where its name
// leads. It is not called.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012791836
func (v *visit) notifyURL(ctx context.Context, text string, online bool) {
	const nothing = "WeChat Pay would send nothing there, or refuse the request that names it."
	bad := func(code, what, remedy string) { v.fault(NotifyURL, code, what, nothing, remedy) }
	before := len(v.Findings)
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		bad("no-url", "The notify URL is no whole URL.", "Give scheme, host and path, such as https://shop.example/wechatpay.")
		return
	}
	if u.Scheme != "https" {
		bad("not-https", "The notify URL does not begin with https.", "Serve it with a certificate that browsers trust.")
	}
	if u.RawQuery != "" || u.ForceQuery || u.Fragment != "" {
		bad("query", "The notify URL has a query or a fragment.", "Put what you want to know into the path, or into attach.")
	}
	if u.User != nil {
		bad("password", "The notify URL holds a name or a password.", "Take it out; the signature says who sends.")
	}
	if len([]rune(text)) > maxNotifyURL {
		bad("too-long", "The notify URL is longer than 256 characters.", "Shorten its path.")
	}
	if strings.ContainsFunc(text, func(r rune) bool { return r > unicode.MaxASCII || unicode.IsSpace(r) }) {
		bad("characters", "The notify URL has blanks or letters beyond ASCII.", "Percent-encode its path, and write its host in punycode.")
	}
	v.notifyHost(ctx, u.Hostname(), online, bad)
	if port := u.Port(); port != "" && port != "443" {
		v.warn(NotifyURL, "port", "The notify URL names port "+port+".", "Firewalls on the way often let 443 pass alone.", "Serve it at 443, or make sure that the port is open to WeChat Pay.")
	}
	if len(v.Findings) == before {
		v.good(NotifyURL, "The notify URL follows the rules. Whether WeChat Pay reaches it, only a notification shows.")
	}
}

// notifyHost refuses what cannot be reached from outside.
func (v *visit) notifyHost(ctx context.Context, host string, online bool, bad func(code, what, remedy string)) {
	const remedy = "Give a public name; for a machine at hand, use a tunnel, or test with wxpay emulator --forward-to."
	address, err := netip.ParseAddr(host)
	lower := strings.ToLower(strings.TrimSuffix(host, "."))
	switch {
	case err == nil && inside(address), err != nil && loopback.Host(host):
		bad("private-address", "The notify URL leads to this machine or to a private network.", remedy)
	case err == nil:
		v.warn(NotifyURL, "address", "The notify URL names an address, and no name.", "A certificate for https is hard to get for it.", "Use a name.")
	case !strings.Contains(lower, ".") || strings.HasSuffix(lower, ".local") || strings.HasSuffix(lower, ".internal") || strings.HasSuffix(lower, ".lan"):
		bad("private-name", "The notify URL's host has a name of a private network.", remedy)
	case online:
		ctx, cancel := context.WithTimeout(ctx, v.timeout)
		defer cancel()
		found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		if err != nil {
			bad("not-found", "The name of the notify URL's host cannot be looked up.", "Check its spelling and its entry in the name service.")
		} else if len(found) > 0 && inside(found[0]) {
			bad("private-address", "The notify URL's host leads to a private network.", remedy)
		}
	}
}

func inside(a netip.Addr) bool {
	a = a.Unmap()
	return a.IsPrivate() || a.IsLoopback() || a.IsLinkLocalUnicast() || a.IsUnspecified()
}
