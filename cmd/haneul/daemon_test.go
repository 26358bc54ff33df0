package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"haneul/cmd/haneul/daemon"
)

// program is a copy of this test as the haneul program, in a folder of its own.
func program(t *testing.T) string {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "haneul")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	from, err := os.Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

// freshHome is a home whose engine ends with the test.
func freshHome(t *testing.T) string {
	home := t.TempDir()
	t.Cleanup(func() { _ = engineOf(home).Stop(context.Background()) })
	return home
}

func haneul(t *testing.T, program, home string, args ...string) string {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), "HANEUL_HOME="+home, "LC_ALL=C.UTF-8")
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Errorf("haneul %s: %v\n%s", strings.Join(args, " "), err, errs.String())
	}
	return out.String()
}

// TestRace starts many commands in a fresh home at once: one starts the engine, all use it.
func TestRace(t *testing.T) {
	p, home := program(t), freshHome(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			haneul(t, p, home, "aws", "sqs", "create-queue", "--queue-name", fmt.Sprint("q", i))
		}()
	}
	wg.Wait()
	if got := haneul(t, p, home, "aws", "sqs", "list-queues", "--query", "length(QueueUrls)"); got != "8\n" {
		t.Errorf("queues: %s", got)
	}
	log, err := os.ReadFile(filepath.Join(home, "state", "engine.log"))
	if n := strings.Count(string(log), "listening on"); err != nil || n != 1 {
		t.Errorf("%d engines started (%v):\n%s", n, err, log)
	}
}

// TestVanishingProgram is `go run`: the program is gone when its command ends, and the engine stays.
func TestVanishingProgram(t *testing.T) {
	first, home := program(t), freshHome(t)
	haneul(t, first, home, "clock")
	if err := os.Remove(first); err != nil {
		t.Fatal(err)
	}
	before, err := running(home)
	if err != nil {
		t.Fatal(err)
	}
	second := program(t)
	haneul(t, second, home, "clock")
	haneul(t, second, home, "shell", "-c", "aws sqs list-queues")
	if after, err := running(home); err != nil || after != before {
		t.Errorf("the engine was replaced: %+v, %+v, %v", before, after, err)
	}
	if runtime.GOOS == "linux" {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", before.PID))
		if f := strings.Fields(string(stat)); err != nil || f[5] != fmt.Sprint(before.PID) {
			t.Errorf("the engine has no session of its own: Ctrl-C would end it (%s, %v)", stat, err)
		}
	}
}

// TestNewerBuild replaces an engine of another build that runs in the background, with its clouds kept.
func TestNewerBuild(t *testing.T) {
	p, home := program(t), freshHome(t)
	haneul(t, p, home, "aws", "sqs", "create-queue", "--queue-name", "kept")
	before, err := running(home)
	if err != nil {
		t.Fatal(err)
	}
	h := &daemon.Home{
		State: filepath.Join(home, "data", "engine.json"), Log: filepath.Join(home, "state", "engine.log"),
		Cache: filepath.Join(home, "cache"), Dir: filepath.Join(home, "data", "clouds"), Build: "another",
		Executable: func() (string, error) { return p, nil }, Environ: append(os.Environ(), "HANEUL_HOME="+home),
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	after, err := h.Ensure(ctx)
	if err != nil || after.PID == before.PID {
		t.Fatalf("not replaced: %+v, %v", after, err)
	}
	if got := haneul(t, p, home, "aws", "sqs", "list-queues", "--output", "text"); !strings.Contains(got, "/kept") {
		t.Errorf("queues: %s", got)
	}
}

// TestForeignServer: the state file of a dead engine leads to somebody else's port; nobody is fooled.
func TestForeignServer(t *testing.T) {
	p, home := program(t), freshHome(t)
	haneul(t, p, home, "aws", "sqs", "create-queue", "--queue-name", "kept")
	e, err := running(home)
	if err != nil {
		t.Fatal(err)
	}
	proc, err := os.FindProcess(e.PID)
	if err != nil {
		t.Fatal(err)
	}
	if err := proc.Kill(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(50 * time.Millisecond)
	server := exec.Command(p, "cloud", "--memory", "--listen", strings.TrimPrefix(e.Endpoint, "http://"))
	server.Env = append(os.Environ(), "HANEUL_HOME="+t.TempDir())
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { server.Process.Kill(); server.Wait() }()
	time.Sleep(300 * time.Millisecond)
	if got := haneul(t, p, home, "aws", "sqs", "list-queues", "--output", "text"); !strings.Contains(got, "/kept") {
		t.Errorf("queues: %s", got)
	}
}
