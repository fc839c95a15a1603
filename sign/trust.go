package sign

import (
	"context"
	"crypto"
	"errors"
	"fmt"
)

// Trust knows the keys of WeChat Pay. Implementations must be safe for
// concurrent use; one that downloads keys must honour the context.
type Trust interface {
	// Key returns the key that serial names: a platform certificate's serial
	// or a public key id, as in Wechatpay-Serial. If there is none, or it is
	// out of its validity, the error is an [*Error] with [CodeSerial].
	Key(ctx context.Context, serial string) (crypto.PublicKey, error)

	// Current returns the key to encrypt with, and the serial that names it
	// in the Wechatpay-Serial of a request.
	Current(ctx context.Context) (serial string, key crypto.PublicKey, err error)
}

// PublicKey trusts the one WeChat Pay public key (微信支付公钥), which does not
// expire. The id, "PUB_KEY_ID_…", is compared byte for byte.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012153196
func PublicKey(id string, key crypto.PublicKey) Trust {
	return publicKey{id: id, key: key}
}

type publicKey struct {
	id  string
	key crypto.PublicKey
}

func (p publicKey) Key(_ context.Context, serial string) (crypto.PublicKey, error) {
	if serial == "" || serial != p.id {
		return nil, unknownSerial(serial, "the trusted public key has another id")
	}
	return p.key, nil
}

func (p publicKey) Current(context.Context) (string, crypto.PublicKey, error) {
	return p.id, p.key, nil
}

// AnyOf asks each trust in turn and takes the first key it gets; only if all
// refuse is there an error, which joins theirs. The first Current that
// succeeds wins, so what stands first is what requests ask for. It serves the
// weeks in which a merchant changes from platform certificates to the public
// key (平台证书切换公钥), when answers and notifications come with either.
// A nil trust is left out.
func AnyOf(trusts ...Trust) Trust {
	var all anyOf
	for _, t := range trusts {
		if t != nil {
			all = append(all, t)
		}
	}
	return all
}

type anyOf []Trust

func (a anyOf) Key(ctx context.Context, serial string) (crypto.PublicKey, error) {
	var errs []error
	for _, t := range a {
		key, err := t.Key(ctx, serial)
		if err == nil {
			return key, nil
		}
		errs = append(errs, err)
	}
	return nil, a.refusal(serial, errs)
}

func (a anyOf) Current(ctx context.Context) (string, crypto.PublicKey, error) {
	var errs []error
	for _, t := range a {
		serial, key, err := t.Current(ctx)
		if err == nil {
			return serial, key, nil
		}
		errs = append(errs, err)
	}
	return "", nil, a.refusal("", errs)
}

func (a anyOf) refusal(serial string, errs []error) error {
	return &Error{
		Op: "trust", Code: CodeSerial, Serial: serial,
		Detail: fmt.Sprintf("none of %d sources has a key", len(a)),
		Err:    errors.Join(errs...),
	}
}

func unknownSerial(serial, detail string) error {
	return &Error{Op: "trust", Code: CodeSerial, Serial: serial, Detail: detail}
}
