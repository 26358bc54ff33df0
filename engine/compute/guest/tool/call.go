package tool

import (
	"bufio"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
)

// Call is one command that was typed.
type Call struct {
	Name   string
	Args   []string // without the name
	Stdin  io.Reader
	Out    *bufio.Writer // standard output; Main flushes it
	Stderr io.Writer
}

// Command runs a call and returns its exit code.
type Command func(c *Call) int

// Run calls f with this process's streams.
func Run(f Command, name string, args []string) int {
	c := &Call{Name: name, Args: args, Stdin: os.Stdin, Out: bufio.NewWriterSize(os.Stdout, 32<<10), Stderr: os.Stderr}
	code := f(c)
	if err := c.Out.Flush(); err != nil && code == 0 {
		return c.Fail(1, "write error: %s", Reason(err))
	}
	return code
}

// Printf writes to standard output.
func (c *Call) Printf(format string, args ...any) { fmt.Fprintf(c.Out, format, args...) }

// Warn writes "name: text" to standard error, after what was printed before it.
func (c *Call) Warn(format string, args ...any) {
	c.Out.Flush()
	fmt.Fprintf(c.Stderr, c.Name+": "+format+"\n", args...)
}

// Fail warns and returns the exit code.
func (c *Call) Fail(code int, format string, args ...any) int {
	c.Warn(format, args...)
	return code
}

// Reason is the cause of an error in the words of the C library: "No such file or directory".
func Reason(err error) string {
	var errno syscall.Errno
	switch {
	case errors.As(err, &errno):
		s := errno.Error()
		if s != "" && s[0] >= 'a' && s[0] <= 'z' {
			s = string(s[0]-32) + s[1:]
		}
		return s
	case errors.Is(err, fs.ErrNotExist):
		return "No such file or directory"
	case errors.Is(err, fs.ErrPermission):
		return "Permission denied"
	}
	return err.Error()
}

// Open opens a file for reading; "-" is standard input.
func (c *Call) Open(name string) (io.ReadCloser, error) {
	if name == "-" {
		return io.NopCloser(c.Stdin), nil
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, syscall.EISDIR
	}
	return f, nil
}

// EachFile calls f for every named file, or standard input ("-") if none is named. A file that cannot be opened is
// reported and the code is 1.
func (c *Call) EachFile(names []string, f func(name string, r io.Reader) error) (code int) {
	if len(names) == 0 {
		names = []string{"-"}
	}
	for _, name := range names {
		r, err := c.Open(name)
		if err == nil {
			err = f(name, r)
			r.Close()
		}
		if err != nil {
			code = c.Fail(1, "%s: %s", name, Reason(err))
		}
	}
	return code
}

// Lines reads lines of any length. Before it waits for more input, what was printed so far is flushed, so that pipes
// that follow a growing file keep up.
type Lines struct {
	r    *bufio.Reader
	call *Call
	end  byte
	Text []byte // the line without its end; valid until the next one
	// Ended tells whether the line had an end: the last one of a file may not.
	Ended bool
}

// Lines starts reading lines from r.
func (c *Call) Lines(r io.Reader) *Lines {
	return &Lines{r: bufio.NewReaderSize(r, 64<<10), call: c, end: '\n'}
}

// Zero makes lines end with a NUL.
func (l *Lines) Zero(yes bool) *Lines {
	if yes {
		l.end = 0
	}
	return l
}

// Next reads one more line; false at the end.
func (l *Lines) Next() bool {
	if l.r.Buffered() == 0 {
		l.call.Out.Flush()
	}
	line, err := l.r.ReadSlice(l.end)
	if errors.Is(err, bufio.ErrBufferFull) {
		long := append([]byte(nil), line...)
		line, err = l.r.ReadBytes(l.end)
		line = append(long, line...)
	}
	if err != nil && len(line) == 0 {
		return false
	}
	l.Ended = line[len(line)-1] == l.end
	if l.Ended {
		line = line[:len(line)-1]
	}
	l.Text = line
	return true
}

// More tells whether another line follows.
func (l *Lines) More() bool {
	_, err := l.r.Peek(1)
	return err == nil
}

// Random is n letters and digits that nobody can guess.
func Random(n int) string { return rand.Text()[:min(n, 26)] }
