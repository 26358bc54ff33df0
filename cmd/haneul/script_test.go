package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"haneul/cmd/haneul/daemon"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"haneul": func() { os.Exit(start()) }})
}

// TestScripts runs testdata/script/*.txtar: a terminal session each, in a home of its own.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:   "testdata/script",
		Setup: newHome,
		Cmds:  map[string]func(*testscript.TestScript, bool, []string){"kill9": kill9, "pid": savePID, "field": field},
	})
}

func newHome(e *testscript.Env) error {
	home := filepath.Join(e.WorkDir, "home")
	e.Vars = append(e.Vars, "HANEUL_HOME="+home, "LANG=C.UTF-8", "AWS_ACCESS_KEY_ID=AKIASOMEBODYELSES000", "AWS_SECRET_ACCESS_KEY=secret", "AWS_PROFILE=work")
	e.Defer(func() { _ = engineOf(home).Stop(context.Background()) })
	return nil
}

func engineOf(home string) *daemon.Home {
	return &daemon.Home{State: filepath.Join(home, "data", "engine.json")}
}

func running(home string) (e daemon.Engine, err error) {
	b, err := os.ReadFile(engineOf(home).State)
	if err == nil {
		err = json.Unmarshal(b, &e)
	}
	return e, err
}

// kill9 ends the engine as a power cut would.
func kill9(ts *testscript.TestScript, _ bool, _ []string) {
	e, err := running(ts.Getenv("HANEUL_HOME"))
	ts.Check(err)
	p, err := os.FindProcess(e.PID)
	ts.Check(err)
	ts.Check(p.Kill())
	for range 1000 { // until it is gone, and with it its lock
		if p.Signal(os.Signal(nil)) != nil {
			break
		}
		time.Sleep(time.Millisecond)
	}
	time.Sleep(20 * time.Millisecond)
}

// savePID keeps the engine's process id in a variable.
func savePID(ts *testscript.TestScript, _ bool, args []string) {
	e, err := running(ts.Getenv("HANEUL_HOME"))
	ts.Check(err)
	ts.Setenv(args[0], strconv.Itoa(e.PID))
}

// field keeps a member of the JSON object in standard output in a variable: field NAME member.
func field(ts *testscript.TestScript, _ bool, args []string) {
	var v map[string]any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &v))
	s, ok := v[args[1]].(string)
	if !ok {
		ts.Fatalf("no member %s", args[1])
	}
	ts.Setenv(args[0], s)
}
