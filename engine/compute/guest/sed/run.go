package sed

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"haneul/engine/compute/guest/tool"
)

// Sed is sed [-nErsiz] [-i[SUFFIX]] [-e SCRIPT]… [-f FILE] SCRIPT [FILE…].
func Sed(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "nErsui?e:f:z", "quiet=n", "silent=n", "regexp-extended=E", "expression=e", "file=f", "in-place=i", "separate=s", "null-data=z")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	script := strings.Join(o.All('e'), "\n")
	for _, name := range o.All('f') {
		b, err := os.ReadFile(name)
		if err != nil {
			return c.Fail(1, "couldn't open file %s: %s", name, tool.Reason(err))
		}
		script += "\n" + strings.TrimSuffix(string(b), "\n")
	}
	if !o.Has('e') && !o.Has('f') {
		if len(o.Args) == 0 {
			c.Out.Flush()
			fmt.Fprintln(c.Stderr, "Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...")
			return 1
		}
		script, o.Args = o.Args[0], o.Args[1:]
	}
	quiet := o.Has('n')
	if strings.HasPrefix(script, "#n\n") {
		quiet = true
	}
	commands, err := parse(script, o.Has('E') || o.Has('r'))
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	m := &machine{call: c, commands: commands, quiet: quiet, out: c.Out, end: '\n', files: map[string]*os.File{}}
	if o.Has('z') {
		m.end = 0
	}
	defer m.close()
	if o.Has('i') || o.Has('s') {
		return m.separately(o)
	}
	m.names = o.Args
	if len(m.names) == 0 {
		m.names = []string{"-"}
	}
	m.run()
	return m.code
}

// machine runs a script over lines.
type machine struct {
	call     *tool.Call
	commands []command
	quiet    bool
	out      *bufio.Writer
	end      byte

	names []string // still to read
	name  string
	in    *tool.Lines
	file  io.Closer

	number       int
	space, hold  string
	ended        bool // the line had an end
	ahead        string
	aheadEnded   bool
	hasAhead     bool
	started      bool
	queue        []func() // a and r: after the line
	lastRE       *regexp.Regexp
	files        map[string]*os.File
	quit         bool
	code         int
	missingFinal bool
}

// separately edits every file on its own, in place with -i.
func (m *machine) separately(o *tool.Options) int {
	for _, name := range o.Args {
		info, err := os.Stat(name)
		if err != nil || !info.Mode().IsRegular() {
			if err == nil {
				m.code = m.call.Fail(4, "couldn't edit %s: not a regular file", name)
			} else {
				m.code = m.call.Fail(2, "can't read %s: %s", name, tool.Reason(err))
			}
			continue
		}
		m.names, m.number, m.started, m.quit, m.missingFinal = []string{name}, 0, false, false, false
		if !o.Has('i') {
			m.run()
			continue
		}
		tmp, err := os.CreateTemp(filepath.Dir(name), ".sed*")
		if err != nil {
			return m.call.Fail(4, "couldn't open temporary file: %s", tool.Reason(err))
		}
		m.out = bufio.NewWriter(tmp)
		m.run()
		m.out.Flush()
		_ = tmp.Chmod(info.Mode().Perm())
		tmp.Close()
		if suffix := o.Str('i', ""); suffix != "" {
			_ = os.Rename(name, name+suffix)
		}
		if err := os.Rename(tmp.Name(), name); err != nil {
			return m.call.Fail(4, "cannot rename %s: %s", tmp.Name(), tool.Reason(err))
		}
	}
	return m.code
}

func (m *machine) close() {
	for _, f := range m.files {
		f.Close()
	}
}

// fetch reads one line ahead, through all files.
func (m *machine) fetch() {
	for {
		if m.in == nil {
			if len(m.names) == 0 {
				return
			}
			m.name, m.names = m.names[0], m.names[1:]
			r, err := m.call.Open(m.name)
			if err != nil {
				m.code = m.call.Fail(2, "can't read %s: %s", m.name, tool.Reason(err))
				continue
			}
			m.file, m.in = r, m.call.Lines(r).Zero(m.end == 0)
		}
		if m.in.Next() {
			m.ahead, m.aheadEnded, m.hasAhead = string(m.in.Text), m.in.Ended, true
			return
		}
		m.file.Close()
		m.in = nil
	}
}

// next takes the next line; false at the end.
func (m *machine) next() (string, bool) {
	if !m.started {
		m.started = true
		m.fetch()
	}
	if !m.hasAhead {
		return "", false
	}
	line := m.ahead
	m.ended = m.aheadEnded
	m.hasAhead = false
	m.number++
	m.fetch()
	return line, true
}

func (m *machine) run() {
	for !m.quit {
		line, ok := m.next()
		if !ok {
			return
		}
		m.space = line
		for again := true; again; {
			again = m.cycle()
		}
	}
}

func (m *machine) print(s string) {
	m.write(m.out, s)
}

func (m *machine) write(w *bufio.Writer, s string) {
	if w == m.out && m.missingFinal {
		w.WriteByte(m.end)
		m.missingFinal = false
	}
	w.WriteString(s)
	if m.ended || w != m.out {
		w.WriteByte(m.end)
	} else {
		m.missingFinal = true
	}
}

// raw writes text that has its line end.
func (m *machine) raw(s string) {
	if m.missingFinal {
		m.out.WriteByte(m.end)
		m.missingFinal = false
	}
	m.out.WriteString(s)
}

// finish ends a cycle: the line is printed, then what was queued.
func (m *machine) finish(print bool) {
	if print && !m.quiet {
		m.print(m.space)
	}
	for _, f := range m.queue {
		f()
	}
	m.queue = nil
}

func (m *machine) selects(c *command) bool {
	switch {
	case !c.a.isSet:
		return !c.negate
	case !c.b.isSet:
		return m.matches(&c.a) != c.negate
	}
	return m.inRange(c) != c.negate
}

func (m *machine) inRange(c *command) bool {
	if !c.active {
		if c.a.line == 0 && c.a.re == nil && !c.a.last && !c.a.empty && c.b.re != nil { // 0,/re/
			if m.number == 1 && c.from == 0 {
				c.active, c.from = true, 1
				if m.matches(&c.b) {
					c.active = false
				}
				return true
			}
			return false
		}
		if !m.matches(&c.a) {
			return false
		}
		c.active, c.from = true, m.number
		switch {
		case c.b.plus > 0:
			c.active = true
		case c.b.line != 0:
			c.active = m.number < c.b.line
		case c.b.last:
			c.active = m.hasAhead
		}
		return true
	}
	switch {
	case c.b.plus > 0:
		if m.number >= c.from+c.b.plus {
			c.active = false
		}
		return m.number <= c.from+c.b.plus
	case c.b.line > 0:
		if m.number >= c.b.line {
			c.active = false
		}
		return m.number <= c.b.line
	}
	if m.matches(&c.b) {
		c.active = false
	}
	return true
}

func (m *machine) matches(a *address) bool {
	switch {
	case a.last:
		return !m.hasAhead
	case a.empty:
		return m.lastRE != nil && m.lastRE.MatchString(m.space)
	case a.re != nil:
		m.lastRE = a.re
		return a.re.MatchString(m.space)
	case a.step > 0:
		return m.number >= a.line && (m.number-a.line)%a.step == 0
	}
	return m.number == a.line
}

func (m *machine) label(name string) int {
	if name != "" {
		for i := range m.commands {
			if m.commands[i].name == ':' && m.commands[i].text == name {
				return i
			}
		}
	}
	return len(m.commands)
}

// cycle runs the script once; again tells to start over without a new line (D).
func (m *machine) cycle() (again bool) {
	substituted := false
	for pc := 0; pc < len(m.commands); pc++ {
		c := &m.commands[pc]
		if !m.selects(c) {
			if c.name == '{' {
				pc = c.block
			}
			continue
		}
		switch c.name {
		case 's':
			if m.substitute(c.sub) {
				substituted = true
			}
		case 'b':
			pc = m.label(c.text)
		case 't', 'T':
			if substituted == (c.name == 't') {
				pc = m.label(c.text)
			}
			substituted = false
		case 'd':
			m.finish(false)
			return false
		case 'D':
			if i := strings.IndexByte(m.space, '\n'); i >= 0 {
				m.space = m.space[i+1:]
				m.finish(false)
				return true
			}
			m.finish(false)
			return false
		case 'c':
			if !c.b.isSet || c.negate || !c.active {
				m.raw(c.text)
			}
			m.finish(false)
			return false
		case 'n':
			if !m.hasAhead {
				m.quit = true
				m.finish(true)
				return false
			}
			m.finish(true)
			m.space, _ = m.next()
		case 'N':
			if !m.hasAhead { // as GNU's: the last line is printed
				m.quit = true
				m.finish(true)
				return false
			}
			for _, f := range m.queue {
				f()
			}
			m.queue = nil
			line, _ := m.next()
			m.space += "\n" + line
		case 'q', 'Q':
			m.quit, m.code = true, c.number
			m.finish(c.name == 'q')
			return false
		default:
			m.simple(c)
		}
	}
	m.finish(true)
	return false
}

// simple runs the commands that do not change what comes next.
func (m *machine) simple(c *command) {
	switch c.name {
	case 'p':
		m.print(m.space)
	case 'P':
		first, _, _ := strings.Cut(m.space, "\n")
		m.print(first)
	case 'h':
		m.hold = m.space
	case 'H':
		m.hold += "\n" + m.space
	case 'g':
		m.space = m.hold
	case 'G':
		m.space += "\n" + m.hold
	case 'x':
		m.space, m.hold = m.hold, m.space
	case 'z':
		m.space = ""
	case '=':
		m.raw(fmt.Sprintf("%d\n", m.number))
	case 'F':
		m.raw(m.name + "\n")
	case 'i':
		m.raw(c.text)
	case 'a':
		m.queue = append(m.queue, func() { m.raw(c.text) })
	case 'r':
		m.queue = append(m.queue, func() {
			if b, err := os.ReadFile(c.text); err == nil {
				m.raw(string(b))
			}
		})
	case 'w':
		m.writeFile(c.text)
	case 'y':
		m.space = strings.Map(func(r rune) rune {
			if to, ok := c.table[r]; ok {
				return to
			}
			return r
		}, m.space)
	case 'l':
		m.raw(visible(m.space) + "$\n")
	}
}

// writeFile adds the pattern space to a file, which is emptied when first written.
func (m *machine) writeFile(name string) {
	if name == "/dev/stdout" {
		m.print(m.space)
		return
	}
	f := m.files[name]
	if f == nil {
		var err error
		if f, err = os.Create(name); err != nil {
			m.code = m.call.Fail(4, "couldn't open file %s: %s", name, tool.Reason(err))
			return
		}
		m.files[name] = f
	}
	fmt.Fprintln(f, m.space)
}

func visible(s string) string {
	var b strings.Builder
	width := 0
	for i := 0; i < len(s); i++ {
		part := ""
		switch ch := s[i]; {
		case ch == '\\':
			part = `\\`
		case strings.IndexByte("\a\b\f\n\r\t\v", ch) >= 0:
			part = `\` + string("abfnrtv"[strings.IndexByte("\a\b\f\n\r\t\v", ch)])
		case ch < ' ' || ch > '~':
			part = fmt.Sprintf(`\%03o`, ch)
		default:
			part = string(ch)
		}
		if width+len(part) > 69 {
			b.WriteString("\\\n")
			width = 0
		}
		width += len(part)
		b.WriteString(part)
	}
	return b.String()
}

func (m *machine) substitute(s *substitution) bool {
	re := s.re
	if s.empty {
		re = m.lastRE
	}
	if re == nil {
		return false
	}
	m.lastRE = re
	found := re.FindAllStringSubmatchIndex(m.space, -1)
	if len(found) == 0 {
		return false
	}
	var b strings.Builder
	at, done := 0, false
	for i, match := range found {
		if i+1 < s.number || done && !s.global {
			continue
		}
		done = true
		b.WriteString(m.space[at:match[0]])
		expand(&b, s.with, m.space, match)
		at = match[1]
	}
	if !done {
		return false
	}
	b.WriteString(m.space[at:])
	m.space = b.String()
	if s.print {
		m.print(m.space)
	}
	if s.file != "" {
		m.writeFile(s.file)
	}
	return true
}

// expand writes a replacement with its groups and changes of case.
func expand(b *strings.Builder, with []piece, space string, match []int) {
	var all, one byte
	for _, p := range with {
		if p.fold != 0 {
			switch p.fold {
			case 'U', 'L':
				all = p.fold
			case 'E':
				all = 0
			default:
				one = p.fold
			}
			continue
		}
		text := p.text
		if p.group >= 0 && match[2*p.group] >= 0 {
			text = space[match[2*p.group]:match[2*p.group+1]]
		}
		switch all {
		case 'U':
			text = strings.ToUpper(text)
		case 'L':
			text = strings.ToLower(text)
		}
		if one != 0 && text != "" {
			r, n := utf8.DecodeRuneInString(text)
			if one == 'u' {
				r = unicode.ToUpper(r)
			} else {
				r = unicode.ToLower(r)
			}
			text, one = string(r)+text[n:], 0
		}
		b.WriteString(text)
	}
}
