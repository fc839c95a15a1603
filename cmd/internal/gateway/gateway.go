// Package gateway lets a program in any language call WeChat Pay APIv3 as
// plain HTTP: it signs requests, sends them, verifies the answers, and changes
// nothing else. It is what `wxpay proxy` runs.
//
// # What a program can rely on
//
//   - The body that it sends is the body that is signed and sent; of an upload,
//     the part meta is signed, as documented.
//   - Status and body of an answer are passed on byte for byte, those of an
//     error too. A success that is not verified never is: the answer is 502.
//   - What the gateway itself has to say is JSON in the form of WeChat Pay's
//     errors, with a code that begins with WXPAY_ and the header Wxpay-Error.
//   - Nothing is repeated: whether a request may be sent again is for the
//     program to say.
//
// Whoever reaches the gateway acts as the merchant. So it wants a token with
// each request, and belongs on a loopback address.
package gateway

import (
	"crypto"
	"crypto/subtle"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/sign"
)

// Config is what a [Gateway] is made of.
type Config struct {
	MchID, Serial string        // of the merchant and its certificate; required
	Signer        crypto.Signer // required
	Trust         sign.Trust    // required
	Token         string        // that a program must show; required

	// BaseURL is scheme and host. Defaults to the address of WeChat Pay.
	BaseURL string

	// Seal encrypts the sensitive members of a request that the description
	// marks. Otherwise they are the program's business, as all of the body is.
	Seal bool

	Transport http.RoundTripper // defaults to that of package wxpay
	Timeout   time.Duration     // of an answer that is no file; defaults to 30 s
	Report    func(Report)      // is told of each request
	Now       func() time.Time  // defaults to time.Now
}

// Bounds in bytes: of a request, which may be an upload, and of an answer that
// is verified before it is passed on. A download is of any length.
const (
	maxRequest = 64 << 20
	maxAnswer  = 8 << 20
)

// Report says what became of a request. It holds neither body, query nor any
// value of a path.
type Report struct {
	At       time.Time     `json:"at"`
	Method   string        `json:"method"`
	Path     string        `json:"path"` // of the description, "" for one that it does not know
	Status   int           `json:"status"`
	Verified string        `json:"verified,omitempty"` // see the constants
	Error    string        `json:"error,omitempty"`    // a Code, where the gateway answered itself
	Detail   string        `json:"detail,omitempty"`
	Duration time.Duration `json:"duration_ns"`
}

// What vouches for an answer, as Wxpay-Verified and [Report] say it.
const (
	BySignature = "signature" // over the body
	ByStatement = "statement" // over a digest, which was checked at the end of the file
	ByNothing   = "no"        // an error, or a file whose digest came with its address
)

// Gateway is an [http.Handler].
type Gateway struct {
	cfg      Config
	base     *url.URL
	verifier sign.Verifier
}

// New returns a gateway. BaseURL must be a URL.
func New(cfg Config) (*Gateway, error) {
	if cfg.BaseURL == "" {
		cfg.BaseURL = wxpay.BaseURL
	}
	base, err := url.Parse(cfg.BaseURL)
	if err != nil {
		return nil, err
	}
	if cfg.Transport == nil {
		cfg.Transport = wxpay.NewTransport()
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = 30 * time.Second
	}
	if cfg.Report == nil {
		cfg.Report = func(Report) {}
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Gateway{cfg: cfg, base: base, verifier: sign.Verifier{Trust: cfg.Trust, Now: cfg.Now}}, nil
}

// ServeHTTP signs, sends, verifies and passes on one request.
func (g *Gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	x := &exchange{Gateway: g, w: w, in: r, report: Report{At: g.cfg.Now(), Method: r.Method}}
	defer func() {
		x.report.Duration = g.cfg.Now().Sub(x.report.At)
		g.cfg.Report(x.report)
	}()
	if err := x.run(); err != nil {
		x.fail(err)
	}
}

// allowed compares the token that a program shows, in a time that does not
// tell how much of it is right.
func (g *Gateway) allowed(h http.Header) bool {
	shown := h.Get("Wxpay-Token")
	if scheme, token, ok := strings.Cut(h.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "Bearer") {
		shown = token
	}
	return g.cfg.Token != "" && subtle.ConstantTimeCompare([]byte(shown), []byte(g.cfg.Token)) == 1
}
