package emu

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// killEnv tells the test binary to be the process that is killed: it serves a cloud in this directory.
const killEnv = "HANEUL_TEST_KILL_DIR"

func TestMain(m *testing.M) {
	if dir := os.Getenv(killEnv); dir != "" {
		beKilled(dir)
		return
	}
	os.Exit(m.Run())
}

// beKilled makes things from four goroutines and says the name of each that was acknowledged, until it is killed.
func beKilled(dir string) {
	tb := &testing.B{}
	c, _ := newToy(tb, Options{Log: func(string, ...any) {}})
	if err := c.Open(dir, JournalOptions{Build: "test"}); err != nil {
		fmt.Println("error", err)
		return
	}
	tune(c, func(d *disk) { d.segmentSize, d.compactAt = 64<<10, 32<<10 })
	c.Start()
	var out sync.Mutex
	for w := range 4 {
		go func() {
			for i := 0; ; i++ {
				n := fmt.Sprint(os.Getpid(), ".", w, ".", i)
				if do(c, "Make", &makeInput{onThing: onThing{n}, Size: 1 + int64(i%10), Secret: strings.Repeat("x", i%300)}).Err == nil {
					out.Lock()
					fmt.Println(n)
					out.Unlock()
				}
				if i%50 == 0 {
					c.journal.sync(c.disk)
					c.compactWhenDue()
				}
			}
		}()
	}
	select {}
}

// TestKill kills a process in the middle of things, again and again: what it acknowledged is there afterwards, every time.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	dir, r := t.TempDir(), rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	acknowledged := map[string]bool{}
	rounds := 0
	for end := time.Now().Add(4 * time.Second); time.Now().Before(end); rounds++ {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), killEnv+"="+dir)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Duration(5+r.IntN(60))*time.Millisecond, func() { cmd.Process.Kill() })
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), "error") {
				t.Fatal(lines.Text())
			}
			acknowledged[lines.Text()] = true
		}
		cmd.Wait()
	}
	_, s := opened(t, dir, Options{})
	for n := range acknowledged {
		if _, ok := s.things.Get(name(n)); !ok {
			t.Errorf("%s was acknowledged and is lost", n)
		}
	}
	t.Logf("killed %d times, %d acknowledged calls, none lost", rounds, len(acknowledged))
}
