package world

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// Program is a script of the learner's, as lab.yaml names it.
type Program struct {
	Argv []string
	Env  map[string]string
}

// script finds the file of a program: the name as it is, or with any extension. A file that is not the starter's comes
// first: a learner may leave worker.sh alone and write worker.py.
func (w *World) script(name string) (string, error) {
	var found []string
	for _, pattern := range []string{name, name + ".*"} {
		names, err := fs.Glob(os.DirFS(w.Dir), pattern)
		if err != nil {
			return "", err
		}
		found = append(found, names...)
	}
	best := ""
	for _, f := range found {
		if info, err := os.Lstat(filepath.Join(w.Dir, f)); err != nil || !info.Mode().IsRegular() {
			continue
		}
		if best == "" || w.isStarter(best) && !w.isStarter(f) {
			best = f
		}
	}
	if best == "" {
		return "", fmt.Errorf("there is no %s in the workspace, with any extension", name)
	}
	return filepath.Join(w.Dir, best), nil
}

func (w *World) isStarter(name string) bool {
	b, err := os.ReadFile(filepath.Join(w.Dir, name))
	return err == nil && w.Original != nil && string(b) == string(w.Original(name))
}

// tail keeps the end of what a worker writes.
type tail struct {
	mu  sync.Mutex
	buf []byte
}

const maxOutput = 64 << 10

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buf = append(t.buf, p...)
	if over := len(t.buf) - maxOutput; over > maxOutput {
		t.buf = append(t.buf[:0], t.buf[over:]...)
	}
	return len(p), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.buf[max(0, len(t.buf)-maxOutput):])
}
