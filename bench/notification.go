package bench

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// signedContract is what a notification says: a contract was signed.
const signedContract = `{"mchid":"1900000109","contract_id":"202005290000000012","appid":"wxd678efh567hg6787",` +
	`"openid":"oUpF8uMuAJO_M2pxb1Q9zNjWeS6o","plan_id":12535,"out_contract_code":"wxwtdk20200910100000",` +
	`"out_user_code":"user-1","contract_display_account":"微信代扣用户A","contract_state":"SIGNED",` +
	`"contract_signed_time":"2020-06-08T10:34:56+08:00","contract_expired_time":"2030-06-08T10:34:56+08:00"}`

// notification is one signed notification, and makes requests of it.
type notification struct {
	header http.Header
	body   []byte
}

func newNotification(p *platform) (*notification, error) {
	aead, err := newGCM([]byte(p.apiV3Key))
	if err != nil {
		return nil, err
	}
	const nonce, associated = "fdasflkja484", "contract"
	sealed := aead.Seal(nil, []byte(nonce), []byte(signedContract), []byte(associated))
	body, err := json.Marshal(map[string]any{
		"id": "EV-2018022511223320873", "create_time": "2020-06-08T10:34:56+08:00",
		"event_type": "ENTRUST.SIGN", "resource_type": "encrypt-resource", "summary": "委托代扣签约通知",
		"resource": map[string]string{
			"original_type": "entrust", "algorithm": "AEAD_AES_256_GCM", "nonce": nonce,
			"associated_data": associated, "ciphertext": base64.StdEncoding.EncodeToString(sealed),
		},
	})
	return &notification{header: p.sign(body), body: body}, err
}

var notifyURL = &url.URL{Path: "/notify"}

// request is the notification as a server hands it over. The headers are
// shared: no receiver writes to them.
func (n *notification) request() *http.Request {
	return &http.Request{
		Method: http.MethodPost, URL: notifyURL, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: n.header, Body: newReader(n.body), ContentLength: int64(len(n.body)),
	}
}

// contractSigned is the event as the floor and the peers, who have no type for
// it, read it.
type contractSigned struct {
	MchID                  string `json:"mchid"`
	ContractID             string `json:"contract_id"`
	AppID                  string `json:"appid"`
	OpenID                 string `json:"openid"`
	PlanID                 int64  `json:"plan_id"`
	OutContractCode        string `json:"out_contract_code"`
	OutUserCode            string `json:"out_user_code"`
	ContractDisplayAccount string `json:"contract_display_account"`
	ContractState          string `json:"contract_state"`
	ContractSignedTime     string `json:"contract_signed_time"`
	ContractExpiredTime    string `json:"contract_expired_time"`
}

// envelope is a notification on the wire, as the floor reads it.
type envelope struct {
	ID           string `json:"id"`
	CreateTime   string `json:"create_time"`
	EventType    string `json:"event_type"`
	ResourceType string `json:"resource_type"`
	Summary      string `json:"summary"`
	Resource     struct {
		OriginalType   string `json:"original_type"`
		Algorithm      string `json:"algorithm"`
		Ciphertext     string `json:"ciphertext"`
		AssociatedData string `json:"associated_data"`
		Nonce          string `json:"nonce"`
	} `json:"resource"`
}

// receive takes a notification the way the floor does everything.
func (f *floor) receive(_ context.Context, req *http.Request) (string, error) {
	body, err := io.ReadAll(io.LimitReader(req.Body, 1<<20))
	if err != nil {
		return "", err
	}
	if err := f.verify(req.Header, body); err != nil {
		return "", err
	}
	var e envelope
	if err := json.Unmarshal(body, &e); err != nil {
		return "", err
	}
	sealed, err := base64.StdEncoding.DecodeString(e.Resource.Ciphertext)
	if err != nil {
		return "", err
	}
	if e.EventType != "ENTRUST.SIGN" || len(e.Resource.Nonce) != f.aead.NonceSize() {
		return "", fmt.Errorf("floor: cannot read event %q", e.EventType)
	}
	plain, err := f.aead.Open(nil, []byte(e.Resource.Nonce), sealed, []byte(e.Resource.AssociatedData))
	if err != nil {
		return "", err
	}
	var event contractSigned
	if err := json.Unmarshal(plain, &event); err != nil {
		return "", err
	}
	if event.OutContractCode == "" {
		return "", errors.New("floor: no contract")
	}
	return event.OutContractCode, nil
}

func newGCM(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}
