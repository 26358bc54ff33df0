package sed

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"haneul/engine/compute/guest/regex"
)

// address selects lines.
type address struct {
	line  int            // a number; 0 is the beginning of 0,/re/
	step  int            // first~step
	last  bool           // $
	re    *regexp.Regexp // /re/; empty pattern: the last one used
	plus  int            // addr,+N
	isSet bool
	empty bool // //
}

// command is one command of a script.
type command struct {
	a, b   address
	negate bool
	name   byte
	text   string // of a, i, c; label; file name
	number int    // exit code, line length
	block  int    // { : index of the matching }
	sub    *substitution
	table  map[rune]rune // y

	active bool // inside a range
	from   int
}

// substitution is the s command.
type substitution struct {
	re            *regexp.Regexp
	empty         bool
	with          []piece
	global, print bool
	number        int
	file          string
}

// piece is a part of a replacement: a text, a group or a change of case.
type piece struct {
	text  string
	group int  // -1 for text
	fold  byte // U L u l E, 0
}

type parser struct {
	s        string
	at       int
	extended bool
	commands []command
	open     []int
}

// parse reads a script.
func parse(script string, extended bool) ([]command, error) {
	p := &parser{s: script, extended: extended}
	for {
		p.skip(" \t\n;")
		if p.at >= len(p.s) {
			break
		}
		if err := p.command(); err != nil {
			return nil, fmt.Errorf("-e expression #1, char %d: %w", min(p.at, len(p.s)), err)
		}
	}
	if len(p.open) > 0 {
		return nil, errors.New("-e expression #1, char 0: unmatched `{'")
	}
	labels := map[string]bool{}
	for _, c := range p.commands {
		if c.name == ':' {
			labels[c.text] = true
		}
	}
	for _, c := range p.commands {
		if strings.IndexByte("btT", c.name) >= 0 && c.text != "" && !labels[c.text] {
			return nil, fmt.Errorf("-e expression #1, char %d: can't find label for jump to `%s'", len(p.s), c.text)
		}
	}
	return p.commands, nil
}

func (p *parser) skip(set string) {
	for p.at < len(p.s) && strings.IndexByte(set, p.s[p.at]) >= 0 {
		p.at++
	}
}

func (p *parser) peek() byte {
	if p.at < len(p.s) {
		return p.s[p.at]
	}
	return 0
}

func (p *parser) number() (int, bool) {
	start := p.at
	for p.at < len(p.s) && p.s[p.at] >= '0' && p.s[p.at] <= '9' {
		p.at++
	}
	n, err := strconv.Atoi(p.s[start:p.at])
	return n, err == nil
}

func (p *parser) command() (err error) {
	c := command{}
	if c.a, err = p.address(); err != nil {
		return err
	}
	p.skip(" \t")
	if c.a.isSet && p.peek() == ',' {
		p.at++
		p.skip(" \t")
		if p.peek() == '+' {
			p.at++
			c.b.plus, c.b.isSet = 0, true
			if c.b.plus, _ = p.number(); c.b.plus == 0 {
				c.b.line = -1
			}
		} else if c.b, err = p.address(); err != nil {
			return err
		}
		if !c.b.isSet {
			return errors.New("unexpected `,'")
		}
		p.skip(" \t")
	}
	for p.peek() == '!' {
		c.negate = true
		p.at++
		p.skip(" \t")
	}
	if p.at >= len(p.s) {
		return errors.New("missing command")
	}
	c.name = p.s[p.at]
	p.at++
	if err := p.arguments(&c); err != nil {
		return err
	}
	p.commands = append(p.commands, c)
	return nil
}

func (p *parser) address() (a address, err error) {
	switch ch := p.peek(); {
	case ch >= '0' && ch <= '9':
		a.line, _ = p.number()
		a.isSet = true
		if p.peek() == '~' {
			p.at++
			a.step, _ = p.number()
		}
	case ch == '$':
		p.at++
		a.last, a.isSet = true, true
	case ch == '/' || ch == '\\':
		if ch == '\\' {
			p.at++
		}
		text, err := p.delimited(true)
		if err != nil {
			return a, errors.New("unterminated address regex")
		}
		fold := false
		for p.peek() == 'I' || p.peek() == 'M' {
			fold = fold || p.peek() == 'I'
			p.at++
		}
		a.isSet, a.empty = true, text == ""
		if !a.empty {
			a.re, err = regex.Compile(text, p.extended, fold)
		}
		return a, err
	}
	return a, nil
}

// delimited reads up to the delimiter that stands here. In a pattern an escaped delimiter becomes plain.
func (p *parser) delimited(pattern bool) (string, error) {
	if p.at >= len(p.s) {
		return "", errors.New("unterminated")
	}
	d := p.s[p.at]
	p.at++
	var b strings.Builder
	bracket := false
	for ; p.at < len(p.s); p.at++ {
		ch := p.s[p.at]
		switch {
		case ch == '\\' && p.at+1 < len(p.s) && !bracket:
			p.at++
			if p.s[p.at] != d || strings.IndexByte(`|(){}+?`, d) >= 0 && pattern || d == '&' {
				b.WriteByte('\\')
			}
			b.WriteByte(p.s[p.at])
		case ch == d && !bracket:
			p.at++
			return b.String(), nil
		case pattern && ch == '[' && !bracket:
			bracket = true
			b.WriteByte(ch)
			for _, next := range "^]" {
				if p.at+1 < len(p.s) && p.s[p.at+1] == byte(next) {
					p.at++
					b.WriteByte(byte(next))
				}
			}
		case bracket && ch == '[' && p.at+1 < len(p.s) && p.s[p.at+1] == ':':
			if end := strings.Index(p.s[p.at:], ":]"); end > 0 {
				b.WriteString(p.s[p.at : p.at+end+2])
				p.at += end + 1
				continue
			}
			b.WriteByte(ch)
		default:
			if ch == ']' {
				bracket = false
			}
			b.WriteByte(ch)
		}
	}
	return "", errors.New("unterminated")
}

// arguments reads what follows a command's name.
func (p *parser) arguments(c *command) error {
	switch c.name {
	case '{':
		p.open = append(p.open, len(p.commands))
		return nil
	case '}':
		if len(p.open) == 0 {
			return errors.New("unexpected `}'")
		}
		if c.a.isSet {
			return errors.New("} doesn't want any addresses")
		}
		p.commands[p.open[len(p.open)-1]].block = len(p.commands)
		p.open = p.open[:len(p.open)-1]
	case '#':
		p.upTo("\n")
		return nil
	case 'a', 'i', 'c':
		return p.lines(c)
	case ':':
		p.skip(" \t")
		if c.text = strings.TrimSpace(p.upTo("\n;")); c.text == "" {
			return errors.New("\":\" lacks a label")
		}
		return nil
	case 'b', 't', 'T':
		p.skip(" \t")
		c.text = strings.TrimSpace(p.upTo("\n;}"))
		return nil
	case 'r', 'w', 'R', 'W':
		p.skip(" \t")
		if c.text = p.upTo("\n"); c.text == "" {
			return errors.New("missing filename in r/R/w/W commands")
		}
		return nil
	case 's':
		return p.substitute(c)
	case 'y':
		return p.transliterate(c)
	case 'q', 'Q', 'l', 'L':
		p.skip(" \t")
		c.number, _ = p.number()
	case 'd', 'D', 'p', 'P', 'n', 'N', 'h', 'H', 'g', 'G', 'x', '=', 'F', 'z':
	default:
		return fmt.Errorf("unknown command: `%c'", c.name)
	}
	return p.ended()
}

func (p *parser) upTo(set string) string {
	start := p.at
	for p.at < len(p.s) && strings.IndexByte(set, p.s[p.at]) < 0 {
		p.at++
	}
	return p.s[start:p.at]
}

// ended checks that nothing but the end of the command follows.
func (p *parser) ended() error {
	p.skip(" \t")
	if ch := p.peek(); ch != 0 && ch != '\n' && ch != ';' && ch != '}' && ch != '#' {
		p.at++
		return errors.New("extra characters after command")
	}
	return nil
}

// lines reads the text of a, i and c: after a backslash and newline, or on the same line.
func (p *parser) lines(c *command) error {
	p.skip(" \t")
	if p.peek() == '\\' {
		p.at++
		p.skip(" \t")
		if p.peek() == '\n' {
			p.at++
		}
	} else if p.at >= len(p.s) {
		return fmt.Errorf("expected \\ after `a', `c' or `i'")
	}
	var b strings.Builder
	for ; p.at < len(p.s) && p.s[p.at] != '\n'; p.at++ {
		if p.s[p.at] == '\\' && p.at+1 < len(p.s) {
			p.at++
			if p.s[p.at] == 't' {
				b.WriteByte('\t')
				continue
			}
		}
		b.WriteByte(p.s[p.at])
	}
	c.text = b.String() + "\n"
	return nil
}

func (p *parser) substitute(c *command) error {
	d := p.peek()
	pattern, err := p.delimited(true)
	if err != nil {
		return errors.New("unterminated `s' command")
	}
	p.at--
	if p.s[p.at] != d {
		return errors.New("unterminated `s' command")
	}
	with, err := p.delimited(false)
	if err != nil {
		return errors.New("unterminated `s' command")
	}
	s := &substitution{empty: pattern == "", with: replacement(with)}
	c.sub = s
	fold := false
flags:
	for ; p.at < len(p.s); p.at++ {
		switch ch := p.s[p.at]; {
		case ch == 'g':
			s.global = true
		case ch == 'p':
			s.print = true
		case ch == 'i' || ch == 'I':
			fold = true
		case ch == 'm' || ch == 'M':
			pattern = "(?m)" + pattern
		case ch >= '1' && ch <= '9':
			s.number, _ = p.number()
			p.at--
		case ch == 'w':
			p.at++
			p.skip(" \t")
			s.file = p.upTo("\n")
			break flags
		case strings.IndexByte(" \t\n;}#", ch) >= 0:
			break flags
		default:
			p.at++
			return errors.New("unknown option to `s'")
		}
	}
	if !s.empty {
		if s.re, err = regex.Compile(pattern, p.extended, fold); err != nil {
			return err
		}
		for _, piece := range s.with {
			if piece.group > s.re.NumSubexp() {
				return fmt.Errorf("invalid reference \\%d on `s' command's RHS", piece.group)
			}
		}
	}
	return p.ended()
}

func replacement(s string) (out []piece) {
	var b strings.Builder
	add := func(p piece) {
		if b.Len() > 0 {
			out = append(out, piece{text: b.String(), group: -1})
			b.Reset()
		}
		out = append(out, p)
	}
	for i := 0; i < len(s); i++ {
		switch ch := s[i]; {
		case ch == '&':
			add(piece{group: 0})
		case ch == '\\' && i+1 < len(s):
			i++
			switch e := s[i]; {
			case e >= '0' && e <= '9':
				add(piece{group: int(e - '0')})
			case strings.IndexByte("ULulE", e) >= 0:
				add(piece{group: -1, fold: e})
			case e == 'n':
				b.WriteByte('\n')
			case e == 't':
				b.WriteByte('\t')
			default:
				b.WriteByte(e)
			}
		default:
			b.WriteByte(ch)
		}
	}
	if b.Len() > 0 {
		out = append(out, piece{text: b.String(), group: -1})
	}
	return out
}

func (p *parser) transliterate(c *command) error {
	from, err := p.delimited(false)
	if err != nil {
		return errors.New("unterminated `y' command")
	}
	p.at--
	to, err := p.delimited(false)
	if err != nil {
		return errors.New("unterminated `y' command")
	}
	unescape := strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\t`, "\t")
	f, t := []rune(unescape.Replace(from)), []rune(unescape.Replace(to))
	if len(f) != len(t) {
		return errors.New("strings for `y' command are different lengths")
	}
	c.table = map[rune]rune{}
	for i := range f {
		c.table[f[i]] = t[i]
	}
	return p.ended()
}
