package docker_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"haneul/engine/compute"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
)

// get asks an instance's web server from outside, as somebody with the address src, and waits for an answer that long.
func (w *world) get(src, dst string, wait time.Duration) (string, error) {
	ctx, cancel := context.WithTimeout(w.ctx, wait)
	defer cancel()
	c, err := w.DialFrom(ctx, w.cloud, "vpc-1", netip.AddrPortFrom(netip.MustParseAddr(src), 0), netip.MustParseAddrPort(dst))
	if err != nil {
		return "", err
	}
	defer c.Close()
	fmt.Fprintf(c, "GET / HTTP/1.0\r\n\r\n")
	answer, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	return strings.TrimSpace(string(b)), err
}

// client speaks HTTP from within an ENI, with its address and under its rules.
func (w *world) client(ip string) *http.Client {
	src := netip.AddrPortFrom(netip.MustParseAddr(ip), 0)
	return &http.Client{Timeout: patience, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, to string) (net.Conn, error) {
			return w.DialFrom(ctx, w.cloud, "vpc-1", src, netip.MustParseAddrPort(to))
		},
	}}
}

// eventually waits until a command says something.
func (w *world) eventually(i compute.Instance, script, want string) {
	w.Helper()
	var out string
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if out, _ = w.run(i, script); out == want {
			return
		}
	}
	w.Errorf("%s: %q, want %q", script, out, want)
}

const (
	laptop  = "203.0.113.7"
	dropped = 700 * time.Millisecond
)

func tcp(port int, peers ...string) compute.Rule {
	r := compute.Rule{Protocol: "tcp", From: port, To: port}
	for _, p := range peers {
		r.Peers = append(r.Peers, netip.MustParsePrefix(p))
	}
	return r
}

func isTimeout(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) && ne.Timeout() || errors.Is(err, context.DeadlineExceeded)
}

// serve begins a web server and waits until it answers.
func (w *world) serve(i compute.Instance) {
	w.Helper()
	if out, status := w.run(i, serve); status != 0 {
		w.Fatal(out)
	}
	w.eventually(i, "curl -s -m 1 http://127.0.0.1/ >/dev/null; echo $?", "0")
}

const serve = "mkdir -p /srv; echo hello from $HOSTNAME >/srv/index.html; httpd -p 80 -h /srv >/dev/null 2>&1 &"

func TestSecurityGroups(t *testing.T) {
	w := newWorld(t, docker.Options{})
	web := w.launch("i-web", "172.31.5.10", open())
	friend := w.launch("i-friend", "172.31.5.20", open())
	w.serve(web)
	const to = "172.31.5.10:80"
	apply := func(in ...compute.Rule) {
		t.Helper()
		if err := web.ENI().ApplySecurityGroups(w.ctx, compute.Rules{Ingress: in, Egress: compute.AllOut()}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.get(laptop, to, dropped); !isTimeout(err) {
		t.Errorf("nothing is allowed, and not a timeout but %v", err)
	}
	apply(tcp(80, "0.0.0.0/0"))
	if body, err := w.get(laptop, to, patience); err != nil || body != "hello from ip-172-31-5-10" {
		t.Errorf("allowed from anywhere: %q, %v", body, err)
	}
	_, err := w.get(laptop, "172.31.5.10:81", dropped)
	if !isTimeout(err) {
		t.Errorf("port 81 is not allowed, and not a timeout but %v", err)
	}
	apply(tcp(80, "198.51.100.0/24"))
	if _, err := w.get(laptop, to, dropped); !isTimeout(err) {
		t.Errorf("the address is not allowed, and not a timeout but %v", err)
	}
	if _, err := w.get("198.51.100.9", to, patience); err != nil {
		t.Errorf("the address is allowed: %v", err)
	}
	apply(tcp(80, "172.31.5.20/32")) // a source group is its members
	if _, err := w.get(laptop, to, dropped); !isTimeout(err) {
		t.Errorf("only the group is allowed, and not a timeout but %v", err)
	}
	if body, err := w.get("172.31.5.20", to, patience); err != nil { // spoken by the instance's own ENI
		t.Errorf("as a member of the group: %q %v", body, err)
	}
	if out, status := w.run(friend, "curl -s -m 60 http://172.31.5.10/"); status != 0 || out != "hello from ip-172-31-5-10" {
		t.Errorf("from a member of the group: %q %d", out, status)
	}
	apply(tcp(81, "0.0.0.0/0"))
	if _, err := w.get(laptop, "172.31.5.10:81", patience); err == nil || isTimeout(err) {
		t.Errorf("allowed, and nobody listens: not a refusal but %v", err)
	}
	if err := friend.ENI().ApplySecurityGroups(w.ctx, compute.Rules{Egress: []compute.Rule{tcp(443, "0.0.0.0/0")}}); err != nil {
		t.Fatal(err)
	}
	apply(tcp(80, "0.0.0.0/0"))
	if out, status := w.run(friend, "curl -s -m 0.5 http://172.31.5.10/"); status == 0 {
		t.Errorf("its egress is closed, and it got %q", out)
	}
}

// Two clouds with the same addresses on one Docker do not meet.
func TestSameAddressesTwice(t *testing.T) {
	w := newWorld(t, docker.Options{Warm: -1})
	all := compute.Rules{Ingress: []compute.Rule{{Protocol: "-1", Peers: []netip.Prefix{compute.Anywhere}}}, Egress: compute.AllOut()}
	here := w.launch("i-1", "172.31.5.10", all)
	w.serve(here)
	w.cloud = "other"
	w.vpc("other")
	there := w.launch("i-1", "172.31.5.20", all)
	if out, status := w.run(there, "curl -s -m 1 http://172.31.5.10/"); status == 0 {
		t.Errorf("another cloud's instance answers: %q", out)
	}
	w.cloud = "lab"
	if body, err := w.get(laptop, "172.31.5.10:80", patience); err != nil {
		t.Errorf("%q %v", body, err)
	}
}

func TestMetadataAndCloud(t *testing.T) {
	from := make(chan docker.Origin, 4)
	w := newWorld(t, docker.Options{Warm: -1, Cloud: func(o docker.Origin, c net.Conn) {
		from <- o
		defer c.Close()
		q, err := http.ReadRequest(bufio.NewReader(c))
		if err != nil {
			return
		}
		fmt.Fprintf(c, "HTTP/1.0 200 OK\r\n\r\nyou asked for %s\n", q.URL.Path)
	}})
	e := w.eni("172.31.5.10", compute.Rules{}) // no egress is needed for either
	if err := e.PushMetadata(w.ctx, compute.Metadata{InstanceID: "i-1", UserData: []byte("#!/bin/sh\necho user data ran >/root/ran\n")}); err != nil {
		t.Fatal(err)
	}
	i, err := w.Launch(w.ctx, w.spec("i-1", e))
	if err != nil {
		t.Fatal(err)
	}
	inside := w.client("172.31.5.10")
	ask := func(method, url string, header ...string) (int, string) {
		t.Helper()
		q, err := http.NewRequest(method, url, nil)
		if err != nil {
			t.Fatal(err)
		}
		for n := 0; n < len(header); n += 2 {
			q.Header.Set(header[n], header[n+1])
		}
		r, err := inside.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Body.Close()
		b, _ := io.ReadAll(r.Body)
		return r.StatusCode, strings.TrimSpace(string(b))
	}
	const imds = "http://169.254.169.254/latest/"
	if status, _ := ask("GET", imds+"meta-data/instance-id"); status != 401 {
		t.Error("no token, and", status)
	}
	_, token := ask("PUT", imds+"api/token", "X-aws-ec2-metadata-token-ttl-seconds", "60")
	if _, body := ask("GET", imds+"meta-data/instance-id", "X-aws-ec2-metadata-token", token); body != "i-1" {
		t.Error("instance-id", body)
	}
	if _, body := ask("GET", "http://169.254.170.254/queue"); body != "you asked for /queue" {
		t.Error("the cloud says", body)
	}
	select {
	case o := <-from:
		if o.IP.String() != "172.31.5.10" || o.VPC.Cloud != "lab" {
			t.Error(o)
		}
	case <-time.After(patience):
		t.Error("the cloud was not asked")
	}
	w.eventually(i, say("/root/ran"), "user data ran")
	if out, _ := w.run(i, say("/etc/hostname")); out != "ip-172-31-5-10" {
		t.Error("hostname", out)
	}
}

// A guest must reach neither the host nor Docker's resolver, nor loosen its own firewall.
func TestLockedIn(t *testing.T) {
	w := newWorld(t, docker.Options{Warm: -1})
	i := w.launch("i-1", "172.31.5.10", open())
	l, err := net.Listen("tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	port := l.Addr().(*net.TCPAddr).Port
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range addrs {
		ip, _, _ := net.ParseCIDR(a.String())
		if ip.IsLoopback() || ip.To4() == nil {
			continue
		}
		if out, status := w.run(i, fmt.Sprintf("curl -s -m 0.5 http://%s:%d/", ip, port)); status == 0 {
			t.Errorf("it reached the host at %s: %q", ip, out)
		}
	}
	if out, _ := w.run(i, say("/proc/self/status")); !strings.Contains(out, "CapEff:\t0000000000000000") || !strings.Contains(out, "NoNewPrivs:\t1") {
		t.Errorf("it has capabilities: %s", out)
	}
	if out, _ := w.run(i, "ls /run; guest tunnel </dev/null"); strings.Contains(out, "haneul.sock") {
		t.Errorf("it sees the tunnel: %s", out)
	}
	begin := time.Now()
	if out, status := w.run(i, "curl -s -m 5 http://1.1.1.1/"); status == 0 || time.Since(begin) > 3*time.Second {
		t.Errorf("the internet: %q %d after %v, and not a refusal at once", out, status, time.Since(begin))
	}
	if out, status := w.run(i, "nslookup example.com"); status == 0 {
		t.Errorf("it resolves names of the internet: %s", out)
	}
}

// A restarted engine finds its instances, with everything that belongs to them.
func TestAdoption(t *testing.T) {
	owner := dockertest.Owner()
	w := newWorld(t, docker.Options{Owner: owner, Warm: 1})
	first := w.launch("i-1", "172.31.5.10", compute.Rules{Ingress: []compute.Rule{tcp(80, "0.0.0.0/0")}, Egress: compute.AllOut()})
	w.serve(first)
	if err := w.Warm(w.ctx, w.cloud, "vpc-1", 1); err != nil {
		t.Fatal(err)
	}
	w.Close() // the engine is gone; containers are not

	hello := make(chan bool, 1)
	w.Runtime = dockertest.Open(t, docker.Options{Owner: owner, Warm: -1, Cloud: func(_ docker.Origin, c net.Conn) {
		c.Close()
		hello <- true
	}})
	all, err := w.List(w.ctx, w.cloud)
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	i := all[0]
	if i.ID() != "i-1" || i.State() != compute.Running || i.ENI().IP().String() != "172.31.5.10" || i.Limits() != first.Limits() {
		t.Errorf("%s %s %s %v", i.ID(), i.State(), i.ENI().IP(), i.Limits())
	}
	if _, err := w.get(laptop, "172.31.5.10:80", patience); err != nil {
		t.Errorf("its rules are not what they were: %v", err)
	}
	w.run(i, "curl -s -m 60 http://169.254.170.254/")
	select {
	case <-hello:
	case <-time.After(patience):
		t.Error("it cannot reach the cloud")
	}
	left, err := w.Left(w.ctx)
	if err != nil || len(left) != 4 { // network, gateway, ENI, instance: no stray warm one
		t.Errorf("%q %v", left, err)
	}
	// Launching it again, as an effect does that is run twice, makes nothing new.
	again, err := w.Launch(w.ctx, w.spec("i-1", i.ENI()))
	if err != nil || again != i {
		t.Error(again, err)
	}
}
