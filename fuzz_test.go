package wxpay_test

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/wxpay-go/wxpay"
)

// FuzzPathTemplate checks that a value stays in its own segment of the path,
// whatever it is and wherever the template puts it: the target that is signed
// splits into the template's segments again, and unescapes to the value.
func FuzzPathTemplate(f *testing.F) {
	f.Add("v3/contracts/{id}/terminate", "wxwtdk20200910100000")
	f.Add("v3/a/{id}", "a/../b?c=d#e")
	f.Add("v3/{id}/b", "%2F%00\n用户|")
	f.Add("//evil.example/{id}", "x")
	f.Add("v3/{id", "x")
	f.Add("v3/%zz/{id}", "x")
	var target string
	signed := http.Header{}
	reply{}.sign(f, signed)
	wx := newClient(f, config(func(req *http.Request) (*http.Response, error) {
		target = req.URL.RequestURI()
		return &http.Response{StatusCode: http.StatusNoContent, Header: signed, Body: http.NoBody}, nil
	}))
	f.Fuzz(func(t *testing.T, template, value string) {
		target = ""
		err := wx.At(template, value).Get(t.Context(), nil)
		if err != nil {
			if _, ok := errors.AsType[*wxpay.InputError](err); !ok || target != "" {
				t.Fatalf("error = %v, sent %q", err, target)
			}
			return
		}
		want := strings.Split("/"+strings.TrimPrefix(template, "/"), "/")
		got := strings.Split(target, "/")
		if len(got) != len(want) || strings.ContainsAny(target, "?# \n\r") {
			t.Fatalf("template %q and value %q became %q", template, value, target)
		}
		for i, segment := range want {
			before, rest, found := strings.Cut(segment, "{")
			if !found {
				continue
			}
			_, after, _ := strings.Cut(rest, "}")
			plain, err := url.PathUnescape(strings.TrimSuffix(strings.TrimPrefix(got[i], before), after))
			if err != nil || plain != value {
				t.Errorf("value %q became %q", value, got[i])
			}
		}
	})
}
