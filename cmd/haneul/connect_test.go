package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"haneul/engine/admin"
	"haneul/engine/compute/docker"
)

// learner sits at a machine with a home and a working folder of their own.
type learner struct {
	t             *testing.T
	program, home string
	dir           string
}

// newLearner has Docker; the test skips where there is none. At its end everything is purged.
func newLearner(t *testing.T) *learner {
	t.Helper()
	if testing.Short() {
		t.Skip("boots machines")
	}
	if !slices.ContainsFunc(docker.Probe(t.Context(), os.Getenv), func(p docker.ProbeResult) bool { return p.OK }) {
		t.Skip("this test needs Docker")
	}
	l := &learner{t: t, program: program(t), home: t.TempDir(), dir: t.TempDir()}
	t.Cleanup(func() {
		if code, out, errs := l.run("purge", "--yes"); code != 0 {
			t.Errorf("purge: %d\n%s%s", code, out, errs)
		}
	})
	return l
}

func (l *learner) command(args ...string) *exec.Cmd {
	cmd := exec.Command(l.program, args...)
	cmd.Dir, cmd.Env = l.dir, append(os.Environ(), "HANEUL_HOME="+l.home, "LC_ALL=C.UTF-8")
	return cmd
}

func (l *learner) run(args ...string) (code int, out, errs string) { return l.typing("", args...) }

func (l *learner) typing(input string, args ...string) (code int, out, errs string) {
	l.t.Helper()
	var o, e bytes.Buffer
	cmd := l.command(args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(input), &o, &e
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		l.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), o.String(), e.String()
}

// aws runs a command that must succeed, and returns its output as text.
func (l *learner) aws(args ...string) string {
	l.t.Helper()
	code, out, errs := l.run(append([]string{"aws", "--output", "text"}, args...)...)
	if code != 0 {
		l.t.Fatalf("aws %v: %d\n%s%s", args, code, out, errs)
	}
	return strings.TrimSpace(out)
}

// launch starts an instance called name and waits until it runs.
func (l *learner) launch(name string, more ...string) (id string) {
	l.t.Helper()
	id = l.aws(append([]string{"ec2", "run-instances", "--image-id", "ami-02023000000000086", "--instance-type", "t3.nano", "--query", "Instances[0].InstanceId",
		"--tag-specifications", "ResourceType=instance,Tags=[{Key=Name,Value=" + name + "}]"}, more...)...)
	l.until(name, "running")
	return id
}

// killEngine ends the engine without warning.
func (l *learner) killEngine() {
	l.t.Helper()
	var state struct{ PID int }
	b, err := os.ReadFile(filepath.Join(l.home, "data", "engine.json"))
	if err == nil {
		err = json.Unmarshal(b, &state)
	}
	if err != nil {
		l.t.Fatal(err)
	}
	p, err := os.FindProcess(state.PID)
	if err == nil {
		err = p.Kill()
	}
	if err != nil {
		l.t.Fatal(err)
	}
}

func (l *learner) until(name, state string) {
	l.t.Helper()
	for range 600 {
		_, out, _ := l.run("instances")
		if regexp.MustCompile(`\s` + name + `\s+` + state).MatchString(out) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	_, out, _ := l.run("instances")
	l.t.Fatalf("%s is not %s:\n%s", name, state, out)
}

// wants runs connect and holds its end to an exit code and a sentence.
func (l *learner) wants(code int, text string, args ...string) (out, errs string) {
	l.t.Helper()
	got, out, errs := l.run(append([]string{"connect"}, args...)...)
	if got != code || !strings.Contains(errs+out, text) {
		l.t.Errorf("connect %v: %d, want %d and %q\n%s%s", args, got, code, text, out, errs)
	}
	return out, errs
}

// TestConnectInLab: in the cloud of a lab, a closed port is explained without the command that would do the lab's work.
func TestConnectInLab(t *testing.T) {
	l := newLearner(t)
	if code, _, errs := l.run("lab", "start", "firewall-and-role"); code != 0 {
		t.Fatal(errs)
	}
	l.launch("app")
	_, said := l.wants(255, "Connection timed out", "app", "--from", "198.51.100.24", "--", "true")
	if strings.Contains(said, "authorize") || !strings.Contains(said, "--serial") || !regexp.MustCompile(`aws ec2 describe-security-groups --group-ids sg-\w+`).MatchString(said) {
		t.Error(said)
	}
}

// TestConnect meets everything that stands between a beginner and a shell, in the order in which it does.
func TestConnect(t *testing.T) {
	l := newLearner(t)
	l.wants(255, "no instance web", "web")
	key := filepath.Join(l.dir, "web.pem")
	writeKey := func(path, text string, mode os.FileMode) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text+"\n"), mode); err != nil {
			t.Fatal(err)
		}
	}
	writeKey(key, l.aws("ec2", "create-key-pair", "--key-name", "web", "--query", "KeyMaterial"), 0o600)
	writeKey(filepath.Join(l.dir, "other.pem"), l.aws("ec2", "create-key-pair", "--key-name", "other", "--key-type", "ed25519", "--query", "KeyMaterial"), 0o600)
	id := l.launch("web", "--key-name", "web")

	_, said := l.wants(255, "203.0.113.10", "web", "--", "true")
	opens := regexp.MustCompile(`aws (ec2 authorize-security-group-ingress .*)`).FindStringSubmatch(said)
	if opens == nil || !strings.Contains(said, "Connection timed out") || !strings.Contains(said, "(default)") {
		t.Fatalf("a closed port is not explained:\n%s", said)
	}
	l.aws(strings.Fields(opens[1])...)
	for range 50 { // the rule is on its way
		if code, _, _ := l.run("connect", "web", "--", "true"); code == 0 {
			break
		}
	}
	out, errs := l.wants(7, "", id[:12], "--", "wc -l; echo $HOME $USER; pwd; echo trouble >&2; exit 7")
	if out != "0\n/root root\n/root\n" && !strings.HasSuffix(out, "/root root\n/root\n") || errs != "trouble\n" {
		t.Errorf("out %q, err %q", out, errs)
	}
	if code, out, errs := l.typing("a\nb\n", "connect", "web", "--", "sort", "-r"); code != 0 || out != "b\na\n" || errs != "" {
		t.Errorf("%d, %q, %q", code, out, errs)
	}
	if code, out, _ := l.typing("echo one\nexit 3\n", "connect", "web"); code != 3 || out != "one\n" {
		t.Errorf("a script on standard input: %d, %q", code, out)
	}
	l.wants(0, "/home/ec2-user", "web", "--user", "ec2-user", "--", "pwd")
	l.wants(255, "no user kim", "web", "--user", "kim", "--", "pwd")

	l.wants(255, "does not belong to the key pair web", "web", "-i", "other.pem", "--", "true")
	if err := os.Rename(key, filepath.Join(l.dir, "moved")); err != nil {
		t.Fatal(err)
	}
	l.wants(255, "was launched with the key pair web", "web", "--", "true")
	l.wants(0, "", "web", "-i", "moved", "--", "true")
	l.wants(255, "timed out", "web", "-i", "moved", "--from", "198.51.100.1", "--", "true")
	l.wants(0, "in", "web", "--serial", "--", "echo in")

	t.Run("Forward", func(t *testing.T) { testForward(t, l) })
	t.Run("Terminal", func(t *testing.T) { testTerminal(t, l) })

	l.aws("ec2", "stop-instances", "--instance-ids", id)
	l.until("web", "stopped")
	l.wants(255, "aws ec2 start-instances --instance-ids "+id, "web", "--serial")
	l.aws("ec2", "start-instances", "--instance-ids", id)
	l.until("web", "running")
	t.Run("ForwardEnds", func(t *testing.T) {
		testForwardEnds(t, l, func() { l.aws("ec2", "terminate-instances", "--instance-ids", id) })
	})
	l.until("web", "terminated")
	l.wants(255, "does not come back", "web", "--", "true")
}

// testForward reaches a web server in the instance from this machine, once its security group allows that.
func testForward(t *testing.T, l *learner) {
	l.wants(0, "", "web", "-i", "moved", "--", "mkdir -p /srv/www && echo a page > /srv/www/index.html && (httpd -p 80 -h /srv/www >/dev/null 2>&1 &)")
	cmd := l.command("connect", "web", "--forward", "0:80", "-N")
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 100)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(said); s.Scan(); {
			lines <- s.Text()
		}
	}()
	hears := func(want string) string {
		t.Helper()
		for {
			select {
			case line, ok := <-lines:
				if strings.Contains(line, want) {
					return line
				}
				if !ok {
					t.Fatalf("it ended without saying %q", want)
				}
			case <-time.After(time.Minute):
				t.Fatalf("it does not say %q", want)
			}
		}
	}
	address, _, _ := strings.Cut(hears("127.0.0.1:"), " ")
	client := &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	get := func() string {
		res, err := client.Get("http://" + address)
		if err != nil {
			return err.Error()
		}
		defer res.Body.Close()
		b, _ := io.ReadAll(res.Body)
		return string(b)
	}
	if got := get(); strings.Contains(got, "a page") {
		t.Error("it went past the firewall")
	}
	opens := hears("aws ec2 authorize-security-group-ingress")
	l.aws(strings.Fields(opens)[1:]...)
	got := ""
	for range 50 {
		if got = get(); got == "a page\n" {
			break
		}
	}
	if got != "a page\n" {
		t.Errorf("the page is %q", got)
	}
	if runtime.GOOS == "windows" {
		cmd.Process.Kill()
		return
	}
	cmd.Process.Signal(os.Interrupt)
	if err := cmd.Wait(); err != nil {
		t.Errorf("Ctrl-C: %v", err)
	}
}

// testForwardEnds: forwarding alone outlives an engine that is killed, ends with its instance, and says so.
func testForwardEnds(t *testing.T, l *learner, terminate func()) {
	cmd := l.command("connect", "web", "--forward", "0:80", "-N")
	said, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	slow := time.AfterFunc(time.Minute, func() { cmd.Process.Kill() })
	defer slow.Stop()
	lines := bufio.NewScanner(said)
	if !lines.Scan() || !strings.Contains(lines.Text(), "→ port 80") {
		t.Errorf("it says %q", lines.Text())
	}
	l.killEngine()
	l.until("web", "running") // another engine, at the same port
	time.Sleep(glances + time.Second)
	terminate()
	var last string
	for lines.Scan() {
		last = lines.Text()
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != 255 || !strings.Contains(last, "it is ") {
		t.Errorf("%d: %s", code, last)
	}
}

// testTerminal works in a shell in a real terminal: the size inside follows the one outside, Ctrl-C goes to the instance,
// the shell's exit status is ours, and the terminal is as it was.
func testTerminal(t *testing.T, l *learner) {
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
	tmux("-u", "new-session", "-d", "-x", "80", "-y", "60", "-c", l.dir, "env", "HANEUL_HOME="+l.home, "LC_ALL=C.UTF-8", "PS1=here: ", "sh")
	t.Cleanup(func() { exec.Command("tmux", "-S", socket, "kill-server").Run() })
	sees := func(want string) string {
		t.Helper()
		shown := ""
		for range 800 {
			if shown = tmux("capture-pane", "-p"); strings.Contains(shown, want) {
				return shown
			}
			time.Sleep(25 * time.Millisecond)
		}
		t.Fatalf("never saw %q:\n%s", want, shown)
		return ""
	}
	types := func(keys ...string) { t.Helper(); tmux(append([]string{"send-keys"}, keys...)...) }
	sees("here:")
	types("stty -g > before; "+l.program+" connect web -i moved; echo left with $?; stty -g | cmp - before && echo as it was", "Enter")
	sees("~]#")
	types("echo size $COLUMNS-$LINES", "Enter")
	sees("size 80-60")
	tmux("resize-window", "-x", "40", "-y", "50")
	for range 100 { // the new size is on its way
		types("clear; echo size $COLUMNS-$LINES", "Enter")
		time.Sleep(50 * time.Millisecond)
		if strings.Contains(tmux("capture-pane", "-p"), "size 40-50") {
			break
		}
	}
	sees("size 40-50")
	types("sleep 1000", "Enter")
	sees("sleep 1000")
	time.Sleep(200 * time.Millisecond)
	types("C-c")
	types("echo o''n", "Enter")
	sees("\non")
	types("exit 5", "Enter")
	sees("left with 5")
	sees("as it was")

	tmux("resize-window", "-x", "120", "-y", "60")
	types("clear; "+l.program+" connect web -i moved; echo left with $?; stty -g | cmp - before && echo as it was", "Enter")
	types("echo ag''ain", "Enter")
	sees("again")
	if err := engineOf(l.home).Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
	sees("the cloud has stopped")
	sees("left with 255")
	sees("as it was")
}

func TestPick(t *testing.T) {
	all := []admin.Instance{
		{ID: "i-0aa1", Name: "web", State: "terminated", PrivateIP: "172.31.0.4"},
		{ID: "i-0aa2", Name: "web", State: "running", PrivateIP: "172.31.0.5", PublicIP: "198.18.0.5"},
		{ID: "i-0bb3", Name: "db", State: "running"},
		{ID: "i-0bb4", Name: "db", State: "stopped"},
		{ID: "i-0cc5", Name: "old", State: "terminated"},
		{ID: "i-0dd6", Name: "app", State: "shutting-down"},
		{ID: "i-0dd7", Name: "app", State: "terminated"},
	}
	for word, want := range map[string]string{
		"i-0aa1": "i-0aa1", "i-0a": "i-0aa2", "web": "i-0aa2", "198.18.0.5": "i-0aa2", "172.31.0.5": "i-0aa2", "i-0bb3": "i-0bb3", "old": "i-0cc5",
		"db": "cli.error.connect-several", "i-0": "cli.error.connect-several", "app": "cli.error.connect-all-ended", "i-0dd7": "i-0dd7",
		"i-": "cli.error.connect-none", "we": "cli.error.connect-none", "": "cli.error.connect-no-name",
	} {
		i, err := pick(all, word, "default")
		if err != nil {
			i.ID = err.Error()
		}
		if i.ID != want {
			t.Errorf("%q means %s, want %s", word, i.ID, want)
		}
	}
}

// TestIdentity reads private keys in every form that AWS and ssh-keygen write.
func TestIdentity(t *testing.T) {
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	_, edKey, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	block := func(b *pem.Block, err error) []byte {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return pem.EncodeToMemory(b)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(rsaKey)
	public := func(k any) string {
		t.Helper()
		p, err := ssh.NewPublicKey(k)
		if err != nil {
			t.Fatal(err)
		}
		return string(ssh.MarshalAuthorizedKey(p))
	}
	ofRSA, ofEd := public(&rsaKey.PublicKey), public(edKey.Public())
	for _, c := range []struct {
		name, public string
		private      []byte
		mode         os.FileMode
		want         string // of the refusal, "" for none
	}{
		{"PKCS 1", ofRSA, block(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(rsaKey)}, nil), 0o400, ""},
		{"PKCS 8", ofRSA, block(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8}, err), 0o400, ""},
		{"OpenSSH RSA", ofRSA, block(ssh.MarshalPrivateKey(rsaKey, "kim")), 0o600, ""},
		{"OpenSSH Ed25519", ofEd, block(ssh.MarshalPrivateKey(edKey, "kim")), 0o600, ""},
		{"another key", ofRSA, block(ssh.MarshalPrivateKey(edKey, "kim")), 0o600, "does not belong to"},
		{"open to all", ofEd, block(ssh.MarshalPrivateKey(edKey, "kim")), 0o644, "chmod 400"},
		{"passphrase", ofEd, block(ssh.MarshalPrivateKeyWithPassphrase(edKey, "kim", []byte("secret"))), 0o600, "passphrase"},
		{"the public half", ofEd, []byte(ofEd), 0o600, "is a public key"},
		{"no key", ofEd, []byte("hello"), 0o600, "no private key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.want == "chmod 400" && runtime.GOOS == "windows" {
				t.Skip("Windows has no permission bits")
			}
			path := filepath.Join(t.TempDir(), "k.pem")
			if err := os.WriteFile(path, c.private, c.mode); err != nil {
				t.Fatal(err)
			}
			s := newSession(&Program{Environ: []string{"LANG=C"}, Stderr: io.Discard})
			s.flags = s.flagSet(command{flags: connectFlags})
			s.flags.Set("identity", path)
			v := &visit{session: s, user: "root", instance: admin.Instance{ID: "i-1", KeyName: "k", PublicKey: c.public, PublicIP: "198.18.0.1"}}
			key, err := v.readIdentity()
			if err == nil {
				err = v.authenticate(key)
			}
			got := ""
			var f *failure
			if errors.As(err, &f) {
				got = s.sentence(f)
			}
			if err != nil && f == nil || (got == "") != (c.want == "") || !strings.Contains(got, c.want) {
				t.Errorf("%q, %v, want %q", got, err, c.want)
			}
		})
	}
}

// TestEscape types at a shell: Enter ~ . hangs up, and every other key arrives.
func TestEscape(t *testing.T) {
	for _, c := range []struct {
		typed, want string
		hangs       bool
	}{
		{"ls\r", "ls\r", false}, {"~.", "", true}, {"ls\r~.rest", "ls\r", true}, {"a~.b", "a~.b", false}, {"~~x", "~x", false},
		{"\r~x", "\r~x", false}, {"cd ~\r~\r", "cd ~\r~\r", false}, {"\r~~.", "\r~.", false},
	} {
		hung := false
		e := &escape{in: strings.NewReader(c.typed), hangUp: func() { hung = true }, fresh: true}
		if got, err := io.ReadAll(e); string(got) != c.want || err != nil || hung != c.hangs || e.left.Load() != c.hangs {
			t.Errorf("%q: got %q, %v, hung up: %t", c.typed, got, err, hung)
		}
	}
}
