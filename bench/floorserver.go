package bench

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"time"
)

// floorServer does of one request what no server that speaks the protocol can
// leave out: it verifies the merchant's signature (请求签名) and signs an answer.
// It knows nothing: what it answers was given to it.
type floorServer struct {
	merchant *rsa.PublicKey
	key      *rsa.PrivateKey
	keyID    string
	answer   []byte
}

// authorizationGrammar takes the members of an Authorization header in the
// order in which all clients here write them.
var authorizationGrammar = regexp.MustCompile(`^WECHATPAY2-SHA256-RSA2048 mchid="(\d+)",nonce_str="(\w+)",timestamp="(\d+)",serial_no="(\w+)",signature="([^"]+)"$`)

func (f *floorServer) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err == nil {
		err = f.verify(req, body)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	timestamp, nonce := strconv.FormatInt(time.Now().Unix(), 10), rand.Text()
	digest := sha256.Sum256([]byte(timestamp + "\n" + nonce + "\n" + string(f.answer) + "\n"))
	signature, err := rsa.SignPKCS1v15(nil, f.key, crypto.SHA256, digest[:])
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Wechatpay-Timestamp", timestamp)
	h.Set("Wechatpay-Nonce", nonce)
	h.Set("Wechatpay-Serial", f.keyID)
	h.Set("Wechatpay-Signature", base64.StdEncoding.EncodeToString(signature))
	_, _ = w.Write(f.answer)
}

func (f *floorServer) verify(req *http.Request, body []byte) error {
	part := authorizationGrammar.FindStringSubmatch(req.Header.Get("Authorization"))
	if part == nil {
		return fmt.Errorf("floor: no Authorization header that it reads")
	}
	signature, err := base64.StdEncoding.DecodeString(part[5])
	if err != nil {
		return err
	}
	message := req.Method + "\n" + req.URL.RequestURI() + "\n" + part[3] + "\n" + part[2] + "\n" + string(body) + "\n"
	digest := sha256.Sum256([]byte(message))
	return rsa.VerifyPKCS1v15(f.merchant, crypto.SHA256, digest[:], signature)
}
