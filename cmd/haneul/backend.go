package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"haneul/cmd/haneul/tui/screen"
	"haneul/engine/admin"
	"haneul/labs"
	"haneul/labs/report"
	"haneul/labs/shell"
	"haneul/lessons"
)

// backend is the world behind the screens of the app: the engine, through labs.
type backend struct {
	s   *session
	kit *labs.Kit

	mu     sync.Mutex
	lang   lessons.Lang
	shells map[screen.Place]*openShell
}

// openShell is a shell that lasts as long as the app. One line runs at a time.
type openShell struct {
	mu   sync.Mutex
	lang lessons.Lang // that haneul speaks in it
	*shell.Shell
}

// speak lets haneul in the shell speak the app's language. The caller holds mu.
func (sh *openShell) speak(ctx context.Context, lang lessons.Lang) {
	if sh.lang != lang {
		sh.lang = lang
		sh.Line(ctx, "export HANEUL_LANG="+string(lang), io.Discard, io.Discard)
	}
}

func newBackend(s *session, k *labs.Kit) *backend {
	return &backend{s: s, kit: k, lang: s.lang, shells: map[screen.Place]*openShell{}}
}

// Speak chooses the language of what is said from now on.
func (b *backend) Speak(lang lessons.Lang) {
	b.mu.Lock()
	b.lang = lang
	b.mu.Unlock()
}

// session is the command's, in the language of the moment.
func (b *backend) session() *session {
	b.mu.Lock()
	defer b.mu.Unlock()
	here := *b.s
	here.lang = b.lang
	return &here
}

func (b *backend) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, sh := range b.shells {
		sh.Close()
	}
}

// plainly turns an error into one whose text is for the learner.
func (b *backend) plainly(slug string, err error) error {
	if err == nil {
		return nil
	}
	var f *failure
	var noRuntime *labs.NoRuntimeError
	s := b.session()
	if errors.As(err, &noRuntime) {
		return screen.Sentence(s.say("lab.no-docker"))
	}
	if err = s.labError(slug, err); errors.As(err, &f) {
		return screen.Sentence(s.sentence(f))
	}
	return err
}

// shellAt is the open shell of a place; open makes one if there is none.
func (b *backend) shellAt(p screen.Place, open func() (*shell.Shell, error)) (*openShell, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if sh := b.shells[p]; sh != nil && !sh.Exited() {
		return sh, nil
	}
	sh, err := open()
	if err != nil {
		return nil, err
	}
	b.shells[p] = &openShell{Shell: sh}
	return b.shells[p], nil
}

func (b *backend) forget(p screen.Place) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if sh := b.shells[p]; sh != nil {
		sh.Close()
		delete(b.shells, p)
	}
}

// Try runs a lesson's command in the lesson's own cloud, which is new each time the lesson is opened in the app.
func (b *backend) Try(ctx context.Context, lesson, command string, out io.Writer) (int, error) {
	sh, err := b.shellAt(screen.Place{Lesson: lesson}, func() (*shell.Shell, error) { return b.lessonShell(ctx, lesson) })
	if err != nil {
		return 0, b.plainly(lesson, err)
	}
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.speak(ctx, b.session().lang)
	return sh.Line(ctx, command, out, out), nil
}

// lessonSeed makes every learner's lesson cloud give the same ids.
const lessonSeed = 1

func lessonCloud(lesson string) string { return "lesson." + lesson }

func (b *backend) lessonShell(ctx context.Context, lesson string) (*shell.Shell, error) {
	e, err := b.kit.Engine(ctx)
	if err != nil {
		return nil, err
	}
	name := lessonCloud(lesson)
	var refused *admin.Error
	if err := e.Admin.Delete(ctx, name); err != nil && !(errors.As(err, &refused) && refused.Code == "NoSuchCloud") {
		return nil, err
	}
	c, err := e.Admin.Create(ctx, admin.CloudSpec{Name: name, Seed: lessonSeed, Memory: true})
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(b.s.paths.data, "lessons", lesson)
	if err := errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o700)); err != nil {
		return nil, err
	}
	return b.kit.Shell(e, b.kit.Place(e, c, nil), "", dir, true)
}

func (b *backend) Lab(_ context.Context, slug string, lang lessons.Lang) (screen.LabInfo, error) {
	l, err := b.kit.Lab(slug)
	if err != nil {
		return screen.LabInfo{}, err
	}
	a, err := b.kit.Status(slug)
	if err != nil {
		return screen.LabInfo{}, b.plainly(slug, err)
	}
	info := screen.LabInfo{
		Title: l.Title.In(labs.Lang(lang)), Minutes: l.Minutes, Docker: l.NeedsDocker(), Live: l.NeedsDocker(),
		Text: l.Text(labs.Lang(lang)).Instructions, Started: a.Active,
		Words: l.Sentences(labs.Lang(lang), b.s.course.UI(lang).T),
	}
	if a.Active {
		info.Workspace = a.Dir
	}
	for _, c := range l.Checks {
		info.Checks = append(info.Checks, screen.LabCheck{ID: c.ID, Title: c.Title.In(labs.Lang(lang)), Points: c.Points})
	}
	return info, nil
}

// Current is a lab that is not passed yet, if there is one.
func (b *backend) Current(context.Context) string { return orWord(b.kit.Unfinished(), b.kit.Current()) }

func (b *backend) Start(ctx context.Context, slug string) error {
	_, err := b.kit.Start(ctx, slug)
	return b.plainly(slug, err)
}

func (b *backend) Reset(ctx context.Context, slug string) error {
	b.forget(screen.Place{Lab: slug})
	_, err := b.kit.Reset(ctx, slug)
	return b.plainly(slug, err)
}

func (b *backend) Solve(ctx context.Context, slug string, out io.Writer) error {
	return b.plainly(slug, b.kit.Solve(ctx, slug, out))
}

func (b *backend) Hint(_ context.Context, slug string, lang lessons.Lang) (string, int, error) {
	text, left, err := b.kit.Hint(slug, labs.Lang(lang))
	return text, left, b.plainly(slug, err)
}

func (b *backend) Check(ctx context.Context, slug string, step func(report.Step)) (screen.Grade, error) {
	l, err := b.kit.Lab(slug)
	if err != nil {
		return screen.Grade{}, err
	}
	r, err := b.kit.Check(ctx, slug, step)
	var left *labs.LeftError
	switch {
	case errors.As(err, &left):
		return screen.Grade{}, screen.Sentence(b.session().say("check.left", "detail", left.Left))
	case err != nil:
		return screen.Grade{}, b.plainly(slug, err)
	}
	g := screen.Grade{Result: r, Words: map[lessons.Lang]report.Sentences{}}
	for _, lang := range lessons.Langs {
		g.Words[lang] = l.Sentences(labs.Lang(lang), b.s.course.UI(lang).T)
	}
	return g, nil
}

func (b *backend) labShell(ctx context.Context, slug string) (*openShell, error) {
	return b.shellAt(screen.Place{Lab: slug}, func() (*shell.Shell, error) { return b.kit.Open(ctx, slug) })
}

func (b *backend) Exec(ctx context.Context, slug, line string, out io.Writer) (int, error) {
	sh, err := b.labShell(ctx, slug)
	if err != nil {
		return 0, b.plainly(slug, err)
	}
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.speak(ctx, b.session().lang)
	return sh.Line(ctx, line, out, out), nil
}

// Shell is the learner's own shell, or a line in it, in the lab's folder and with its environment. A line finds the folder and
// the variables that the lines before it in the lab's console have left.
func (b *backend) Shell(slug, line string) (*exec.Cmd, error) {
	if line == "" {
		return b.ourselves(slug, "shell"), nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	here := b.session()
	here.cloudChoice = slug
	place, err := here.place(ctx)
	if err != nil {
		return nil, b.plainly(slug, err)
	}
	environ, err := here.withShim(place)
	if err != nil {
		return nil, err
	}
	program, flag := orWord(b.s.getenv("SHELL"), "/bin/sh"), "-c"
	if runtime.GOOS == "windows" {
		program, flag = orWord(b.s.getenv("ComSpec"), "cmd.exe"), "/c"
	}
	cmd := b.command(slug, append(environ, "HANEUL_LANG="+string(here.lang)), program, flag, line)
	b.mu.Lock()
	sh := b.shells[screen.Place{Lab: slug}]
	b.mu.Unlock()
	if sh != nil {
		sh.mu.Lock()
		defer sh.mu.Unlock()
		cmd.Dir = sh.Dir()
		cmd.Env = append(shellOnly(sh.Vars(), environ), cmd.Env...)
	}
	return cmd, nil
}

// shellOnly are the variables that an environment does not have.
func shellOnly(vars, environ []string) []string {
	has := map[string]bool{}
	for _, kv := range environ {
		name, _, _ := strings.Cut(kv, "=")
		has[name] = true
	}
	return slices.DeleteFunc(vars, func(kv string) bool {
		name, _, _ := strings.Cut(kv, "=")
		return has[name]
	})
}

// Connect logs in to an instance, as a person would with haneul connect in the lab's folder.
func (b *backend) Connect(slug, instance string) (*exec.Cmd, error) {
	return b.ourselves(slug, "connect", instance), nil
}

// ourselves is a command of this program's own in a lab.
func (b *backend) ourselves(slug string, args ...string) *exec.Cmd {
	return b.command(slug, b.s.Environ, b.kit.Executable, append([]string{"--cloud", slug, "--lang", string(b.session().lang)}, args...)...)
}

func (b *backend) command(slug string, environ []string, program string, args ...string) *exec.Cmd {
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Env = b.s.workspace(slug), environ
	return cmd
}

// cloudOf is the cloud of a place on screen.
func (b *backend) cloudOf(ctx context.Context, p screen.Place) (*admin.Client, string, error) {
	e, err := b.kit.Engine(ctx)
	if err != nil {
		return nil, "", b.plainly(p.Lab, err)
	}
	if p.Lesson != "" {
		return e.Admin, lessonCloud(p.Lesson), nil
	}
	a, err := b.kit.Status(p.Lab)
	if err == nil && !a.Active {
		err = labs.ErrNotStarted
	}
	return e.Admin, a.Cloud, b.plainly(p.Lab, err)
}

func at[T any](ctx context.Context, b *backend, p screen.Place, do func(*admin.Client, string) (T, error)) (v T, err error) {
	c, name, err := b.cloudOf(ctx, p)
	if err != nil {
		return v, err
	}
	return do(c, name)
}

func (b *backend) Resources(ctx context.Context, p screen.Place) ([]admin.Resource, error) {
	return at(ctx, b, p, func(c *admin.Client, name string) ([]admin.Resource, error) { return c.Resources(ctx, name) })
}

func (b *backend) Output(ctx context.Context, p screen.Place, instance string) (string, error) {
	return at(ctx, b, p, func(c *admin.Client, name string) (string, error) { return c.Console(ctx, name, instance) })
}

func (b *backend) Clock(ctx context.Context, p screen.Place) (admin.Clock, error) {
	return at(ctx, b, p, func(c *admin.Client, name string) (admin.Clock, error) { return c.Clock(ctx, name) })
}

func (b *backend) Advance(ctx context.Context, p screen.Place, d time.Duration) (admin.Clock, error) {
	return at(ctx, b, p, func(c *admin.Client, name string) (admin.Clock, error) { return c.Advance(ctx, name, d) })
}

func (b *backend) Freeze(ctx context.Context, p screen.Place) (admin.Clock, error) {
	return at(ctx, b, p, func(c *admin.Client, name string) (admin.Clock, error) { return c.Freeze(ctx, name) })
}

func (b *backend) Resume(ctx context.Context, p screen.Place) (admin.Clock, error) {
	return at(ctx, b, p, func(c *admin.Client, name string) (admin.Clock, error) { return c.Resume(ctx, name) })
}

func (b *backend) Faults(ctx context.Context, p screen.Place) ([]admin.Fault, error) {
	return at(ctx, b, p, func(c *admin.Client, name string) ([]admin.Fault, error) { return c.Faults(ctx, name) })
}

func (b *backend) AddFault(ctx context.Context, p screen.Place, f admin.Fault) (admin.Fault, error) {
	return at(ctx, b, p, func(c *admin.Client, name string) (admin.Fault, error) { return c.AddFault(ctx, name, f) })
}

func (b *backend) ClearFaults(ctx context.Context, p screen.Place, id string) error {
	_, err := at(ctx, b, p, func(c *admin.Client, name string) (struct{}, error) { return struct{}{}, c.ClearFaults(ctx, name, id) })
	return err
}

// Complete lists what the last word of a line could become: commands, services and operations of aws, its options, files.
func (b *backend) Complete(_ context.Context, slug, line string) []string {
	all := completions(line, b.s.workspace(slug))
	slices.Sort(all)
	return slices.Compact(all)
}

var _ screen.Backend = (*backend)(nil)
