package profile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/wxpay-go/wxpay"
)

// EnvProfile is the variable that names a profile.
const EnvProfile = "WXPAY_PROFILE"

// fromVariables stands for the environment where a profile comes from it.
const fromVariables = "the WECHATPAY_* variables"

// NotFound says that there is no profile, and all places that were looked at.
type NotFound struct {
	Name   string   // that was asked for, or ""
	Known  []string // names that there are
	Places []string // that were looked at
}

func (e *NotFound) Error() string {
	if e.Name == "" {
		return "no merchant is known; looked at " + strings.Join(e.Places, ", ") + "; make a profile with wxpay init, or start wxpay emulator"
	}
	if len(e.Known) == 0 {
		return "there is no profile " + e.Name + ", nor any other; make one with wxpay init " + e.Name
	}
	return "there is no profile " + e.Name + "; there are " + strings.Join(e.Known, ", ") + "; make one with wxpay init " + e.Name
}

// Is lets a missing profile match [fs.ErrNotExist].
func (*NotFound) Is(target error) bool { return target == fs.ErrNotExist }

// Find returns the profile that is meant: the one of the name, else of
// WXPAY_PROFILE, else what the WECHATPAY_* variables say, else
// .wxpay/wxpay.env in the working folder, else the default one of the user.
// If there is none the error is a [*NotFound].
func Find(name string) (*Profile, error) {
	folder, err := UserFolder()
	if name == "" {
		name = os.Getenv(EnvProfile)
	}
	if name != "" {
		if err != nil {
			return nil, err
		}
		return named(folder, name)
	}
	if isSet() {
		p := &Profile{From: fromVariables}
		p.fill(os.Getenv, "")
		return p, nil
	}
	local := filepath.Join(".wxpay", "wxpay.env")
	if isFile(local) {
		return read(local)
	}
	looked := &NotFound{Places: []string{"--profile", EnvProfile, fromVariables, local}}
	if err != nil {
		return nil, looked // without a home there is no folder to look at
	}
	standard, err := folder.Default()
	if err != nil {
		return nil, err
	}
	if standard == "" {
		looked.Places = append(looked.Places, "the default profile in "+string(folder))
		return nil, looked
	}
	return folder.Read(standard)
}

func named(folder Folder, name string) (*Profile, error) {
	p, err := folder.Read(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, folder.need(name)
	}
	return p, err
}

// isSet: one of the variables that say who the merchant is. An address alone
// does not make a merchant.
func isSet() bool {
	for _, name := range []string{wxpay.EnvMchID, wxpay.EnvMchSerial, wxpay.EnvMchPrivateKey} {
		if os.Getenv(name) != "" {
			return true
		}
	}
	return false
}

// FromFolder reads the files of a folder by the names that WeChat Pay and the
// emulator give them; a wxpay.env in it says the rest.
func FromFolder(dir string) (*Profile, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(dir); err != nil {
		return nil, err
	} else if !info.IsDir() {
		return nil, &fs.PathError{Op: "read", Path: dir, Err: errors.New("is no folder")}
	}
	p := &Profile{From: dir}
	if env := filepath.Join(dir, "wxpay.env"); isFile(env) {
		if p, err = read(env); err != nil {
			return nil, err
		}
	}
	for _, f := range []struct {
		value *string
		names []string
	}{
		{&p.KeyFile, []string{"apiclient_key.pem"}},
		{&p.CertFile, []string{"apiclient_cert.pem"}},
		{&p.PublicKeyFile, []string{"pub_key.pem"}},
		{&p.PlatformFile, []string{"platform_cert.pem", "wechatpay_*.pem", "cert.pem"}},
	} {
		if *f.value == "" {
			*f.value = first(dir, f.names)
		}
	}
	return p, nil
}

// first is the first file that one of the patterns matches.
func first(dir string, patterns []string) string {
	for _, pattern := range patterns {
		if found, _ := filepath.Glob(filepath.Join(globbed(dir), pattern)); len(found) > 0 { // the pattern is a good one
			return found[0]
		}
	}
	return ""
}

// globbed takes their meaning from the characters of a folder's name.
func globbed(dir string) string {
	if filepath.Separator == '\\' {
		return dir // there is no way to write them on this system
	}
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(dir)
}
