//go:build linux

package procs

import (
	"fmt"
	"os"
	"os/signal"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"haneul/engine/compute/guest/tool"
)

// process is one line of ps.
type process struct {
	pid, ppid, uid int
	comm, args     string
	state, tty     string
	ticks, start   int64
	vsz, rss       int64 // KB
}

const hertz = 100

func processes() (out []process) {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	for _, d := range dirs {
		stat, err := os.ReadFile(d + "/stat")
		info, err2 := os.Stat(d)
		if err != nil || err2 != nil {
			continue
		}
		s := string(stat)
		open, end := strings.IndexByte(s, '('), strings.LastIndexByte(s, ')')
		f := strings.Fields(s[end+1:])
		n := func(i int) int64 { v, _ := strconv.ParseInt(f[i], 10, 64); return v }
		p := process{comm: s[open+1 : end], state: f[0], ppid: int(n(1)), ticks: n(11) + n(12), start: n(19), vsz: n(20) / 1024, rss: n(21) * 4, tty: "?"}
		p.pid, _ = strconv.Atoi(filepath.Base(d))
		p.uid = int(info.Sys().(*syscall.Stat_t).Uid)
		if tty := n(4); tty != 0 {
			p.tty = fmt.Sprintf("pts/%d", tty&0xff)
		}
		line, _ := os.ReadFile(d + "/cmdline")
		p.args = strings.TrimSpace(strings.ReplaceAll(string(line), "\x00", " "))
		if p.args == "" {
			p.args = "[" + p.comm + "]"
		} else {
			// All are one program: what it was called by says more than its name.
			words := strings.Split(string(line), "\x00")
			if p.comm = strings.TrimPrefix(filepath.Base(words[0]), "-"); words[0] == "/guest" && len(words) > 1 {
				p.comm = words[1]
			}
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b process) int { return a.pid - b.pid })
	return out
}

func uptime() float64 {
	b, _ := os.ReadFile("/proc/uptime")
	f, _, _ := strings.Cut(string(b), " ")
	v, _ := strconv.ParseFloat(f, 64)
	return v
}

func userName(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return strconv.Itoa(uid)
}

func (p process) column(name string) string {
	seconds := p.ticks / hertz
	switch name {
	case "pid":
		return strconv.Itoa(p.pid)
	case "ppid":
		return strconv.Itoa(p.ppid)
	case "user", "uid":
		if name == "uid" {
			return strconv.Itoa(p.uid)
		}
		return userName(p.uid)
	case "comm", "ucmd":
		return p.comm
	case "args", "cmd", "command":
		return p.args
	case "stat", "s", "state":
		return p.state
	case "tty", "tt":
		return p.tty
	case "time":
		return fmt.Sprintf("%02d:%02d:%02d", seconds/3600, seconds/60%60, seconds%60)
	case "etime":
		e := int64(uptime()) - p.start/hertz
		if e >= 3600 {
			return fmt.Sprintf("%02d:%02d:%02d", e/3600, e/60%60, e%60)
		}
		return fmt.Sprintf("%02d:%02d", e/60, e%60)
	case "rss":
		return strconv.FormatInt(p.rss, 10)
	case "vsz":
		return strconv.FormatInt(p.vsz, 10)
	case "%cpu", "pcpu":
		return fmt.Sprintf("%.1f", 100*float64(p.ticks)/hertz/max(0.01, uptime()-float64(p.start)/hertz))
	case "%mem", "pmem":
		return fmt.Sprintf("%.1f", 100*float64(p.rss)/float64(max(1, memory().total/1024)))
	case "start", "stime":
		return time.Now().Add(-time.Duration((uptime() - float64(p.start)/hertz) * 1e9)).Format("15:04")
	}
	return ""
}

var psHeads = map[string]string{"comm": "COMMAND", "args": "COMMAND", "command": "COMMAND", "stat": "STAT", "s": "S", "state": "S", "etime": "ELAPSED",
	"pcpu": "%CPU", "pmem": "%MEM", "start": "START", "stime": "STIME", "tt": "TT"}

// Ps is ps [-e|-A] [-f] [-p PID,…] [-o COLUMN[=HEAD],…] [--no-headers], and ps aux.
func Ps(c *tool.Call) int {
	args := c.Args
	columns := []string{"pid", "tty", "time", "comm"}
	all := false
	if len(args) > 0 && args[0] != "" && args[0][0] != '-' { // BSD: ps aux
		for _, l := range args[0] {
			switch l {
			case 'u':
				columns = []string{"user", "pid", "%cpu", "%mem", "vsz", "rss", "tty", "stat", "start", "time", "args"}
			case 'a', 'x':
				all = true
			case 'e', 'f', 'w':
			default:
				return c.Fail(1, "error: unsupported option: %c", l)
			}
		}
		args = args[1:]
	}
	o, err := tool.Parse(args, "eAafFlwp:o:u:h", "no-headers=h", "no-heading=h", "pid=p", "format=o", "user=u")
	if err != nil {
		return c.Fail(1, "error: %v", err)
	}
	all = all || o.Has('e') || o.Has('A') || o.Has('a')
	if o.Has('f') || o.Has('F') {
		columns = []string{"user", "pid", "ppid", "stime", "tty", "time", "cmd"}
	}
	heads := map[string]string{}
	if o.Has('o') {
		columns = nil
		for _, list := range o.All('o') {
			for _, col := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
				name, head, named := strings.Cut(col, "=")
				if named {
					heads[name] = head
				}
				if (process{}).column(name) == "" && name != "comm" && name != "args" && name != "cmd" && name != "command" && name != "ucmd" && !strings.HasPrefix(name, "s") && !strings.HasPrefix(name, "tt") {
					return c.Fail(1, "error: unknown user-defined format specifier \"%s\"", name)
				}
				columns = append(columns, name)
			}
		}
	}
	var wanted []string
	for _, list := range o.All('p') {
		wanted = append(wanted, strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })...)
	}
	rows := [][]string{{}}
	for _, col := range columns {
		head, ok := heads[col]
		if !ok {
			if head = psHeads[col]; head == "" {
				head = strings.ToUpper(col)
			}
		}
		rows[0] = append(rows[0], head)
	}
	mine := ""
	list := processes()
	for _, p := range list {
		if p.pid == os.Getpid() {
			mine = p.tty
		}
	}
	for _, p := range list {
		switch {
		case wanted != nil:
			if !slices.Contains(wanted, strconv.Itoa(p.pid)) {
				continue
			}
		case o.Has('u'):
			if u := o.Str('u', ""); u != userName(p.uid) && u != strconv.Itoa(p.uid) {
				continue
			}
		case !all && (p.tty != mine || p.uid != os.Geteuid()):
			continue
		}
		var row []string
		for _, col := range columns {
			row = append(row, p.column(col))
		}
		rows = append(rows, row)
	}
	found := len(rows) > 1
	if o.Has('h') || strings.Join(rows[0], "") == "" {
		rows = rows[1:]
	}
	table(c, columns, rows)
	if !found {
		return 1
	}
	return 0
}

// table prints numbers to the right and words to the left.
func table(c *tool.Call, columns []string, rows [][]string) {
	widths := make([]int, len(columns))
	for _, r := range rows {
		for i, s := range r {
			widths[i] = max(widths[i], len(s))
		}
	}
	width := 0
	if term.IsTerminal(1) {
		width, _, _ = term.GetSize(1)
	}
	for _, r := range rows {
		var b strings.Builder
		for i, s := range r {
			if i > 0 {
				b.WriteByte(' ')
			}
			switch columns[i] {
			case "pid", "ppid", "rss", "vsz", "%cpu", "%mem", "pcpu", "pmem", "uid", "etime", "time":
				fmt.Fprintf(&b, "%*s", widths[i], s)
			default:
				fmt.Fprintf(&b, "%-*s", widths[i], s)
			}
		}
		line := strings.TrimRight(b.String(), " ")
		if width > 0 && len(line) > width {
			line = line[:width]
		}
		c.Printf("%s\n", line)
	}
}

// Top is top [-b] [-n ROUNDS] [-d SECONDS]; q or ^C ends it.
func Top(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "bn:d:")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	rounds, err := o.Int('n', -1)
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	delay, err := strconv.ParseFloat(o.Str('d', "2"), 64)
	if err != nil {
		return c.Fail(1, "bad delay interval '%s'", o.Str('d', ""))
	}
	quit := make(chan os.Signal, 1)
	signal.Notify(quit, os.Interrupt)
	screen := term.IsTerminal(1) && !o.Has('b')
	if screen && term.IsTerminal(0) {
		if st, err := term.MakeRaw(0); err == nil {
			defer term.Restore(0, st)
			go func() {
				b := make([]byte, 1)
				for {
					if n, err := os.Stdin.Read(b); n == 0 || err != nil || b[0] == 'q' || b[0] == 3 {
						quit <- os.Interrupt
						return
					}
				}
			}()
		}
	}
	before := map[int]int64{}
	at := time.Time{}
	for ; rounds != 0; rounds-- {
		list := processes()
		span := time.Since(at).Seconds()
		usage := func(p process) float64 {
			if at.IsZero() {
				return 0
			}
			return 100 * float64(p.ticks-before[p.pid]) / hertz / span
		}
		slices.SortStableFunc(list, func(a, b process) int { return int(1000 * (usage(b) - usage(a))) })
		var b strings.Builder
		m := memory()
		fmt.Fprintf(&b, "top - %s up %s\nTasks: %d total\nMiB Mem : %.1f total, %.1f free, %.1f used\n\n%5s %-8s S %5s %5s %9s COMMAND\n",
			time.Now().Format("15:04:05"), upFor(), len(list), mib(m.total), mib(m.free), mib(m.total-m.free), "PID", "USER", "%CPU", "%MEM", "TIME+")
		height := 1 << 20
		if screen {
			_, height, _ = term.GetSize(1)
		}
		for i, p := range list {
			if i >= height-6 {
				break
			}
			fmt.Fprintf(&b, "%5d %-8s %s %5.1f %5s %9s %s\n", p.pid, userName(p.uid), p.state, usage(p), p.column("%mem"), p.column("time"), p.comm)
			before[p.pid] = p.ticks
		}
		for _, p := range list {
			before[p.pid] = p.ticks
		}
		text := b.String()
		if screen {
			text = "\x1b[H\x1b[2J" + strings.ReplaceAll(text, "\n", "\r\n")
		}
		c.Printf("%s", text)
		c.Out.Flush()
		at = time.Now()
		if rounds == 1 {
			break
		}
		wait := time.Duration(delay * 1e9)
		if len(before) > 0 && span > 1e6 {
			wait = min(wait, 500*time.Millisecond) // the first round has no rates
		}
		select {
		case <-quit:
			return 0
		case <-time.After(wait):
		}
	}
	return 0
}
