package text

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"

	"haneul/engine/compute/guest/tool"
)

// Uniq is uniq [-cdui] [-f FIELDS] [-s CHARACTERS] [-w CHARACTERS] [INPUT [OUTPUT]].
func Uniq(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "cduif:s:w:z", "count=c", "repeated=d", "unique=u", "ignore-case=i", "skip-fields=f", "skip-chars=s", "check-chars=w")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	fields, e1 := o.Int('f', 0)
	skip, e2 := o.Int('s', 0)
	width, e3 := o.Int('w', -1)
	if err := errors.Join(e1, e2, e3); err != nil {
		return c.Fail(1, "%v", err)
	}
	key := func(line []byte) []byte {
		for range fields {
			line = line[skipBlanks(line, 0):]
			for len(line) > 0 && line[0] != ' ' && line[0] != '\t' {
				line = line[1:]
			}
		}
		line = line[min(skip, len(line)):]
		if width >= 0 {
			line = line[:min(width, len(line))]
		}
		if o.Has('i') {
			line = bytes.ToLower(line)
		}
		return bytes.Clone(line)
	}
	out := io.Writer(c.Out)
	if len(o.Args) > 1 {
		f, err := os.Create(o.Args[1])
		if err != nil {
			return c.Fail(1, "%s: %s", o.Args[1], tool.Reason(err))
		}
		defer f.Close()
		out, o.Args = f, o.Args[:1]
	}
	var first, group []byte
	n := 0
	emit := func() {
		if n == 0 || o.Has('d') && n == 1 || o.Has('u') && n > 1 {
			return
		}
		if o.Has('c') {
			fmt.Fprintf(out, "%7d ", n)
		}
		fmt.Fprintf(out, "%s\n", first)
	}
	return c.EachFile(o.Args, func(_ string, r io.Reader) error {
		for l := c.Lines(r); l.Next(); {
			k := key(l.Text)
			if n > 0 && bytes.Equal(k, group) {
				n++
				continue
			}
			emit()
			first, group, n = bytes.Clone(l.Text), k, 1
		}
		emit()
		return nil
	})
}

// span is a range of columns, from 1; to is 0 for the end.
type span struct{ from, to int }

func spans(list string) ([]span, error) {
	var out []span
	for _, part := range strings.Split(list, ",") {
		from, to, ranged := strings.Cut(part, "-")
		s := span{from: 1}
		var e1, e2 error
		if from != "" {
			s.from, e1 = strconv.Atoi(from)
		}
		if !ranged {
			s.to = s.from
		} else if to != "" {
			s.to, e2 = strconv.Atoi(to)
		}
		switch {
		case e1 != nil || e2 != nil || part == "" || part == "-":
			return nil, fmt.Errorf("invalid field value ‘%s’", part)
		case s.from == 0:
			return nil, errors.New("fields are numbered from 1")
		case s.to != 0 && s.to < s.from:
			return nil, errors.New("invalid decreasing range")
		}
		out = append(out, s)
	}
	return out, nil
}

// Cut is cut -b|-c|-f LIST [-d CHARACTER] [-s] [--complement] [--output-delimiter TEXT].
func Cut(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "b:c:f:d:snVO:", "bytes=b", "characters=c", "fields=f", "delimiter=d", "only-delimited=s", "complement=V", "output-delimiter=O")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	list := o.Str('f', "") + o.Str('c', "") + o.Str('b', "")
	if o.Count('f')+o.Count('c')+o.Count('b') != 1 {
		return c.Fail(1, "you must specify a list of bytes, characters, or fields")
	}
	chosen, err := spans(list)
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	wanted := func(i int) bool {
		return slices.ContainsFunc(chosen, func(s span) bool { return i >= s.from && (s.to == 0 || i <= s.to) }) != o.Has('V')
	}
	delimiter := o.Str('d', "\t")
	if len([]rune(delimiter)) != 1 {
		return c.Fail(1, "the delimiter must be a single character")
	}
	join := o.Str('O', delimiter)
	return c.EachFile(o.Args, func(_ string, r io.Reader) error {
		for l := c.Lines(r); l.Next(); {
			if o.Has('f') {
				parts := bytes.Split(l.Text, []byte(delimiter))
				if len(parts) == 1 {
					if !o.Has('s') {
						c.Printf("%s\n", l.Text)
					}
					continue
				}
				cutInto(c, parts, wanted, join)
				continue
			}
			inside, any := false, false
			for i, b := range l.Text {
				take := wanted(i + 1)
				if take && !inside && any && o.Has('O') {
					c.Out.WriteString(join)
				}
				if inside = take; take {
					any = true
					c.Out.WriteByte(b)
				}
			}
			c.Out.WriteByte('\n')
		}
		return nil
	})
}

func cutInto(c *tool.Call, parts [][]byte, wanted func(int) bool, join string) {
	first := true
	for i, p := range parts {
		if !wanted(i + 1) {
			continue
		}
		if !first {
			c.Out.WriteString(join)
		}
		first = false
		c.Out.Write(p)
	}
	c.Out.WriteByte('\n')
}

// Tr is tr [-cCds] SET1 [SET2].
func Tr(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "+cCdst", "complement=c", "delete=d", "squeeze-repeats=s", "truncate-set1=t")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	complement, remove, squeeze := o.Has('c') || o.Has('C'), o.Has('d'), o.Has('s')
	if len(o.Args) == 0 {
		return c.Fail(1, "missing operand")
	}
	if len(o.Args) == 1 && !remove && !squeeze {
		return c.Fail(1, "missing operand after ‘%s’\nTwo strings must be given when translating.", o.Args[0])
	}
	if len(o.Args) > 2 || remove && !squeeze && len(o.Args) == 2 {
		return c.Fail(1, "extra operand ‘%s’", o.Args[len(o.Args)-1])
	}
	from, _, err := trSet(o.Args[0], 0)
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	in := map[rune]int{}
	for i, r := range from {
		if _, ok := in[r]; !ok || !remove {
			in[r] = i
		}
	}
	var to []rune
	if len(o.Args) == 2 {
		size := len(from)
		if complement {
			size = 0
		}
		if to, _, err = trSet(o.Args[1], size); err != nil {
			return c.Fail(1, "%v", err)
		}
		if len(to) == 0 {
			return c.Fail(1, "when not truncating set1, string2 must be non-empty")
		}
	}
	squeezed := map[rune]bool{}
	last := to
	if len(o.Args) == 1 {
		last = from
	}
	for _, r := range last {
		squeezed[r] = true
	}
	member := func(r rune) bool {
		_, ok := in[r]
		return ok != complement
	}
	isSqueezed := func(r rune) bool {
		if len(o.Args) == 1 {
			return member(r)
		}
		return squeezed[r]
	}
	translate := func(r rune) rune {
		switch {
		case len(o.Args) < 2 || remove || !member(r):
			return r
		case complement:
			return to[len(to)-1]
		}
		return to[min(in[r], len(to)-1)]
	}
	b, err := io.ReadAll(c.Stdin)
	if err != nil {
		return c.Fail(1, "read error: %s", tool.Reason(err))
	}
	previous := rune(-1)
	for _, r := range string(b) {
		if remove && member(r) {
			continue
		}
		r = translate(r)
		if squeeze && r == previous && isSqueezed(r) {
			continue
		}
		previous = r
		c.Out.WriteRune(r)
	}
	return 0
}

var trClasses = map[string]string{
	"digit": "0-9", "lower": "a-z", "upper": "A-Z", "alpha": "A-Za-z", "alnum": "0-9A-Za-z", "space": `\t\n\v\f\r `, "blank": `\t `,
	"punct": "!-/:-@[-`{-~", "xdigit": "0-9A-Fa-f", "cntrl": `\000-\037\177`, "print": " -~", "graph": "!-~",
}

// trSet expands a set; [x*] fills up to size.
func trSet(s string, size int) (out []rune, fill int, err error) {
	rs := []rune(s)
	fill = -1
	var fillWith rune
	for i := 0; i < len(rs); {
		if rs[i] == '[' && i+1 < len(rs) && rs[i+1] == ':' {
			if end := strings.Index(string(rs[i:]), ":]"); end > 0 {
				class, ok := trClasses[string(rs[i+2:])[:end-2]]
				if !ok {
					return nil, 0, fmt.Errorf("invalid character class ‘%s’", string(rs[i+2:])[:end-2])
				}
				more, _, _ := trSet(class, 0)
				out = append(out, more...)
				i += end + 2
				continue
			}
		}
		r, next := trRune(rs, i)
		if rs[i] == '[' && i+3 < len(rs) && rs[i+2] == '*' {
			if end := slices.Index(rs[i:], ']'); end > 0 {
				count, _ := strconv.ParseInt(string(rs[i+3:i+end]), 0, 32)
				if count == 0 {
					fill, fillWith = len(out), rs[i+1]
				}
				out = append(out, slices.Repeat([]rune{rs[i+1]}, int(count))...)
				i += end + 1
				continue
			}
		}
		if next+1 < len(rs) && rs[next] == '-' {
			to, after := trRune(rs, next+1)
			if to < r {
				return nil, 0, fmt.Errorf("range-endpoints of ‘%s’ are in reverse collating sequence order", string(rs[i:after]))
			}
			for ; r <= to; r++ {
				out = append(out, r)
			}
			i = after
			continue
		}
		out = append(out, r)
		i = next
	}
	if fill >= 0 && size > len(out) {
		out = slices.Insert(out, fill, slices.Repeat([]rune{fillWith}, size-len(out))...)
	}
	return out, fill, nil
}

func trRune(rs []rune, i int) (rune, int) {
	if rs[i] != '\\' || i+1 == len(rs) {
		return rs[i], i + 1
	}
	i++
	if j := strings.IndexRune(`abfnrtv\`, rs[i]); j >= 0 {
		return rune("\a\b\f\n\r\t\v\\"[j]), i + 1
	}
	n, k := rune(0), 0
	for k < 3 && i+k < len(rs) && rs[i+k] >= '0' && rs[i+k] <= '7' {
		n = n*8 + rs[i+k] - '0'
		k++
	}
	if k > 0 {
		return n, i + k
	}
	return rs[i], i + 1
}
