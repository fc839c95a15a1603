package inbox

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay/cmd/internal/diagnose"
	"github.com/wxpay-go/wxpay/notify"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
)

// Refusal says why a notification was not taken, and what to do.
type Refusal struct {
	Code   string `json:"code"` // of package sign; "resource", "envelope", "method", "store"
	Reason string `json:"reason"`
	Remedy string `json:"remedy"`

	// Causes are those of package diagnose, where there are any.
	Causes []diagnose.Cause `json:"causes,omitempty"`
}

// explain finds out why a request was refused with err. d is what was read of
// it, or nil.
func (in *Inbox) explain(ctx context.Context, d *Delivery, err error) *Refusal {
	if e, ok := errors.AsType[*sign.Error](err); ok {
		r := &Refusal{Code: string(e.Code), Reason: e.Error(), Remedy: "check the keys of the profile"}
		if in.cfg.Platform == nil {
			return r
		}
		m := diagnose.Message{Header: sign.ReadHeader(d.Header), Body: d.Body, At: d.At}
		found := diagnose.FindReceived(m, in.cfg.Platform(ctx, m.Header.Serial))
		return r.blame(found.Causes...)
	}
	if e, ok := errors.AsType[*seal.Error](err); ok {
		r := &Refusal{Code: "resource", Reason: e.Error(), Remedy: "check the APIv3 key of the profile"}
		var body struct {
			Resource seal.Resource `json:"resource"`
		}
		_ = json.Unmarshal(d.Body, &body) // it was read before
		cause, fits := diagnose.FindResource(in.cfg.APIv3Key, body.Resource)
		if r.blame(cause); cause == diagnose.OtherAssociated {
			r.Reason += "; " + strconv.Quote(fits) + " opens it"
		}
		return r
	}
	if e, ok := errors.AsType[*notify.Error](err); ok && e.Status == http.StatusMethodNotAllowed {
		return &Refusal{Code: "method", Reason: e.Error(), Remedy: e.Remedy}
	}
	return &Refusal{Code: "envelope", Reason: err.Error(), Remedy: "compare the body with the documented form of a notification"}
}

// blame puts what was found in the place of what the error says.
func (r *Refusal) blame(causes ...diagnose.Cause) *Refusal {
	var reasons, remedies []string
	for _, c := range causes {
		if text := c.Received(); text.English != "" {
			r.Causes = append(r.Causes, c)
			reasons, remedies = append(reasons, text.English), append(remedies, text.EnglishRemedy)
		}
	}
	if len(r.Causes) > 0 {
		r.Reason, r.Remedy = strings.Join(reasons, "; "), strings.Join(remedies, " ")
	}
	return r
}
