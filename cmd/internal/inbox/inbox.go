// Package inbox receives notifications (回调通知) in the place of a program that
// is being worked on, keeps them, and passes them on to it. It is what
// `wxpay listen` runs.
//
// # What nothing is lost means
//
// A notification that is verified is on the disk before it is answered. It is
// then passed on as it came: body byte for byte, headers value for value. What
// the program answers is what WeChat Pay is answered, so that a refused
// notification is sent again by WeChat Pay, freshly signed.
//
// A program that is not there is another matter. The notification stays
// pending, is sent from here until the program takes it, also after a restart,
// and WeChat Pay is answered 503: it sends again too, and is told then what
// became of it. With [Config.Take] it is answered 200, and all depends on what
// is kept here.
//
// Each event is kept once, by its id, with a log of all its deliveries. What
// cannot be trusted is answered 401 and neither kept nor passed on: anybody
// could fill the disk with it.
package inbox

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/wxpay-go/wxpay/cmd/internal/diagnose"
	"github.com/wxpay-go/wxpay/notify"
	"github.com/wxpay-go/wxpay/sign"
)

// Config is what an [Inbox] is made of.
type Config struct {
	Store    *Store           // required; the caller closes it
	Receiver *notify.Receiver // required

	// ForwardTo is the URL of the program; nil keeps what comes, and no more.
	// One without a path is given that of each request.
	ForwardTo *url.URL

	// Take answers 200 to what was kept and could not be passed on.
	Take bool

	// Sign signs a body anew, as WeChat Pay does each time it sends: only who
	// has its private key can. Without it, what is sent again later than five
	// minutes after it came is stale to a program that checks the clock.
	Sign func(keySerial string, body []byte) (sign.Header, error)

	// Platform is whose keys a refused signature is compared with, to say why:
	// WeChat Pay's, that of the serial among them if it is known, and those that
	// are mistaken for them. APIv3Key is for the same, of what does not open.
	// Without them less is told.
	Platform func(ctx context.Context, serial string) diagnose.Platform
	APIv3Key string

	Transport http.RoundTripper // to the program; defaults to one without proxy
	Report    func(Report)      // is told what happens; may be called at once from several sides
	Now       func() time.Time  // defaults to time.Now
}

// Inbox is an [http.Handler] for a notify_url.
type Inbox struct {
	cfg     Config
	wake    chan struct{}
	away    atomic.Bool // Run waits for a program that is not there
	skipped atomic.Bool // Run has left something to somebody else

	mu     sync.Mutex
	flight map[string]int // events that are being sent, by id
}

// New returns an inbox. [Inbox.Run] sends what is pending.
func New(cfg Config) *Inbox {
	if cfg.Transport == nil {
		cfg.Transport = NewTransport()
	}
	if cfg.Report == nil {
		cfg.Report = func(Report) {}
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Inbox{cfg: cfg, wake: make(chan struct{}, 1), flight: map[string]int{}}
}

// Report is something that happened, as `wxpay listen --json` prints it.
type Report struct {
	At      time.Time `json:"at"`
	What    What      `json:"what"`
	ID      string    `json:"id,omitempty"`
	Type    string    `json:"event_type,omitempty"`
	Again   bool      `json:"again,omitempty"`  // the event was kept before
	Status  int       `json:"status,omitempty"` // WeChat Pay was answered
	State   State     `json:"state,omitempty"`
	Forward *Forward  `json:"forward,omitempty"` // what came of passing it on
	Refusal *Refusal  `json:"refusal,omitempty"` // why it was not taken

	// Event is the event where one was received; it is not for --json.
	Event *notify.Event `json:"-"`
}

// What names a kind of [Report].
type What string

// The kinds of reports.
const (
	Received What = "received" // from WeChat Pay
	Refused  What = "refused"  // what came cannot be trusted, or not be read
	Resent   What = "resent"   // from here
	Broken   What = "broken"   // it could not be kept
)

// takeOff marks an event as being sent.
func (in *Inbox) takeOff(id string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.flight[id]++
}

func (in *Inbox) land(id string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.flight[id]--; in.flight[id] <= 0 {
		delete(in.flight, id)
	}
}

// takeOffAlone marks an event, unless it is being sent already.
func (in *Inbox) takeOffAlone(id string) bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.flight[id] > 0 {
		return false
	}
	in.flight[id] = 1
	return true
}
