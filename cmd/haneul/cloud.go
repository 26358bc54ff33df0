package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"
	"github.com/spf13/pflag"

	"haneul/cmd/haneul/daemon"
	"haneul/engine"
	"haneul/engine/admin"
)

func cloudCommands() []command {
	return []command{
		{name: "cloud", flags: cloudFlags, run: runCloud},
		{name: "cloud status", flags: jsonFlag, run: cloudStatus},
		{name: "cloud stop", run: cloudStop},
		{name: "cloud logs", flags: func(f *pflag.FlagSet) { f.BoolP("follow", "f", false, "") }, run: cloudLogs},
		{name: "cloud reset", flags: yesFlag, run: cloudReset},
		{name: "cloud coverage", flags: jsonFlag, run: cloudCoverage},
	}
}

func cloudFlags(f *pflag.FlagSet) {
	f.String("listen", "", "ADDR")
	f.String("data", "", "DIR")
	f.Bool("memory", false, "")
	f.String("auth", "strict", "strict|off")
	f.String("account", "", "ID")
	f.String("sync", "second", "second|always")
	f.Bool(daemon.BackgroundFlag, false, "")
	_ = f.MarkHidden(daemon.BackgroundFlag)
}

// runCloud is the engine itself, in the foreground until Ctrl-C.
func runCloud(ctx context.Context, s *session) error {
	o := daemon.ServeOptions{
		Listen: s.str("listen"), Dir: s.paths.clouds(), Account: s.str("account"),
		AuthOff: s.str("auth") == "off", SyncAlways: s.str("sync") == "always", Background: s.bool(daemon.BackgroundFlag),
	}
	switch {
	case s.bool("memory") && s.given("data"):
		return misuse("memory-and-data")
	case s.bool("memory"):
		o.Dir = ""
	case s.given("data"):
		o.Dir = s.resolve(s.str("data"))
	}
	if v := s.str("auth"); v != "strict" && v != "off" {
		return misuse("bad-flag-value", "flag", "--auth", "value", v)
	}
	if v := s.str("sync"); v != "second" && v != "always" {
		return misuse("bad-flag-value", "flag", "--sync", "value", v)
	}
	h, err := s.home()
	if err != nil {
		return err
	}
	if !o.Background {
		o.Ready = s.announceCloud
	}
	return s.engineError(h.Serve(ctx, o))
}

// announceCloud says what a client needs to know.
func (s *session) announceCloud(h *engine.Host, endpoint string, moved bool) {
	c := h.Default()
	key := c.RootKey()
	s.hintSetAside(h.SetAside())
	if moved {
		s.hint("cli.cloud.moved", "port", daemon.DefaultPort)
	}
	if asked := s.str("account"); asked != "" && asked != c.Account() {
		s.hint("cli.cloud.account-kept", "account", c.Account())
	}
	fmt.Fprintf(s.Stdout, "endpoint           %s\naccount            %s\nregion             %s\naccess key id      %s\nsecret access key  %s\n\n",
		endpoint, c.Account(), c.Region(), key.AccessKeyID, key.Secret)
	s.tell("cli.cloud.running")
}

// statusReport is what cloud status answers.
type statusReport struct {
	admin.Status
	Account         string `json:"account"`
	AccessKeyID     string `json:"access_key_id"`
	SecretAccessKey string `json:"secret_access_key"`
	Region          string `json:"region"`
	Cloud           string `json:"cloud"`
	Background      bool   `json:"background"`
	Log             string `json:"log"`
}

func cloudStatus(ctx context.Context, s *session) error {
	e, err := s.running(ctx)
	if err != nil {
		return err
	}
	status, err := e.Client().Status(ctx)
	if err != nil {
		return err
	}
	c, err := s.cloudIn(ctx, e)
	if err != nil {
		return err
	}
	r := statusReport{status, c.Account, c.AccessKeyID, c.SecretAccessKey, c.Region, c.Name, e.Background, s.paths.engineLog()}
	return s.report(r, func() {
		s.rows([][2]string{
			{s.label("endpoint"), r.Endpoint}, {s.label("process"), fmt.Sprint(r.PID)}, {s.label("auth"), r.Auth}, {s.label("data"), orDash(r.Data)}, {s.label("log"), r.Log}, {"", ""},
			{s.label("cloud"), r.Cloud}, {s.label("account"), r.Account}, {s.label("region"), r.Region}, {s.label("access-key-id"), r.AccessKeyID},
			{s.label("secret-access-key"), r.SecretAccessKey}, {s.label("clock"), c.Now.Local().Format(time.DateTime) + frozen(s, c.Frozen)},
		})
		for _, other := range r.Clouds {
			if other.Name != c.Name {
				fmt.Fprintf(s.Stdout, "\n%s\n", s.say("cli.cloud.others"))
				break
			}
		}
		for _, other := range r.Clouds {
			if other.Name != c.Name {
				fmt.Fprintf(s.Stdout, "  %s  %s\n", other.Name, other.Account)
			}
		}
	})
}

func frozen(s *session, is bool) string {
	if is {
		return " (" + s.say("cli.clock.frozen") + ")"
	}
	return ""
}

func orDash(v string) string {
	if v == "" {
		return "-"
	}
	return v
}

// label names a row of rows.
func (s *session) label(name string) string { return s.say("cli.row." + name) }

// rows prints labels and values in two columns; an empty label is an empty line.
func (s *session) rows(rows [][2]string) {
	width := 0
	for _, r := range rows {
		width = max(width, ansi.StringWidth(r[0]))
	}
	for _, r := range rows {
		if r[0] == "" {
			fmt.Fprintln(s.Stdout)
			continue
		}
		fmt.Fprintf(s.Stdout, "%s%s  %s\n", r[0], strings.Repeat(" ", width-ansi.StringWidth(r[0])), r[1])
	}
}

func cloudStop(ctx context.Context, s *session) error {
	h, err := s.home()
	if err != nil {
		return err
	}
	if err := h.Stop(ctx); err != nil {
		return s.engineError(err)
	}
	s.tell("cli.cloud.stopped")
	return nil
}

func cloudReset(ctx context.Context, s *session) error {
	e, c, err := s.cloud(ctx)
	if err != nil {
		return err
	}
	if s.interactive() { // a script means what it says
		if err := s.confirm("cli.cloud.confirm-reset", "name", c.Name); err != nil {
			return err
		}
	}
	if err := e.Client().Reset(ctx, c.Name); err != nil {
		return err
	}
	s.tell("cli.cloud.reset", "name", c.Name)
	return nil
}

// cloudLogs prints the engine's log, and with --follow what is added to it.
func cloudLogs(ctx context.Context, s *session) error {
	f, err := os.Open(s.paths.engineLog())
	if os.IsNotExist(err) {
		return fail("no-log", "path", s.paths.engineLog())
	}
	if err != nil {
		return err
	}
	defer f.Close()
	for {
		if _, err := io.Copy(s.Stdout, f); err != nil || !s.bool("follow") {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(200 * time.Millisecond):
		}
		s.rewind(f)
	}
}

// rewind goes back to the start of a log that was cut.
func (s *session) rewind(f *os.File) {
	at, err := f.Seek(0, io.SeekCurrent)
	info, serr := f.Stat()
	if err == nil && serr == nil && info.Size() < at {
		_, _ = f.Seek(0, io.SeekStart)
	}
}

// cloudCoverage needs no engine: what is emulated is a matter of the program.
func cloudCoverage(_ context.Context, s *session) error {
	services := engine.Coverage()
	return s.report(services, func() {
		for _, v := range services {
			fmt.Fprintf(s.Stdout, "%s (%s)\n", v.Title, v.Service)
			for _, op := range v.Operations {
				fmt.Fprintf(s.Stdout, "  %s\n", op.Name)
				for _, p := range op.Parameters {
					fmt.Fprintf(s.Stdout, "    %s\n", p)
				}
			}
			if len(v.Missing) > 0 {
				fmt.Fprintf(s.Stdout, "  %s\n", s.say("cli.coverage.missing"))
				for _, m := range v.Missing {
					fmt.Fprintf(s.Stdout, "    %s\n", m)
				}
			}
			fmt.Fprintln(s.Stdout)
		}
	})
}
