package console

import (
	"fmt"
	"strings"

	"rsc.io/qr"

	"github.com/wxpay-go/wxpay/emulator"
)

// qrPage shows the code that a user scans in order to sign.
type qrPage struct {
	*emulator.Session
	Address string // that the code holds: the redirect_url of the answer
	Width   int    // of the picture, in pixels
}

func (c *console) qr(v *visit) (any, error) {
	session, err := v.pay.Session(v.PathValue("session"))
	if err != nil {
		return nil, err
	}
	address := v.redirectURL(session.ID)
	code, err := encode(address)
	if err != nil {
		return nil, err
	}
	return &qrPage{session, address, modulePixels * (code.Size + 2*quiet)}, nil
}

// redirectURL is the address that the merchant's program was given to make a
// code of: under the name by which this page was reached, so that a phone that
// reaches the one reaches the other.
func (v *visit) redirectURL(session string) string {
	scheme := "http://"
	if v.TLS != nil {
		scheme = "https://"
	}
	return scheme + v.Host + v.admin() + "/sessions/" + session
}

func (c *console) qrImage(v *visit) (any, error) {
	session, err := v.pay.Session(v.PathValue("session"))
	if err != nil {
		return nil, err
	}
	image, err := svg(v.redirectURL(session.ID))
	return file{"image/svg+xml", image}, err
}

// encode makes the code. The lowest level of correction has the largest modules,
// and a screen has no scratches.
func encode(text string) (*qr.Code, error) {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return nil, fmt.Errorf("console: QR code: %w", err)
	}
	return code, nil
}

// modulePixels is how large a module is shown: a whole number, so that all are
// of one size.
const modulePixels = 7

// quiet is the margin that a camera needs, in modules.
const quiet = 4

// svg draws a QR code, one path for all of its black modules.
func svg(text string) ([]byte, error) {
	code, err := encode(text)
	if err != nil {
		return nil, err
	}
	var path strings.Builder
	for y := range code.Size {
		for x := range code.Size {
			if code.Black(x, y) {
				fmt.Fprintf(&path, "M%d %dh1v1h-1z", x+quiet, y+quiet)
			}
		}
	}
	size := code.Size + 2*quiet
	return fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h%dv%dH0z"/><path d="%s"/></svg>`, size, size, size, size, path.String()), nil
}
