package main

import (
	"context"
	"crypto/rsa"
	"errors"
	"fmt"
	"slices"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/diagnose"
	"github.com/wxpay-go/wxpay/cmd/internal/profile"
	"github.com/wxpay-go/wxpay/sign"
)

// merchantKey is the public half of the merchant's key; with an error it is
// without that.
func merchantKey(p *profile.Profile) (diagnose.Key, error) {
	key := diagnose.Key{Owner: "the merchant's own", Serial: p.Serial}
	private, err := p.PrivateKey()
	if err == nil {
		key.Public = &private.PublicKey
	}
	return key, err
}

// platformKeys are WeChat Pay's that the profile and further files hold.
func platformKeys(p *profile.Profile, certs []string) (list []diagnose.Key, err error) {
	if p.PublicKeyFile != "" {
		text, err := profile.ReadFile(p.PublicKeyFile)
		if err != nil {
			return nil, usageError{err}
		}
		key, err := sign.ParsePublicKey(text)
		if err != nil {
			return nil, &wxpay.InputError{What: p.From, Faults: []wxpay.Fault{keyFault(wxpay.EnvPublicKeyFile, err)}}
		}
		list = append(list, diagnose.Key{Owner: "WeChat Pay's public key " + p.PublicKeyID, Serial: p.PublicKeyID, Public: key})
	}
	files := certs
	if p.PlatformFile != "" {
		files = append(files[:len(files):len(files)], p.PlatformFile)
	}
	for i, name := range files {
		text, err := profile.ReadFile(name)
		if err != nil && i < len(certs) {
			err = fmt.Errorf("--platform-cert-file: %w", err)
		}
		if err != nil {
			return nil, usageError{err}
		}
		cert, err := sign.ParseCertificate(text)
		if err != nil {
			return nil, &wxpay.InputError{What: name, Faults: []wxpay.Fault{keyFault("certificate", err)}}
		}
		serial := sign.Serial(cert)
		public, _ := cert.PublicKey.(*rsa.PublicKey) // or it would not have been read
		list = append(list, diagnose.Key{Owner: "WeChat Pay's certificate " + serial, Serial: serial, Public: public})
	}
	return list, nil
}

// keyFault says which file is not what belongs there.
func keyFault(field string, err error) wxpay.Fault {
	if e, ok := errors.AsType[*sign.KeyError](err); ok {
		return wxpay.Fault{Field: field, Rule: "is not the " + e.What + ": it " + e.Rule, Remedy: e.Remedy}
	}
	return wxpay.Fault{Field: field, Rule: err.Error(), Remedy: "check the file"}
}

// platformOf is whose keys a refused notification is compared with: those of
// the profile, the one that is named if it was downloaded, and the merchant's.
func platformOf(p *profile.Profile, trust sign.Trust) (func(ctx context.Context, serial string) diagnose.Platform, error) {
	keys, err := platformKeys(p, nil)
	if err != nil {
		return nil, err
	}
	var others []diagnose.Key
	if own, err := merchantKey(p); err == nil {
		others = append(others, own)
	}
	return func(ctx context.Context, serial string) diagnose.Platform {
		found := diagnose.Platform{Keys: keys, Others: others}
		if slices.ContainsFunc(keys, func(k diagnose.Key) bool { return sign.SameSerial(k.Serial, serial) }) {
			return found
		}
		key, err := trust.Key(ctx, serial)
		if public, ok := key.(*rsa.PublicKey); err == nil && ok {
			found.Keys = append(keys[:len(keys):len(keys)], diagnose.Key{Owner: "WeChat Pay's certificate " + serial, Serial: serial, Public: public})
		}
		return found
	}, nil
}
