package inbox

import (
	"encoding/json"
	"strings"

	"github.com/wxpay-go/wxpay/cmd/internal/members"
	"github.com/wxpay-go/wxpay/spec"
)

// hidden stands in the place of a value that is not shown.
const hidden = `"***"`

// personal are parts of the names of members that tell who somebody is.
var personal = []string{
	"openid", "unionid", "phone", "mobile", "id_card", "id_number", "email", "address", "recv_account", "received_account",
	"display_account", "account_number", "account_name", "user_name", "display_name", "out_user_code", "plate_number",
}

// Hide returns the plaintext of an event with its sensitive members hidden:
// those that the description marks, and texts whose names say so. All else
// stays as it is, in its order. What is no JSON is hidden whole.
func Hide(eventType string, plain []byte) []byte {
	var f *spec.Field
	if e, ok := spec.LookupEvent(eventType); ok {
		f = e.Resource
	}
	shown, err := members.Rewrite(plain, f, func(f *spec.Field, name string, value json.RawMessage) (json.RawMessage, error) {
		if f.Encrypted || value[0] == '"' && isPersonal(name) {
			return json.RawMessage(hidden), nil
		}
		return nil, nil
	})
	if err != nil {
		return []byte(hidden)
	}
	return shown
}

func isPersonal(name string) bool {
	for _, part := range personal {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}
