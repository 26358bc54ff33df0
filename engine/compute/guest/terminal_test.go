//go:build linux

package guest

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
)

// TestTerminal types into the login shell.
func TestTerminal(t *testing.T) {
	home := t.TempDir()
	cmd := exec.Command(filepath.Join(bin, "sh"))
	cmd.Dir = home
	cmd.Env = []string{"PATH=" + bin, "HOME=" + home, "TERM=xterm", "HOSTNAME=ip-172-31-5-10"}
	tty, err := pty.StartWithSize(cmd, &pty.Winsize{Rows: 24, Cols: 80})
	if err != nil {
		t.Fatal(err)
	}
	defer tty.Close()
	screen := &screen{}
	go io.Copy(screen, tty)
	step := func(keys, want string) {
		t.Helper()
		screen.reset()
		io.WriteString(tty, keys)
		for deadline := time.Now().Add(patience); !strings.Contains(screen.text(), want); time.Sleep(5 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatalf("after %q: %q, want %q", keys, screen.text(), want)
			}
		}
	}
	sign := "# "
	if os.Geteuid() != 0 {
		sign = "$ "
	}
	step("", "@ip-172-31-5-10 ~]"+sign)
	step("echo a$((1+1))\r", "a2\r\n")
	step("for i in 1 2; do\r", "> ")
	step("echo n$i; done\r", "n1\r\nn2\r\n")
	step("unfinished words\x03", sign) // ^C empties the line
	step("sleep 60\r", "sleep 60")     // runs
	time.Sleep(100 * time.Millisecond) // until it does
	step("\x03", sign)                 // ^C ends it
	step("echo st$?\r", "st130\r\n")   // as other shells say
	step("\x1b[A\r", "st0\r\n")        // history
	step("touch long-name\r", sign)
	step("ls lon\t\r", "\r\nlong-name\r\n") // completion
	step("sleep 60 &\r", "[1] ")
	step("kill %1; wait %1; echo k$?\r", "k143\r\n")
	io.WriteString(tty, "exit 7\r")
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 7 {
		t.Errorf("exit code %d, want 7", code)
	}
}

type screen struct {
	mu sync.Mutex
	b  strings.Builder
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func (s *screen) reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.b.Reset()
}
