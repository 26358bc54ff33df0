package tunnel

import (
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"testing"
	"time"
)

func pair(t *testing.T, handle func(Request) (Reply, net.Conn)) (*Client, *Server) {
	a, b := net.Pipe()
	s, err := NewServer(b)
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(handle)
	c, err := NewClient(a)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c, s
}

func TestRequest(t *testing.T) {
	c, _ := pair(t, func(q Request) (Reply, net.Conn) {
		if q.Configure == nil || q.Configure.Hostname != "here" {
			return Reply{Error: "what?", Timeout: true}, nil
		}
		return Reply{MAC: "02:00", IP: q.Configure.IP}, nil
	})
	ip := netip.MustParseAddr("172.31.5.10")
	r, err := c.Do(t.Context(), Request{Configure: &Configure{IP: ip, Hostname: "here"}})
	if err != nil || r.MAC != "02:00" || r.IP != ip {
		t.Fatal(r, err)
	}
	_, err = c.Do(t.Context(), Request{})
	var ne net.Error
	if !errors.As(err, &ne) || !ne.Timeout() || err.Error() != "what?" {
		t.Fatal(err)
	}
}

func TestDialJoinsBothWays(t *testing.T) {
	c, s := pair(t, func(q Request) (Reply, net.Conn) {
		near, far := net.Pipe()
		go func() {
			b := make([]byte, 5)
			io.ReadFull(far, b)
			far.Write(append([]byte("you said "), b...))
			far.Close()
		}()
		return Reply{}, near
	})
	conn, err := c.Dial(t.Context(), Dial{Timeout: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	io.WriteString(conn, "hello")
	if b, err := io.ReadAll(conn); err != nil || string(b) != "you said hello" {
		t.Fatal(string(b), err)
	}

	go func() {
		up, err := s.Open()
		if err == nil {
			io.WriteString(up, "GET /")
			up.CloseWrite()
		}
	}()
	up, err := c.Accept()
	if err != nil {
		t.Fatal(err)
	}
	if b, _ := io.ReadAll(up); string(b) != "GET /" {
		t.Fatal(string(b))
	}
}

func TestDoEndsWithItsContext(t *testing.T) {
	never := make(chan struct{})
	defer close(never)
	c, _ := pair(t, func(Request) (Reply, net.Conn) { <-never; return Reply{}, nil })
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := c.Do(ctx, Request{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
}
