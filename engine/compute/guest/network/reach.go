//go:build linux

package network

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"haneul/engine/compute/guest/tool"
)

func lookup(host string) (net.IP, error) {
	if ip := net.ParseIP(host); ip != nil {
		return ip, nil
	}
	ips, err := net.DefaultResolver.LookupIP(context.Background(), "ip4", host)
	if err != nil || len(ips) == 0 {
		return nil, errors.New("Name or service not known")
	}
	return ips[0], nil
}

// Ping is ping [-c COUNT] [-i SECONDS] [-W SECONDS] [-q] HOST. It needs no privilege where the system allows ping sockets.
func Ping(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "c:i:W:w:qns:4", "count=c")
	if err != nil || len(o.Args) != 1 {
		return c.Fail(2, "usage error: Destination address required")
	}
	count, e1 := o.Int('c', -1)
	interval, e2 := seconds(o.Str('i', "1"))
	wait, e3 := seconds(o.Str('W', "1"))
	if err := errors.Join(e1, e2, e3); err != nil {
		return c.Fail(2, "%v", err)
	}
	host := o.Args[0]
	ip, err := lookup(host)
	if err != nil || ip.To4() == nil {
		return c.Fail(2, "%s: Name or service not known", host)
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, unix.IPPROTO_ICMP)
	if err != nil {
		return c.Fail(2, "socket: %s", tool.Reason(err))
	}
	defer unix.Close(fd)
	to := &unix.SockaddrInet4{Addr: [4]byte(ip.To4())}
	c.Printf("PING %s (%s) 56(84) bytes of data.\n", host, ip)
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt)
	var times []float64
	sent := 0
	started := time.Now()
loop:
	for count < 0 || sent < count {
		sent++
		at := time.Now()
		rtt, err := echo(fd, to, uint16(sent), wait)
		switch {
		case err == nil:
			times = append(times, rtt)
			if !o.Has('q') {
				c.Printf("64 bytes from %s: icmp_seq=%d ttl=64 time=%.3g ms\n", ip, sent, rtt)
			}
		case !errors.Is(err, unix.EAGAIN):
			c.Printf("From %s icmp_seq=%d %s\n", ip, sent, tool.Reason(err))
		}
		c.Out.Flush()
		if sent == count {
			break
		}
		select {
		case <-interrupted:
			break loop
		case <-time.After(max(0, interval-time.Since(at))):
		}
	}
	c.Printf("\n--- %s ping statistics ---\n%d packets transmitted, %d received, %d%% packet loss, time %dms\n", host, sent, len(times),
		100*(sent-len(times))/max(1, sent), time.Since(started).Milliseconds())
	if len(times) == 0 {
		return 1
	}
	low, high, sum, squares := math.Inf(1), 0.0, 0.0, 0.0
	for _, t := range times {
		low, high, sum, squares = min(low, t), max(high, t), sum+t, squares+t*t
	}
	mean := sum / float64(len(times))
	c.Printf("rtt min/avg/max/mdev = %.3f/%.3f/%.3f/%.3f ms\n", low, mean, high, math.Sqrt(max(0, squares/float64(len(times))-mean*mean)))
	return 0
}

// echo sends one echo request and waits for its answer.
func echo(fd int, to unix.Sockaddr, seq uint16, wait time.Duration) (ms float64, err error) {
	msg := make([]byte, 64)
	msg[0] = 8
	binary.BigEndian.PutUint16(msg[6:], seq)
	var sum uint32
	for i := 0; i < len(msg); i += 2 {
		sum += uint32(binary.BigEndian.Uint16(msg[i:]))
	}
	for sum>>16 != 0 {
		sum = sum&0xffff + sum>>16
	}
	binary.BigEndian.PutUint16(msg[2:], ^uint16(sum))
	at := time.Now()
	if err := unix.Sendto(fd, msg, 0, to); err != nil {
		return 0, err
	}
	buf := make([]byte, 256)
	for {
		left := wait - time.Since(at)
		if left <= 0 {
			return 0, unix.EAGAIN
		}
		tv := unix.NsecToTimeval(int64(left))
		_ = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &tv)
		n, _, err := unix.Recvfrom(fd, buf, 0)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return 0, err
		}
		if n >= 8 && buf[0] == 0 && binary.BigEndian.Uint16(buf[6:]) == seq {
			return float64(time.Since(at).Microseconds()) / 1000, nil
		}
	}
}

// Nc is nc [-zvuk] [-w SECONDS] HOST PORT, nc -l [-k] [-p] PORT.
func Nc(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "lkzvunNw:p:q:s:")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	limit := time.Duration(0)
	if o.Has('w') {
		if limit, err = seconds(o.Str('w', "")); err != nil {
			return c.Fail(1, "timeout invalid: %s", o.Str('w', ""))
		}
	}
	kind := "tcp"
	if o.Has('u') {
		kind = "udp"
	}
	if o.Has('l') {
		return listen(c, o)
	}
	if len(o.Args) != 2 {
		return c.Fail(1, "usage: nc [-zvu] [-w SECONDS] HOST PORT | nc -l PORT")
	}
	from, to, ranged := strings.Cut(o.Args[1], "-")
	first, e1 := strconv.Atoi(from)
	last := first
	if ranged {
		last, err = strconv.Atoi(to)
	}
	if e1 != nil || err != nil {
		return c.Fail(1, "port number invalid: %s", o.Args[1])
	}
	code := 1
	for port := first; port <= last; port++ {
		conn, err := net.DialTimeout(kind, net.JoinHostPort(o.Args[0], strconv.Itoa(port)), limit)
		if err != nil {
			var timeout net.Error
			if errors.As(err, &timeout) && timeout.Timeout() {
				err = unix.ETIMEDOUT
			}
			if o.Has('v') {
				c.Warn("connect to %s port %d (%s) failed: %s", o.Args[0], port, kind, tool.Reason(err))
			}
			continue
		}
		code = 0
		if o.Has('v') {
			fmt.Fprintf(c.Stderr, "Connection to %s %d port [%s/*] succeeded!\n", o.Args[0], port, kind)
		}
		if !o.Has('z') {
			join(c, conn)
		}
		conn.Close()
	}
	return code
}

func listen(c *tool.Call, o *tool.Options) int {
	port := o.Str('p', "")
	if port == "" && len(o.Args) > 0 {
		port = o.Args[len(o.Args)-1]
	}
	if o.Has('u') {
		return c.Fail(1, "-l with -u is not supported here")
	}
	l, err := net.Listen("tcp", ":"+port)
	if err != nil {
		return c.Fail(1, "%s", tool.Reason(err))
	}
	defer l.Close()
	for {
		conn, err := l.Accept()
		if err != nil {
			return c.Fail(1, "%v", err)
		}
		if o.Has('v') {
			fmt.Fprintf(c.Stderr, "Connection received on %s\n", conn.RemoteAddr())
		}
		join(c, conn)
		conn.Close()
		if !o.Has('k') {
			return 0
		}
	}
}

// join copies both ways until the other side is done.
func join(c *tool.Call, conn net.Conn) {
	go func() {
		_, _ = io.Copy(conn, c.Stdin)
		if tcp, ok := conn.(*net.TCPConn); ok {
			_ = tcp.CloseWrite()
		}
	}()
	c.Out.Flush()
	_, _ = io.Copy(os.Stdout, conn)
}

// Nslookup is nslookup HOST [SERVER].
func Nslookup(c *tool.Call) int {
	if len(c.Args) == 0 || len(c.Args) > 2 {
		return c.Fail(1, "usage: nslookup HOST [SERVER]")
	}
	server := nameserver()
	resolver := net.DefaultResolver
	if len(c.Args) == 2 {
		server = c.Args[1]
		resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, kind, _ string) (net.Conn, error) {
			return (&net.Dialer{Timeout: 5 * time.Second}).DialContext(ctx, kind, net.JoinHostPort(server, "53"))
		}}
	}
	c.Printf("Server:\t\t%s\nAddress:\t%s#53\n\n", server, server)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	name := c.Args[0]
	if ip := net.ParseIP(name); ip != nil {
		names, err := resolver.LookupAddr(ctx, name)
		if err != nil {
			c.Printf("** server can't find %s: NXDOMAIN\n", name)
			return 1
		}
		for _, n := range names {
			c.Printf("%s\tname = %s\n", name, n)
		}
		return 0
	}
	ips, err := resolver.LookupHost(ctx, name)
	var dns *net.DNSError
	switch {
	case errors.As(err, &dns) && dns.IsTimeout:
		c.Printf(";; connection timed out; no servers could be reached\n")
		return 1
	case err != nil:
		c.Printf("** server can't find %s: NXDOMAIN\n", name)
		return 1
	}
	c.Printf("Non-authoritative answer:\n")
	for _, ip := range ips {
		c.Printf("Name:\t%s\nAddress: %s\n", name, ip)
	}
	return 0
}

func nameserver() string {
	b, _ := os.ReadFile("/etc/resolv.conf")
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "nameserver" {
			return f[1]
		}
	}
	return "127.0.0.1"
}
