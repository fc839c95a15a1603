package wxpay

import (
	"context"
	"crypto"
	"reflect"
	"slices"

	"github.com/wxpay-go/wxpay/seal"
)

// Fields that the description marks as sensitive (敏感信息) carry the tag
// seal:"oaep". They hold plain text in the program and RSA-OAEP on the wire.
// Requests are copied along the way to such a field, never changed, so that a
// request that is sent twice is not encrypted twice.
const sealTag = "oaep"

// isSealed reports whether a value of type t can hold a marked field. seen
// ends the walk at types that contain themselves.
func isSealed(t reflect.Type, seen []reflect.Type) bool {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return isSealed(t.Elem(), seen)
	case reflect.Struct:
	default:
		return false
	}
	if slices.Contains(seen, t) {
		return false
	}
	seen = append(seen, t)
	for f := range t.Fields() {
		if f.IsExported() && (f.Tag.Get("seal") == sealTag || isSealed(f.Type, seen)) {
			return true
		}
	}
	return false
}

// mapSealed returns a copy of v in which each marked string that is not empty
// is replaced by what change makes of it. Parts without marks are shared.
func mapSealed(v reflect.Value, change func(string) (string, error)) (reflect.Value, error) {
	if !isSealed(v.Type(), nil) {
		return v, nil
	}
	switch v.Kind() {
	case reflect.Pointer:
		return mapPointer(v, change)
	case reflect.Slice:
		return mapSlice(v, change)
	}
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() {
			continue
		}
		if f.Tag.Get("seal") != sealTag {
			inner, err := mapSealed(v.Field(i), change)
			if err != nil {
				return v, err
			}
			out.Field(i).Set(inner)
			continue
		}
		if s := v.Field(i).String(); s != "" {
			changed, err := change(s)
			if err != nil {
				return v, err
			}
			out.Field(i).SetString(changed)
		}
	}
	return out, nil
}

func mapPointer(v reflect.Value, change func(string) (string, error)) (reflect.Value, error) {
	if v.IsNil() {
		return v, nil
	}
	inner, err := mapSealed(v.Elem(), change)
	if err != nil {
		return v, err
	}
	out := reflect.New(v.Type().Elem())
	out.Elem().Set(inner)
	return out, nil
}

func mapSlice(v reflect.Value, change func(string) (string, error)) (reflect.Value, error) {
	if v.IsNil() {
		return v, nil
	}
	out := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
	for i := range v.Len() {
		inner, err := mapSealed(v.Index(i), change)
		if err != nil {
			return v, err
		}
		out.Index(i).Set(inner)
	}
	return out, nil
}

// readSealed is read, of a copy of in whose marked fields are encrypted to key.
func (c *call) readSealed(in any, key crypto.PublicKey) (body any, err error) {
	out, err := mapSealed(reflect.ValueOf(in), func(s string) (string, error) { return seal.EncryptField(key, s) })
	if err != nil {
		return nil, &InputError{What: c.name(), Err: err, Faults: []Fault{{"request", "has a sensitive field that cannot be encrypted: " + err.Error(), "shorten the value, or check the key of WeChat Pay"}}}
	}
	body, err = c.read(out.Interface())
	if err != nil {
		return nil, err
	}
	return body, c.address()
}

func isSealedBody(v reflect.Value) bool {
	t := v.Type()
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return t.Kind() == reflect.Struct && shapeOf(t).sealed
}

// unseal decrypts the marked fields of a decoded answer in place.
func (c *Client) unseal(out any) error {
	v := reflect.ValueOf(out)
	if v.Kind() != reflect.Pointer || v.IsNil() || !isSealedBody(v) {
		return nil
	}
	plain, err := mapSealed(v.Elem(), c.open)
	if err != nil {
		return err
	}
	v.Elem().Set(plain)
	return nil
}

func (c *Client) open(ciphertext string) (string, error) {
	key, ok := c.cfg.Signer.(crypto.Decrypter)
	if !ok {
		return "", inputError("config", "Signer", "must be a crypto.Decrypter to read encrypted fields", "use a key that can decrypt, or call with an answer type without the tag seal")
	}
	return seal.DecryptField(key, ciphertext)
}

// Encrypt encrypts one sensitive field for a request that is not of a
// generated type, and returns the serial to send with it as the option
// [Serial]. Generated types do this by themselves.
//
// Plain text is at most 214 bytes for a key of 2048 bits.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4013053257
func (c *Client) Encrypt(ctx context.Context, plaintext string) (ciphertext, serial string, err error) {
	serial, key, err := c.cfg.Trust.Current(ctx)
	if err != nil {
		return "", "", err
	}
	ciphertext, err = seal.EncryptField(key, plaintext)
	return ciphertext, serial, err
}
