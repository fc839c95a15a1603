package wxpay

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"time"
)

// Attempt is one try of a call, as logs and traces may know it: no value that
// the caller gave is in it.
type Attempt struct {
	Method string
	Path   string // the template, "/v3/…/{out_contract_code}"
	Host   string
	Number int // 1 for the first
}

// Outcome is how an [Attempt] ended.
type Outcome struct {
	Status    int // 0 if no answer came
	Code      string
	RequestID string
	Duration  time.Duration
	Err       error // nil for a success
}

func quiet(*answer, error) {}

// begin tells the hooks that an attempt begins, and returns what tells them
// that it ended.
func (c *Client) begin(ctx context.Context, k *call, base *url.URL, n int) (context.Context, func(*answer, error)) {
	if c.cfg.Logger == nil && c.cfg.Trace == nil {
		return ctx, quiet
	}
	at := Attempt{Method: k.op.Method, Path: k.op.Path, Host: base.Host, Number: n}
	var end func(Outcome)
	if c.cfg.Trace != nil {
		ctx, end = c.cfg.Trace(ctx, at)
	}
	start := c.cfg.Now()
	return ctx, func(a *answer, err error) {
		o := outcome(a, err)
		o.Duration = c.cfg.Now().Sub(start)
		if end != nil {
			end(o)
		}
		if c.cfg.Logger != nil {
			c.log(ctx, at, o)
		}
	}
}

func outcome(a *answer, err error) Outcome {
	o := Outcome{Err: err}
	if a != nil {
		o.Status, o.RequestID = a.status, a.requestID
	}
	if e, ok := errors.AsType[*Error](err); ok {
		o.Status, o.Code, o.RequestID = e.Status, e.Code, e.RequestID
	}
	if e, ok := errors.AsType[*AnswerError](err); ok {
		o.Status, o.RequestID = e.Status, e.RequestID
	}
	return o
}

func (c *Client) log(ctx context.Context, at Attempt, o Outcome) {
	level, text := slog.LevelDebug, "wxpay call"
	attrs := []slog.Attr{
		slog.String("method", at.Method), slog.String("path", at.Path), slog.String("host", at.Host),
		slog.Int("attempt", at.Number), slog.Int("status", o.Status), slog.Duration("duration", o.Duration),
		slog.String("request_id", o.RequestID),
	}
	if o.Err != nil {
		level, text = slog.LevelWarn, "wxpay call failed"
		attrs = append(attrs, slog.String("code", o.Code), slog.String("error", o.Err.Error()))
	}
	c.cfg.Logger.LogAttrs(ctx, level, text, attrs...)
}
