package bill

import (
	"bytes"
	"context"
	"crypto/sha1" //nolint:gosec // the protocol's choice
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/cmd/internal/unpack"
	"github.com/wxpay-go/wxpay/cmd/internal/wholefile"
	"github.com/wxpay-go/wxpay/seal"
)

// ErrSealed is the error of a file that comes encrypted.
var ErrSealed = errors.New("the bill is encrypted (encrypt_key), which is not supported: download it with wxpay call, and decrypt it by the official description")

// BrokenError says that a download ended early. What came is kept, and the same
// download goes on from there.
type BrokenError struct {
	Part string // file that holds what came
	Have int64  // bytes
	Err  error
}

func (e *BrokenError) Error() string {
	return fmt.Sprintf("the download ended early: %v; %d bytes are kept in %s, and the same command goes on from there", e.Err, e.Have, e.Part)
}

func (e *BrokenError) Unwrap() error { return e.Err }

// Fetcher downloads files.
type Fetcher struct {
	Config wxpay.Config

	// Unpack writes what is inside a packed file.
	Unpack bool

	// Progress is told what has come, and how much there is, or -1; nil for
	// nobody.
	Progress func(done, total int64)
}

// Result is a file that is there, whole. Its JSON is a contract with programs.
type Result struct {
	File      string `json:"file"`
	Bytes     int64  `json:"bytes"`
	HashType  string `json:"hash_type,omitempty"`
	HashValue string `json:"hash_value,omitempty"`
	Checked   bool   `json:"checked"`           // against the digest
	Resumed   int64  `json:"resumed,omitempty"` // bytes that were there already
	There     bool   `json:"there,omitempty"`   // the file was there before, whole
}

// Fetch downloads a file. Until its digest holds, it is called name.part; a
// download that was interrupted goes on where it ended, if the server lets it.
// A wrong digest is [wxpay.ErrDigest], and leaves nothing behind.
func (f *Fetcher) Fetch(ctx context.Context, a Address, name string) (*Result, error) {
	if a.Sealed != "" {
		return nil, ErrSealed
	}
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "write", Path: name, Err: errors.New("it is no regular file")}
	}
	r := &Result{File: name, HashType: a.HashType, HashValue: a.HashValue, Checked: a.HashValue != ""}
	if r.Checked && check(name, a) == nil {
		r.There = true
		return r, r.measure()
	}
	part := name + ".part"
	if !r.Checked {
		if err := forget(part); err != nil {
			return nil, err // nothing could say whether it belongs to this file
		}
	}
	var err error
	if r.Resumed, err = f.load(ctx, a, part); err != nil {
		return nil, err
	}
	err = check(part, a)
	if errors.Is(err, wxpay.ErrDigest) && r.Resumed > 0 {
		// The rest was of another file, or what was there was: once more, whole.
		if err := forget(part); err != nil {
			return nil, err
		}
		if r.Resumed, err = f.load(ctx, a, part); err != nil {
			return nil, err
		}
		err = check(part, a)
	}
	if err != nil {
		return nil, errors.Join(err, forget(part))
	}
	if err := f.settle(part, name); err != nil {
		return nil, err
	}
	return r, r.measure()
}

func (r *Result) measure() error {
	info, err := os.Stat(r.File)
	if err == nil {
		r.Bytes = info.Size()
	}
	return err
}

func forget(name string) error {
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// heard notes how the server answered to a range.
type heard struct {
	next   http.RoundTripper
	status int
	rng    string
}

// RoundTrip implements [http.RoundTripper].
func (h *heard) RoundTrip(r *http.Request) (*http.Response, error) {
	a, err := h.next.RoundTrip(r)
	if err == nil {
		h.status, h.rng = a.StatusCode, a.Header.Get("Content-Range")
	}
	return a, err
}

// load loads what is missing in part, and returns how much was there.
func (f *Fetcher) load(ctx context.Context, a Address, part string) (had int64, err error) {
	file, err := os.OpenFile(part, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() {
		if closing := file.Close(); err == nil {
			err = closing
		}
	}()
	if had, err = file.Seek(0, io.SeekEnd); err != nil {
		return 0, err
	}
	d, had, err := f.ask(ctx, a, had)
	if err != nil {
		if info, _ := file.Stat(); info != nil && info.Size() == 0 {
			_ = os.Remove(part) // nothing came
		}
		return 0, err
	}
	defer func() { _ = d.Close() }()
	if err := file.Truncate(had); err != nil {
		return 0, err
	}
	if _, err := file.Seek(had, io.SeekStart); err != nil {
		return 0, err
	}
	total := d.Length
	if total >= 0 {
		total += had
	}
	n, err := io.Copy(io.MultiWriter(file, &counter{f.Progress, had, total}), d)
	if err != nil {
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return 0, &BrokenError{part, had + n, err}
	}
	return had, file.Sync()
}

// ask asks for the rest behind had bytes, and returns where what comes begins.
func (f *Fetcher) ask(ctx context.Context, a Address, had int64) (*wxpay.Download, int64, error) {
	cfg := f.Config
	if cfg.Transport == nil {
		cfg.Transport = wxpay.NewTransport()
	}
	h := &heard{next: cfg.Transport}
	cfg.Transport = h
	wx, err := wxpay.New(cfg)
	if err != nil {
		return nil, 0, err
	}
	// The digest is of what is inside, and of the whole: it is checked at the end.
	opts := []wxpay.Option{wxpay.Unchecked()}
	if had > 0 {
		opts = append(opts, wxpay.Header("Range", fmt.Sprintf("bytes=%d-", had)))
	}
	d, err := wx.DownloadURL(ctx, a.URL, opts...)
	if had == 0 {
		return d, 0, err
	}
	if e, ok := errors.AsType[*wxpay.Error](err); ok && e.Status == http.StatusRequestedRangeNotSatisfiable {
		return f.ask(ctx, a, 0)
	}
	switch {
	case err != nil:
		return nil, 0, err
	case h.status == http.StatusPartialContent && strings.HasPrefix(h.rng, fmt.Sprintf("bytes %d-", had)):
		return d, had, nil
	case h.status == http.StatusPartialContent:
		_ = d.Close()
		return f.ask(ctx, a, 0)
	}
	return d, 0, nil
}

type counter struct {
	tell        func(done, total int64)
	done, total int64
}

func (c *counter) Write(p []byte) (int, error) {
	c.done += int64(len(p))
	if c.tell != nil {
		c.tell(c.done, c.total)
	}
	return len(p), nil
}

// check holds a file, or what is inside it, against the digest.
func check(name string, a Address) error {
	if a.HashValue == "" {
		return nil
	}
	sum, err := newHash(a.HashType)
	if err != nil {
		return err
	}
	want, err := hex.DecodeString(a.HashValue)
	if err != nil {
		return fmt.Errorf("the digest of the bill is not in hexadecimal: %w", err)
	}
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	inside, err := unpack.Reader(file)
	if err == nil {
		_, err = io.Copy(sum, inside)
	}
	if err != nil || !bytes.Equal(sum.Sum(nil), want) {
		return wxpay.ErrDigest // a packed file that does not unpack too
	}
	return nil
}

func newHash(name string) (hash.Hash, error) {
	switch strings.ReplaceAll(strings.ToUpper(name), "-", "") {
	case "SHA1":
		return sha1.New(), nil //nolint:gosec // the protocol's choice
	case "SHA256":
		return sha256.New(), nil
	case "SM3":
		return seal.NewSM3(), nil
	}
	return nil, fmt.Errorf("the digest of the bill is a %q, which is none of SHA1, SHA256 and SM3", name)
}

// settle gives the file its name.
func (f *Fetcher) settle(part, name string) error {
	if !f.Unpack {
		return os.Rename(part, name)
	}
	if err := unpackTo(name, part); err != nil {
		return err
	}
	return forget(part) // closed by now, or some systems would not remove it
}

func unpackTo(name, part string) error {
	packed, err := os.Open(part)
	if err != nil {
		return err
	}
	defer func() { _ = packed.Close() }() // it was only read
	inside, err := unpack.Reader(packed)
	if err != nil {
		return err
	}
	return wholefile.WriteFunc(name, 0o600, func(w io.Writer) error {
		_, err := io.Copy(w, inside)
		return err
	})
}
