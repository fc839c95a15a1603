package caller

import (
	"errors"
	"maps"
	"strings"

	"github.com/wxpay-go/wxpay/spec"
)

// Event finds a documented event by its type. The error is an [*Error] that
// names the nearest ones.
func Event(typ string) (*spec.Event, error) {
	if e, ok := spec.LookupEvent(strings.ToUpper(typ)); ok {
		return e, nil
	}
	unlike := map[string]int{}
	for e := range spec.Events() {
		unlike[e.Type] = distance(strings.ToUpper(typ), e.Type)
	}
	return nil, &Error{Field: typ, Rule: "is no documented event", Remedy: "nearest: " + strings.Join(nearest(unlike), ", ") + "; wxpay trigger --list shows all"}
}

// Resource places fields in the plaintext of an event, as [Request] describes
// them; begun is what it has already; what is inside of it is changed. Each error is
// an [*Error].
func Resource(e *spec.Event, begun map[string]any, fields []string) (map[string]any, error) {
	c := &Call{op: &spec.Operation{Method: "event", Path: e.Type, ID: e.Type, Request: e.Resource}, body: map[string]any{}}
	maps.Copy(c.body, begun)
	var errs []error
	for _, f := range fields {
		errs = append(errs, c.field(f))
	}
	return c.body, errors.Join(errs...)
}
