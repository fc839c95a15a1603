package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// jsonFault says what is wrong with a JSON text that was decoded into a type of
// ours, to people who know nothing of the types.
func jsonFault(err error) string {
	if e, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		what, _, _ := strings.Cut(e.Value, " ") // the value itself follows
		if e.Field == "" {
			return "something else than " + what + " is wanted at byte " + fmt.Sprint(e.Offset)
		}
		return "member " + e.Field + " must not be of the type " + what
	}
	if e, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Sprintf("it is broken at byte %d: %v", e.Offset, e)
	}
	switch {
	case errors.Is(err, io.EOF):
		return "it is empty"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	}
	return strings.TrimPrefix(err.Error(), "json: ") // an unknown member, named
}
