package daemon

import (
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"testing"
)

// An engine that was killed comes back where it was, if it can.
func TestListenWhereItWas(t *testing.T) {
	for range 3 { // somebody else may be given the port meanwhile
		if was, is := listenAgain(t); was == is {
			return
		}
	}
	t.Error("three times it did not come back where it was")
}

// listenAgain is where an engine was and where its successor is.
func listenAgain(t *testing.T) (was, is string) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := taken.Addr().String()
	h := &Home{State: filepath.Join(t.TempDir(), "engine.json")}
	if h.before() != "" {
		t.Errorf("nobody was before, at %s", h.before())
	}
	b, _ := json.Marshal(Engine{PID: 1, Endpoint: "http://" + address})
	if err := os.WriteFile(h.State, b, 0o600); err != nil {
		t.Fatal(err)
	}
	at := func() string {
		l, moved, err := listen("", h.before())
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		if usual := l.Addr().String() == "127.0.0.1:4566"; usual == moved {
			t.Errorf("at %s it is said to have moved: %v", l.Addr(), moved)
		}
		return l.Addr().String()
	}
	if got := at(); got == address {
		t.Errorf("it listens at %s, which somebody has", got)
	}
	taken.Close()
	return address, at()
}
