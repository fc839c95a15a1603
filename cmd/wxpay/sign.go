package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/capture"
	"github.com/wxpay-go/wxpay/cmd/internal/profile"
	"github.com/wxpay-go/wxpay/sign"
)

// signFlags is what the command line says of a signature to make.
type signFlags struct {
	messageFlags
	canonical, curl, raw bool
	timestamp, nonce     string
	pay, appID, prepayID string
}

func signCommand() *cobra.Command {
	f := &signFlags{}
	cmd := &cobra.Command{
		Use:   "sign [FILE]",
		Short: "Sign a request, or a payment in the client",
		Long: `Signs a request that stands in a file, or on standard input (-), and prints its
Authorization header. The file holds the text of an HTTP request, a HAR file, or
a curl line; an Authorization that is there is replaced.

  wxpay sign request.http
  wxpay sign request.http --canonical     the signed text (签名串) alone
  wxpay sign request.http --curl | sh     the same request, signed, sent by curl
  pbpaste | wxpay sign - --raw            the same as HTTP

With --pay it signs what a page or an app starts a payment with (调起支付签名):

  wxpay sign --pay jsapi --appid wxd678efh567hg6787 --prepay-id wx2014…`,
		Args: func(cmd *cobra.Command, args []string) error {
			if f.pay != "" {
				return noArgs(cmd, args)
			}
			return needFile(cmd, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.pay != "" {
				return f.payment(cmd)
			}
			return f.request(cmd, args[0])
		},
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.canonical, "canonical", false, "print the signed text, byte for byte")
	flags.BoolVar(&f.curl, "curl", false, "print the signed request as a curl line")
	flags.BoolVar(&f.raw, "raw", false, "print the signed request as HTTP")
	flags.StringVar(&f.timestamp, "timestamp", "", "seconds since 1970; default: now")
	flags.StringVar(&f.nonce, "nonce", "", "random text; default: made anew")
	flags.StringVar(&f.pay, "pay", "", "sign a payment in the client: jsapi, miniprogram or app")
	flags.StringVar(&f.appID, "appid", "", "app id of the payment")
	flags.StringVar(&f.prepayID, "prepay-id", "", "prepay_id of the payment")
	flags.IntVar(&f.entry, "entry", 0, "number of the entry of a HAR file, if it has several")
	cmd.MarkFlagsMutuallyExclusive("canonical", "curl", "raw", "pay")
	return cmd
}

// once takes time and nonce from the flags, or from clock and chance.
func (f *signFlags) once() (timestamp, nonce string, err error) {
	timestamp, nonce = f.timestamp, f.nonce
	if timestamp == "" {
		timestamp = strconv.FormatInt(time.Now().Unix(), 10)
	}
	if _, err := strconv.ParseUint(timestamp, 10, 63); err != nil {
		return "", "", usageError{fmt.Errorf("--timestamp: %q is no number of seconds", timestamp)}
	}
	if nonce == "" {
		nonce = sign.Nonce()
	}
	if len(nonce) > sign.MaxNonce || strings.ContainsAny(nonce, "\"\r\n\t") {
		return "", "", usageError{fmt.Errorf("--nonce: must have up to %d letters and digits", sign.MaxNonce)}
	}
	return timestamp, nonce, nil
}

// signedJSON is what --json prints of a signed request.
type signedJSON struct {
	Method        string `json:"method"`
	Target        string `json:"target"`
	Authorization string `json:"authorization"`
	Message       string `json:"message"` // what is signed
	Curl          string `json:"curl"`
}

func (f *signFlags) request(cmd *cobra.Command, name string) error {
	m, err := f.one(cmd, name)
	if err != nil {
		return err
	}
	p, err := merchant(cmd)
	if err != nil {
		return err
	}
	auth, message, err := f.authorize(m, p)
	if err != nil {
		return err
	}
	m.Header.Set("Authorization", auth.String())
	sendTo(m, p.BaseURL)
	v := signedJSON{m.Method, m.Target, auth.String(), string(message), m.Curl()}
	return outputOf(cmd).show(v, func(w io.Writer) error {
		switch {
		case f.canonical:
			_, err = w.Write(message)
		case f.curl:
			_, err = io.WriteString(w, v.Curl)
		case f.raw:
			_, err = w.Write(m.Raw())
		default:
			_, err = fmt.Fprintf(w, "Authorization: %s\n", v.Authorization)
		}
		return err
	})
}

// sendTo says where a request goes that does not say it itself.
func sendTo(m *capture.Message, baseURL string) {
	u, err := url.Parse(baseURL)
	if err == nil && u.Host != "" && (m.Host == "" || m.Host == u.Host) {
		m.Scheme, m.Host = u.Scheme, u.Host
	}
}

// one is the request that shall be signed.
func (f *signFlags) one(cmd *cobra.Command, name string) (*capture.Message, error) {
	text, err := input(cmd, "", name, capture.MaxSize)
	if err != nil {
		return nil, err
	}
	list, err := capture.Parse(text, files(cmd))
	if err != nil {
		return nil, inputError(name, err)
	}
	var requests []*capture.Message
	for _, m := range list {
		if m.Kind() == capture.Request && (f.entry == 0 || m.Entry == f.entry) {
			requests = append(requests, m)
		}
	}
	switch {
	case len(requests) == 1:
		return requests[0], nil
	case len(requests) > 1:
		return nil, usageError{fmt.Errorf("%s holds %d requests: name one with --entry", name, len(requests))}
	case list[0].Kind() == capture.Body:
		return nil, usageError{errors.New("a body alone cannot be signed: put \"POST /v3/…\" and an empty line before it, or use wxpay call --dry-run --data")}
	}
	return nil, usageError{fmt.Errorf("%s holds no request to sign", name)}
}

func (f *signFlags) authorize(m *capture.Message, p *profile.Profile) (a sign.Authorization, message []byte, err error) {
	key, err := p.PrivateKey()
	if err != nil {
		return a, nil, err
	}
	a = sign.Authorization{Scheme: sign.SchemeRSA, MchID: p.MchID, Serial: p.Serial}
	if a.Timestamp, a.Nonce, err = f.once(); err != nil {
		return a, nil, err
	}
	body := m.Signed()
	if m.Method == "GET" {
		body = nil
	}
	if message, err = sign.AppendRequest(nil, m.Method, m.Target, a.Timestamp, a.Nonce, body); err != nil {
		return a, nil, usageError{err}
	}
	signature, err := sign.RSA.Sign(key, message)
	a.Signature = base64.StdEncoding.EncodeToString(signature)
	return a, message, err
}

// payments are the ways to start one, each with what is signed in its last line
// and the parameters that the client wants.
//
// Source: https://pay.weixin.qq.com/doc/v3/merchant/4012365339
var payments = map[string]struct {
	last   func(prepayID string) string
	params func(f *signFlags, mchID, timestamp, nonce, signature string) any
}{
	"jsapi":       {pagePackage, pageParams},
	"miniprogram": {pagePackage, pageParams},
	"app":         {func(id string) string { return id }, appParams},
}

func pagePackage(prepayID string) string { return "prepay_id=" + prepayID }

// pageJSON is what WeixinJSBridge and wx.requestPayment take.
type pageJSON struct {
	AppID     string `json:"appId"`
	TimeStamp string `json:"timeStamp"`
	NonceStr  string `json:"nonceStr"`
	Package   string `json:"package"`
	SignType  string `json:"signType"`
	PaySign   string `json:"paySign"`
}

func pageParams(f *signFlags, _, timestamp, nonce, signature string) any {
	return pageJSON{f.appID, timestamp, nonce, pagePackage(f.prepayID), "RSA", signature}
}

// appJSON is what the SDK of an app takes.
type appJSON struct {
	AppID     string `json:"appid"`
	PartnerID string `json:"partnerid"`
	PrepayID  string `json:"prepayid"`
	Package   string `json:"package"`
	NonceStr  string `json:"noncestr"`
	Timestamp string `json:"timestamp"`
	Sign      string `json:"sign"`
}

func appParams(f *signFlags, mchID, timestamp, nonce, signature string) any {
	return appJSON{f.appID, mchID, f.prepayID, "Sign=WXPay", nonce, timestamp, signature}
}

func (f *signFlags) payment(cmd *cobra.Command) error {
	way, ok := payments[f.pay]
	if !ok {
		return usageError{fmt.Errorf("--pay: %q is none of jsapi, miniprogram, app", f.pay)}
	}
	if f.appID == "" || f.prepayID == "" {
		return usageError{errors.New("--pay needs --appid and --prepay-id")}
	}
	p, err := merchant(cmd)
	if err != nil {
		return err
	}
	key, err := p.PrivateKey()
	if err != nil {
		return err
	}
	timestamp, nonce, err := f.once()
	if err != nil {
		return err
	}
	message, err := sign.AppendLines(nil, f.appID, timestamp, nonce, way.last(f.prepayID))
	if err != nil {
		return usageError{err}
	}
	signature, err := sign.RSA.Sign(key, message)
	if err != nil {
		return err
	}
	v := way.params(f, p.MchID, timestamp, nonce, base64.StdEncoding.EncodeToString(signature))
	return outputOf(cmd).show(v, func(w io.Writer) error { return printJSON(w, v) })
}
