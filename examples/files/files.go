// Package files is what is no plain question and answer: a bill that comes as
// a file, a picture that goes to WeChat Pay, and a list of many pages. Its test
// runs it against a WeChat Pay in memory.
package files

import (
	"context"
	"io"
	"iter"
	"os"
	"path/filepath"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/api/bill"
	"github.com/wxpay-go/wxpay/api/merchant"
	"github.com/wxpay-go/wxpay/api/merchantservice"
)

// Bill writes the trade bill (交易账单) of a day, yyyy-mm-dd. What was written
// must not be used if the error is not nil: of a file that was changed on its
// way it is [wxpay.ErrDigest].
func Bill(ctx context.Context, wx *wxpay.Client, day string, w io.Writer) error {
	address, err := bill.GetTradeBill(ctx, wx, &bill.GetTradeBillRequest{BillDate: day})
	if err != nil {
		return err
	}
	file, err := wx.DownloadURL(ctx, address.DownloadURL, wxpay.Digest(address.HashType, address.HashValue))
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	_, err = io.Copy(w, file) // the digest is checked at the end
	return err
}

// Upload sends a picture and returns the id that applications name it by.
func Upload(ctx context.Context, wx *wxpay.Client, path string) (mediaID string, err error) {
	picture, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer func() { _ = picture.Close() }()
	media, err := merchant.UploadMedia(ctx, wx, &merchant.UploadMediaRequest{Filename: filepath.Base(path), File: picture})
	if err != nil {
		return "", err
	}
	return media.MediaID, nil
}

// Complaints yields the ids of the complaints (消费者投诉) of some days.
func Complaints(ctx context.Context, wx *wxpay.Client, from, to string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for c, err := range merchantservice.ListComplaintsV2All(ctx, wx, &merchantservice.ListComplaintsV2Request{BeginDate: from, EndDate: to}) {
			if err != nil {
				yield("", err)
				return
			}
			if !yield(c.ComplaintID, nil) {
				return
			}
		}
	}
}
