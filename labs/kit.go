package labs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"haneul/engine"
	"haneul/engine/admin"
	"haneul/engine/awscli"
	"haneul/labs/shell"
)

// Engine is the running engine.
type Engine struct {
	Admin    *admin.Client
	Endpoint string
	Token    string
}

// Kit is what labs are done with: the content, the learner's folders and the engine. Its methods may be used by
// several goroutines and processes at once, for different labs.
type Kit struct {
	Content    fs.FS
	ContentDir string // the folder of Content if it is not the embedded one: the grader's process reads it anew
	Home       string // workspaces, one folder a lab
	Data       string // attempts, and our own AWS files
	Course     string // its name, for results
	Version    string
	Engine     func(context.Context) (Engine, error)
	Executable string                         // haneul itself, for the shim and the grader's process
	Grader     []string                       // starts the grader's process; nil: Executable __grade
	GradeTime  time.Duration                  // how long a grading may take; 0 for a minute, or three with instances
	Environ    []string                       // the learner's own environment
	Private    func() (Engine, func(), error) // an engine with machines for Prove, and its end; nil for none
	Haneul     shell.Command                  // the haneul command inside a lab's shell: clock, check and hint are short for its commands
}

// Labs reads every lab of the content.
func (k *Kit) Labs() (all []*Lab, err error) {
	slugs, err := Slugs(k.Content)
	if err != nil {
		return nil, err
	}
	for _, s := range slugs {
		l, err := Load(k.Content, s)
		if err != nil {
			return nil, err
		}
		all = append(all, l)
	}
	return all, nil
}

// Lab reads one lab.
func (k *Kit) Lab(slug string) (*Lab, error) { return Load(k.Content, slug) }

// Place is how commands reach a cloud.
func (k *Kit) Place(e Engine, c admin.Cloud, vars map[string]string) shell.Place {
	return shell.Place{
		Cloud: c.Name, Endpoint: e.Endpoint, AccessKeyID: c.AccessKeyID, SecretAccessKey: c.SecretAccessKey,
		Region: c.Region, Dir: filepath.Join(k.Data, "aws"), Vars: vars,
	}
}

// AWS is the `aws` of a place: the learner's own CLI, or the built-in one if there is none or it is wanted first.
func (k *Kit) AWS(p shell.Place, builtinFirst bool) shell.AWS {
	env := shell.Environ(k.Environ, p)
	return shell.AWS{
		Place: p, Builtin: BuiltinAWS, BuiltinFirst: builtinFirst,
		Real: func(ctx context.Context) string { return shell.CachedReal(ctx, env) },
	}
}

// lasting is an aws that finds the engine anew for every call: one in the background may have left in the meantime.
func (k *Kit) lasting(a shell.AWS) shell.Command {
	return func(ctx context.Context, c shell.Call) int {
		// Commands of a pipe run side by side: each has an a of its own.
		a := a
		if e, err := k.Engine(ctx); err == nil { // else the call says that nobody answers
			a.Place.Endpoint, a.Issued = e.Endpoint, Issued(e.Admin, a.Place.Cloud)
		}
		return a.Run(ctx, c)
	}
}

// Issued asks a cloud whether an access key is one of its own. A key is none where nobody answers.
func Issued(c *admin.Client, cloud string) func(context.Context, string) bool {
	return func(ctx context.Context, id string) bool {
		ok, err := c.Issued(ctx, cloud, id)
		return ok && err == nil
	}
}

// BuiltinAWS is the built-in `aws`, in the environment it is called with.
func BuiltinAWS(ctx context.Context, c shell.Call) int {
	env := func(name string) string { return shell.Lookup(c.Env, name) }
	return awscli.Run(ctx, awscli.Env{
		Endpoint: env("AWS_ENDPOINT_URL"), AccessKeyID: env("AWS_ACCESS_KEY_ID"), SecretAccessKey: env("AWS_SECRET_ACCESS_KEY"),
		SessionToken: env("AWS_SESSION_TOKEN"), Output: env("AWS_DEFAULT_OUTPUT"),
		Region: env("AWS_REGION"), Dir: c.Dir, Home: env("HOME"), Getenv: env,
		Stdin: c.Stdin, Stdout: c.Stdout, Stderr: c.Stderr, Services: services, Client: direct,
	}, c.Args[1:])
}

// services is the table of operations, made once.
var services = sync.OnceValue(engine.Services)

// direct is one client for all built-in aws commands of this process, so that they share connections. It knows no proxy.
var direct = &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 16}}

// Shell opens a shell at a place. slug is the lab it belongs to, "" for none.
func (k *Kit) Shell(e Engine, p shell.Place, slug, dir string, builtinFirst bool) (*shell.Shell, error) {
	if _, err := shell.WriteShim(p, k.Executable); err != nil {
		return nil, err
	}
	commands := map[string]shell.Command{
		"aws":   k.lasting(k.AWS(p, builtinFirst)),
		"sleep": sleepOn(e, p.Cloud),
	}
	if k.Haneul != nil {
		commands["haneul"] = k.Haneul
		short := map[string][]string{"clock": {"clock"}, "connect": {"connect"}}
		if slug != "" {
			short["check"], short["hint"] = []string{"check", slug}, []string{"lab", "hint", slug}
		}
		for name, words := range short {
			commands[name] = func(ctx context.Context, c shell.Call) int {
				c.Args = slices.Concat([]string{"haneul"}, words, c.Args[1:])
				return k.Haneul(ctx, c)
			}
		}
	}
	return shell.New(shell.Config{Dir: dir, Env: shell.Environ(k.Environ, p), Commands: commands, Stdout: io.Discard, Stderr: io.Discard})
}

// sleepOn is the `sleep` command on a cloud's clock.
func sleepOn(e Engine, cloud string) shell.Command {
	return shell.Sleep(func(ctx context.Context, d time.Duration) error { return e.Admin.Sleep(ctx, cloud, d) })
}

// writeFileAtomic replaces a file such that a crash leaves the old or the new one.
func writeFileAtomic(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path))
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return os.Rename(tmp.Name(), path)
}

// rebase moves a lab's variables to where the engine listens now: they may hold queue URLs of an engine on another port.
func rebase(vars map[string]string, from, to string) map[string]string {
	moved := make(map[string]string, len(vars))
	for k, v := range vars {
		if from != "" {
			v = strings.ReplaceAll(v, from, to)
		}
		moved[k] = v
	}
	return moved
}
