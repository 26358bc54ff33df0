package screen

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/term"
)

// HandOver gives the terminal to a program. done is told how it ended, and what it complained about last: that would be gone
// when the screen is drawn again. quiet programs draw on stderr themselves, so that it must stay the terminal's.
func HandOver(cmd *exec.Cmd, quiet bool, done func(err error, complaint string) tea.Msg) tea.Cmd {
	h := &handed{Cmd: cmd, quiet: quiet}
	return tea.Exec(h, func(err error) tea.Msg { return done(err, strings.TrimSpace(string(h.last))) })
}

// handed is a program with the terminal.
type handed struct {
	*exec.Cmd
	quiet bool
	last  []byte // what it wrote to stderr, the end of it
}

func (h *handed) SetStdin(r io.Reader) { h.Stdin = r }

func (h *handed) SetStdout(w io.Writer) { h.Stdout = w }

func (h *handed) SetStderr(w io.Writer) {
	if h.Stderr = w; !h.quiet {
		h.Stderr = io.MultiWriter(returning{w}, h)
	}
}

// returning ends lines as a terminal in raw mode needs it: what passes through us may arrive when the program has made it so.
type returning struct{ w io.Writer }

func (r returning) Write(p []byte) (int, error) {
	_, err := r.w.Write(bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n")))
	return len(p), err
}

// Write keeps what the program complains about.
func (h *handed) Write(p []byte) (int, error) {
	const most = 2000
	h.last = append(h.last, p...)
	if n := len(h.last) - most; n > 0 {
		h.last = append(h.last[:0], h.last[n:]...)
	}
	return len(p), nil
}

// Run begins on an empty screen. What stood there, from before the app or from the program before, is not erased: it scrolls up.
func (h *handed) Run() error {
	if f, ok := h.Stdout.(*os.File); ok {
		if _, rows, err := term.GetSize(f.Fd()); err == nil {
			fmt.Fprint(f, strings.Repeat("\n", rows), "\x1b[H")
		}
	}
	return h.Cmd.Run()
}
