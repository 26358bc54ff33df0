//go:build linux

package files

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"haneul/engine/compute/guest/tool"
)

// Df is df [-hTka] [FILE…]. Mounts that Docker makes for its own files are left out.
func Df(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "hTkaPmH", "human-readable=h", "print-type=T", "all=a")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	mounts := mounted()
	if len(o.Args) > 0 {
		var chosen [][]string
		for _, name := range o.Args {
			m, err := mountOf(mounts, name)
			if err != nil {
				return c.Fail(1, "%s: %s", name, tool.Reason(err))
			}
			chosen = append(chosen, m)
		}
		mounts = chosen
	}
	rows := [][]string{{"Filesystem", "Type", "1K-blocks", "Used", "Available", "Use%", "Mounted on"}}
	if o.Has('h') {
		rows[0][2], rows[0][4] = "Size", "Avail"
	}
	for _, m := range mounts {
		var s syscall.Statfs_t
		info, err := os.Stat(m[1])
		if err != nil || syscall.Statfs(m[1], &s) != nil || (s.Blocks == 0 || !info.IsDir()) && len(o.Args) == 0 && !o.Has('a') {
			continue
		}
		total, used, avail := int64(s.Blocks)*s.Bsize, int64(s.Blocks-s.Bfree)*s.Bsize, int64(s.Bavail)*s.Bsize
		size := func(n int64) string {
			if o.Has('h') {
				return tool.Human(n, false)
			}
			return strconv.FormatInt((n+1023)/1024, 10)
		}
		percent := "-"
		if used+avail > 0 {
			percent = fmt.Sprintf("%d%%", (used*100+used+avail-1)/(used+avail))
		}
		rows = append(rows, []string{m[0], m[2], size(total), size(used), size(avail), percent, m[1]})
	}
	w := [7]int{14, 4, 5, 5, 5, 4}
	for _, r := range rows {
		for i, s := range r {
			w[i] = max(w[i], len(s))
		}
	}
	for _, r := range rows {
		c.Printf("%-*s ", w[0], r[0])
		if o.Has('T') {
			c.Printf("%-*s ", w[1], r[1])
		}
		c.Printf("%*s %*s %*s %*s %s\n", w[2], r[2], w[3], r[3], w[4], r[4], w[5], r[5], r[6])
	}
	return 0
}

func mountOf(mounts [][]string, name string) ([]string, error) {
	path, err := filepath.Abs(name)
	if err == nil {
		path, err = filepath.EvalSymlinks(path)
	}
	if err != nil {
		return nil, err
	}
	var best []string
	for _, m := range mounts {
		if (m[1] == "/" || path == m[1] || strings.HasPrefix(path, m[1]+"/")) && (best == nil || len(m[1]) >= len(best[1])) {
			best = m
		}
	}
	if best == nil {
		return nil, syscall.ENOENT
	}
	return best, nil
}

// Du is du [-shakc] [-d DEPTH] [FILE…].
func Du(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "shakcbmd:x", "summarize=s", "human-readable=h", "all=a", "total=c", "max-depth=d", "bytes=b")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	depth, err := o.Int('d', 1<<30)
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	if o.Has('s') {
		depth = 0
	}
	if len(o.Args) == 0 {
		o.Args = []string{"."}
	}
	code, sum := 0, int64(0)
	say := func(n int64, name string) {
		text := strconv.FormatInt((n+1023)/1024, 10)
		switch {
		case o.Has('h'):
			text = tool.Human(n, false)
		case o.Has('b'):
			text = strconv.FormatInt(n, 10)
		case o.Has('m'):
			text = strconv.FormatInt((n+1<<20-1)>>20, 10)
		}
		c.Printf("%s\t%s\n", text, name)
	}
	seen := map[uint64]bool{}
	var visit func(path string, level int) int64
	visit = func(path string, level int) int64 {
		info, err := os.Lstat(path)
		if err != nil {
			code = c.Fail(1, "cannot access '%s': %s", path, tool.Reason(err))
			return 0
		}
		st := info.Sys().(*syscall.Stat_t)
		if st.Nlink > 1 && !info.IsDir() {
			if seen[st.Ino] {
				return 0
			}
			seen[st.Ino] = true
		}
		n := st.Blocks * 512
		if o.Has('b') {
			n = info.Size()
		}
		if info.IsDir() {
			entries, err := os.ReadDir(path)
			if err != nil {
				code = c.Fail(1, "cannot read directory '%s': %s", path, tool.Reason(err))
			}
			for _, e := range entries {
				n += visit(strings.TrimSuffix(path, "/")+"/"+e.Name(), level+1)
			}
		}
		if level <= depth && (info.IsDir() || o.Has('a') || level == 0) {
			say(n, path)
		}
		return n
	}
	for _, name := range o.Args {
		sum += visit(name, 0)
	}
	if o.Has('c') {
		say(sum, "total")
	}
	return code
}

// Stat is stat [-c FORMAT] FILE….
func Stat(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "c:Lt", "format=c", "dereference=L")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	code := 0
	for _, name := range o.Args {
		info, err := os.Lstat(name)
		if o.Has('L') {
			info, err = os.Stat(name)
		}
		if err != nil {
			code = c.Fail(1, "cannot statx '%s': %s", name, tool.Reason(err))
			continue
		}
		st := info.Sys().(*syscall.Stat_t)
		m := info.Mode()
		kind := map[byte]string{'-': "regular file", 'd': "directory", 'l': "symbolic link", 'p': "fifo", 's': "socket", 'c': "character special file", 'b': "block special file"}[modeText(m)[0]]
		if m.IsRegular() && info.Size() == 0 {
			kind = "regular empty file"
		}
		at := func(t syscall.Timespec) string {
			return time.Unix(t.Unix()).Format("2006-01-02 15:04:05.000000000 -0700")
		}
		if o.Has('c') {
			values := []string{"%n", name, "%s", strconv.FormatInt(info.Size(), 10), "%a", strconv.FormatUint(uint64(bits(m)), 8), "%A", modeText(m),
				"%U", userName(st.Uid), "%G", groupName(st.Gid), "%u", strconv.Itoa(int(st.Uid)), "%g", strconv.Itoa(int(st.Gid)), "%F", kind,
				"%Y", strconv.FormatInt(st.Mtim.Sec, 10), "%X", strconv.FormatInt(st.Atim.Sec, 10), "%Z", strconv.FormatInt(st.Ctim.Sec, 10),
				"%y", at(st.Mtim), "%x", at(st.Atim), "%z", at(st.Ctim), "%h", strconv.FormatUint(uint64(st.Nlink), 10), "%i", strconv.FormatUint(st.Ino, 10),
				"%b", strconv.FormatInt(st.Blocks, 10), "%%", "%"}
			c.Printf("%s\n", strings.NewReplacer(values...).Replace(o.Str('c', "")))
			continue
		}
		c.Printf("  File: %s\n  Size: %-10d\tBlocks: %-10d IO Block: %-6d %s\n", name, info.Size(), st.Blocks, st.Blksize, kind)
		c.Printf("Access: (%04o/%s)  Uid: (%5d/%8s)   Gid: (%5d/%8s)\n", bits(m), modeText(m), st.Uid, userName(st.Uid), st.Gid, groupName(st.Gid))
		c.Printf("Access: %s\nModify: %s\nChange: %s\n", at(st.Atim), at(st.Mtim), at(st.Ctim))
	}
	return code
}

// Sum is md5sum, sha1sum and sha256sum [-c].
func Sum(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "cbt", "check=c", "binary=b", "text=t", "quiet=b", "status=b")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	digest := func(r io.Reader) (string, error) {
		var h hash.Hash
		switch c.Name {
		case "md5sum":
			h = md5.New()
		case "sha1sum":
			h = sha1.New()
		default:
			h = sha256.New()
		}
		_, err := io.Copy(h, r)
		return fmt.Sprintf("%x", h.Sum(nil)), err
	}
	bad := 0
	code := c.EachFile(o.Args, func(name string, r io.Reader) error {
		if !o.Has('c') {
			d, err := digest(r)
			if err == nil {
				c.Printf("%s  %s\n", d, name)
			}
			return err
		}
		for l := c.Lines(r); l.Next(); {
			want, file, ok := strings.Cut(string(l.Text), "  ")
			if !ok {
				continue
			}
			verdict := "FAILED open or read"
			if f, err := c.Open(file); err == nil {
				verdict = "OK"
				if d, err := digest(f); err != nil || d != want {
					verdict = "FAILED"
				}
				f.Close()
			} else {
				c.Warn("%s: %s", file, tool.Reason(err))
			}
			if verdict != "OK" {
				bad++
			}
			c.Printf("%s: %s\n", file, verdict)
		}
		return nil
	})
	if bad > 0 {
		return c.Fail(1, "WARNING: %d computed checksum did NOT match", bad)
	}
	return code
}

// Path is basename, dirname, readlink [-f], realpath and pwd.
func Path(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "fems:azn", "suffix=s", "multiple=a", "canonicalize=f")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	if c.Name == "pwd" {
		dir, err := os.Getwd()
		if err != nil {
			return c.Fail(1, "%v", err)
		}
		c.Printf("%s\n", dir)
		return 0
	}
	if len(o.Args) == 0 {
		return c.Fail(1, "missing operand")
	}
	suffix := o.Str('s', "")
	if c.Name == "basename" && len(o.Args) == 2 && !o.Has('a') {
		suffix, o.Args = o.Args[1], o.Args[:1]
	}
	code := 0
	for _, name := range o.Args {
		var out string
		var err error
		switch c.Name {
		case "basename":
			if out = filepath.Base(name); out != suffix {
				out = strings.TrimSuffix(out, suffix)
			}
		case "dirname":
			if out = strings.TrimRight(name, "/"); out == "" {
				out = "/"
			} else if i := strings.LastIndexByte(out, '/'); i < 0 {
				out = "."
			} else if out = strings.TrimRight(out[:i], "/"); out == "" {
				out = "/"
			}
		case "readlink":
			if !o.Has('f') && !o.Has('e') && !o.Has('m') {
				if out, err = os.Readlink(name); err != nil {
					code = 1
					continue
				}
				break
			}
			out, err = resolve(name)
		default:
			out, err = resolve(name)
		}
		if err != nil {
			code = c.Fail(1, "%s: %s", name, tool.Reason(err))
			continue
		}
		c.Printf("%s\n", out)
	}
	return code
}

// resolve follows links; the last part need not exist.
func resolve(name string) (string, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	if out, err := filepath.EvalSymlinks(path); err == nil {
		return out, nil
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	return filepath.Join(dir, filepath.Base(path)), err
}

// Mktemp is mktemp [-d] [-p FOLDER] [TEMPLATE].
func Mktemp(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "dp:tuq", "directory=d", "tmpdir=p", "dry-run=u")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	dir := o.Str('p', os.Getenv("TMPDIR"))
	if dir == "" {
		dir = "/tmp"
	}
	pattern := "tmp.XXXXXXXXXX"
	if len(o.Args) > 0 {
		if pattern = o.Args[0]; !o.Has('p') && !o.Has('t') {
			dir = filepath.Dir(pattern)
			if pattern = filepath.Base(pattern); !strings.Contains(o.Args[0], "/") {
				dir = ""
			}
		}
	}
	end := strings.LastIndex(pattern, "XXX")
	if end < 0 {
		return c.Fail(1, "too few X's in template ‘%s’", pattern)
	}
	start := end
	for start > 0 && pattern[start-1] == 'X' {
		start--
	}
	for range 100 {
		name := filepath.Join(dir, pattern[:start]+tool.Random(end+3-start)+pattern[end+3:])
		if o.Has('d') {
			err = os.Mkdir(name, 0o700)
		} else {
			var f *os.File
			if f, err = os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600); err == nil {
				f.Close()
			}
		}
		if err == nil {
			c.Printf("%s\n", name)
			return 0
		}
		if !os.IsExist(err) {
			break
		}
	}
	return c.Fail(1, "failed to create file via template ‘%s’: %s", pattern, tool.Reason(err))
}

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
