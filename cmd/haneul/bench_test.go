package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/xpty"
)

// rounds is how often a figure is taken; the median counts.
const rounds = 7

// BenchmarkStartup times the built program from outside, in turns with a Go program that does nothing: `haneul version`,
// the first screen under a PTY, and the engine from its start to its first answered call.
func BenchmarkStartup(b *testing.B) {
	dir := b.TempDir()
	nothing, program := buildNothing(b, dir), buildHaneul(b, dir)
	environ := append(os.Environ(), "HANEUL_HOME="+filepath.Join(dir, "home"), "TERM=xterm-256color", "LANG=ko_KR.UTF-8")
	figures := []struct {
		name string
		take func() time.Duration
	}{
		{"ms-empty-program", func() time.Duration { return run(b, environ, nothing) }},
		{"ms-version", func() time.Duration { return run(b, environ, program, "version") }},
		{"ms-first-screen", func() time.Duration { return firstScreen(b, environ, program) }},
		{"ms-engine-first-call", func() time.Duration { return firstCall(b, environ, program) }},
	}
	took := map[string][]float64{}
	for range rounds {
		for _, f := range figures {
			took[f.name] = append(took[f.name], float64(f.take().Microseconds())/1000)
		}
	}
	for _, f := range figures {
		slices.Sort(took[f.name])
		b.ReportMetric(took[f.name][rounds/2], f.name)
	}
	size, err := os.Stat(program)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(size.Size())/1e6, "MB-binary")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkIdleMemory is the engine's resident memory ten seconds after its first call.
func BenchmarkIdleMemory(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Skip("resident memory is read from /proc, which only Linux has")
	}
	dir := b.TempDir()
	program := buildHaneul(b, dir)
	environ := append(os.Environ(), "HANEUL_HOME="+filepath.Join(dir, "home"))
	cmd, _ := startEngine(b, environ, program)
	defer stop(cmd)
	time.Sleep(10 * time.Second)
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(string(status)) {
		var kb float64
		if n, _ := fmt.Sscanf(line, "VmRSS: %f kB", &kb); n == 1 {
			b.ReportMetric(kb/1000, "MB-resident")
		}
	}
	b.ReportMetric(0, "ns/op")
}

func buildHaneul(b *testing.B, dir string) string {
	return build(b, filepath.Join(dir, "haneul"), ".")
}

func buildNothing(b *testing.B, dir string) string {
	source := filepath.Join(dir, "nothing.go")
	if err := os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o644); err != nil {
		b.Fatal(err)
	}
	return build(b, filepath.Join(dir, "nothing"), source)
}

func build(b *testing.B, to, what string) string {
	b.Helper()
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w", "-o", to, what)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return to
}

func run(b *testing.B, environ []string, program string, args ...string) time.Duration {
	b.Helper()
	cmd := exec.Command(program, args...)
	cmd.Env = environ
	begin := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	return time.Since(begin)
}

// firstScreen is the time until the home screen's title has been drawn.
func firstScreen(b *testing.B, environ []string, program string) time.Duration {
	b.Helper()
	pty, err := xpty.NewPty(120, 40)
	if err != nil {
		b.Fatal(err)
	}
	defer pty.Close()
	cmd := exec.Command(program)
	cmd.Env = environ
	begin := time.Now()
	if err := pty.Start(cmd); err != nil {
		b.Fatal(err)
	}
	defer stop(cmd)
	var seen bytes.Buffer
	chunk := make([]byte, 4096)
	for !bytes.Contains(seen.Bytes(), []byte("하늘")) {
		n, err := pty.Read(chunk)
		seen.Write(chunk[:n])
		if err != nil {
			b.Fatalf("%v, after %q", err, seen.String())
		}
	}
	return time.Since(begin)
}

func firstCall(b *testing.B, environ []string, program string) time.Duration {
	b.Helper()
	cmd, took := startEngine(b, environ, program)
	stop(cmd)
	return took
}

// startEngine starts an engine on a free port and returns after its first answered call.
func startEngine(b *testing.B, environ []string, program string) (*exec.Cmd, time.Duration) {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	address := l.Addr().String()
	l.Close()
	cmd := exec.Command(program, "cloud", "--listen", address, "--auth", "off")
	cmd.Env = environ
	begin := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(b.Context(), 10*time.Second)
	defer cancel()
	for ctx.Err() == nil {
		if call(ctx, address) {
			return cmd, time.Since(begin)
		}
		time.Sleep(500 * time.Microsecond)
	}
	stop(cmd)
	b.Fatal("the engine did not answer")
	return nil, 0
}

func call(ctx context.Context, address string) bool {
	body := strings.NewReader("Action=GetCallerIdentity&Version=2011-06-15")
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/", body)
	if err != nil {
		return false
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(res.Body)
	return err == nil && bytes.Contains(answer, []byte("GetCallerIdentityResult"))
}

// stop ends a program and waits until it has.
func stop(cmd *exec.Cmd) {
	cmd.Process.Signal(os.Interrupt)
	gone := make(chan struct{})
	go func() { cmd.Wait(); close(gone) }()
	select {
	case <-gone:
	case <-time.After(5 * time.Second):
		cmd.Process.Kill()
		<-gone
	}
}
