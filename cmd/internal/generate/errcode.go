package generate

import (
	"errors"
	"strconv"

	"github.com/wxpay-go/wxpay/spec"
)

// printErrorCodes makes the constants of the documented error codes, in the
// root package, where callers compare them with wxpay.Error.
func (m *model) printErrorCodes(files map[string][]byte) error {
	var out printer
	out.header("wxpay")
	out.comment("", "The documented error codes (错误码) of [Error.Code]. WeChat Pay may answer others: treat an unknown code by its status.")
	out.f("const (")
	names := newPackage("wxpay", spec.Product{})
	for _, e := range m.desc.Errors {
		name := "Code" + exported(e.Code)
		names.take(name, "error code "+e.Code)
		out.comment("\t", name+" ("+e.Message+", HTTP "+strconv.Itoa(e.Status)+"): "+sentence(e.Summary)+" "+sentence(e.Hint))
		out.f("%s = %q\n", name, e.Code)
	}
	out.f(")")
	files["errcode_gen.go"] = out.Bytes()
	return errors.Join(names.errs...)
}
