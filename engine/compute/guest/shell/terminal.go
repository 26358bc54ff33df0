//go:build linux

package shell

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"sort"
	"strings"
	"sync/atomic"
	"syscall"

	"golang.org/x/term"
	"mvdan.cc/sh/v3/syntax"

	"haneul/engine/compute/guest/tool"
)

// keys hands the terminal's bytes to the line editor, which would take ^C for the end of input: here it empties the line.
type keys struct {
	interrupted atomic.Bool
	pending     []byte
}

func (k *keys) Read(p []byte) (int, error) {
	if len(k.pending) == 0 {
		buf := make([]byte, 256)
		n, err := os.Stdin.Read(buf)
		if n == 0 {
			return 0, err
		}
		k.pending = buf[:n]
		if i := bytes.IndexByte(k.pending, 3); i >= 0 {
			k.interrupted.Store(true)
			k.pending = []byte("\x05\x15\r") // to the end, delete all before it, Enter
		}
	}
	n := copy(p, k.pending)
	k.pending = k.pending[n:]
	return n, nil
}

// terminal reads lines with an editor until exit or ^D.
func (r *session) terminal() int {
	in := &keys{}
	t := term.NewTerminal(struct {
		io.Reader
		io.Writer
	}{in, os.Stdout}, "")
	t.AutoCompleteCallback = r.complete
	t.History = newHistory()
	resized := make(chan os.Signal, 1)
	signal.Notify(resized, syscall.SIGWINCH)
	go func() {
		for range resized {
			fit(t)
		}
	}()
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	signal.Ignore(syscall.SIGQUIT, syscall.SIGTSTP, syscall.SIGTTOU)

	code, text := 0, ""
	for {
		line, err := r.readLine(t, text != "")
		switch {
		case in.interrupted.Swap(false):
			text, code = "", 130
			continue
		case err != nil:
			fmt.Println("exit")
			return r.finish(code, false)
		}
		text += line + "\n"
		f, err := r.parser.Parse(strings.NewReader(text), "")
		if syntax.IsIncomplete(err) {
			continue
		}
		text = ""
		if err != nil {
			code = r.call.Fail(2, "%v", err)
			continue
		}
		for _, st := range f.Stmts {
			var ended bool
			if code, ended = r.interruptible(st, interrupts); ended {
				return code
			}
			if code == 130 {
				break
			}
		}
	}
}

// interruptible runs a statement; ^C ends it.
func (r *session) interruptible(st *syntax.Stmt, interrupts chan os.Signal) (code int, ended bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-interrupts:
			cancel()
		case <-ctx.Done():
		}
	}()
	r.rewrite(st)
	err := r.runner.Run(ctx, st)
	if ctx.Err() != nil { // before Exited, which an interrupt sets too
		fmt.Println()
		return 130, false
	}
	return r.exitCode(err), r.runner.Exited()
}

// readLine shows the prompt and reads one line in raw mode.
func (r *session) readLine(t *term.Terminal, more bool) (string, error) {
	state, err := term.MakeRaw(0)
	if err != nil {
		return "", err
	}
	defer term.Restore(0, state)
	fit(t)
	t.SetPrompt(r.prompt(more))
	line, err := t.ReadLine()
	if errors.Is(err, term.ErrPasteIndicator) {
		err = nil
	}
	return line, err
}

// fit tells the editor the terminal's size; before Docker has set one it is 0×0.
func fit(t *term.Terminal) {
	if w, h, err := term.GetSize(0); err == nil && w > 0 && h > 0 {
		_ = t.SetSize(w, h)
	}
}

// prompt is Amazon Linux's: [ec2-user@ip-172-31-5-10 ~]$
func (r *session) prompt(more bool) string {
	if more {
		return "> "
	}
	user, sign := "ec2-user", "$"
	if os.Geteuid() == 0 {
		user, sign = "root", "#"
	}
	dir := r.runner.Dir
	switch home := os.Getenv("HOME"); {
	case dir == home:
		dir = "~"
	case dir != "/":
		dir = filepath.Base(dir)
	}
	return fmt.Sprintf("[%s@%s %s]%s ", user, tool.Hostname(), dir, sign)
}

// complete fills in a command or a file name on Tab; of several it gives what they share.
func (r *session) complete(line string, pos int, key rune) (string, int, bool) {
	if key != '\t' {
		return "", 0, false
	}
	from := strings.LastIndexAny(line[:pos], " \t;|&<>\"'=") + 1
	part := line[from:pos]
	before := strings.TrimSpace(line[:from])
	var found []string
	if (before == "" || strings.ContainsAny(before[len(before)-1:], ";|&")) && !strings.Contains(part, "/") {
		for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
			found = append(found, names(dir, part, "", " ")...)
		}
	} else {
		dir, base := filepath.Split(part)
		at := dir
		if !filepath.IsAbs(at) {
			at = filepath.Join(r.runner.Dir, dir)
		}
		found = names(at, base, dir, " ")
	}
	if len(found) == 0 {
		return line, pos, true
	}
	sort.Strings(found)
	shared := found[0]
	last := found[len(found)-1]
	for !strings.HasPrefix(last, shared) {
		shared = shared[:len(shared)-1]
	}
	if len(shared) < len(part) {
		return line, pos, true
	}
	return line[:from] + shared + line[pos:], from + len(shared), true
}

// names are the entries of a directory that begin with base; directories end in a slash, others in end.
func names(dir, base, prefix, end string) (out []string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		name := e.Name()
		if !strings.HasPrefix(name, base) || base == "" && name[0] == '.' {
			continue
		}
		if info, err := os.Stat(filepath.Join(dir, name)); err == nil && info.IsDir() {
			out = append(out, prefix+name+"/")
		} else {
			out = append(out, prefix+name+end)
		}
	}
	return out
}

// history is what was typed, kept in ~/.sh_history.
type history struct {
	lines []string // the newest last
	path  string
}

const historyLength = 500

func newHistory() *history {
	h := &history{path: filepath.Join(os.Getenv("HOME"), ".sh_history")}
	if b, err := os.ReadFile(h.path); err == nil && len(b) > 0 {
		h.lines = strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
		h.lines = h.lines[max(0, len(h.lines)-historyLength):]
	}
	return h
}

func (h *history) Add(line string) {
	if strings.TrimSpace(line) == "" || len(h.lines) > 0 && h.lines[len(h.lines)-1] == line {
		return
	}
	h.lines = append(h.lines, line)
	if f, err := os.OpenFile(h.path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600); err == nil {
		fmt.Fprintln(f, line)
		f.Close()
	}
}

func (h *history) Len() int        { return len(h.lines) }
func (h *history) At(i int) string { return h.lines[len(h.lines)-1-i] }
