package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/wxpay-go/wxpay/cmd/internal/caller"
)

func uploadCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "upload KIND FILE",
		Short: "Upload an image or a video, and print its media_id",
		Long: `Uploads a file, and prints its number (media_id) or address (media_url). Type and
size are checked first, by the rules of the endpoint: the type by what is in the
file, and not by its name alone.

  wxpay upload image licence.png
  wxpay upload video shop.mp4

The kinds:

` + uploadTable() + `
wxpay call sends files to the other endpoints: POST PATH file=@FILE.`,
		ValidArgs: slices.Sorted(maps.Keys(uploads)),
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 2 {
				return usageError{errors.New("name a kind and a file: wxpay upload image licence.png")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return upload(cmd, args[0], args[1]) },
	}
}

// uploadKind is an endpoint that takes a file, with the rules that its page
// states in words.
type uploadKind struct {
	what, path string
	types      []string // endings, without the dot
	max        int64    // bytes
}

const mib = 1 << 20

var (
	imageTypes = []string{"bmp", "jpg", "png"}
	videoTypes = []string{"avi", "f4v", "flv", "m4v", "mkv", "mov", "mp4", "mpeg", "rmvb", "wmv"}
)

// uploads are the endpoints whose number other endpoints take. Assumed: the
// images of complaints have the rules of the other images.
//
// Source: https://pay.weixin.qq.com/wiki/doc/apiv3/apis/chapter2_1_1.shtml,
// chapter2_1_2.shtml and chapter9_0_1.shtml
var uploads = map[string]uploadKind{
	"image":           {"image of an application (进件图片)", "/v3/merchant/media/upload", imageTypes, 2 * mib},
	"video":           {"video of an application (进件视频)", "/v3/merchant/media/video_upload", videoTypes, 5 * mib},
	"marketing-image": {"image of a coupon (营销图片)", "/v3/marketing/favor/media/image-upload", imageTypes, 2 * mib},
	"complaint-image": {"image of a reply to a complaint (反馈图片)", "/v3/merchant-service/images/upload", imageTypes, 2 * mib},
}

func uploadTable() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(uploads)) {
		k := uploads[name]
		fmt.Fprintf(&b, "  %-16s %s: %s, up to %d MiB\n", name, k.what, strings.Join(k.types, ", "), k.max/mib)
	}
	return b.String()
}

func upload(cmd *cobra.Command, name, file string) error {
	k, ok := uploads[name]
	if !ok {
		return usageError{fmt.Errorf("there is no kind %q; there are %s", name, strings.Join(slices.Sorted(maps.Keys(uploads)), ", "))}
	}
	if err := k.check(file); err != nil {
		return usageError{err}
	}
	wx, cfg, err := client(cmd)
	if err != nil {
		return err
	}
	call, err := caller.Prepare(caller.Request{Method: http.MethodPost, Path: k.path, Fields: []string{"file=@" + file}})
	if err != nil {
		return wordsError(err)
	}
	answer, err := call.Do(cmd.Context(), wx, cfg.Signer)
	if err != nil {
		return wordsError(err)
	}
	o := outputOf(cmd)
	if o.json {
		o.shown = true
	}
	_, err = io.WriteString(o.stdout, o.paintJSON(answer.Body))
	return err
}

// check holds a file against the rules, before it is read whole.
func (k uploadKind) check(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	switch {
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is no regular file", file)
	case info.Size() == 0:
		return fmt.Errorf("%s is empty", file)
	case info.Size() > k.max:
		return fmt.Errorf("%s has %d bytes, and WeChat Pay takes up to %d MiB; make it smaller", file, info.Size(), k.max/mib)
	}
	ending := strings.ToLower(strings.TrimPrefix(filepath.Ext(file), "."))
	if !slices.Contains(k.types, ending) {
		return fmt.Errorf("%s is called %q, and WeChat Pay takes %s; convert it", file, "."+ending, strings.Join(k.types, ", "))
	}
	head := make([]byte, 512)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return err
	}
	return k.inside(file, http.DetectContentType(head[:n]))
}

// inside judges what is in the file. Not every kind of video can be told by its
// beginning; an image, a text or an archive in its place can.
func (k uploadKind) inside(file, found string) error {
	image := slices.Contains(k.types, "png")
	kind, _, _ := strings.Cut(found, ";")
	isImage := slices.Contains([]string{"image/png", "image/jpeg", "image/bmp"}, kind)
	if image && isImage || !image && (strings.HasPrefix(kind, "video/") || kind == "application/octet-stream") {
		return nil
	}
	return fmt.Errorf("%s holds %s, whatever it is called; WeChat Pay takes %s", file, kind, strings.Join(k.types, ", "))
}
