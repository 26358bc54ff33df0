//go:build linux

package guest

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"haneul/engine/compute/guest/rootfs"
)

// bin is a folder as /bin is in an instance: every command is a link to this test, which then is the guest.
var bin string

func TestMain(m *testing.M) {
	if name := filepath.Base(os.Args[0]); commands[strings.TrimPrefix(name, "-")] != nil {
		os.Exit(Main(os.Args))
	}
	dir, err := os.MkdirTemp("", "guest")
	if err != nil {
		panic(err)
	}
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	bin = dir
	for name := range commands {
		if err := os.Symlink(self, filepath.Join(dir, name)); err != nil {
			panic(err)
		}
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func TestEveryNameInBinIsACommand(t *testing.T) {
	for _, name := range rootfs.Commands {
		if commands[name] == nil {
			t.Errorf("%s is in the image and no command", name)
		}
	}
	for name := range commands {
		if name != "init" && name != "cloud-init" && !slices.Contains(rootfs.Commands, name) {
			t.Errorf("%s is a command and not in the image", name)
		}
	}
}

// sh runs a script with the guest's commands only.
func sh(t *testing.T, dir, script, stdin string) (out string, code int) {
	t.Helper()
	return run(t, dir, bin, stdin, filepath.Join(bin, "sh"), "-c", script)
}

func run(t *testing.T, dir, path, stdin string, args ...string) (out string, code int) {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	cmd.Env = []string{"PATH=" + path, "HOME=" + dir, "LC_ALL=C", "TZ=UTC", "HOSTNAME=ip-172-31-5-10",
		"GORACE=atexit_sleep_ms=0"} // else every command takes a second longer under the race detector
	cmd.Stdin = strings.NewReader(stdin)
	var b, e bytes.Buffer
	cmd.Stdout, cmd.Stderr = &b, &e
	cmd.WaitDelay = 20 * time.Second
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) && !errors.Is(err, exec.ErrWaitDelay) {
		t.Fatal(err)
	}
	if t.Failed() || testing.Verbose() {
		t.Logf("%q: %s", args, e.String())
	}
	return b.String(), cmd.ProcessState.ExitCode()
}

// scripts print what they print in any other shell.
var scripts = []struct{ name, script, want string }{
	{"background", `x=v; f() { echo "f $x $1"; }; f a & wait; echo end`, "f v a\nend\n"},
	{"pid", `sleep 60 & kill $!; wait $!; echo $?`, "143\n"},
	{"loop", `while :; do sleep 0.05; done & p=$!; kill $p; wait $p; echo $?`, "143\n"},
	{"status", `(exit 3) & wait $!; echo $?`, "3\n"},
	{"own number", `sleep 60 & sleep 0.5; ps -o args= -p $!; kill $!`, "sleep 60\n"},
	{"own number in a pipe", `sleep 60 & until ps -o args= -p $! | grep "^sleep 60$"; do sleep 0.05; done; kill $!`, "sleep 60\n"},
	{"background twice", `{ true & wait; echo a & wait; } 2>&1`, "a\n"},
	{"whole lines", `for i in 1 2 3 4; do for j in $(seq 250); do echo a line in one piece >> f; done & done; wait; grep -c "^a line in one piece$" f`, "1000\n"},
	{"echo", `echo -n a; echo -n "b  c" d; echo; echo -E '\n'; echo -e 'x\ty'; echo %s -n`, "ab  c d\n\\n\nx\ty\n%s -n\n"},
	{"here-doc", "x=1; cat <<E\na $x\nE\ncat <<'E'\n$x\nE", "a 1\n$x\n"},
	{"exec", `exec echo gone; echo no`, "gone\n"},
	{"exec in a subshell", `(exec echo a); echo b`, "a\nb\n"},
	{"trap", `trap 'echo bye $?' EXIT; exit 4`, "bye 4\n"},
	{"not found", `nosuch 2>/dev/null; echo $?`, "127\n"},
	{"pipeline", `seq 5 | sort -rn | head -2 | tr '\n' ' '`, "5 4 "},
	{"substitution", `echo "$(echo a; echo b)" $((2+3)) ${x:-d} ${#PATH}x | sed 's/ [0-9]*x$//'`, "a\nb 5 d\n"},
	{"read", `printf 'a b\nc\n' | while read x y; do echo "$y-$x"; done`, "b-a\n-c\n"},
	{"case", `case hello in h*) echo yes;; *) echo no;; esac`, "yes\n"},
	{"zero", `echo "$0"`, "sh\n"},
	{"script without #!", `printf 'echo "$1"\n' > s; chmod +x s; ./s word`, "word\n"},
	{"script with #!", `printf '#!%s -e\nfalse\necho no\n' "$(which sh)" > s; chmod +x s; ./s; echo $?`, "1\n"},
	{"lock", `echo 0 > n; for i in 1 2 3 4 5; do flock l sh -c 'v=$(cat n); sleep 0.01; echo $((v+1)) > n' & done; wait; cat n`, "5\n"},
	{"timeout", `timeout 0.1 sleep 5; echo $?`, "124\n"},
	{"sudo", `if [ $(id -u) = 0 ]; then sudo -E echo a b; else echo a b; fi; sudo; echo $?`, "a b\n1\n"},
	{"hostname", `hostname; uname -n`, "ip-172-31-5-10\nip-172-31-5-10\n"},
	{"jq", `echo '{"b":[1,{"c":"x"}],"a":null}' | jq -c .; echo '[3,1]' | jq -r 'sort|.[]'`, `{"a":null,"b":[1,{"c":"x"}]}` + "\n1\n3\n"},
	{"move over a folder", `mkdir d; echo a > f; mv f d/; cat d/f; cp -r d e; rm -r d; cat e/f`, "a\na\n"},
	{"disks", `mount | grep -c " on / type "; lsblk | head -2 | tr -s " "; mkfs -t xfs /dev/xvdf 2>&1; echo $?`,
		"1\nNAME TYPE MOUNTPOINT\nxvda disk /\nmkfs: volumes have a file system here, and are mounted while they are attached: /dev/sdf is at /mnt/sdf\n32\n"},
	{"archive", `mkdir d; echo a > d/f; tar czf a.tgz d; rm -r d; tar xzf a.tgz; cat d/f; tar tzf a.tgz`, "a\nd/\nd/f\n"},
}

func TestScripts(t *testing.T) {
	for _, s := range scripts {
		t.Run(s.name, func(t *testing.T) {
			if got, _ := sh(t, t.TempDir(), s.script, ""); got != s.want {
				t.Errorf("%s\ngot  %q\nwant %q", s.script, got, s.want)
			}
		})
	}
}

func TestStandardInputIsReadLineByLine(t *testing.T) {
	got, _ := run(t, t.TempDir(), bin, "read a; echo \"got $a\"\nnext line\ncat <<E\nx\nE\necho end", filepath.Join(bin, "sh"))
	if want := "got next line\nx\nend\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// BenchmarkStart is a command that does nothing: every name in /bin starts this one program.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		if err := exec.Command(filepath.Join(bin, "true")).Run(); err != nil {
			b.Fatal(err)
		}
	}
}
