package wire

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
)

// maxBody is the most a request may hold, before and after decompression. The largest AWS asks for here is 1 MiB of
// messages, which URL encoding can triple.
const maxBody = 6 << 20

// maxDrain is how much of a body that is too large we still read, so that its sender hears our answer.
const maxDrain = 64 << 20

// maxPooled keeps one huge request from holding its memory for ever.
const maxPooled = 256 << 10

// buffers are reused from request to request. sent is the body as it came, which is what was signed; body is it decoded.
type buffers struct {
	sent, plain []byte
	body        []byte // sent or plain
	out         []byte
}

var pool = sync.Pool{New: func() any { return &buffers{sent: make([]byte, 0, 2048), out: make([]byte, 0, 2048)} }}

func takeBuffers() *buffers { return pool.Get().(*buffers) }

func (b *buffers) release() {
	if cap(b.sent)+cap(b.plain)+cap(b.out) > maxPooled {
		return
	}
	*b = buffers{sent: b.sent[:0], plain: b.plain[:0], out: b.out[:0]}
	pool.Put(b)
}

// readBody reads the request's body within bounds, and decompresses it.
func (s *Server) readBody(c *call) error {
	r := c.http
	var err error
	if c.sent, err = readAll(c.sent[:0], r.Body, r.ContentLength); err != nil {
		return bodyError(r, err)
	}
	c.body = c.sent
	switch encoding := r.Header.Get("Content-Encoding"); strings.ToLower(encoding) {
	case "", "identity":
		return nil
	case "gzip":
		return s.decompress(c)
	default:
		return unknownEncoding(encoding)
	}
}

func (s *Server) decompress(c *call) error {
	z, err := gzip.NewReader(bytes.NewReader(c.sent))
	if err == nil {
		c.plain, err = readAll(c.plain[:0], z, -1)
	}
	c.body = c.plain
	if err == nil {
		return nil
	}
	if errors.Is(err, errTooLarge) {
		return tooLarge()
	}
	return malformed("The body is not valid gzip: " + err.Error() + ".")
}

func bodyError(r *http.Request, err error) error {
	if errors.Is(err, errTooLarge) {
		io.CopyN(io.Discard, r.Body, maxDrain)
		return tooLarge()
	}
	return malformed("The body could not be read: " + err.Error() + ".")
}

var errTooLarge = errors.New("too large")

// readAll is io.ReadAll into a buffer, up to maxBody; size is how much to expect, -1 for unknown.
func readAll(b []byte, r io.Reader, size int64) ([]byte, error) {
	if size > maxBody {
		return b, errTooLarge
	}
	if size > int64(cap(b)) {
		b = make([]byte, 0, size+1) // one more, to meet the end without growing
	}
	for {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := r.Read(b[len(b):min(cap(b), maxBody+1)])
		b = b[:len(b)+n]
		switch {
		case len(b) > maxBody:
			return b, errTooLarge
		case err == io.EOF:
			return b, nil
		case err != nil:
			return b, err
		}
	}
}
