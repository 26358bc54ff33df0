//go:build linux

package network

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"haneul/engine/compute/guest/tool"
)

// IP is ip address, ip link and ip route, to look at. Changing them is the interface's business: the instance has no
// right to, as the message says.
func IP(c *tool.Call) int {
	var words []string
	for _, a := range c.Args {
		if a != "-4" && a != "-br" && a != "-brief" && a != "-c" {
			words = append(words, a)
		}
	}
	if len(words) == 0 {
		return c.Fail(255, "usage: ip address | link | route")
	}
	device := ""
	if len(words) > 1 {
		switch words[1] {
		case "show", "list", "ls", "s", "dev":
			device = strings.TrimPrefix(words[len(words)-1], words[1])
			if len(words) == 2 {
				device = ""
			}
		default:
			return c.Fail(2, "RTNETLINK answers: Operation not permitted")
		}
	}
	switch {
	case strings.HasPrefix("address", words[0]):
		return links(c, device, true)
	case strings.HasPrefix("link", words[0]):
		return links(c, device, false)
	case strings.HasPrefix("route", words[0]):
		return routes(c)
	}
	return c.Fail(1, "Object \"%s\" is unknown, try \"ip address\".", words[0])
}

func links(c *tool.Call, device string, addresses bool) int {
	all, err := net.Interfaces()
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	shown := false
	for _, i := range all {
		if device != "" && i.Name != device {
			continue
		}
		shown = true
		flags := strings.ToUpper(strings.NewReplacer("|", ",", "pointtopoint", "POINTOPOINT").Replace(i.Flags.String()))
		flags = strings.NewReplacer("RUNNING", "LOWER_UP").Replace(flags)
		state := "DOWN"
		switch {
		case i.Flags&net.FlagLoopback != 0:
			state = "UNKNOWN"
		case i.Flags&net.FlagUp != 0:
			state = "UP"
		}
		c.Printf("%d: %s: <%s> mtu %d state %s\n", i.Index, i.Name, flags, i.MTU, state)
		if i.Flags&net.FlagLoopback != 0 {
			c.Printf("    link/loopback 00:00:00:00:00:00\n")
		} else {
			c.Printf("    link/ether %s\n", i.HardwareAddr)
		}
		if !addresses {
			continue
		}
		list, _ := i.Addrs()
		for _, a := range list {
			n, ok := a.(*net.IPNet)
			if !ok {
				continue
			}
			family, scope := "inet", "global"
			if n.IP.To4() == nil {
				family = "inet6"
			}
			switch {
			case n.IP.IsLoopback():
				scope = "host"
			case n.IP.IsLinkLocalUnicast():
				scope = "link"
			}
			c.Printf("    %s %s scope %s %s\n", family, n, scope, i.Name)
		}
	}
	if device != "" && !shown {
		return c.Fail(1, "Device \"%s\" does not exist.", device)
	}
	return 0
}

// little reads an IPv4 address as /proc writes it.
func little(s string) net.IP {
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != 4 {
		return nil
	}
	return net.IPv4(b[3], b[2], b[1], b[0])
}

func routes(c *tool.Call) int {
	b, err := os.ReadFile("/proc/net/route")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	for i, line := range strings.Split(string(b), "\n") {
		f := strings.Fields(line)
		if i == 0 || len(f) < 8 {
			continue
		}
		to, via, mask := little(f[1]), little(f[2]), little(f[7])
		if to == nil || mask == nil {
			continue
		}
		ones, _ := net.IPMask(mask.To4()).Size()
		if ones == 0 {
			c.Printf("default via %s dev %s\n", via, f[0])
			continue
		}
		c.Printf("%s/%d", to, ones)
		if !via.IsUnspecified() {
			c.Printf(" via %s", via)
		}
		c.Printf(" dev %s\n", f[0])
	}
	return 0
}

// Ss is ss [-t] [-u] [-l] [-a] [-n] [-p], also called netstat.
func Ss(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "tulanpHe4", "tcp=t", "udp=u", "listening=l", "all=a", "numeric=n", "processes=p", "no-header=H")
	if err != nil {
		return c.Fail(255, "%v", err)
	}
	tcp, udp := o.Has('t') || !o.Has('u'), o.Has('u') || !o.Has('t')
	var owners map[string]string
	if o.Has('p') {
		owners = socketOwners()
	}
	if !o.Has('H') {
		c.Printf("%-5s %-10s %-6s %-6s %-23s %-23s %s\n", "Netid", "State", "Recv-Q", "Send-Q", "Local Address:Port", "Peer Address:Port", "Process")
	}
	for _, kind := range []string{"tcp", "tcp6", "udp", "udp6"} {
		if strings.HasPrefix(kind, "tcp") && !tcp || strings.HasPrefix(kind, "udp") && !udp {
			continue
		}
		sockets(c, o, kind, owners)
	}
	return 0
}

var socketStates = map[string]string{
	"01": "ESTAB", "02": "SYN-SENT", "03": "SYN-RECV", "04": "FIN-WAIT-1", "05": "FIN-WAIT-2", "06": "TIME-WAIT", "07": "UNCONN",
	"08": "CLOSE-WAIT", "09": "LAST-ACK", "0A": "LISTEN", "0B": "CLOSING",
}

func sockets(c *tool.Call, o *tool.Options, kind string, owners map[string]string) {
	f, err := os.Open("/proc/net/" + kind)
	if err != nil {
		return
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for s.Scan() {
		w := strings.Fields(s.Text())
		if len(w) < 10 || w[0] == "sl" {
			continue
		}
		state := socketStates[w[3]]
		listening := state == "LISTEN" || state == "UNCONN"
		if o.Has('l') != listening && !o.Has('a') {
			continue
		}
		out, in, _ := strings.Cut(w[4], ":")
		sendq, _ := strconv.ParseInt(out, 16, 64)
		recvq, _ := strconv.ParseInt(in, 16, 64)
		line := fmt.Sprintf("%-5s %-10s %-6d %-6d %-23s %-23s %s", kind[:3], state, recvq, sendq, endpoint(w[1]), endpoint(w[2]), owners[w[9]])
		c.Printf("%s\n", strings.TrimRight(line, " "))
	}
}

// endpoint reads 0100007F:0050.
func endpoint(s string) string {
	addr, port, _ := strings.Cut(s, ":")
	n, _ := strconv.ParseUint(port, 16, 16)
	p := strconv.FormatUint(n, 10)
	if n == 0 {
		p = "*"
	}
	b, _ := hex.DecodeString(addr)
	for i := 0; i+4 <= len(b); i += 4 {
		b[i], b[i+1], b[i+2], b[i+3] = b[i+3], b[i+2], b[i+1], b[i]
	}
	ip := net.IP(b)
	if ip.IsUnspecified() && len(b) == 16 {
		return "*:" + p
	}
	return net.JoinHostPort(ip.String(), p)
}

// socketOwners are the processes that hold sockets, by inode.
func socketOwners() map[string]string {
	out := map[string]string{}
	fds, _ := filepath.Glob("/proc/[0-9]*/fd/*")
	for _, fd := range fds {
		target, err := os.Readlink(fd)
		if err != nil || !strings.HasPrefix(target, "socket:[") {
			continue
		}
		dir := filepath.Dir(filepath.Dir(fd))
		name, _ := os.ReadFile(filepath.Join(dir, "comm"))
		out[strings.Trim(target, "socket:[]")] = fmt.Sprintf("users:((\"%s\",pid=%s,fd=%s))", strings.TrimSpace(string(name)), filepath.Base(dir), filepath.Base(fd))
	}
	return out
}
