package text

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"

	"haneul/engine/compute/guest/tool"
)

// sortKey is a -k: from a field and character to another, and how to compare.
type sortKey struct {
	field, char       int // from 1
	endField, endChar int // 0: to the end of the line, of the field
	how               string
}

// sorting is what sort was asked for.
type sorting struct {
	keys      []sortKey
	how       string // letters bdfghMnrV without a key
	separator string
	stable    bool
	unique    bool
}

// Sort is sort [-bdfhnrRsuVcz] [-k KEY]… [-t CHARACTER] [-o FILE] [FILE…].
func Sort(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "bdfghnrRsuVczmk:t:o:", "numeric-sort=n", "reverse=r", "unique=u", "key=k", "field-separator=t",
		"output=o", "ignore-case=f", "human-numeric-sort=h", "version-sort=V", "stable=s", "check=c", "ignore-leading-blanks=b",
		"random-sort=R", "zero-terminated=z", "merge=m", "general-numeric-sort=g")
	if err != nil {
		return c.Fail(2, "%v", err)
	}
	s := sorting{separator: o.Str('t', ""), stable: o.Has('s'), unique: o.Has('u')}
	if s.separator == `\0` {
		s.separator = "\x00"
	}
	if len(s.separator) > 1 {
		return c.Fail(2, "multi-character tab ‘%s’", s.separator)
	}
	for _, l := range "bdfghnrV" {
		if o.Has(byte(l)) {
			s.how += string(l)
		}
	}
	for _, text := range o.All('k') {
		k, err := parseKey(text)
		if err != nil {
			return c.Fail(2, "%v", err)
		}
		if k.how == "" {
			k.how = s.how
		}
		s.keys = append(s.keys, k)
	}
	end := byte('\n')
	if o.Has('z') {
		end = 0
	}
	var lines [][]byte
	code := c.EachFile(o.Args, func(_ string, r io.Reader) error {
		b, err := io.ReadAll(r)
		if len(b) > 0 {
			lines = append(lines, bytes.Split(bytes.TrimSuffix(b, []byte{end}), []byte{end})...)
		}
		return err
	})
	if code != 0 {
		return 2
	}
	if o.Has('c') {
		return s.check(c, o.Args, lines)
	}
	if o.Has('R') {
		rand.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	} else {
		slices.SortStableFunc(lines, s.compare)
	}
	if s.unique {
		lines = slices.CompactFunc(lines, func(a, b []byte) bool { return s.compareKeys(a, b) == 0 })
	}
	out := io.Writer(c.Out)
	if o.Has('o') {
		f, err := os.Create(o.Str('o', ""))
		if err != nil {
			return c.Fail(2, "open failed: %s: %s", o.Str('o', ""), tool.Reason(err))
		}
		defer f.Close()
		out = f
	}
	for _, l := range lines {
		out.Write(append(l[:len(l):len(l)], end))
	}
	return 0
}

func (s *sorting) check(c *tool.Call, names []string, lines [][]byte) int {
	for i := 1; i < len(lines); i++ {
		d := s.compare(lines[i-1], lines[i])
		if d > 0 || s.unique && d == 0 {
			name := "-"
			if len(names) > 0 {
				name = names[0]
			}
			return c.Fail(1, "%s:%d: disorder: %s", name, i+1, lines[i])
		}
	}
	return 0
}

func parseKey(text string) (k sortKey, err error) {
	bad := fmt.Errorf("invalid number at field start: invalid count at start of ‘%s’", text)
	from, to, ranged := strings.Cut(text, ",")
	if k.field, k.char, k.how, err = position(from); err != nil || k.field == 0 {
		return k, bad
	}
	k.char = max(k.char, 1)
	if ranged {
		var how string
		if k.endField, k.endChar, how, err = position(to); err != nil || k.endField == 0 {
			return k, bad
		}
		k.how += how
	}
	return k, nil
}

// position reads 2.3nr.
func position(s string) (field, char int, how string, err error) {
	how = strings.TrimLeft(s, "0123456789.")
	digits := strings.TrimSuffix(s, how)
	f, ch, has := strings.Cut(digits, ".")
	if field, err = strconv.Atoi(f); err == nil && has {
		char, err = strconv.Atoi(ch)
	}
	if strings.Trim(how, "bdfghnrV") != "" {
		err = strconv.ErrSyntax
	}
	return field, char, how, err
}

func (s *sorting) compare(a, b []byte) int {
	d := s.compareKeys(a, b)
	if d == 0 && !s.stable && !s.unique && (len(s.keys) > 0 || strings.Trim(s.how, "r") != "") {
		d = bytes.Compare(a, b)
		if strings.Contains(s.how, "r") {
			d = -d
		}
	}
	return d
}

func (s *sorting) compareKeys(a, b []byte) int {
	if len(s.keys) == 0 {
		return compareText(a, b, s.how)
	}
	for _, k := range s.keys {
		if d := compareText(s.cut(a, k), s.cut(b, k), k.how); d != 0 {
			return d
		}
	}
	return 0
}

// cut is the part of a line that a key names.
func (s *sorting) cut(line []byte, k sortKey) []byte {
	start, _ := s.field(line, k.field)
	if strings.Contains(k.how, "b") {
		start = skipBlanks(line, start)
	}
	start = min(start+k.char-1, len(line))
	stop := len(line)
	if k.endField > 0 {
		from, to := s.field(line, k.endField)
		stop = to
		if k.endChar > 0 {
			if strings.Contains(k.how, "b") {
				from = skipBlanks(line, from)
			}
			stop = min(from+k.endChar, len(line))
		}
	}
	return line[min(start, max(stop, start)):max(stop, start)]
}

func skipBlanks(line []byte, i int) int {
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	return i
}

// field is where the n-th field begins and ends. Without a separator a field begins with the blanks before it.
func (s *sorting) field(line []byte, n int) (start, end int) {
	at := 0
	for i := 1; ; i++ {
		start = at
		if s.separator != "" {
			if j := bytes.IndexByte(line[at:], s.separator[0]); j >= 0 {
				end, at = at+j, at+j+1
			} else {
				end, at = len(line), len(line)+1
			}
		} else {
			end = skipBlanks(line, at)
			for end < len(line) && line[end] != ' ' && line[end] != '\t' {
				end++
			}
			at = end
		}
		if i == n {
			return min(start, len(line)), end
		}
		if at > len(line) || at == len(line) && s.separator == "" {
			return len(line), len(line)
		}
	}
}

func compareText(a, b []byte, how string) (d int) {
	if strings.Contains(how, "b") || strings.ContainsAny(how, "nghV") {
		a, b = a[skipBlanks(a, 0):], b[skipBlanks(b, 0):]
	}
	switch {
	case strings.ContainsAny(how, "ng"):
		d = cmp.Compare(number(a), number(b))
	case strings.Contains(how, "h"):
		d = cmp.Compare(human(a), human(b))
	case strings.Contains(how, "V"):
		d = compareVersions(string(a), string(b))
	default:
		if strings.Contains(how, "d") {
			a, b = dictionary(a), dictionary(b)
		}
		if strings.Contains(how, "f") {
			a, b = bytes.ToUpper(a), bytes.ToUpper(b)
		}
		d = bytes.Compare(a, b)
	}
	if strings.Contains(how, "r") {
		d = -d
	}
	return d
}

// number is the number a text begins with, 0 if none.
func number(b []byte) float64 {
	i := 0
	if i < len(b) && b[i] == '-' {
		i++
	}
	for i < len(b) && (b[i] >= '0' && b[i] <= '9' || b[i] == '.') {
		i++
	}
	v, err := strconv.ParseFloat(string(b[:i]), 64)
	if err != nil {
		return 0
	}
	return v
}

func human(b []byte) float64 {
	v := number(b)
	rest := bytes.TrimLeft(b, "-0123456789.")
	if len(rest) > 0 {
		if i := strings.IndexByte("KMGTPEZY", bytes.ToUpper(rest[:1])[0]); i >= 0 {
			return v * math.Pow(1024, float64(i+1))
		}
	}
	return v
}

func dictionary(b []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r > 127 {
			return r
		}
		return -1
	}, b)
}

// compareVersions compares runs of digits as numbers.
func compareVersions(a, b string) int {
	for a != "" && b != "" {
		ta, tb := strings.TrimLeft(a, "0123456789"), strings.TrimLeft(b, "0123456789")
		na, nb := len(a)-len(ta), len(b)-len(tb)
		if na > 0 && nb > 0 {
			x, y := strings.TrimLeft(a[:na], "0"), strings.TrimLeft(b[:nb], "0")
			if d := cmp.Or(cmp.Compare(len(x), len(y)), cmp.Compare(x, y)); d != 0 {
				return d
			}
			a, b = ta, tb
			continue
		}
		if a[0] != b[0] {
			return cmp.Compare(a[0], b[0])
		}
		a, b = a[1:], b[1:]
	}
	return cmp.Compare(len(a), len(b))
}
