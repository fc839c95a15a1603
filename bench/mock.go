package bench

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"sync"
	"time"
)

// answerBody answers the pre-sign of a clearing institution.
const answerBody = `{"mchid":"1900000109","service_id":12535,"out_contract_code":"wxwtdk20200910100000"}`

// mock answers every request with [answerBody], well signed. It checks nothing:
// what is measured is the client. It signs once a minute, for the clients
// refuse an answer that is five minutes old, and so costs next to nothing; what
// it does cost is the same for all, and BenchmarkPreSign shows it as "mock".
type mock struct {
	platform *platform

	mu     sync.Mutex
	header http.Header // read-only once made
	made   time.Time
}

func (m *mock) signed() http.Header {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := time.Now(); now.Sub(m.made) > time.Minute {
		m.header, m.made = m.platform.sign([]byte(answerBody)), now
	}
	return m.header
}

// RoundTrip is the mock in memory. Like a real transport it reads the body of
// the request to its end and closes it.
func (m *mock) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		if _, err := io.Copy(io.Discard, req.Body); err != nil {
			return nil, err
		}
		if err := req.Body.Close(); err != nil {
			return nil, err
		}
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: m.signed(), Body: newReader([]byte(answerBody)), ContentLength: int64(len(answerBody)),
		Request: req,
	}, nil
}

// ServeHTTP is the mock on the wire.
func (m *mock) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	_, _ = io.Copy(io.Discard, req.Body)
	maps.Copy(w.Header(), m.signed())
	_, _ = io.WriteString(w, answerBody)
}

// reader is a body in memory, in one allocation.
type reader struct{ bytes.Reader }

func (*reader) Close() error { return nil }

func newReader(b []byte) *reader {
	r := new(reader)
	r.Reset(b)
	return r
}
