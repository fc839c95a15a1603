package wxpay

import (
	"context"
	"fmt"
	"runtime/debug"
)

// Future is the result of a call that goes on in the background. It is made by
// [Go] and by the methods whose names end in Async. Any number of goroutines
// may wait for it.
type Future[T any] struct {
	done  chan struct{}
	value T
	err   error
}

// Go runs call in a goroutine of its own and returns at once. Cancelling ctx
// cancels the call; the goroutine ends with it. A panic inside call becomes a
// [*PanicError].
func Go[T any](ctx context.Context, call func(context.Context) (T, error)) *Future[T] {
	f := &Future[T]{done: make(chan struct{})}
	go func() {
		defer close(f.done)
		f.value, f.err = guarded(func() (T, error) { return call(ctx) })
	}()
	return f
}

// Wait returns the result of the call, or the error of ctx if that ends first.
// Giving up waiting does not cancel the call: the context given to [Go] does.
func (f *Future[T]) Wait(ctx context.Context) (T, error) {
	select {
	case <-f.done:
		return f.value, f.err
	default:
	}
	select {
	case <-f.done:
		return f.value, f.err
	case <-ctx.Done():
		var none T
		return none, context.Cause(ctx)
	}
}

// Done is closed when the result is there, for use in a select.
func (f *Future[T]) Done() <-chan struct{} { return f.done }

// Then returns a future of what next makes of the result. next sees errors
// too, so that it can replace them; a panic inside it becomes a [*PanicError].
func (f *Future[T]) Then(next func(T, error) (T, error)) *Future[T] {
	return after(f, next)
}

// Then returns a future of what next makes of f's value. An error of f passes
// by next unchanged.
func Then[T, U any](f *Future[T], next func(T) (U, error)) *Future[U] {
	return after(f, func(v T, err error) (U, error) {
		if err != nil {
			var none U
			return none, err
		}
		return next(v)
	})
}

// after waits for f without a context: f ends when its own call does.
func after[T, U any](f *Future[T], next func(T, error) (U, error)) *Future[U] {
	g := &Future[U]{done: make(chan struct{})}
	go func() {
		defer close(g.done)
		<-f.done
		g.value, g.err = guarded(func() (U, error) { return next(f.value, f.err) })
	}()
	return g
}

// All returns a future of the values of all futures, in their order. Its error
// is that of the first future in the list that failed; the others have ended
// too by then.
func All[T any](futures ...*Future[T]) *Future[[]T] {
	return Go(context.Background(), func(context.Context) ([]T, error) {
		values := make([]T, len(futures))
		var first error
		for i, f := range futures {
			<-f.done
			values[i] = f.value
			if f.err != nil && first == nil {
				first = f.err
			}
		}
		if first != nil {
			return nil, first
		}
		return values, nil
	})
}

// PanicError is the error of a [Future] whose function panicked.
type PanicError struct {
	Value any    // what was given to panic
	Stack []byte // of the panicking goroutine, as debug.Stack prints it
}

func (e *PanicError) Error() string { return fmt.Sprintf("wxpay: panic in a future: %v", e.Value) }

// Unwrap returns the panic's value if it was an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

func guarded[T any](call func() (T, error)) (v T, err error) {
	defer func() {
		if p := recover(); p != nil {
			var none T
			v, err = none, &PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	return call()
}
