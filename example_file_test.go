package wxpay_test

import (
	"crypto/sha1"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"strings"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/sign"
)

// fileClient is a client of a server that answers one file.
func fileClient(content string) *wxpay.Client {
	wx, err := wxpay.New(wxpay.Config{
		MchID: keys.MchID, Serial: keys.MerchantSerial(), Signer: keys.MerchantKey,
		Trust: sign.PublicKey(keys.PublicKeyID, keys.PublicKey()),
		Transport: roundTrip(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(content)), ContentLength: -1}, nil
		}),
	})
	if err != nil {
		log.Fatal(err)
	}
	return wx
}

// A bill is asked for in two steps: the first answers download_url, hash_type
// and hash_value, the second is this.
func ExampleClient_DownloadURL() {
	const content = "a bill"
	wx := fileClient(content)
	file, err := wx.DownloadURL(ctx, "https://api.mch.weixin.qq.com/v3/billdownload/file?token=xx", wxpay.Digest("SHA1", fmt.Sprintf("%x", sha1.Sum([]byte(content)))))
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	text, err := io.ReadAll(file) // io.EOF comes only if the digest is right
	fmt.Println(string(text), err)
	// Output: a bill <nil>
}

func ExampleClient_Download() {
	op := &wxpay.Op{Method: "GET", Path: "/v3/merchant-service/images/{media_id}", Idempotent: true, Verify: wxpay.VerifyNone}
	file, err := fileClient("an image").Download(ctx, op, nil, wxpay.Path("media_id", "m1"))
	if err != nil {
		log.Fatal(err)
	}
	defer file.Close()
	text, err := io.ReadAll(file)
	fmt.Println(string(text), err)
	// Output: an image <nil>
}

func ExamplePages() {
	type request struct{ Offset int64 }
	pages := [][]string{{"one", "two"}, {"three"}, {}}
	list := wxpay.Pages(&request{}, func(r *request, records, _ int64) { r.Offset = records }, func(r *request) ([]string, int64, error) {
		page := pages[0]
		pages = pages[1:]
		return page, -1, nil
	})
	for item, err := range list {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(*item)
	}
	// Output:
	// one
	// two
	// three
}

func ExampleJSONText() {
	var card struct {
		Valid wxpay.JSONText[[]string] `json:"cert_valid_date"`
	}
	card.Valid.Value = []string{"2017-10-28", "forever"}
	b, err := json.Marshal(card)
	fmt.Println(string(b), err)
	// Output: {"cert_valid_date":"[\"2017-10-28\",\"forever\"]"} <nil>
}
