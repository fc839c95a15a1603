package notify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/wxpay-go/wxpay/sign"
)

// Handler returns a handler that opens each notification and gives it to
// accept. Mount it at the path of the notify_url, outside of any login.
//
// It answers 204 after accept has returned nil, or 200 with [Event.Answer] if
// accept has set that. Anything else makes WeChat Pay
// send the notification again: 401 for distrust, 400 for what cannot be read,
// 500 if accept returned an error or panicked. WeChat Pay waits 5 seconds; do
// long work later.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012791836
func (r *Receiver) Handler(accept func(context.Context, *Event) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		ev, err := r.Read(req)
		if err != nil {
			r.refuse(req.Context(), w, err)
			return
		}
		if err := guarded(req.Context(), accept, ev); err != nil {
			r.failed(req.Context(), w, ev, err)
			return
		}
		r.accepted(w, req, ev)
	})
}

// guarded turns a panic of the caller's function into an error: WeChat Pay is
// to send the notification again.
func guarded(ctx context.Context, accept func(context.Context, *Event) error, ev *Event) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler { //nolint:errorlint // the very value, as net/http compares it
				panic(p)
			}
			err = fmt.Errorf("notify: the receiving function panicked: %v", p)
		}
	}()
	return accept(ctx, ev)
}

// accepted answers with what the function wants to say, if anything.
func (r *Receiver) accepted(w http.ResponseWriter, req *http.Request, ev *Event) {
	if ev.Answer == nil {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	body, err := json.Marshal(ev.Answer)
	if err != nil {
		r.failed(req.Context(), w, ev, fmt.Errorf("notify: the answer is no JSON: %w", err))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body)
}

func (r *Receiver) failed(ctx context.Context, w http.ResponseWriter, ev *Event, err error) {
	r.warn(ctx, "notification not accepted", err, slog.String("id", printable(ev.ID)), slog.String("event_type", printable(ev.Type)))
	answer(w, http.StatusInternalServerError)
}

// refuse answers a notification that could not be opened. Signature probes are
// everyday traffic and make no noise.
func (r *Receiver) refuse(ctx context.Context, w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	if e, ok := errors.AsType[*Error](err); ok {
		status = e.Status
	}
	if e, ok := errors.AsType[*sign.Error](err); !ok || e.Code != sign.CodeProbe {
		r.warn(ctx, "notification refused", err, slog.Int("status", status))
	}
	answer(w, status)
}

func (r *Receiver) warn(ctx context.Context, text string, err error, attrs ...slog.Attr) {
	if r.log != nil {
		r.log.LogAttrs(ctx, slog.LevelWarn, text, append(attrs, slog.String("error", err.Error()))...)
	}
}

// answer writes the documented body of a refusal. It gives no reason away.
func answer(w http.ResponseWriter, status int) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(`{"code":"FAIL","message":"失败"}`))
}

// printable makes text of others fit for one line of a log.
func printable(s string) string {
	if len(s) > 64 {
		s = s[:64]
	}
	return fmt.Sprintf("%+q", s)
}
