// Package unpack reads files that may be packed with gzip, as bills and
// statements are: their digests are of what is inside.
package unpack

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
)

// Reader reads what is inside r if that is packed, and r itself if it is not.
// An error of r shows when it is read, here or from the Reader.
func Reader(r io.Reader) (io.Reader, error) {
	buffered := bufio.NewReader(r)
	if head, _ := buffered.Peek(2); !bytes.Equal(head, []byte{0x1f, 0x8b}) {
		return buffered, nil
	}
	return gzip.NewReader(buffered)
}
