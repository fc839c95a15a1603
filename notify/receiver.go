package notify

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

// MaxBody is the default bound of a notification, in bytes: 1 MiB.
const MaxBody = 1 << 20

// Config is what a [Receiver] is made of. It is copied.
type Config struct {
	// Trust knows the keys of WeChat Pay. Required. During the migration to the
	// public key notifications come under either key: give both, by
	// [sign.AnyOf].
	Trust sign.Trust

	// APIv3Key is the APIv3 key (APIv3密钥) of the merchant, 32 bytes. Required.
	APIv3Key string

	Suite   sign.Suite       // defaults to sign.RSA
	Now     func() time.Time // defaults to time.Now
	Window  time.Duration    // how far a timestamp may be from Now; defaults to 5 minutes
	MaxBody int64            // defaults to MaxBody

	// Logger gets a line for each notification that is not accepted, except
	// for the signature probes of WeChat Pay. Defaults to silence.
	Logger *slog.Logger
}

// Receiver opens notifications. It is safe for concurrent use.
type Receiver struct {
	verifier sign.Verifier
	key      []byte
	maxBody  int64
	log      *slog.Logger
}

// New checks cfg and returns a receiver. It does no I/O. The error is an
// [*Error] that names the field.
func New(cfg Config) (*Receiver, error) {
	if cfg.Trust == nil {
		return nil, &Error{Field: "Trust", Rule: "is required", Remedy: "use the same as for the client"}
	}
	if err := seal.CheckAPIv3Key(cfg.APIv3Key); err != nil {
		return nil, &Error{Field: "APIv3Key", Rule: "must be 32 bytes", Remedy: "take the APIv3 key, not the APIv2 key, from the merchant platform, API security", Err: err}
	}
	if cfg.MaxBody < 0 || cfg.Window < 0 {
		return nil, &Error{Field: "MaxBody", Rule: "and Window must not be negative", Remedy: "leave them out for the defaults"}
	}
	if cfg.MaxBody == 0 {
		cfg.MaxBody = MaxBody
	}
	return &Receiver{
		verifier: sign.Verifier{Trust: cfg.Trust, Suite: cfg.Suite, Now: cfg.Now, Window: cfg.Window},
		key:      []byte(cfg.APIv3Key),
		maxBody:  cfg.MaxBody,
		log:      cfg.Logger,
	}, nil
}

// Read reads the body of req, which must be a POST, and opens it.
func (r *Receiver) Read(req *http.Request) (*Event, error) {
	if req.Method != http.MethodPost {
		return nil, &Error{Status: http.StatusMethodNotAllowed, Rule: "must be a POST", Remedy: "WeChat Pay sends nothing else"}
	}
	body, err := r.readBody(req)
	if err != nil {
		return nil, err
	}
	return r.Open(req.Context(), req.Header, body)
}

func (r *Receiver) readBody(req *http.Request) ([]byte, error) {
	n := req.ContentLength
	if n > r.maxBody {
		return nil, tooLong()
	}
	if n >= 0 {
		body := make([]byte, n)
		if _, err := io.ReadFull(req.Body, body); err != nil {
			return nil, unreadable("body", "ended before its length", err)
		}
		return body, nil
	}
	body, err := io.ReadAll(io.LimitReader(req.Body, r.maxBody+1))
	if err != nil {
		return nil, unreadable("body", "could not be read", err)
	}
	if int64(len(body)) > r.maxBody {
		return nil, tooLong()
	}
	return body, nil
}

func tooLong() error {
	return &Error{Status: http.StatusBadRequest, Field: "body", Rule: "is longer than MaxBody", Remedy: "raise Config.MaxBody if WeChat Pay really sends that much"}
}

// envelope is a notification as it stands on the wire.
type envelope struct {
	ID           string         `json:"id"`
	CreateTime   string         `json:"create_time"`
	EventType    string         `json:"event_type"`
	ResourceType string         `json:"resource_type"`
	Summary      string         `json:"summary"`
	Resource     *seal.Resource `json:"resource"`
}

// Open verifies, decrypts and decodes one notification: its headers, and its
// body as it came. It does not keep body.
//
// The error is an [*Error]; if it is one of distrust, it wraps a [*sign.Error].
func (r *Receiver) Open(ctx context.Context, header http.Header, body []byte) (*Event, error) {
	if int64(len(body)) > r.maxBody {
		return nil, tooLong()
	}
	h := sign.ReadHeader(header)
	if err := r.verifier.Verify(ctx, h, body); err != nil {
		return nil, &Error{Status: http.StatusUnauthorized, Rule: "is not to be trusted", Err: err}
	}
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil {
		return nil, unreadable("body", "must be a JSON object", err)
	}
	if field := e.missing(); field != "" {
		return nil, unreadable(field, "is missing", nil)
	}
	plain, err := seal.Open(r.key, *e.Resource)
	if err != nil {
		return nil, unreadable(resourceField(err), "does not decrypt", err)
	}
	return decode(&e, h.Serial, plain)
}

// missing names the first field without which a notification is of no use.
// summary and resource.original_type are absent from documented samples, and
// associated_data may be empty.
func (e *envelope) missing() string {
	switch r := e.Resource; {
	case e.ID == "":
		return "id"
	case e.CreateTime == "":
		return "create_time"
	case e.EventType == "":
		return "event_type"
	case e.ResourceType == "":
		return "resource_type"
	case r == nil:
		return "resource"
	case r.Algorithm == "":
		return "resource.algorithm"
	case r.Ciphertext == "":
		return "resource.ciphertext"
	case r.Nonce == "":
		return "resource.nonce"
	}
	return ""
}

func resourceField(err error) string {
	if e, ok := errors.AsType[*seal.Error](err); ok && e.Field != "key" {
		return "resource." + e.Field
	}
	return "resource"
}
