package admin

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
)

// Some routes turn their connection into another one: after the answer 101, Upgrade: haneul, it carries an instance's own
// bytes (dial), or frames (exec).

// Upgrade is the protocol of such a connection.
const Upgrade = "haneul"

// FrameKind says what a frame of an exec holds.
type FrameKind byte

// The frames from the client are FrameStdin, FrameEOF and FrameSize; the others come from the engine, FrameExit last.
const (
	FrameStdin  FrameKind = iota // bytes
	FrameEOF                     // the end of the standard input
	FrameSize                    // the terminal's columns and rows, 16 bits each, big-endian
	FrameStdout                  // bytes
	FrameStderr                  // bytes
	FrameExit                    // JSON of [Exit]
)

// Exit is how an exec ended.
type Exit struct {
	Status int    `json:"status"`
	Error  string `json:"error,omitempty"` // the connection was lost, or the instance went away
}

// maxFrame bounds a frame's payload.
const maxFrame = 1 << 20

// Frames reads and writes the frames of an exec. Writing is safe from several goroutines.
type Frames struct {
	in  io.Reader
	out io.Writer
	mu  sync.Mutex
}

// NewFrames speaks frames on a connection.
func NewFrames(in io.Reader, out io.Writer) *Frames { return &Frames{in: in, out: out} }

// Send writes a frame: its kind, the length of its payload in 32 bits, big-endian, and the payload.
func (f *Frames) Send(kind FrameKind, payload []byte) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	frame := binary.BigEndian.AppendUint32([]byte{byte(kind)}, uint32(len(payload)))
	_, err := f.out.Write(append(frame, payload...))
	return err
}

// Next reads a frame.
func (f *Frames) Next() (FrameKind, []byte, error) {
	var head [5]byte
	if _, err := io.ReadFull(f.in, head[:]); err != nil {
		return 0, nil, err
	}
	n := binary.BigEndian.Uint32(head[1:])
	if n > maxFrame {
		return 0, nil, fmt.Errorf("a frame of %d bytes", n)
	}
	payload := make([]byte, n)
	_, err := io.ReadFull(f.in, payload)
	return FrameKind(head[0]), payload, err
}

// Writer sends what is written to it as frames of one kind.
func (f *Frames) Writer(kind FrameKind) io.Writer { return frameWriter{f, kind} }

type frameWriter struct {
	f    *Frames
	kind FrameKind
}

func (w frameWriter) Write(b []byte) (n int, err error) {
	for len(b) > 0 {
		part := b[:min(len(b), maxFrame)]
		if err := w.f.Send(w.kind, part); err != nil {
			return n, err
		}
		n, b = n+len(part), b[len(part):]
	}
	return n, nil
}

// SendSize tells the terminal's size.
func (f *Frames) SendSize(columns, rows uint) error {
	return f.Send(FrameSize, binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16(nil, uint16(columns)), uint16(rows)))
}

// SizeOf reads a frame of kind FrameSize.
func SizeOf(payload []byte) (columns, rows uint, ok bool) {
	if len(payload) != 4 {
		return 0, 0, false
	}
	return uint(binary.BigEndian.Uint16(payload)), uint(binary.BigEndian.Uint16(payload[2:])), true
}

// upgrade posts in and returns the connection that the answer turned into.
func (c *Client) upgrade(ctx context.Context, path string, in any) (io.ReadWriteCloser, error) {
	b, err := json.Marshal(in)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Connection", "Upgrade")
	req.Header.Set("Upgrade", Upgrade)
	res, err := c.do(req)
	if err != nil {
		return nil, err
	}
	stream, ok := res.Body.(io.ReadWriteCloser)
	if !ok || res.StatusCode != http.StatusSwitchingProtocols {
		res.Body.Close()
		return nil, errors.New("the engine is older than this program: stop it with haneul cloud stop and retry")
	}
	return stream, nil
}

// Hijack answers a request for an upgrade, for the engine's side.
func Hijack(w http.ResponseWriter) (net.Conn, io.Reader, error) {
	conn, rw, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return nil, nil, err
	}
	_, err = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: "+Upgrade+"\r\n\r\n")
	if err != nil {
		conn.Close()
		return nil, nil, err
	}
	return conn, bufio.NewReader(io.MultiReader(buffered(rw.Reader), conn)), nil
}

// buffered is what was read ahead before the upgrade.
func buffered(r *bufio.Reader) io.Reader {
	b, _ := r.Peek(r.Buffered())
	return bytes.NewReader(bytes.Clone(b))
}
