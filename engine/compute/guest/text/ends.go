package text

import (
	"bytes"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"haneul/engine/compute/guest/tool"
)

// size reads a count of head and tail: 10, -10, +10, 2K.
func size(s string) (n int64, sign byte, ok bool) {
	if s != "" && (s[0] == '-' || s[0] == '+') {
		sign, s = s[0], s[1:]
	}
	unit := int64(1)
	for suffix, u := range map[string]int64{"k": 1 << 10, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "b": 512, "kB": 1000} {
		if strings.HasSuffix(s, suffix) && len(s) > len(suffix) {
			s, unit = strings.TrimSuffix(s, suffix), u
			break
		}
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n * unit, sign, err == nil && n >= 0
}

// old turns the old form -5 into -n 5.
func old(args []string) []string {
	out := make([]string, 0, len(args)+1)
	for i, a := range args {
		if i == 0 && len(a) > 1 && a[0] == '-' && a[1] >= '0' && a[1] <= '9' {
			digits := strings.TrimRight(a[1:], "cfqv")
			if rest := a[1+len(digits):]; rest != "" && rest[0] != 'c' {
				out = append(out, "-"+rest)
			}
			out = append(out, "-n", digits)
			continue
		}
		out = append(out, a)
	}
	return out
}

// header writes ==> name <== where several files are shown.
func header(c *tool.Call, o *tool.Options) func(name string) {
	first := true
	return func(name string) {
		if !o.Has('v') && (len(o.Args) < 2 || o.Has('q')) {
			return
		}
		if name == "-" {
			name = "standard input"
		}
		if !first {
			c.Out.WriteByte('\n')
		}
		first = false
		c.Printf("==> %s <==\n", name)
	}
}

// Head is head [-n LINES] [-c BYTES] [-qv].
func Head(c *tool.Call) int {
	o, err := tool.Parse(old(c.Args), "n:c:qvz", "lines=n", "bytes=c", "quiet=q", "verbose=v")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	what, unit := o.Str('n', "10"), "lines"
	if o.Has('c') {
		what, unit = o.Str('c', ""), "bytes"
	}
	n, sign, ok := size(what)
	if !ok {
		return c.Fail(1, "invalid number of %s: ‘%s’", unit, what)
	}
	head := header(c, o)
	return c.EachFile(o.Args, func(name string, r io.Reader) error {
		head(name)
		if o.Has('c') {
			if sign == '-' {
				b, err := io.ReadAll(r)
				c.Out.Write(b[:max(0, int64(len(b))-n)])
				return err
			}
			_, err := io.CopyN(c.Out, r, n)
			if err == io.EOF {
				err = nil
			}
			return err
		}
		return headLines(c, r, n, sign == '-')
	})
}

func headLines(c *tool.Call, r io.Reader, n int64, butLast bool) error {
	var held [][]byte
	if !butLast && n == 0 {
		return nil
	}
	for l := c.Lines(r); l.Next(); {
		line := l.Text
		if l.Ended {
			line = append(line[:len(line):len(line)], '\n')
		}
		if butLast {
			held = append(held, bytes.Clone(line))
			if int64(len(held)) <= n {
				continue
			}
			line, held = held[0], held[1:]
		}
		c.Out.Write(line)
		if n--; !butLast && n == 0 {
			return nil
		} else if butLast {
			n++
		}
	}
	return nil
}

// Tail is tail [-n LINES] [-c BYTES] [-f|-F] [-s SECONDS] [-qv].
func Tail(c *tool.Call) int {
	o, err := tool.Parse(old(c.Args), "n:c:fFqvs:z", "lines=n", "bytes=c", "follow=f", "quiet=q", "verbose=v", "sleep-interval=s")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	what, unit := o.Str('n', "10"), "lines"
	if o.Has('c') {
		what, unit = o.Str('c', ""), "bytes"
	}
	n, sign, ok := size(what)
	if !ok {
		return c.Fail(1, "invalid number of %s: ‘%s’", unit, what)
	}
	t := tail{c: c, n: n, bytes: o.Has('c'), from: sign == '+'}
	head := header(c, o)
	code := c.EachFile(o.Args, func(name string, r io.Reader) error {
		head(name)
		return t.show(r)
	})
	if o.Has('f') || o.Has('F') {
		follow(c, o.Args, o.Has('F'))
	}
	return code
}

type tail struct {
	c     *tool.Call
	n     int64
	bytes bool
	from  bool // +n: from the n-th on
}

func (t tail) show(r io.Reader) error {
	if t.from {
		return t.showFrom(r)
	}
	if f, ok := r.(*os.File); ok && !t.bytes {
		skipAhead(f, t.n)
	}
	if t.bytes {
		b, err := io.ReadAll(r)
		t.c.Out.Write(b[max(0, int64(len(b))-t.n):])
		return err
	}
	var ring [][]byte
	at := 0
	for l := t.c.Lines(r); l.Next(); {
		line := bytes.Clone(l.Text)
		if l.Ended {
			line = append(line, '\n')
		}
		switch {
		case int64(len(ring)) < t.n:
			ring = append(ring, line)
		case t.n > 0:
			ring[at] = line
			at = (at + 1) % len(ring)
		}
	}
	for i := range ring {
		t.c.Out.Write(ring[(at+i)%len(ring)])
	}
	return nil
}

// skipAhead moves to where the last n lines of a large file must begin.
func skipAhead(f *os.File, n int64) {
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return
	}
	const block = 64 << 10
	buf := make([]byte, block)
	seen := int64(0)
	for end := info.Size(); end > 0; {
		start := max(0, end-block)
		k, err := f.ReadAt(buf[:end-start], start)
		if err != nil && err != io.EOF {
			break
		}
		if seen += int64(bytes.Count(buf[:k], []byte("\n"))); seen > n {
			f.Seek(start, io.SeekStart)
			return
		}
		end = start
	}
	f.Seek(0, io.SeekStart)
}

func (t tail) showFrom(r io.Reader) error {
	skip := t.n - 1
	if t.bytes {
		if skip > 0 {
			io.CopyN(io.Discard, r, skip)
		}
		return copyOut(t.c, r)
	}
	for l := t.c.Lines(r); l.Next(); {
		if skip > 0 {
			skip--
			continue
		}
		t.c.Out.Write(l.Text)
		if l.Ended {
			t.c.Out.WriteByte('\n')
		}
	}
	return nil
}

// follow shows what is added to the files until it is interrupted. With -F a file that was replaced is opened again.
func follow(c *tool.Call, names []string, reopen bool) {
	type open struct {
		name string
		f    *os.File
		info os.FileInfo
	}
	var files []*open
	for _, name := range names {
		o := &open{name: name}
		if f, err := os.Open(name); err == nil {
			o.f = f
			o.info, _ = f.Stat()
			f.Seek(0, io.SeekEnd)
		}
		if o.f != nil || reopen {
			files = append(files, o)
		}
	}
	last := ""
	if len(names) > 0 {
		last = names[len(names)-1]
	}
	for len(files) > 0 {
		c.Out.Flush()
		time.Sleep(200 * time.Millisecond)
		for _, o := range files {
			if o.f != nil {
				at, _ := o.f.Seek(0, io.SeekCurrent)
				if info, err := o.f.Stat(); err == nil && info.Size() < at {
					c.Warn("%s: file truncated", o.name)
					o.f.Seek(0, io.SeekStart)
				}
				b, _ := io.ReadAll(o.f)
				if len(b) > 0 && len(names) > 1 && last != o.name {
					c.Printf("\n==> %s <==\n", o.name)
					last = o.name
				}
				c.Out.Write(b)
			}
			if info, err := os.Stat(o.name); reopen && err == nil && (o.f == nil || !os.SameFile(info, o.info)) {
				if f, err := os.Open(o.name); err == nil {
					o.f, o.info = f, info
				}
			}
		}
	}
}
