package caller

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/wxpay-go/wxpay"
	"github.com/wxpay-go/wxpay/spec"
)

// IsDownload reports whether the answer is a file, for [Call.Download].
func (c *Call) IsDownload() bool { return c.op.Verify != "" }

// Download asks for a file. opts are [wxpay.Digest] or [wxpay.Unchecked] where
// the digest came with the address of the file.
func (c *Call) Download(ctx context.Context, wx *wxpay.Client, opts ...wxpay.Option) (*wxpay.Download, error) {
	in, more, err := c.request(ctx, wx)
	if err != nil {
		return nil, err
	}
	return wx.Download(ctx, c.endpoint(), in, append(more, opts...)...)
}

// attach notes the file of an upload.
func (c *Call) attach(value string) error {
	path, ok := strings.CutPrefix(value, "@")
	if !ok || path == "" {
		return &Error{Field: c.op.File.Name, Rule: "is a file", Remedy: "write " + c.op.File.Name + "=@path"}
	}
	c.file = path
	return nil
}

// maxUpload bounds a file, in bytes: what the client sends at most.
const maxUpload = 64 << 20

// upload is the request of an upload as the client takes it: a struct, whose
// tags say what is the file, its name and its digest.
func (c *Call) upload(body any) (any, error) {
	content, err := readUpload(c.file)
	if err != nil {
		return nil, &Error{Field: c.op.File.Name, Rule: err.Error(), Remedy: "name a file that can be sent"}
	}
	meta, _ := body.(map[string]any)
	members := c.op.Request.Fields
	fields := make([]reflect.StructField, 0, len(members)+1)
	for i := range members {
		fields = append(fields, metaField(i, &members[i]))
	}
	fields = append(fields, reflect.StructField{
		Name: "File", Type: reflect.TypeFor[io.Reader](), Tag: reflect.StructTag(fmt.Sprintf(`json:"-" file:%q`, c.op.File.Name)),
	})
	in := reflect.New(reflect.StructOf(fields))
	for i := range members {
		value, ok := meta[members[i].Name]
		if !ok && members[i].Filename {
			value, ok = filepath.Base(c.file), true
		}
		if ok && reflect.TypeOf(value).AssignableTo(fields[i].Type) {
			in.Elem().Field(i).Set(reflect.ValueOf(value))
		}
	}
	in.Elem().Field(len(members)).Set(reflect.ValueOf(bytes.NewReader(content)))
	return in.Interface(), nil
}

func metaField(i int, f *spec.Field) reflect.StructField {
	tag, typ := fmt.Sprintf(`json:"%s,omitzero"`, f.Name), reflect.TypeFor[any]()
	switch {
	case f.Digest != "":
		tag, typ = tag+fmt.Sprintf(` file:%q`, f.Digest), reflect.TypeFor[string]()
	case f.Filename:
		tag, typ = tag+` file:"name"`, reflect.TypeFor[string]()
	}
	return reflect.StructField{Name: fmt.Sprintf("Member%d", i), Type: typ, Tag: reflect.StructTag(tag)}
}

func readUpload(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%s cannot be read: %w", name, cause(err))
	}
	defer func() { _ = f.Close() }()
	content, err := io.ReadAll(io.LimitReader(f, maxUpload+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s cannot be read: %w", name, cause(err))
	case len(content) == 0:
		return nil, fmt.Errorf("%s is empty", name)
	case len(content) > maxUpload:
		return nil, fmt.Errorf("%s has more than 64 MiB", name)
	}
	return content, nil
}

// cause is a file system's error without the path, which is named already.
func cause(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
