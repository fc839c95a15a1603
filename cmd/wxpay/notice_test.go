package main

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/wxpay-go/wxpay/cmd/internal/bill"
	"github.com/wxpay-go/wxpay/seal"
	"github.com/wxpay-go/wxpay/sign"
	"github.com/wxpay-go/wxpay/spec"
)

// writeNotice is the command of scripts
//
//	notice FILE TIME
//
// It writes the text of a notification that WeChat Pay sent at a time, to a
// merchant of the script's emulator.
func writeNotice(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: notice FILE TIME")
	}
	at, err := time.Parse(time.RFC3339, args[1])
	ts.Check(err)
	keys, err := scriptKeys()
	ts.Check(err)
	resource, err := seal.Close([]byte(keys.APIv3Key), []byte(`{"mchid":"1900000109","out_trade_no":"order-1","trade_state":"SUCCESS"}`), "transaction", "61f9c719728a")
	ts.Check(err)
	resource.OriginalType = "transaction"
	body, err := json.Marshal(map[string]any{"id": "EV-1", "event_type": "TRANSACTION.SUCCESS", "resource_type": "encrypt-resource", "summary": "支付成功", "resource": resource})
	ts.Check(err)
	h := sign.Header{Timestamp: strconv.FormatInt(at.Unix(), 10), Nonce: sign.Nonce(), Serial: keys.PublicKeyID, Type: sign.SchemeRSA}
	signature, err := sign.RSA.Sign(keys.PublicKeySigner, sign.AppendAnswer(nil, h.Timestamp, h.Nonce, body))
	ts.Check(err)
	text := fmt.Sprintf("POST /notify HTTP/1.1\r\nHost: shop.example\r\nContent-Type: application/json\r\nContent-Length: %d\r\n"+
		"Wechatpay-Nonce: %s\r\nWechatpay-Serial: %s\r\nWechatpay-Signature: %s\r\nWechatpay-Signature-Type: %s\r\nWechatpay-Timestamp: %s\r\n\r\n%s",
		len(body), h.Nonce, h.Serial, base64.StdEncoding.EncodeToString(signature), h.Type, h.Timestamp, body)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}

// writeBytes is the command of scripts
//
//	bytes FILE COUNT [HEX]
//
// It writes a file of random bytes, which begins with others.
func writeBytes(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: bytes FILE COUNT [HEX]")
	}
	count, err := strconv.Atoi(args[1])
	ts.Check(err)
	content := make([]byte, count)
	_, _ = rand.Read(content)
	if len(args) > 2 {
		var head []byte
		_, err := fmt.Sscanf(args[2], "%x", &head)
		ts.Check(err)
		copy(content, head)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), content, 0o600))
}

// TestBillKinds holds the list that the help shows.
func TestBillKinds(t *testing.T) {
	t.Parallel()
	var names []string
	for _, k := range bill.Kinds() {
		names = append(names, k.Name)
	}
	if got, want := strings.Join(billKinds, " "), strings.Join(names, " "); got != want {
		t.Errorf("the help has %s, the description %s", got, want)
	}
}

// TestUploadKinds holds that each is an endpoint which wants no more than the
// file, its name and its digest.
func TestUploadKinds(t *testing.T) {
	t.Parallel()
	for name, k := range uploads {
		op, ok := spec.Lookup("POST", k.path)
		if !ok || op.File == nil || len(op.Params) > 0 {
			t.Errorf("%s: %s is no such endpoint", name, k.path)
			continue
		}
		for _, f := range op.Request.Fields {
			if f.Required && f.Digest == "" && !f.Filename {
				t.Errorf("%s: %s wants %s too", name, k.path, f.Name)
			}
		}
	}
}
