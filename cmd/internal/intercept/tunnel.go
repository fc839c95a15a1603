package intercept

import (
	"io"
	"net"
	"sync"
)

// tunnel is the connection of a client after its CONNECT was granted.
type tunnel struct {
	net.Conn
	first io.Reader // may hold what the client sent before it was granted
	host  string    // that the CONNECT named
}

// Read reads what came early first; the reader goes on with the connection.
func (t *tunnel) Read(b []byte) (int, error) { return t.first.Read(b) }

// tunnels is a listener: each tunnel is a connection that it accepts.
type tunnels struct {
	address net.Addr
	open    chan net.Conn
	closed  chan struct{}
	once    sync.Once
}

func newTunnels() *tunnels {
	return &tunnels{open: make(chan net.Conn), closed: make(chan struct{})}
}

func (t *tunnels) add(c net.Conn) {
	select {
	case t.open <- c:
	case <-t.closed:
		_ = c.Close()
	}
}

// Accept waits for the next tunnel.
func (t *tunnels) Accept() (net.Conn, error) {
	select {
	case c := <-t.open:
		return c, nil
	case <-t.closed:
		return nil, net.ErrClosed
	}
}

// Close ends the listener; tunnels that were accepted stay.
func (t *tunnels) Close() error {
	t.once.Do(func() { close(t.closed) })
	return nil
}

// Addr is the address of the proxy.
func (t *tunnels) Addr() net.Addr { return t.address }
