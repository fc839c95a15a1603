package bench

import (
	"bytes"
	"context"
	"crypto"
	"crypto/cipher"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"
)

// presignPath is the pre-sign of a clearing institution, offered after payment.
const presignPath = "/v3/password-exempt-contract/contracts/qs/pre-entrust-sign/pay-redirect-sign"

// presignRequest is the request as the floor and the official library, which
// has no type for it, write it.
type presignRequest struct {
	AppID                  string `json:"appid"`
	SubAppID               string `json:"sub_appid"`
	SubMchID               string `json:"sub_mchid"`
	ServiceID              int64  `json:"service_id"`
	OutContractCode        string `json:"out_contract_code"`
	NotifyURL              string `json:"notify_url"`
	ContractDisplayAccount string `json:"contract_display_account"`
	PrepayID               string `json:"prepay_id"`
	OpenID                 string `json:"openid,omitempty"`
	SubOpenID              string `json:"sub_openid,omitempty"`
}

type presignAnswer struct {
	MchID           string `json:"mchid"`
	ServiceID       int64  `json:"service_id"`
	OutContractCode string `json:"out_contract_code"`
}

// floor is a client written by hand for one endpoint and one notification: the
// least that a program can do which signs, sends, verifies and decodes. It
// uses the standard library the way its documentation shows, with no trick to
// be fast and none to be slow.
//
// It leaves time-outs to the caller's context, which not every engineer would:
// http.Client.Timeout would cost it 18 allocations more a call. The other three
// bound every call by themselves.
type floor struct {
	http          *http.Client
	base          string
	mchID, serial string
	key           *rsa.PrivateKey
	keyID         string
	public        *rsa.PublicKey
	aead          cipher.AEAD
}

func newFloor(p *platform, base string, rt http.RoundTripper) (*floor, error) {
	aead, err := newGCM([]byte(p.apiV3Key))
	return &floor{
		http: &http.Client{Transport: rt}, base: base,
		mchID: p.mchID, serial: p.serial, key: p.merchant,
		keyID: p.keyID, public: &p.key.PublicKey, aead: aead,
	}, err
}

func (f *floor) presign(ctx context.Context, in *presignRequest) (*presignAnswer, error) {
	body, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, f.base+presignPath, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	authorization, err := f.authorization(req.Method, req.URL.RequestURI(), body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", authorization)
	req.Header.Set("Accept", "application/json")
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "floor/1.0")
	req.Header.Set("Wechatpay-Serial", f.keyID)

	res, err := f.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("floor: status %d", res.StatusCode)
	}
	if err := f.verify(res.Header, answer); err != nil {
		return nil, err
	}
	out := new(presignAnswer)
	return out, json.Unmarshal(answer, out)
}

func (f *floor) authorization(method, target string, body []byte) (string, error) {
	timestamp, nonce := strconv.FormatInt(time.Now().Unix(), 10), rand.Text()
	message := method + "\n" + target + "\n" + timestamp + "\n" + nonce + "\n" + string(body) + "\n"
	digest := sha256.Sum256([]byte(message))
	signature, err := rsa.SignPKCS1v15(rand.Reader, f.key, crypto.SHA256, digest[:])
	if err != nil {
		return "", err
	}
	return `WECHATPAY2-SHA256-RSA2048 mchid="` + f.mchID + `",nonce_str="` + nonce +
		`",timestamp="` + timestamp + `",serial_no="` + f.serial +
		`",signature="` + base64.StdEncoding.EncodeToString(signature) + `"`, nil
}

// verify checks an answer or a notification.
func (f *floor) verify(h http.Header, body []byte) error {
	timestamp := h.Get("Wechatpay-Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil {
		return err
	}
	if time.Since(time.Unix(seconds, 0)).Abs() >= 5*time.Minute {
		return errors.New("floor: stale")
	}
	if h.Get("Wechatpay-Serial") != f.keyID {
		return errors.New("floor: signed with an unknown key")
	}
	signature, err := base64.StdEncoding.DecodeString(h.Get("Wechatpay-Signature"))
	if err != nil {
		return err
	}
	message := timestamp + "\n" + h.Get("Wechatpay-Nonce") + "\n" + string(body) + "\n"
	digest := sha256.Sum256([]byte(message))
	return rsa.VerifyPKCS1v15(f.public, crypto.SHA256, digest[:], signature)
}
