package awscli_test

import (
	"strings"
	"testing"
)

// TestWait: waiters end when the answer is as wanted, and say why it never will be.
func TestWait(t *testing.T) {
	c := start(t)
	ok := func(line string) string {
		t.Helper()
		out, errs, code := c.run(strings.Fields(line)...)
		if code != 0 {
			t.Fatalf("%s: %d\n%s%s", line, code, out, errs)
		}
		return strings.TrimSpace(out)
	}
	refused := func(line, want string, status int) {
		t.Helper()
		if out, errs, code := c.run(strings.Fields(line)...); code != status || !strings.Contains(errs, want) || out != "" {
			t.Errorf("%s: %d\n%s%s", line, code, out, errs)
		}
	}
	v := ok("ec2 create-volume --availability-zone ap-northeast-2a --size 1 --query VolumeId --output text")
	if out := ok("ec2 wait volume-available --volume-ids " + v); out != "" {
		t.Errorf("a waiter printed %q", out)
	}
	ok("ec2 delete-volume --volume-id " + v)
	ok("ec2 wait volume-deleted --volume-ids " + v)
	refused("ec2 wait volume-available --volume-ids "+v,
		"Waiter VolumeAvailable failed: An error occurred (InvalidVolume.NotFound): The volume '"+v+"' does not exist.", 255)
	ok("iam create-user --user-name kim")
	ok("iam wait user-exists --user-name kim")
	refused("ec2 wait", "the following arguments are required: waiter", 252)
	refused("ec2 wait instance-runing", "instance-running", 252)
	refused("ec2 wait instance-running --instance-idz i-1", "Unknown options: --instance-idz, i-1", 252)
	if out := ok("ec2 wait help"); !strings.Contains(out, "instance-stopped") {
		t.Errorf("help: %q", out)
	}
}
