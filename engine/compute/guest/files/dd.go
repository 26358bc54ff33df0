//go:build linux

package files

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"haneul/engine/compute/guest/tool"
)

// Sync is sync.
func Sync(*tool.Call) int {
	syscall.Sync()
	return 0
}

// Truncate is truncate -s SIZE FILE….
func Truncate(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "s:c", "size=s", "no-create=c")
	if err != nil || !o.Has('s') {
		return c.Fail(1, "you must specify ‘--size’")
	}
	size := o.Str('s', "")
	unit := int64(1)
	if i := strings.IndexByte("KMG", size[len(size)-1]); i >= 0 {
		unit, size = 1<<(10*(i+1)), size[:len(size)-1]
	}
	n, err := strconv.ParseInt(size, 10, 64)
	if err != nil {
		return c.Fail(1, "Invalid number: ‘%s’", o.Str('s', ""))
	}
	code := 0
	for _, name := range o.Args {
		f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY, 0o666)
		if err == nil {
			err = f.Truncate(n * unit)
			f.Close()
		}
		if err != nil {
			code = c.Fail(1, "cannot open '%s' for writing: %s", name, tool.Reason(err))
		}
	}
	return code
}

// Dd is dd if= of= bs= count= skip= seek= conv=notrunc,fsync status=none.
func Dd(c *tool.Call) int {
	v := map[string]string{"bs": "512", "count": "-1", "skip": "0", "seek": "0"}
	for _, a := range c.Args {
		name, value, ok := strings.Cut(a, "=")
		if !ok || !slices.Contains([]string{"if", "of", "bs", "count", "skip", "seek", "conv", "status", "iflag", "oflag"}, name) {
			return c.Fail(1, "unrecognized operand ‘%s’", a)
		}
		v[name] = value
	}
	number := func(s string) int64 {
		unit := int64(1)
		if i := strings.IndexByte("KMG", strings.ToUpper(s[len(s)-1:])[0]); i >= 0 {
			unit, s = 1<<(10*(i+1)), s[:len(s)-1]
		}
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return -2
		}
		return n * unit
	}
	bs, count := number(v["bs"]), number(v["count"])
	if bs <= 0 || count < -1 {
		return c.Fail(1, "invalid number")
	}
	in, out := c.Stdin, io.Writer(c.Out)
	if v["if"] != "" {
		f, err := os.Open(v["if"])
		if err != nil {
			return c.Fail(1, "failed to open '%s': %s", v["if"], tool.Reason(err))
		}
		defer f.Close()
		in = f
	}
	started := time.Now()
	if v["of"] != "" {
		flags := os.O_CREATE | os.O_WRONLY
		if !strings.Contains(v["conv"], "notrunc") && number(v["seek"]) == 0 {
			flags |= os.O_TRUNC
		}
		f, err := os.OpenFile(v["of"], flags, 0o666)
		if err != nil {
			return c.Fail(1, "failed to open '%s': %s", v["of"], tool.Reason(err))
		}
		defer f.Close()
		if strings.Contains(v["conv"], "sync") {
			defer f.Sync()
		}
		if _, err := f.Seek(number(v["seek"])*bs, io.SeekStart); err != nil {
			return c.Fail(1, "%s", tool.Reason(err))
		}
		out = f
	}
	_, _ = io.CopyN(io.Discard, in, number(v["skip"])*bs)
	buf := make([]byte, bs)
	var full, partial, total int64
	for count < 0 || full+partial < count {
		n, err := io.ReadFull(in, buf)
		if n == 0 {
			break
		}
		if _, werr := out.Write(buf[:n]); werr != nil {
			return c.Fail(1, "error writing '%s': %s", v["of"], tool.Reason(werr))
		}
		total += int64(n)
		if int64(n) == bs {
			full++
		} else {
			partial++
		}
		if err != nil {
			break
		}
	}
	if v["status"] != "none" {
		c.Out.Flush()
		s := time.Since(started).Seconds()
		fmt.Fprintf(c.Stderr, "%d+%d records in\n%d+%d records out\n%d bytes copied, %.4g s, %.1f MB/s\n", full, partial, full, partial, total, s, float64(total)/1e6/max(s, 1e-9))
	}
	return 0
}
