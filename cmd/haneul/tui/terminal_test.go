package tui

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/vt"

	"haneul/cmd/haneul/tui/screen"
	"haneul/lessons"
)

// TestMain runs the app itself when a tmux test starts this binary again.
func TestMain(m *testing.M) {
	time.Local = time.UTC // frames are the same everywhere
	if os.Getenv("HANEUL_TEST_APP") == "" {
		os.Exit(m.Run())
	}
	t := &testing.T{}
	o := options(t, &fake{}, lessons.Lang(os.Getenv("HANEUL_TEST_APP")))
	o.NoColor = os.Getenv("NO_COLOR") != ""
	if err := Run(context.Background(), Terminal{In: os.Stdin, Out: os.Stdout, Environ: os.Environ()}, o); err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	os.Exit(0)
}

// screenOf is a terminal emulator the program draws into: what a user would see. x/vt needs \r\n, ESC 7/8 for CSI s/u, and a lock
// of our own, since its safe variant reads without one.
type screenOf struct {
	mu sync.Mutex
	e  *vt.Emulator
}

func (s *screenOf) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fixed := bytes.ReplaceAll(p, []byte("\n"), []byte("\r\n"))
	fixed = bytes.ReplaceAll(fixed, []byte("\x1b[s"), []byte("\x1b7"))
	fixed = bytes.ReplaceAll(fixed, []byte("\x1b[u"), []byte("\x1b8"))
	_, err := s.e.Write(fixed)
	return len(p), err
}

func (s *screenOf) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.e.String()
}

// program is a whole one: real keys in, a drawn screen out.
type program struct {
	t    *testing.T
	e    *screenOf
	keys io.Writer
	done chan error
}

func startProgram(t *testing.T, o Options) *program {
	e := &screenOf{e: vt.NewEmulator(80, 24)}
	go io.Copy(io.Discard, e.e)
	in, keys := io.Pipe()
	ctx, stop := context.WithTimeout(t.Context(), 3*time.Minute)
	t.Cleanup(stop)
	p := tea.NewProgram(NewApp(ctx, o), tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(e),
		tea.WithWindowSize(80, 24), tea.WithColorProfile(colorprofile.TrueColor), tea.WithEnvironment([]string{"TERM=xterm-256color"}), tea.WithoutSignalHandler())
	x := &program{t, e, keys, make(chan error, 1)}
	go func() { _, err := p.Run(); x.done <- err }()
	return x
}

// openLab is one at a lab that has not started.
func openLab(t *testing.T, f *fake) *program {
	o := options(t, f, lessons.EN)
	o.Open = screen.Lab{Slug: "letters"}
	return startProgram(t, o)
}

// quits ends the app.
func (x *program) quits() {
	x.t.Helper()
	x.keys.Write([]byte(":q\r"))
	select {
	case err := <-x.done:
		if err != nil {
			x.t.Error(err)
		}
	case <-time.After(time.Minute):
		x.t.Fatalf("the app did not leave:\n%s", x.e.String())
	}
}

func (x *program) sees(want string) {
	x.t.Helper()
	x.until(want, func(shown string) bool { return strings.Contains(shown, want) })
}

func (x *program) until(what string, is func(shown string) bool) {
	x.t.Helper()
	for range 6000 {
		if is(x.e.String()) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	x.t.Fatalf("never saw %s:\n%s", what, x.e.String())
}

// TestProgram goes through the course.
func TestProgram(t *testing.T) {
	x := startProgram(t, options(t, &fake{}, lessons.KO))
	keys, sees := x.keys, x.sees
	for _, step := range []struct{ press, want string }{
		{"", "▸ 시작하기"},
		{"ㅓㅓ", "▸  1  큐와 스트림"}, // j with Hangul input on
		{"\r", "실습 선입선출"},
		{"\r", "보내고 받습니다"},
		{"\r", "QueueUrl"},
		{"L", "Send and receive"},
		{":open letters\r", "Start"},
		{"\r", "Workspace"},
		{"\r", "lab$"},
		{"echo 한글 확인\r", "한글 확인"},
		{"check\r", "[failed] Only poison"},
	} {
		keys.Write([]byte(step.press))
		sees(step.want)
	}
	keys.Write([]byte("q"))
	sees("lab$")
	keys.Write([]byte("exit\r"))
	time.Sleep(200 * time.Millisecond)
	x.quits()
}

// TestLiveCheck: a grading that takes its time shows each verdict as it is known, names the check it is at, says that it is live,
// and that it tidies up.
func TestLiveCheck(t *testing.T) {
	f := &fake{live: true, steps: make(chan int)}
	x := openLab(t, f)
	x.sees("This lab needs Docker.")
	x.keys.Write([]byte("\r"))
	x.sees("The lab has started.")
	x.keys.Write([]byte("c"))
	x.sees("Checking · Every good order is processed")
	x.sees("Your own instances are checked live.")
	f.steps <- 1
	x.sees("Checking 1/2 · Only poison is in the DLQ")
	x.sees("✓ passed Every good order is processed") // long before the result
	x.sees("○ Only poison is in the DLQ")
	f.steps <- 2
	x.sees("Checking 2/2 · putting things back")
	close(f.steps)
	x.sees("50/100 points")
	x.quits()
}

// TestStartedMeansStarted: who is told that the lab has started can type in its console at once.
func TestStartedMeansStarted(t *testing.T) {
	f := &fake{reading: make(chan struct{})}
	x := openLab(t, f)
	x.sees("Start")
	x.keys.Write([]byte("\r"))
	time.AfterFunc(300*time.Millisecond, func() { close(f.reading) }) // a slow disk
	x.sees("The lab has started.")
	x.keys.Write([]byte("2echo first\r"))
	x.sees("lab$ echo first")
	x.keys.Write([]byte("exit\r"))
	time.Sleep(200 * time.Millisecond)
	x.quits()
}

// TestTypedAhead: lines typed while another runs are run in their turn, also those that want the terminal; Ctrl-C forgets them.
func TestTypedAhead(t *testing.T) {
	f := &fake{block: make(chan struct{})}
	x := openLab(t, f)
	x.sees("Start")
	x.keys.Write([]byte("\r"))
	x.sees("The lab has started.")
	x.keys.Write([]byte("2sleep 8\rforgotten\r\x03")) // Ctrl-C ends the first
	x.sees("lab$ sleep 8")
	x.sees("context canceled")
	x.keys.Write([]byte("sleep 9\rone\rvi notes\rtwo\rdraf"))
	x.sees("lab$ sleep 9")
	close(f.block)
	x.sees("lab$ two")
	x.keys.Write([]byte("t\r"))
	const want = "sleep 8, sleep 9, one, shell vi notes, two, draft"
	x.until(want, func(string) bool {
		f.mu.Lock()
		defer f.mu.Unlock()
		return strings.Join(f.ran, ", ") == want
	})
	x.keys.Write([]byte("help\r"))
	x.sees("Everywhere")
	x.keys.Write([]byte("q"))
	x.sees("lab$ help")
	x.keys.Write([]byte("exit\r"))
	time.Sleep(200 * time.Millisecond)
	x.quits()
}

// TestTypingDuringCheck: a line typed while a grading runs stays whole when it ends.
func TestTypingDuringCheck(t *testing.T) {
	f := &fake{steps: make(chan int)}
	x := openLab(t, f)
	x.sees("Start")
	x.keys.Write([]byte("\r"))
	x.sees("The lab has started.")
	x.keys.Write([]byte("2check\r"))
	x.sees("Checking")
	x.keys.Write([]byte("echo fi"))
	f.steps <- 1
	x.sees("passed")
	close(f.steps)
	x.sees("lab$ echo fi")
	x.sees("50/100 points")
	x.keys.Write([]byte("ne\r"))
	x.sees("lab$ echo fine")
	x.keys.Write([]byte("exit\r"))
	time.Sleep(200 * time.Millisecond)
	x.quits()
}

// TestCheckCalledOff: Ctrl-C ends a grading, and that is no error.
func TestCheckCalledOff(t *testing.T) {
	x := openLab(t, &fake{live: true, block: make(chan struct{})})
	x.sees("This lab needs Docker.")
	x.keys.Write([]byte("\r"))
	x.sees("The lab has started.")
	x.keys.Write([]byte("c"))
	x.sees("Checking 2/2")
	x.keys.Write([]byte{3})
	x.sees("The check is called off, and what it changed is put back.")
	x.quits()
}

// TestMoving: an instance that boots is looked at again and again, without a key.
func TestMoving(t *testing.T) {
	f := &fake{live: true}
	x := openLab(t, f)
	x.sees("Start")
	x.keys.Write([]byte("\r"))
	x.sees("The lab has started.")
	x.keys.Write([]byte("3"))
	x.sees("pending")
	f.boot("running", "")
	x.until("a third • running", func(shown string) bool { return strings.Count(shown, "• running") == 3 })
	x.keys.Write([]byte("\x1b[B\x1b[B\r"))
	x.sees("httpd started")
	f.boot("stopping", "\nCtrl-Alt-Del\n")
	x.sees("Ctrl-Alt-Del")
	x.sees("stopping")
	x.quits()
}

// tmux is a session in a real terminal.
type tmux struct {
	t      *testing.T
	socket string
}

func startTmux(t *testing.T, width, height string, env ...string) *tmux {
	t.Helper()
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("tmux is not installed")
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	x := &tmux{t, filepath.Join(t.TempDir(), "tmux")}
	args := append([]string{"-u", "new-session", "-d", "-x", width, "-y", height, "-c", dir, "env", "LANG=C.UTF-8"}, env...)
	x.run(append(args, os.Args[0])...)
	t.Cleanup(func() { exec.Command("tmux", "-S", x.socket, "kill-server").Run() })
	return x
}

func (x *tmux) run(args ...string) string {
	x.t.Helper()
	out, err := exec.Command("tmux", append([]string{"-S", x.socket}, args...)...).CombinedOutput()
	if err != nil {
		x.t.Fatalf("tmux %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func (x *tmux) keys(keys ...string) { x.run(append([]string{"send-keys"}, keys...)...) }

func (x *tmux) sees(want string) string {
	x.t.Helper()
	shown := ""
	for range 3000 {
		if shown = x.run("capture-pane", "-p", "-e"); strings.Contains(shown, want) {
			return shown
		}
		time.Sleep(25 * time.Millisecond)
	}
	x.t.Fatalf("never saw %q:\n%s", want, shown)
	return ""
}

func TestTmuxLesson(t *testing.T) {
	x := startTmux(t, "100", "30", "HANEUL_TEST_APP=ko", "TERM=tmux-256color")
	x.sees("시작하기")
	x.keys("Enter")
	x.sees("보내고 받습니다")
	x.keys("Enter")
	x.sees("QueueUrl")
	x.keys("L")
	x.sees("Send and receive")
}

func TestTmuxLabAtNarrowAndResize(t *testing.T) {
	x := startTmux(t, "80", "24", "HANEUL_TEST_APP=en", "TERM=tmux-256color")
	x.sees("Begin")
	x.keys(":", "open letters", "Enter")
	x.sees("The task")
	x.keys("Enter")
	x.sees("Workspace")
	x.run("resize-window", "-x", "120", "-y", "40")
	x.sees("Every good order is processed")
	x.keys("c")
	x.sees("50/100 points")
	x.run("resize-window", "-x", "20", "-y", "5")
	x.sees("Some checks")
}

func TestTmuxNoColor(t *testing.T) {
	x := startTmux(t, "80", "24", "HANEUL_TEST_APP=ko", "TERM=tmux-256color", "NO_COLOR=yes")
	shown := x.sees("시작하기")
	if strings.Contains(shown, "\x1b[38") || strings.Contains(shown, "\x1b[9") {
		t.Errorf("colour under NO_COLOR=yes:\n%q", shown)
	}
}
