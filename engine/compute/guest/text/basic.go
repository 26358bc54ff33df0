package text

import (
	"bytes"
	"encoding/base64"
	"io"
	"os"
	"strconv"
	"strings"
	"unicode/utf8"

	"haneul/engine/compute/guest/tool"
)

// Cat is cat [-nbsvE].
func Cat(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "nbsuEAvT", "number=n", "number-nonblank=b", "squeeze-blank=s", "show-ends=E")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	plain := !o.Has('n') && !o.Has('b') && !o.Has('s') && !o.Has('E')
	n, blank := 0, false
	return c.EachFile(o.Args, func(_ string, r io.Reader) error {
		if plain {
			c.Out.Flush()
			return copyOut(c, r)
		}
		for l := c.Lines(r); l.Next(); {
			empty := len(l.Text) == 0
			if o.Has('s') && empty && blank {
				continue
			}
			blank = empty
			if o.Has('n') && !o.Has('b') || o.Has('b') && !empty {
				n++
				c.Printf("%6d\t", n)
			}
			c.Out.Write(l.Text)
			if l.Ended {
				if o.Has('E') {
					c.Out.WriteByte('$')
				}
				c.Out.WriteByte('\n')
			}
		}
		return nil
	})
}

// copyOut copies without waiting for a buffer to fill: cat also shows what comes slowly.
func copyOut(c *tool.Call, r io.Reader) error {
	buf := make([]byte, 64<<10)
	for {
		n, err := r.Read(buf)
		c.Out.Write(buf[:n])
		if e := c.Out.Flush(); e != nil {
			return e
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// Wc is wc [-lwcmL].
func Wc(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "lwcmL", "lines=l", "words=w", "bytes=c", "chars=m", "max-line-length=L")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	letters := ""
	for _, l := range "lwmcL" {
		if o.Has(byte(l)) {
			letters += string(l)
		}
	}
	if letters == "" {
		letters = "lwc"
	}
	type counts map[byte]int
	var all []counts
	var names []string
	total := counts{}
	var size int64
	regular := true
	code := c.EachFile(o.Args, func(name string, r io.Reader) error {
		n := counts{}
		f, _ := r.(*os.File)
		if f == nil {
			f, _ = c.Stdin.(*os.File)
		}
		if info, err := f.Stat(); f == nil || err != nil || !info.Mode().IsRegular() {
			regular = false
		} else {
			size += info.Size()
		}
		for l := c.Lines(r); l.Next(); {
			n['c'] += len(l.Text)
			n['m'] += utf8.RuneCount(l.Text)
			n['L'] = max(n['L'], utf8.RuneCount(l.Text))
			n['w'] += len(bytes.Fields(l.Text))
			if l.Ended {
				n['l']++
				n['c']++
				n['m']++
			}
		}
		for k, v := range n {
			if k == 'L' {
				total[k] = max(total[k], v)
			} else {
				total[k] += v
			}
		}
		all, names = append(all, n), append(names, name)
		return nil
	})
	if len(o.Args) > 1 {
		all, names = append(all, total), append(names, "total")
	}
	// The columns are as wide as the sizes of the files suggest; 7 where there is no telling.
	width := len(strconv.FormatInt(size, 10))
	if !regular {
		width = 7
	}
	if len(letters) == 1 && len(o.Args) <= 1 {
		width = 1
	}
	for i, n := range all {
		for j := range letters {
			if j > 0 {
				c.Out.WriteByte(' ')
			}
			c.Printf("%*d", width, n[letters[j]])
		}
		if len(o.Args) > 0 {
			c.Printf(" %s", names[i])
		}
		c.Out.WriteByte('\n')
	}
	return code
}

// Tee is tee [-a] FILE….
func Tee(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "ai", "append=a", "ignore-interrupts=i")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	flags := os.O_CREATE | os.O_WRONLY | os.O_TRUNC
	if o.Has('a') {
		flags = os.O_CREATE | os.O_WRONLY | os.O_APPEND
	}
	code := 0
	var files []*os.File
	for _, name := range o.Args {
		f, err := os.OpenFile(name, flags, 0o666)
		if err != nil {
			code = c.Fail(1, "%s: %s", name, tool.Reason(err))
			continue
		}
		defer f.Close()
		files = append(files, f)
	}
	buf := make([]byte, 64<<10)
	for {
		n, err := c.Stdin.Read(buf)
		c.Out.Write(buf[:n])
		c.Out.Flush()
		for _, f := range files {
			if _, err := f.Write(buf[:n]); err != nil {
				code = c.Fail(1, "%s: %s", f.Name(), tool.Reason(err))
			}
		}
		if err != nil {
			return code
		}
	}
}

// Tac is tac: the lines from the last to the first.
func Tac(c *tool.Call) int {
	return c.EachFile(c.Args, func(_ string, r io.Reader) error {
		b, err := io.ReadAll(r)
		lines := bytes.SplitAfter(b, []byte("\n"))
		for i := len(lines) - 1; i >= 0; i-- {
			c.Out.Write(lines[i])
		}
		return err
	})
}

// Rev is rev: every line backwards.
func Rev(c *tool.Call) int {
	return c.EachFile(c.Args, func(_ string, r io.Reader) error {
		for l := c.Lines(r); l.Next(); {
			text := []rune(string(l.Text))
			for i := len(text) - 1; i >= 0; i-- {
				c.Out.WriteRune(text[i])
			}
			if l.Ended {
				c.Out.WriteByte('\n')
			}
		}
		return nil
	})
}

// Seq is seq [-w] [-s SEPARATOR] [FIRST [STEP]] LAST.
func Seq(c *tool.Call) int {
	separator, wide := "\n", false
	args := c.Args
	for len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && strings.IndexByte("0123456789.", args[0][1]) < 0 {
		switch {
		case args[0] == "-w":
			wide = true
		case strings.HasPrefix(args[0], "-s") && len(args[0]) > 2:
			separator = args[0][2:]
		case args[0] == "-s" && len(args) > 1:
			separator = args[1]
			args = args[1:]
		default:
			return c.Fail(1, "invalid option -- '%s'", args[0][1:])
		}
		args = args[1:]
	}
	if len(args) == 0 || len(args) > 3 {
		return c.Fail(1, "one to three numbers are wanted")
	}
	numbers := [3]float64{1, 1, 0}
	decimals, width := 0, 0
	for i, a := range args {
		v, err := strconv.ParseFloat(a, 64)
		if err != nil {
			return c.Fail(1, "invalid floating point argument: ‘%s’", a)
		}
		at := 2
		if i < len(args)-1 {
			at = i
		}
		numbers[at] = v
		if _, frac, ok := strings.Cut(a, "."); ok {
			decimals = max(decimals, len(frac))
		}
	}
	first, step, last := numbers[0], numbers[1], numbers[2]
	if step == 0 {
		return c.Fail(1, "invalid Zero increment value: ‘%s’", args[1])
	}
	format := func(v float64) string { return strconv.FormatFloat(v, 'f', decimals, 64) }
	if wide {
		width = max(len(format(first)), len(format(last)))
	}
	printed := false
	for i := 0; ; i++ {
		v := first + float64(i)*step
		if step > 0 && v > last+step*1e-9 || step < 0 && v < last+step*1e-9 {
			break
		}
		if printed {
			c.Out.WriteString(separator)
		}
		printed = true
		s := format(v)
		if n := width - len(s); n > 0 {
			sign := ""
			if s[0] == '-' {
				sign, s = "-", s[1:]
			}
			s = sign + strings.Repeat("0", n) + s
		}
		c.Out.WriteString(s)
	}
	if printed {
		c.Out.WriteByte('\n')
	}
	return 0
}

// Yes is yes [WORD…].
func Yes(c *tool.Call) int {
	line := "y\n"
	if len(c.Args) > 0 {
		line = strings.Join(c.Args, " ") + "\n"
	}
	for {
		if _, err := c.Out.WriteString(line); err != nil {
			return 1
		}
	}
}

// Base64 is base64 [-d] [-w COLUMNS].
func Base64(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "diw:", "decode=d", "ignore-garbage=i", "wrap=w")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	width, err := o.Int('w', 76)
	if err != nil {
		return c.Fail(1, "invalid wrap size: ‘%s’", o.Str('w', ""))
	}
	return c.EachFile(o.Args, func(_ string, r io.Reader) error {
		b, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		if o.Has('d') {
			text := strings.Join(strings.Fields(string(b)), "")
			out, err := base64.StdEncoding.DecodeString(text)
			c.Out.Write(out)
			if err != nil {
				return errInvalid
			}
			return nil
		}
		text := base64.StdEncoding.EncodeToString(b)
		for width > 0 && len(text) > width {
			c.Out.WriteString(text[:width] + "\n")
			text = text[width:]
		}
		c.Out.WriteString(text)
		if width > 0 && text != "" {
			c.Out.WriteByte('\n')
		}
		return nil
	})
}

type reason string

func (r reason) Error() string { return string(r) }

const errInvalid = reason("invalid input")
