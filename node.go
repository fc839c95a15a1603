package wxpay

import (
	"context"
	"net/http"
	"strconv"
	"strings"
)

// Node is an address that is called by its URL instead of by a generated
// function: for endpoints newer than this release, and for programs that hold
// their addresses as data. Its methods take and give what [Client.Do] does.
type Node struct {
	wx   *Client
	path string
	opts []Option
	err  error
}

// Chain returns the node of a path template (声明式): "v3/…/{service_id}". The
// values of its parameters are given with [Path] at the call; they are escaped
// once and never re-cased. A leading slash may be left out.
func (c *Client) Chain(template string) *Node {
	return &Node{wx: c, path: "/" + strings.TrimPrefix(template, "/")}
}

// At returns the node of a path template by its key (属性式), with the values
// of its parameters in the order in which they stand in the path.
func (c *Client) At(address string, values ...any) *Node {
	n := c.Chain(address)
	parts, err := splitTemplate("at", n.path)
	if err != nil {
		n.err = err
		return n
	}
	for _, part := range parts {
		if !part.param {
			continue
		}
		if len(n.opts) < len(values) {
			n.opts = append(n.opts, Path(part.text, values[len(n.opts)]))
		}
	}
	if len(n.opts) != len(values) {
		n.err = inputError("at "+n.path, "values", "are more than the path has parameters: "+strconv.Itoa(len(values))+" given, "+strconv.Itoa(len(n.opts))+" there", "give one value for each {name}")
	}
	return n
}

// Get asks and decodes the answer into out.
func (n *Node) Get(ctx context.Context, out any, opts ...Option) error {
	return n.do(ctx, "GET", nil, out, opts)
}

// Post sends in and decodes the answer into out.
func (n *Node) Post(ctx context.Context, in, out any, opts ...Option) error {
	return n.do(ctx, "POST", in, out, opts)
}

// Put sends in and decodes the answer into out.
func (n *Node) Put(ctx context.Context, in, out any, opts ...Option) error {
	return n.do(ctx, "PUT", in, out, opts)
}

// Patch sends in and decodes the answer into out.
func (n *Node) Patch(ctx context.Context, in, out any, opts ...Option) error {
	return n.do(ctx, "PATCH", in, out, opts)
}

// Delete asks for a deletion and decodes the answer into out.
func (n *Node) Delete(ctx context.Context, out any, opts ...Option) error {
	return n.do(ctx, "DELETE", nil, out, opts)
}

// GetAsync is Get in the background. The value of the future is out.
func (n *Node) GetAsync(ctx context.Context, out any, opts ...Option) *Future[any] {
	return n.async(ctx, "GET", nil, out, opts)
}

// PostAsync is Post in the background. The value of the future is out.
func (n *Node) PostAsync(ctx context.Context, in, out any, opts ...Option) *Future[any] {
	return n.async(ctx, "POST", in, out, opts)
}

// PutAsync is Put in the background. The value of the future is out.
func (n *Node) PutAsync(ctx context.Context, in, out any, opts ...Option) *Future[any] {
	return n.async(ctx, "PUT", in, out, opts)
}

// PatchAsync is Patch in the background. The value of the future is out.
func (n *Node) PatchAsync(ctx context.Context, in, out any, opts ...Option) *Future[any] {
	return n.async(ctx, "PATCH", in, out, opts)
}

// DeleteAsync is Delete in the background. The value of the future is out.
func (n *Node) DeleteAsync(ctx context.Context, out any, opts ...Option) *Future[any] {
	return n.async(ctx, "DELETE", nil, out, opts)
}

// Do is for what the other methods have no room for: another method, or a GET
// or DELETE with a request.
func (n *Node) Do(ctx context.Context, method string, in, out any, opts ...Option) error {
	return n.do(ctx, method, in, out, opts)
}

// DoAsync is Do in the background. The value of the future is out.
func (n *Node) DoAsync(ctx context.Context, method string, in, out any, opts ...Option) *Future[any] {
	return n.async(ctx, method, in, out, opts)
}

// Download asks for a file, as [Client.Download] does. verify says what vouches
// for it, see [Op.Verify].
func (n *Node) Download(ctx context.Context, verify string, opts ...Option) (*Download, error) {
	if n.err != nil {
		return nil, n.err
	}
	op := &Op{Method: http.MethodGet, Path: n.path, Idempotent: true, Verify: verify}
	return n.wx.Download(ctx, op, nil, append(n.opts[:len(n.opts):len(n.opts)], opts...)...)
}

func (n *Node) async(ctx context.Context, method string, in, out any, opts []Option) *Future[any] {
	return Go(ctx, func(ctx context.Context) (any, error) {
		if err := n.do(ctx, method, in, out, opts); err != nil {
			return nil, err
		}
		return out, nil
	})
}

func (n *Node) do(ctx context.Context, method string, in, out any, opts []Option) error {
	if n.err != nil {
		return n.err
	}
	op := &Op{Method: method, Path: n.path, Idempotent: method == "GET"}
	if len(n.opts) > 0 {
		opts = append(n.opts[:len(n.opts):len(n.opts)], opts...)
	}
	return n.wx.Do(ctx, op, in, out, opts...)
}
