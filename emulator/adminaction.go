package emulator

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
)

// adminAction is what a route of the admin interface does, together with the
// types of what it takes and answers: the interface's OpenAPI document is made
// of those.
type adminAction struct {
	do      func(*http.Request) (any, error)
	in, out reflect.Type // in is nil if no body is read
	ref     reflect.Type // of the name in the path; nil is a string
}

// shows answers what cannot fail to be there.
func shows[Out any](do func() Out) adminAction {
	return gives(func() (Out, error) { return do(), nil })
}

// gives answers what needs nothing to be said.
func gives[Out any](do func() (Out, error)) adminAction {
	return adminAction{do: func(*http.Request) (any, error) { return do() }, out: reflect.TypeFor[Out]()}
}

// does is for actions that read no body, but need the request.
func does[Out any](do func(*http.Request) (Out, error)) adminAction {
	return adminAction{do: func(r *http.Request) (any, error) { return do(r) }, out: reflect.TypeFor[Out]()}
}

// takes reads a body before it acts.
func takes[In, Out any](do func(*http.Request, In) (Out, error)) adminAction {
	return adminAction{
		do: func(r *http.Request) (any, error) {
			in, err := input[In](r)
			if err != nil {
				return nil, err
			}
			return do(r, in)
		},
		in: reflect.TypeFor[In](), out: reflect.TypeFor[Out](),
	}
}

// byName runs a method with the name in the path.
func byName[Out any](name string, do func(string) (Out, error)) adminAction {
	return does(func(r *http.Request) (Out, error) { return do(r.PathValue(name)) })
}

// nothing is the answer of an action that has none.
type nothing struct{}

// end runs a method that leaves nothing to be shown, with the name in the path.
func end(name string, do func(string) error) adminAction {
	return byName(name, func(ref string) (nothing, error) { return nothing{}, do(ref) })
}

// input reads the JSON body of an admin request; an empty one is the zero
// value. Unknown members are refused, for they are typing errors.
func input[T any](r *http.Request) (in T, err error) {
	d := json.NewDecoder(r.Body)
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil && !errors.Is(err, io.EOF) {
		return in, &ActionError{"invalid", "the body is not the JSON object that this takes: " + err.Error()}
	}
	return in, nil
}
