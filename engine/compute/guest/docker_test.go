//go:build linux

package guest

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"haneul/engine/compute/guest/rootfs"
)

const label = "haneul.test=guest"

// patience is how long a test waits for what must happen: others may use the machine.
const patience = 60 * time.Second

// docker runs the docker command; TestInit is skipped where there is none that works.
func docker(t *testing.T, stdin []byte, args ...string) string {
	t.Helper()
	cmd := exec.Command("docker", args...)
	cmd.Stdin = bytes.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("docker %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

// image builds the guest and imports it.
func image(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "guest")
	build := exec.Command("go", rootfs.Build(program)...)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	b, err := os.ReadFile(program)
	if err != nil {
		t.Fatal(err)
	}
	packed, err := rootfs.Tar(b)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the image is %.2f MB", float64(len(packed))/1e6)
	if len(packed) >= 12_000_000 {
		t.Errorf("the image is %d bytes, and is to stay under 12 MB", len(packed))
	}
	id := docker(t, packed, "import", "--change", `ENTRYPOINT ["/guest"]`, "--change", "ENV PATH=/usr/local/bin:/bin", "--change", "LABEL "+label, "-")
	t.Cleanup(func() { docker(t, nil, "rmi", "-f", id) })
	return id
}

func TestInit(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	if out, err := exec.Command("docker", "version", "--format", "{{.Server.Version}}").CombinedOutput(); err != nil {
		t.Skipf("no Docker answers, so init is not tried: %s", bytes.TrimSpace(out))
	}
	id := docker(t, nil, "run", "-d", "--network", "none", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--pids-limit", "200",
		"--memory", "256m", "--label", label, "--hostname", "ip-172-31-5-10", image(t), "init")
	t.Cleanup(func() { docker(t, nil, "rm", "-f", id) })
	for deadline := time.Now().Add(patience); !strings.Contains(docker(t, nil, "logs", id), "READY"); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("init does not get READY")
		}
	}
	in := func(script string) string { return docker(t, nil, "exec", id, "sh", "-c", script) }
	for _, c := range []struct{ name, script, want string }{
		{"it is PID 1", "ps -o pid=,comm= -p 1", "1 init"},
		{"names", "which ls awk; cat /etc/hostname; hostname", "/bin/ls\n/bin/awk\nip-172-31-5-10\nip-172-31-5-10"},
		{"the limit is its memory", "free -m | awk '/Mem:/{print $2}'", "256"},
		{"env in #!", "printf '#!/usr/bin/env sh\\necho ran\\n' > /var/tmp/s; chmod +x /var/tmp/s; /var/tmp/s", "ran"},
		{"orphans are reaped", "for i in 1 2 3; do setsid sh -c 'sleep 0.1 & exit'; done; sleep 0.6; ps -eo stat= | grep -c Z", "0"},
		{"a web server", "mkdir -p /var/www && cd /var/www && echo hi > index.html && httpd -q -p 8080 & sleep 0.3; curl -s localhost:8080; pkill httpd", "hi"},
		{"no rights", "id -u; ip link set lo down; ls /root", "0\nip: RTNETLINK answers: Operation not permitted"},
	} {
		var got string
		if strings.HasSuffix(c.script, "grep -c Z") { // whose exit code says there was none
			got = in(c.script + "; true")
		} else {
			got = in(c.script)
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	// A reboot is no end of the container: who is stopped is killed, and then it is READY again.
	in("echo kept > /var/tmp/kept; echo gone > /run/gone; mkdir /tmp/d; echo gone > /tmp/d/gone; chmod 700 /tmp; sleep 1000 >/dev/null 2>&1 & kill -STOP $!")
	docker(t, nil, "exec", "-d", id, "reboot")
	for deadline := time.Now().Add(patience); strings.Count(docker(t, nil, "logs", id), "READY") < 2; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("init does not get READY again")
		}
	}
	if got := in("cat /var/tmp/kept; ls /run; ls -A /tmp; stat -c %a /tmp; ps -eo args= | grep -c '[s]leep'; true"); got != "kept\nutmp\n1777\n0" {
		t.Errorf("after a reboot: %q", got)
	}
	if count := docker(t, nil, "inspect", "-f", "{{.RestartCount}} {{.State.Running}}", id); count != "0 true" {
		t.Errorf("after a reboot the container is %s", count)
	}
	docker(t, nil, "exec", "-d", id, "sh", "-c", `trap 'echo stopped > /tmp/never' EXIT; sleep 1000`)
	started := time.Now()
	docker(t, nil, "stop", "-t", "20", id)
	t.Logf("stopped in %v", time.Since(started))
	if took := time.Since(started); took > 7*time.Second {
		t.Errorf("stopping took %v", took)
	}
	if code := docker(t, nil, "inspect", "-f", "{{.State.ExitCode}}", id); code != "0" {
		t.Errorf("init ended with %s", code)
	}
	docker(t, nil, "start", id)
	if got := in("head -1 /var/tmp/s"); got != "#!/usr/bin/env sh" {
		t.Errorf("after a restart the disk has %q", got)
	}
}

func TestNothingIsLeftInDocker(t *testing.T) {
	if exec.Command("docker", "version").Run() != nil {
		t.Skip("no Docker answers")
	}
	if left := docker(t, nil, "ps", "-aq", "--filter", "label="+label); left != "" {
		t.Errorf("containers are left: %s", left)
	}
	if left := docker(t, nil, "images", "-q", "--filter", "label="+label); left != "" {
		t.Errorf("images are left: %s", left)
	}
}
