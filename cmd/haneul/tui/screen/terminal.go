package screen

import (
	"io"
	"os"
	"os/exec"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// HandOver gives the terminal to a program. done is told how it ended, and what it complained about last: that would be gone
// when the screen is drawn again. quiet programs draw on stderr themselves, so that it must stay the terminal's.
func HandOver(cmd *exec.Cmd, quiet bool, done func(err error, complaint string) tea.Msg) tea.Cmd {
	last := &tail{}
	if !quiet {
		cmd.Stderr = io.MultiWriter(os.Stderr, last)
	}
	return tea.ExecProcess(cmd, func(err error) tea.Msg { return done(err, strings.TrimSpace(string(last.b))) })
}

// tail is the end of what was written to it.
type tail struct{ b []byte }

func (t *tail) Write(p []byte) (int, error) {
	const most = 2000
	t.b = append(t.b, p...)
	if n := len(t.b) - most; n > 0 {
		t.b = append(t.b[:0], t.b[n:]...)
	}
	return len(p), nil
}
