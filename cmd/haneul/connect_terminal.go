package main

import (
	"io"
	"os"
	"sync/atomic"

	"github.com/charmbracelet/x/term"
)

// terminal is the learner's terminal while a shell in an instance has it.
type terminal struct {
	on      bool     // the command runs in one
	in, out *os.File // nil where these are not terminals
	before  *term.State
	escape  *escape
	stop    func()
}

// atTerminal tells whether somebody types and sees.
func (s *session) atTerminal() bool {
	out, ok := s.Stdout.(*os.File)
	return s.interactive() && ok && term.IsTerminal(out.Fd())
}

// openTerminal hands every key to the instance, Ctrl-C too. Close it, whatever happens.
func (v *visit) openTerminal() (*terminal, error) {
	t := &terminal{on: v.bool("tty") || v.atTerminal(), stop: func() {}}
	if !t.on || !v.atTerminal() {
		return t, nil
	}
	t.in, t.out = v.Stdin, v.Stdout.(*os.File)
	var err error
	t.before, err = term.MakeRaw(t.in.Fd())
	return t, err
}

// size is that of the learner's terminal; a shell that has none gets what they all once had.
func (t *terminal) size() (columns, rows uint) {
	if t.out != nil {
		if w, h, err := term.GetSize(t.out.Fd()); err == nil && w > 0 && h > 0 {
			return uint(w), uint(h)
		}
	}
	return 80, 24
}

// watch calls f with the terminal's size whenever that changes.
func (t *terminal) watch(f func(columns, rows uint)) {
	if t.out == nil {
		return
	}
	changed, stop := sizeChanges()
	done := make(chan struct{})
	t.stop = func() { stop(); close(done) }
	columns, rows := t.size()
	go func() {
		for {
			select {
			case <-done:
				return
			case <-changed:
			}
			if w, h := t.size(); w != columns || h != rows {
				columns, rows = w, h
				f(columns, rows)
			}
		}
	}()
}

// close gives the terminal back. After a connection that broke, a program in the instance may have left it without a
// cursor, in colour or with mouse reports on.
func (t *terminal) close(broken bool) {
	t.stop()
	if t.before == nil {
		return
	}
	if broken {
		io.WriteString(t.out, "\x1b[0m\x1b[?25h\x1b[?2004l\x1b[?1000l\x1b[?1002l\x1b[?1006l\r\n")
	}
	_ = term.Restore(t.in.Fd(), t.before)
	t.before = nil
}

// keys is what the command reads. In a terminal, Enter ~ . hangs up, and the end of a pipe is ^D.
func (t *terminal) keys(in io.Reader, hangUp func()) io.Reader {
	switch {
	case t.before != nil:
		t.escape = &escape{in: in, hangUp: hangUp, fresh: true}
		return t.escape
	case t.on:
		return io.MultiReader(in, &endOfText{})
	}
	return in
}

// left tells whether the learner hung up.
func (t *terminal) left() bool { return t.escape != nil && t.escape.left.Load() }

// endOfText is one ^D, sent once what came before it was read.
type endOfText struct{ sent bool }

func (e *endOfText) Read(p []byte) (int, error) {
	if e.sent || len(p) == 0 {
		return 0, io.EOF
	}
	e.sent = true
	p[0] = 4
	return 1, nil
}

// escape passes keys on until ~. is typed at the beginning of a line, as ssh does. A tilde waits for the key after it.
type escape struct {
	in     io.Reader
	hangUp func()
	fresh  bool // a line begins
	tilde  bool // and a tilde was typed, and not passed on yet
	left   atomic.Bool
}

func (e *escape) Read(p []byte) (int, error) {
	typed := make([]byte, max(1, len(p)/2)) // a tilde that was kept back may come with each
	n, err := e.in.Read(typed)
	out := p[:0]
	for _, b := range typed[:n] {
		switch {
		case e.tilde && b == '.':
			e.left.Store(true)
			e.hangUp()
			return len(out), io.EOF
		case e.fresh && !e.tilde && b == '~':
			e.tilde = true
			continue
		case e.tilde && b != '~': // ~~ is one tilde
			out = append(out, '~')
		}
		e.tilde, e.fresh = false, b == '\r' || b == '\n'
		out = append(out, b)
	}
	return len(out), err
}
