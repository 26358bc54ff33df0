package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/pflag"

	"haneul/engine/admin"
)

// exitUnreachable is what connect leaves with when there is no connection, or none any more; as ssh does. Any other code
// is that of the command in the instance.
const exitUnreachable = 255

// killed is the exit status of a command that was ended the hard way, as when its instance stops: 128 and SIGKILL.
const killed = 128 + 9

// unreachable is a failure to connect.
func unreachable(key string, pairs ...any) error {
	return &failure{code: exitUnreachable, key: "cli.error." + key, pairs: pairs}
}

func connectFlags(f *pflag.FlagSet) {
	f.StringP("identity", "i", "", "KEY.pem")
	f.String("user", "root", "USER")
	f.StringArray("forward", nil, "LOCAL:REMOTE")
	f.BoolP("no-command", "N", false, "")
	f.BoolP("tty", "t", false, "")
	f.Bool("serial", false, "")
	f.String("from", "", "ADDR")
}

// visit is one use of connect.
type visit struct {
	*session
	cloud    string
	region   string // of the cloud: the one aws uses
	instance admin.Instance
	from     string // whose address the firewall sees
	user     string
	command  []string
	forwards []forward

	mu     sync.Mutex // guards what follows: forwarding finds the engine again when it has left
	client *admin.Client
}

// runConnect opens a shell in an instance, runs a command there, or makes ports of it reachable from this machine.
//
// A login goes the way of ssh: port 22 must be open to the caller's address, and the private key must be the other half of
// the instance's key pair. The commands themselves travel past the network: there is no SSH server in there.
func runConnect(ctx context.Context, s *session) error {
	v, err := newVisit(ctx, s)
	if err != nil {
		return err
	}
	if err := v.begin(ctx); err != nil {
		return err
	}
	if v.only() {
		return v.stay(ctx)
	}
	if err := v.logIn(ctx); err != nil {
		return err
	}
	return v.run(ctx)
}

func newVisit(ctx context.Context, s *session) (*visit, error) {
	v := &visit{session: s, user: s.str("user"), from: s.str("from"), command: s.args[1:]}
	if v.from == "" {
		v.from = admin.Anyone
	}
	if a, err := netip.ParseAddr(v.from); err != nil || !a.Is4() {
		return nil, misuse("bad-flag-value", "flag", "--from", "value", v.from)
	}
	words, _ := s.flags.GetStringArray("forward")
	for _, w := range words {
		f, ok := parseForward(w)
		if !ok {
			return nil, misuse("bad-flag-value", "flag", "--forward", "value", w)
		}
		v.forwards = append(v.forwards, f)
	}
	switch {
	case s.bool("no-command") && len(v.command) > 0:
		return nil, misuse("extra-argument", "argument", v.command[0])
	case s.bool("no-command") && len(v.forwards) == 0:
		return nil, misuse("connect-nothing")
	}
	e, c, err := s.cloud(ctx)
	if err != nil {
		return nil, err
	}
	v.client, v.cloud, v.region = e.Client(), c.Name, c.Region
	all, err := v.client.Instances(ctx, c.Name)
	if err != nil {
		return nil, err
	}
	v.instance, err = pick(all, s.args[0], c.Name)
	return v, err
}

// admin is the engine, as it was last found.
func (v *visit) admin() *admin.Client {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.client
}

// begin refuses an instance that cannot answer, and opens the ports to forward.
func (v *visit) begin(ctx context.Context) error {
	if err := v.answers(v.instance); err != nil {
		return err
	}
	return v.listen(ctx)
}

// only reports whether there is nothing to do but forward: it was asked for, or nobody is there to type.
func (v *visit) only() bool {
	return v.bool("no-command") || len(v.forwards) > 0 && len(v.command) == 0 && !v.atTerminal() && !v.bool("tty")
}

// logIn is let in as ssh would be, or says why not.
func (v *visit) logIn(ctx context.Context) error {
	if homeIn(v.user) == "" {
		return v.denied(v.say("cli.connect.no-user", "user", v.user))
	}
	if v.bool("serial") {
		v.remark("cli.connect.serial", "instance", titled(v.instance))
		return nil
	}
	if err := v.knock(ctx); err != nil {
		return err
	}
	key, err := v.readIdentity()
	if err != nil {
		return err
	}
	return v.authenticate(key)
}

// remark tells a person something; a script is not bothered.
func (v *visit) remark(key string, pairs ...any) {
	if f, ok := v.Stderr.(*os.File); ok && term.IsTerminal(f.Fd()) || len(v.command) == 0 {
		v.hint(key, pairs...)
	}
}

// run runs the command, or a login shell, with this terminal or these pipes.
func (v *visit) run(ctx context.Context) error {
	if len(v.command) == 0 && v.Stdin == nil { // the console on the lab's screen, say
		return unreachable("connect-no-terminal", "instance", v.instance.ID)
	}
	t, err := v.openTerminal()
	if err != nil {
		return err
	}
	status, err := v.exec(ctx, t)
	t.close(err != nil || status == killed)
	switch {
	case t.left():
		status = exitUnreachable
	case err != nil || status == killed:
		if err := v.closed(ctx, err); err != nil {
			return err
		}
	}
	if len(v.command) == 0 && t.on {
		v.hint("cli.connect.closed", "instance", titled(v.instance))
	}
	return code(status)
}

func (v *visit) exec(ctx context.Context, t *terminal) (int, error) {
	spec := admin.ExecSpec{Cmd: []string{"sh", "-l"}, Env: v.environ(t.on), User: v.user, Dir: homeIn(v.user), TTY: t.on, Stdin: v.Stdin != nil}
	spec.Columns, spec.Rows = t.size()
	if len(v.command) > 0 {
		spec.Cmd = []string{"sh", "-c", strings.Join(v.command, " ")} // as sshd hands it to the user's shell
	}
	x, err := v.admin().Exec(ctx, v.cloud, v.instance.ID, spec)
	if err != nil {
		return 0, err
	}
	defer context.AfterFunc(ctx, func() { x.Close() })()
	t.watch(func(columns, rows uint) { _ = x.Resize(columns, rows) }) // a lost connection shows elsewhere
	var in io.Reader
	if v.Stdin != nil {
		in = t.keys(v.Stdin, func() { x.Close() })
	}
	return x.Run(in, v.Stdout, v.Stderr)
}

// environ is what a login sets.
func (v *visit) environ(terminal bool) []string {
	env := []string{"HOME=" + homeIn(v.user), "USER=" + v.user, "LOGNAME=" + v.user, "SHELL=/bin/sh", "LANG=C.UTF-8"}
	if terminal {
		kind := v.getenv("TERM")
		if kind == "" || kind == "dumb" && v.atTerminal() {
			kind = "xterm-256color"
		}
		env = append(env, "TERM="+kind)
	}
	if !v.bool("serial") {
		env = append(env, fmt.Sprintf("SSH_CONNECTION=%s 50022 %s 22", v.from, v.instance.PrivateIP))
	}
	return env
}

// homeIn is a user's home folder in an instance, "" for a user who is not in our image; see engine/compute/guest/rootfs.
func homeIn(user string) string {
	switch user {
	case "root":
		return "/root"
	case "ec2-user":
		return "/home/ec2-user"
	}
	return ""
}

// closed says why a connection ended before its command did; nil if it is the command that ended.
func (v *visit) closed(ctx context.Context, err error) error {
	var refused *admin.Error
	now, lost := v.admin().Instance(ctx, v.cloud, v.instance.ID)
	for range 10 { // a machine that was killed takes a moment to be known as such
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if lost != nil || now.State != "running" {
			break
		}
		time.Sleep(100 * time.Millisecond)
		now, lost = v.admin().Instance(ctx, v.cloud, v.instance.ID)
	}
	switch {
	case lost != nil && !errors.As(lost, &refused):
		return unreachable("connect-cloud-gone", "instance", titled(v.instance))
	case lost != nil:
		return unreachable("connect-gone", "instance", titled(v.instance))
	case now.State != "running":
		return unreachable("connect-ended", "instance", titled(now), "state", now.State, "reason", orDash(now.Reason))
	case err == nil:
		return nil
	}
	return &failure{code: exitUnreachable, key: "cli.error.connect-lost", pairs: []any{"instance", titled(now)}, cause: err}
}
