package daemon

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// logCap is the size above which a log loses its older half.
const logCap = 1 << 20

// logger writes what an operator should know to the log file, a line with the time in UTC each.
type logger struct {
	mu   sync.Mutex
	path string
}

func (l *logger) printf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	trim(l.path)
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil { // a log that cannot be written is no reason to stop
		return
	}
	defer f.Close()
	fmt.Fprintf(f, "%s %s\n", time.Now().UTC().Format("2006-01-02T15:04:05Z"), fmt.Sprintf(format, args...))
}

func newLog(path string) *logger {
	_ = os.MkdirAll(filepath.Dir(path), 0o700) // see printf
	return &logger{path: path}
}

// trim keeps the newer half of a log that has grown too large. The file stays the same one: an engine in the background
// has it as its standard error.
func trim(path string) {
	info, err := os.Stat(path)
	if err != nil || info.Size() < logCap {
		return
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return
	}
	defer f.Close()
	if f.Truncate(0) == nil {
		f.Write(b[len(b)-logCap/2:])
	}
}
