package wxpay_test

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/wxpay-go/wxpay"
)

func TestFutureWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := wxpay.Go(t.Context(), func(context.Context) (int, error) { time.Sleep(time.Second); return 7, nil })
		short, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if v, err := f.Wait(short); v != 0 || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("impatient: %d, %v", v, err)
		}
		for range 2 { // giving up did not cancel the call, and waiting twice is fine
			if v, err := f.Wait(t.Context()); v != 7 || err != nil {
				t.Errorf("patient: %d, %v", v, err)
			}
		}
		if v, err := f.Wait(short); v != 7 || err != nil {
			t.Errorf("a result that is there is given even under an ended context: %d, %v", v, err)
		}
	})
}

func TestFutureCancelsTheCall(t *testing.T) {
	t.Parallel()
	merchantKey()
	synctest.Test(t, func(t *testing.T) {
		cfg := config(func(req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		})
		wx := newClient(t, cfg)
		ctx, cancel := context.WithCancel(t.Context())
		f := wx.At("v3/x").PostAsync(ctx, map[string]int{}, nil)
		synctest.Wait()
		cancel()
		if _, err := f.Wait(t.Context()); !errors.Is(err, context.Canceled) {
			t.Errorf("error = %v", err)
		}
	})
}

func TestFutureThen(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	seven := wxpay.Go(ctx, func(context.Context) (int, error) { return 7, nil })
	failed := wxpay.Go(ctx, func(context.Context) (int, error) { return 0, errors.New("no") })

	if s, err := wxpay.Then(seven, func(v int) (string, error) { return strconv.Itoa(v), nil }).Wait(ctx); s != "7" || err != nil {
		t.Errorf("Then: %q, %v", s, err)
	}
	called := false
	if _, err := wxpay.Then(failed, func(int) (int, error) { called = true; return 1, nil }).Wait(ctx); err == nil || called {
		t.Errorf("Then after an error: %v, called %v", err, called)
	}
	mend := func(v int, err error) (int, error) { return v + 1, nil }
	if v, err := failed.Then(mend).Then(mend).Wait(ctx); v != 2 || err != nil {
		t.Errorf("mended: %d, %v", v, err)
	}
}

func TestFutureAll(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		after := func(d time.Duration, v int, err error) *wxpay.Future[int] {
			return wxpay.Go(t.Context(), func(context.Context) (int, error) { time.Sleep(d); return v, err })
		}
		v, err := wxpay.All(after(3, 1, nil), after(1, 2, nil), after(2, 3, nil)).Wait(t.Context())
		if err != nil || len(v) != 3 || v[0] != 1 || v[1] != 2 || v[2] != 3 {
			t.Errorf("All = %v, %v", v, err)
		}
		one, two := errors.New("one"), errors.New("two")
		if v, err := wxpay.All(after(1, 1, nil), after(9, 0, one), after(1, 0, two)).Wait(t.Context()); v != nil || !errors.Is(err, one) {
			t.Errorf("All = %v, %v; want the first error of the list", v, err)
		}
		if v, err := wxpay.All[int]().Wait(t.Context()); err != nil || len(v) != 0 {
			t.Errorf("All() = %v, %v", v, err)
		}
	})
}

func TestFuturePanicIsAnError(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	cause := errors.New("cause")
	first := wxpay.Go(ctx, func(context.Context) (int, error) { panic(cause) })
	second := first.Then(func(int, error) (int, error) { panic("again") })
	for _, f := range []*wxpay.Future[int]{first, second} {
		_, err := f.Wait(ctx)
		if p, ok := errors.AsType[*wxpay.PanicError](err); !ok || len(p.Stack) == 0 {
			t.Errorf("error = %v", err)
		}
	}
	if _, err := first.Wait(ctx); !errors.Is(err, cause) {
		t.Errorf("%v does not wrap its cause", err)
	}
	<-first.Done()
}

func TestNodeMethods(t *testing.T) {
	t.Parallel()
	a := &answering{t: t, replies: []any{reply{body: `{"echo_message":"hello"}`}}}
	n := newClient(t, config(a.do)).Chain("v3/x/{id}")
	ctx, id, in := t.Context(), wxpay.Path("id", 7), map[string]int{"a": 1}
	calls := map[string]func(out any) error{
		"GET":    func(out any) error { return n.Get(ctx, out, id) },
		"POST":   func(out any) error { return n.Post(ctx, in, out, id) },
		"PUT":    func(out any) error { return n.Put(ctx, in, out, id) },
		"PATCH":  func(out any) error { return n.Patch(ctx, in, out, id) },
		"DELETE": func(out any) error { return n.Delete(ctx, out, id) },
	}
	async := map[string]func(out any) *wxpay.Future[any]{
		"GET":    func(out any) *wxpay.Future[any] { return n.GetAsync(ctx, out, id) },
		"POST":   func(out any) *wxpay.Future[any] { return n.PostAsync(ctx, in, out, id) },
		"PUT":    func(out any) *wxpay.Future[any] { return n.PutAsync(ctx, in, out, id) },
		"PATCH":  func(out any) *wxpay.Future[any] { return n.PatchAsync(ctx, in, out, id) },
		"DELETE": func(out any) *wxpay.Future[any] { return n.DeleteAsync(ctx, out, id) },
	}
	for method, call := range calls {
		var out, later echoResponse
		if err := call(&out); err != nil || out.Message != "hello" {
			t.Errorf("%s: %+v, %v", method, out, err)
		}
		v, err := async[method](&later).Wait(ctx)
		if err != nil || v != any(&later) || later.Message != "hello" {
			t.Errorf("%sAsync: %v, %v", method, v, err)
		}
	}
	for _, s := range a.sent {
		verifySent(t, s)
		if hasBody := s.method[0] == 'P'; s.target != "/v3/x/7" || (s.body != "") != hasBody {
			t.Errorf("sent %+v", s)
		}
	}
}
