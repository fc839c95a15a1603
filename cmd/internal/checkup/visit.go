package checkup

import (
	"context"
	"crypto/x509"
	"net/http"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/profile"
)

// Options says how to look.
type Options struct {
	Now       func() time.Time  // default: the machine's clock
	Transport http.RoundTripper // default: that of net/http, with the proxy of the environment
	NotifyURL string            // its rules are checked too, if it is given
	Offline   bool              // ask nobody
	Timeout   time.Duration     // of each question; default: 10 s
}

// visit is a setup that the other side is asked about.
type visit struct {
	*setup
	clock   func() time.Time // this machine's
	shift   time.Duration    // to the other side's clock, where that is far off
	client  *http.Client
	timeout time.Duration

	listed   []*x509.Certificate // platform certificates that WeChat Pay listed
	retired  bool                // WeChat Pay has none for this merchant any more
	answered signedWith          // the key that signed the answer to echo
	notTaken bool                // the public key's id was refused, and a certificate's serial taken
}

// Run checks a profile, and asks the other side about it. Once the clock turns
// out to be wrong, the rest is checked with the other side's, so that one
// fault hides no other.
func Run(ctx context.Context, p *profile.Profile, o Options) *Report {
	v := newVisit(o)
	if o.Offline {
		v.setup = examine(p, v.clock())
	} else {
		v.setup = &setup{Report: &Report{}, profile: p}
		v.whole(ctx, p)
	}
	if o.NotifyURL != "" {
		v.notifyURL(ctx, o.NotifyURL, !o.Offline)
	}
	v.sort()
	return v.Report
}

func newVisit(o Options) *visit {
	v := &visit{clock: o.Now, timeout: o.Timeout}
	if v.clock == nil {
		v.clock = time.Now
	}
	if v.timeout == 0 {
		v.timeout = 10 * time.Second
	}
	v.client = &http.Client{
		Transport: o.Transport, Timeout: v.timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, // a signature is for one URL
	}
	return v
}

// whole reaches the other side first, for the files are judged by its clock.
func (v *visit) whole(ctx context.Context, p *profile.Profile) {
	v.address()
	addressed := !v.bad(Address)
	v.Findings = nil // examine says it again
	reached := addressed && v.reach(ctx) && v.compareClocks(ctx)
	found := v.Findings
	v.setup = examine(p, v.time())
	v.Findings = append(v.Findings, found...)
	switch {
	case !reached:
		v.skip(Signature, "WeChat Pay was not asked, for it could not be reached.", "")
	case !v.key.known() || v.bad(MchID) || p.MchID == "" || p.Serial == "" || strings.ContainsAny(p.Serial, "\"\r\n"):
		v.skip(Signature, "WeChat Pay was not asked, for a request needs merchant id, serial and private key.", "Put right what is said above, and ask again.")
	default:
		v.ask(ctx)
	}
}

// ask makes the two calls.
func (v *visit) ask(ctx context.Context) {
	if v.certificates(ctx) {
		v.echo(ctx)
		v.migration()
	}
}

func (v *visit) base() string {
	if v.profile.BaseURL == "" {
		return wxpay.BaseURL
	}
	return strings.TrimRight(v.profile.BaseURL, "/")
}

// time is the other side's time, as far as it matters.
func (v *visit) time() time.Time { return v.clock().Add(v.shift) }
