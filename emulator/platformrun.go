package emulator

import (
	"context"
	"errors"
	"sync"
)

// running is what Run shares with merchants that are added meanwhile.
type running struct {
	ctx   context.Context
	fail  context.CancelCauseFunc
	group sync.WaitGroup
}

// Run delivers what falls due for every merchant, each by its own clock, until
// ctx ends. The error is that of [Emulator.Run]. One Run at a time.
func (p *Platform) Run(ctx context.Context) error {
	inner, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	r := &running{ctx: inner, fail: fail}
	p.mu.Lock()
	if p.running != nil {
		p.mu.Unlock()
		return errors.New("emulator: the platform runs already")
	}
	p.running = r
	for _, t := range p.tenants {
		r.start(t)
	}
	p.mu.Unlock()
	<-inner.Done()
	p.mu.Lock()
	p.running = nil // from here on nothing is started
	p.mu.Unlock()
	r.group.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return context.Cause(inner)
}

// start lets a tenant run until the platform stops or it is removed. The
// platform's mu is held.
func (r *running) start(t *tenant) {
	ctx, stop := context.WithCancel(r.ctx)
	t.stop = stop
	r.group.Go(func() {
		defer stop()
		if err := t.pay.Run(ctx); err != nil && ctx.Err() == nil {
			r.fail(err)
		}
	})
}
