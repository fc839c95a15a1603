package gateway

import (
	"crypto"
	"encoding/json"
	"errors"
	"net/url"

	"github.com/wxpay-go/wxpay/cmd/internal/members"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/spec"
)

// seal encrypts what the description marks as sensitive, in the query and in
// the body. A body without any stays as it is, byte for byte.
func (x *exchange) seal(u *url.URL, body []byte, key crypto.PublicKey) ([]byte, *failure) {
	if err := sealQuery(u, x.op, key); err != nil {
		return nil, failed(CodeRequest, "a sensitive value of the query cannot be encrypted").because(err)
	}
	if x.op.Request == nil || x.op.File != nil || len(body) == 0 {
		return body, nil
	}
	sealed, err := members.Rewrite(body, x.op.Request, func(f *spec.Field, name string, value json.RawMessage) (json.RawMessage, error) {
		var text string
		if f.Encrypted {
			_ = json.Unmarshal(value, &text) // what is no text is for WeChat Pay to refuse
		}
		if text == "" {
			return nil, nil
		}
		cipher, err := seal.EncryptField(key, text)
		if err != nil {
			return nil, &memberError{name, err}
		}
		return json.Marshal(cipher)
	})
	if bad, ok := errors.AsType[*memberError](err); ok {
		return nil, failed(CodeRequest, "the member "+bad.name+" cannot be encrypted: 214 bytes are the most that fits").because(bad.err)
	}
	if err != nil {
		return nil, failed(CodeRequest, "the body is no JSON, so that its sensitive members cannot be found")
	}
	return sealed, nil
}

// memberError names the member that could not be encrypted.
type memberError struct {
	name string
	err  error
}

func (e *memberError) Error() string { return e.name + ": " + e.err.Error() }

func (e *memberError) Unwrap() error { return e.err }

func sealQuery(u *url.URL, op *spec.Operation, key crypto.PublicKey) error {
	values := u.Query()
	changed := false
	for i := range op.Params {
		p := &op.Params[i]
		text := values.Get(p.Name)
		if p.In != "query" || !p.Encrypted || text == "" {
			continue
		}
		cipher, err := seal.EncryptField(key, text)
		if err != nil {
			return err
		}
		values.Set(p.Name, cipher)
		changed = true
	}
	if changed {
		u.RawQuery = values.Encode()
	}
	return nil
}
