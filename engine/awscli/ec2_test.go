package awscli

import (
	"encoding/base64"
	"testing"

	"haneul/engine/awscli/ordered"
	"haneul/engine/emu"
)

// TestReveal: what an instance printed is text, as botocore shows it, and only there.
func TestReveal(t *testing.T) {
	ec2 := &emu.Service{Name: "ec2"}
	console := base64.StdEncoding.EncodeToString([]byte("READY\n한\xff\n"))
	for op, want := range map[string]string{"GetConsoleOutput": "READY\n한\uFFFD\n", "DescribeInstances": console} {
		out := ordered.Obj("Output", console)
		(&command{service: ec2, op: &emu.Operation{Name: op}}).reveal(out)
		if got := out.Get("Output"); got != want {
			t.Errorf("%s: %q", op, got)
		}
	}
	none := ordered.Obj("InstanceId", "i-1")
	(&command{service: ec2, op: &emu.Operation{Name: "GetConsoleOutput"}}).reveal(none)
	if none.Has("Output") {
		t.Error("a console that printed nothing has output")
	}
}
