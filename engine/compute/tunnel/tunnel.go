// Package tunnel is what the runtime and the program in an ENI say to each other: one multiplexed connection over the
// standard streams of `guest tunnel`, so that no port is published and a remote Docker works as well.
//
// The runtime opens a stream for every request: a line of JSON, answered by a line of JSON, after which a dial's stream
// is the connection. The guest opens a stream for every connection to the cloud's address: bytes from the start.
package tunnel

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/netip"
	"time"

	"github.com/hashicorp/yamux"

	"haneul/engine/compute"
)

// Request asks for every part that is set, in this order.
type Request struct {
	Configure *Configure        `json:"configure,omitempty"`
	Metadata  *compute.Metadata `json:"metadata,omitempty"`
	Rules     *compute.Rules    `json:"rules,omitempty"`
	// Standby is answered when a machine stands by. PowerOn lets it boot, now or whenever it comes.
	Standby bool  `json:"standby,omitempty"`
	PowerOn bool  `json:"powerOn,omitempty"`
	Dial    *Dial `json:"dial,omitempty"`
}

// Configure gives the interface its address, or takes it away: the zero value makes an ENI warm again.
type Configure struct {
	Subnet   netip.Prefix `json:"subnet"`
	IP       netip.Addr   `json:"ip"`
	VPC      netip.Prefix `json:"vpc"`
	Router   netip.Addr   `json:"router"`
	Hostname string       `json:"hostname"`
}

// Dial connects from the interface.
type Dial struct {
	Source  netip.AddrPort `json:"source"`
	Address netip.AddrPort `json:"address"`
	Timeout time.Duration  `json:"timeout"`
}

// Reply answers a request.
type Reply struct {
	Error   string     `json:"error,omitempty"`
	Refused bool       `json:"refused,omitempty"` // the dial was refused, not dropped
	Timeout bool       `json:"timeout,omitempty"`
	Booted  bool       `json:"booted,omitempty"` // a machine stood by, and is ready
	MAC     string     `json:"mac,omitempty"`
	IP      netip.Addr `json:"ip"`   // where the interface is now
	Free    int64      `json:"free"` // bytes left on the disk that Docker writes to
}

func config() *yamux.Config {
	c := yamux.DefaultConfig()
	c.LogOutput = io.Discard
	c.StreamCloseTimeout = 2 * time.Minute // how long a half-closed stream may go on
	c.ConnectionWriteTimeout = 20 * time.Second
	return c
}

// Client is the runtime's end.
type Client struct{ session *yamux.Session }

// NewClient speaks over conn, which it closes in the end.
func NewClient(conn io.ReadWriteCloser) (*Client, error) {
	s, err := yamux.Client(conn, config())
	return &Client{s}, err
}

// Do sends a request and reads its answer; an error the guest reports is an error.
func (c *Client) Do(ctx context.Context, q Request) (Reply, error) {
	r, conn, err := c.ask(ctx, q)
	if err != nil {
		return r, err
	}
	conn.Close()
	return r, nil
}

// Dial connects to an address from within.
func (c *Client) Dial(ctx context.Context, d Dial) (net.Conn, error) {
	_, conn, err := c.ask(ctx, Request{Dial: &d})
	return conn, err
}

// Accept waits for the next connection to the cloud.
func (c *Client) Accept() (net.Conn, error) { return c.session.AcceptStream() }

// Done is closed when the tunnel is.
func (c *Client) Done() <-chan struct{} { return c.session.CloseChan() }

// Close ends the tunnel and every connection through it.
func (c *Client) Close() error { return c.session.Close() }

func (c *Client) ask(ctx context.Context, q Request) (r Reply, conn net.Conn, err error) {
	stream, err := c.session.OpenStream()
	if err != nil {
		return r, nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = stream.SetDeadline(time.Unix(1, 0)) })
	defer func() {
		if !stop() && ctx.Err() != nil { // the deadline may have hit at any point
			err = ctx.Err()
		}
		if err != nil {
			stream.Close()
			conn = nil
		}
	}()
	b, err := json.Marshal(q)
	if err != nil {
		return r, nil, err
	}
	if _, err := stream.Write(append(b, '\n')); err != nil {
		return r, nil, err
	}
	in := bufio.NewReader(stream)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return r, nil, err
	}
	if err := json.Unmarshal(line, &r); err != nil {
		return r, nil, err
	}
	if r.Error != "" {
		return r, nil, &Error{r.Error, r.Refused, r.Timeout}
	}
	return r, &Conn{stream, in}, nil
}

// Error is one the guest reports. It is a net.Error.
type Error struct {
	Text   string
	Closed bool
	Late   bool
}

func (e *Error) Error() string { return e.Text }

// Refused reports that the host answered, and that nothing listens there.
func (e *Error) Refused() bool { return e.Closed }

// Timeout reports that nothing answered: what a security group's refusal looks like.
func (e *Error) Timeout() bool { return e.Late }

// Temporary is here to be a net.Error.
func (e *Error) Temporary() bool { return false }

// Conn is a stream whose first bytes may have been read already.
type Conn struct {
	net.Conn
	in *bufio.Reader
}

func (c *Conn) Read(b []byte) (int, error) { return c.in.Read(b) }

// CloseWrite ends this direction; a stream closed once still reads.
func (c *Conn) CloseWrite() error { return c.Conn.Close() }

// Server is the guest's end.
type Server struct{ session *yamux.Session }

// NewServer speaks over conn.
func NewServer(conn io.ReadWriteCloser) (*Server, error) {
	s, err := yamux.Server(conn, config())
	return &Server{s}, err
}

// Open begins a connection to the cloud.
func (s *Server) Open() (*Conn, error) {
	stream, err := s.session.OpenStream()
	if err != nil {
		return nil, err
	}
	return &Conn{stream, bufio.NewReader(stream)}, nil
}

// Serve answers requests until the tunnel ends. A handler that returns a connection has dialled: the two are joined.
func (s *Server) Serve(handle func(Request) (Reply, net.Conn)) error {
	for {
		stream, err := s.session.AcceptStream()
		if err != nil {
			return err
		}
		go answer(&Conn{stream, bufio.NewReader(stream)}, handle)
	}
}

func answer(c *Conn, handle func(Request) (Reply, net.Conn)) {
	defer c.Close()
	line, err := c.in.ReadBytes('\n')
	if err != nil {
		return
	}
	var q Request
	var r Reply
	var far net.Conn
	if err := json.Unmarshal(line, &q); err != nil {
		r.Error = err.Error()
	} else {
		r, far = handle(q)
	}
	b, err := json.Marshal(r)
	if err != nil {
		return
	}
	if _, err := c.Write(append(b, '\n')); err == nil && far != nil {
		Join(c, far)
	} else if far != nil {
		far.Close()
	}
}

// Join copies both ways until both ends are done.
func Join(a, b net.Conn) {
	done := make(chan struct{})
	go func() {
		pour(a, b)
		close(done)
	}()
	pour(b, a)
	<-done
	a.Close()
	b.Close()
}

func pour(to, from net.Conn) {
	_, err := io.Copy(to, from)
	half, ok := to.(interface{ CloseWrite() error })
	if err != nil && !errors.Is(err, io.EOF) || !ok {
		to.Close()
		from.Close()
		return
	}
	_ = half.CloseWrite()
}
