package inspect

import (
	"bytes"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/wxpay-go/wxpay/cmd/internal/diagnose"
	"github.com/wxpay-go/wxpay/seal"
)

// Kinds of what is encrypted.
const (
	KindResource    = "resource"    // of a notification
	KindCertificate = "certificate" // of the list of platform certificates
	KindField       = "field"       // of a request or an answer
)

// Opened is one thing that was encrypted. Its JSON is a contract with programs.
type Opened struct {
	Kind  string `json:"kind"`
	Where string `json:"where"` // JSON Pointer (RFC 6901); "" for the whole
	Text  string `json:"text"`
}

// Secrets are the merchant's keys, each asked for when it is needed.
type Secrets struct {
	APIv3Key   func() (string, error)
	PrivateKey func() (*rsa.PrivateKey, error)
}

// ErrNothing means that nothing in a text is encrypted.
var ErrNothing = errors.New("nothing in it is encrypted: give a notification, the list of certificates, an answer with encrypted fields, or one such field in base64")

// SealedError says why something does not open.
type SealedError struct {
	Kind, Where string
	Reason      Reason
}

func (e *SealedError) Error() string {
	where := e.Kind
	if e.Where != "" {
		where += " at " + e.Where
	}
	return where + " does not open: " + e.Reason.Text + ": " + e.Reason.Remedy
}

// Field opens one encrypted field.
func Field(text string, secrets Secrets) ([]Opened, error) {
	o := &opener{secrets: secrets}
	if err := o.field(strings.TrimSpace(text), ""); err != nil {
		return nil, err
	}
	return o.list, nil
}

// IsField reports whether a text can be an encrypted field and nothing else:
// base64 of some length, perhaps damaged, and no key or certificate in PEM.
func IsField(text []byte) bool {
	text = bytes.TrimSpace(text)
	return len(text) >= 64 && !bytes.HasPrefix(text, []byte("-----BEGIN ")) && len(bytes.Trim(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=\r\n ")) == 0
}

// Open opens what is encrypted in a JSON text, wherever it stands.
func Open(body []byte, secrets Secrets) ([]Opened, error) {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, ErrNothing // an empty body, or a file
	}
	o := &opener{secrets: secrets}
	if err := o.walk(v, ""); err != nil {
		return nil, err
	}
	if len(o.list) == 0 && o.first != nil {
		return nil, o.first
	}
	if len(o.list) == 0 {
		return nil, ErrNothing
	}
	return o.list, nil
}

type opener struct {
	secrets Secrets
	list    []Opened
	first   error // of a text that may be a field, and does not open
}

func (o *opener) walk(v any, at string) error {
	switch x := v.(type) {
	case map[string]any:
		if r, ok := resourceOf(x); ok {
			return o.resource(r, at)
		}
		for _, name := range slices.Sorted(maps.Keys(x)) {
			if err := o.walk(x[name], at+"/"+strings.NewReplacer("~", "~0", "/", "~1").Replace(name)); err != nil {
				return err
			}
		}
	case []any:
		for i, item := range x {
			if err := o.walk(item, at+"/"+strconv.Itoa(i)); err != nil {
				return err
			}
		}
	case string:
		// Signatures and digests look alike; a field has the length of a key.
		if raw, err := base64.StdEncoding.DecodeString(x); err == nil && len(raw) >= 256 {
			err := o.field(x, at)
			if _, sealed := err.(*SealedError); sealed { //nolint:errorlint // made here, never wrapped
				if o.first == nil {
					o.first = err
				}
				return nil
			}
			return err
		}
	}
	return nil
}

// resourceOf tells an object that is encrypted data by its members.
func resourceOf(x map[string]any) (r seal.Resource, ok bool) {
	text := func(name string) string { s, _ := x[name].(string); return s }
	_, ciphertext := x["ciphertext"].(string)
	_, nonce := x["nonce"].(string)
	return seal.Resource{
		OriginalType: text("original_type"), Algorithm: text("algorithm"), Ciphertext: text("ciphertext"),
		AssociatedData: text("associated_data"), Nonce: text("nonce"),
	}, ciphertext && nonce
}

func (o *opener) resource(r seal.Resource, at string) error {
	key, err := o.secrets.APIv3Key()
	if err != nil {
		return err
	}
	kind := KindResource
	if strings.HasSuffix(at, "/encrypt_certificate") {
		kind = KindCertificate
	}
	plain, err := seal.Open([]byte(key), r)
	if err != nil {
		cause, fits := diagnose.FindResource(key, r)
		reason := reasonOf(cause, err)
		if cause == diagnose.OtherAssociated {
			reason.Text += "; " + strconv.Quote(fits) + " opens it"
		}
		return &SealedError{kind, at, reason}
	}
	o.list = append(o.list, Opened{kind, at, string(plain)})
	return nil
}

func (o *opener) field(text, at string) error {
	key, err := o.secrets.PrivateKey()
	if err != nil {
		return err
	}
	plain, err := seal.DecryptField(key, text)
	if err != nil {
		return &SealedError{KindField, at, reasonOf(diagnose.FindField(key, text), err)}
	}
	o.list = append(o.list, Opened{KindField, at, plain})
	return nil
}

func reasonOf(cause diagnose.Cause, err error) Reason {
	t := cause.Text()
	if cause == "" {
		return Reason{"other", err.Error(), "check the text"}
	}
	return Reason{string(cause), t.English, t.EnglishRemedy}
}
