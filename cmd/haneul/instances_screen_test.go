package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

var blankLines = regexp.MustCompile(`(\s*\n)+`)

// TestInstancesOnScreen opens the app in a real terminal, launches a real machine in a lab's console and watches it: it boots,
// prints, is let be talked to as its rules change, is entered and left, and ends.
func TestInstancesOnScreen(t *testing.T) {
	l := newLearner(t)
	if _, err := exec.LookPath("tmux"); err != nil {
		t.Skip("tmux is not installed")
	}
	socket := filepath.Join(t.TempDir(), "tmux")
	tmux := func(args ...string) string {
		t.Helper()
		out, err := exec.Command("tmux", append([]string{"-S", socket, "-f", "/dev/null"}, args...)...).CombinedOutput()
		if err != nil {
			t.Fatalf("tmux %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	sees := func(want ...string) {
		t.Helper()
		shown := ""
		for range 2400 {
			shown = tmux("capture-pane", "-p")
			all := true
			for _, w := range want {
				all = all && strings.Contains(shown, w)
			}
			if all {
				return
			}
			time.Sleep(25 * time.Millisecond)
		}
		written, _ := os.ReadFile(filepath.Join(l.home, "state", "engine.log"))
		t.Fatalf("the engine said:\n%s\nthe screen was:\n%s\nnever saw %q", written, strings.TrimSpace(blankLines.ReplaceAllString(shown, "\n")), want)
	}
	types := func(keys ...string) { t.Helper(); tmux(append([]string{"send-keys"}, keys...)...) }
	line := func(s string) { t.Helper(); tmux("send-keys", "-l", s); types("Enter") }

	tmux("-u", "new-session", "-d", "-x", "80", "-y", "24", "-c", l.dir, "env", "HANEUL_HOME="+l.home, "LC_ALL=C.UTF-8", "SHELL=/bin/sh", "NO_COLOR=1", l.program)
	t.Cleanup(func() { _ = exec.Command("tmux", "-S", socket, "kill-server").Run() })
	sees("Begin")
	line(":open dead-letters")
	sees("Start")
	types("Enter")
	sees("The lab has started.")
	types("2")
	sees("lab$")
	line("ID=$(aws ec2 run-instances --image-id ami-02023000000000086 --instance-type t3.nano --user-data 'echo ready to cook' " +
		"--tag-specifications 'ResourceType=instance,Tags=[{Key=Name,Value=kitchen}]' --query 'Instances[0].InstanceId' --output text); echo made $ID")
	sees("made i-")
	types("C-g")
	sees("kitchen t3.nano", "running", "nobody may come in")
	types("o")
	sees("Home › Dead letters and redrive › kitchen", "READY")

	types("e") // port 22 is closed: why is said, and stays on the screen
	sees("Connection timed out", "describe-security-groups")
	types("Tab")
	sees("your computer 203.0.113.10 ✗ blocked")
	types("Escape")
	sees("▸ kitchen")
	types("2")
	line("aws ec2 authorize-security-group-ingress --group-name default --protocol tcp --port 22 --cidr 203.0.113.0/24 --query Return --output text")
	sees("True")
	types("C-g", "w")
	sees("your computer 203.0.113.10 → tcp 22", "the internet               ✗ blocked")

	types("e")
	sees("~]#")
	line("echo in''side; exit")
	sees("Who may talk", "Coming in")
	types("Escape")
	sees("▸ kitchen") // a key right behind escape would be another key
	types("2")
	line("haneul connect $ID") // the console's own variable
	sees("~]#")
	line("exit")
	sees("lab$ haneul connect")
	line("aws ec2 terminate-instances --instance-ids $ID --output text > gone")
	types("C-g")
	sees("kitchen t3.nano", "terminated")
	line(":q")
}
