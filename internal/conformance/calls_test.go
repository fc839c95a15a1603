package conformance

import (
	"context"
	"reflect"
	"slices"
	"testing"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/spec"
)

// calls is one operation as a program calls it. The tables are generated; all
// else about an operation is read from its description.
type calls struct {
	method, path string
	typed        any // the function of package api
	chained      func(ctx context.Context, wx *wxpay.Client, in any, opts ...wxpay.Option) (any, error)
}

func (c *calls) op(t *testing.T) *spec.Operation {
	t.Helper()
	op, ok := spec.Lookup(c.method, c.path)
	if !ok {
		t.Fatalf("%s %s is not described", c.method, c.path)
	}
	return op
}

// newRequest is an empty request of the typed function, nil if it takes none.
func (c *calls) newRequest() any {
	f := reflect.TypeOf(c.typed)
	if f.NumIn() < 4 {
		return nil
	}
	return reflect.New(f.In(2).Elem()).Interface()
}

// call makes the typed call.
func (c *calls) call(ctx context.Context, wx *wxpay.Client, in any, opts ...wxpay.Option) (any, error) {
	args := []reflect.Value{reflect.ValueOf(ctx), reflect.ValueOf(wx)}
	if in != nil {
		args = append(args, reflect.ValueOf(in))
	}
	results := reflect.ValueOf(c.typed).CallSlice(append(args, reflect.ValueOf(opts)))
	err, _ := results[len(results)-1].Interface().(error)
	if len(results) == 1 {
		return nil, err
	}
	return results[0].Interface(), err
}

// TestEveryOperationIsCalled: the tables and the description name the same
// operations.
func TestEveryOperationIsCalled(t *testing.T) {
	t.Parallel()
	var described, called []string
	for op := range spec.Operations() {
		described = append(described, op.Method+" "+op.Path)
	}
	for _, c := range allCalls {
		called = append(called, c.method+" "+c.path)
	}
	slices.Sort(described)
	slices.Sort(called)
	for _, name := range described {
		if _, ok := slices.BinarySearch(called, name); !ok {
			t.Errorf("%s has no call", name)
		}
	}
	if len(called) != len(described) {
		t.Errorf("%d calls, %d operations", len(called), len(described))
	}
}
