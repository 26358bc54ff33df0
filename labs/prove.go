package labs

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"

	"haneul/engine"
	"haneul/engine/admin"
	"haneul/labs/report"
)

// Prove does a lab as nobody should have to by hand, in an engine and folders of its own: the starter passes no graded
// check, the solution passes all on every seed, each wrong answer fails its check on every seed while all others pass or
// are blocked, checking twice says the same and changes nothing, and reset returns to the start. A lab with instances is
// proved in an engine of k.Private's, with machines; what checking must leave there is instances, volumes, groups and files,
// not the journal. It returns what does not hold, in words for the author; say, if not nil, is told what is being done.
func (k *Kit) Prove(ctx context.Context, slug string, say func(string)) (problems []string, err error) {
	l, err := k.Lab(slug)
	if err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp("", "haneul-prove")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	if tmp, err = filepath.EvalSymlinks(tmp); err != nil {
		return nil, err
	}
	open := privateEngine
	if l.NeedsDocker() && k.Private != nil {
		open = k.Private
	}
	e, leave, err := open()
	if err != nil {
		return nil, err
	}
	defer leave()
	p := &proof{lab: l, say: say, engine: e}
	if say == nil {
		p.say = func(string) {}
	}
	p.kit = *k
	p.kit.Home, p.kit.Data = filepath.Join(tmp, "home"), filepath.Join(tmp, "data")
	p.kit.Engine = func(context.Context) (Engine, error) { return e, nil }
	err = p.all(ctx)
	return p.problems, err
}

// privateEngine is an engine in this process, with clouds in memory only.
func privateEngine() (Engine, func(), error) {
	host, err := engine.Open(engine.HostOptions{Token: PrivateToken})
	if err != nil {
		return Engine{}, nil, err
	}
	return Serve(host)
}

// PrivateToken is the admin token of an engine that only this process talks to.
const PrivateToken = "private"

// Serve serves a host that was opened with [PrivateToken] on a port of its own, until the function it returns is
// called, which closes the host.
func Serve(host *engine.Host) (Engine, func(), error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return Engine{}, nil, errors.Join(err, host.Close())
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- host.Serve(ctx, l) }()
	endpoint := "http://" + l.Addr().String()
	return Engine{Admin: admin.NewClient(endpoint, PrivateToken), Endpoint: endpoint, Token: PrivateToken},
		func() { cancel(); <-served; _ = host.Close() }, nil
}

// proof is a lab under test.
type proof struct {
	lab      *Lab
	kit      Kit
	engine   Engine
	say      func(string)
	problems []string
}

func (p *proof) problem(format string, args ...any) {
	p.problems = append(p.problems, fmt.Sprintf(format, args...))
}

func (p *proof) all(ctx context.Context) error {
	a, err := p.kit.Start(ctx, p.lab.Slug)
	if err != nil {
		return err
	}
	start, err := p.picture(ctx, a)
	if err != nil {
		return err
	}
	steps := []func(context.Context) error{p.starter, p.solution}
	for _, mistake := range p.lab.Mistakes() {
		steps = append(steps, func(ctx context.Context) error { return p.wrong(ctx, mistake) })
	}
	for _, step := range steps {
		if err := step(ctx); err != nil {
			return err
		}
		if a, err = p.kit.Reset(ctx, p.lab.Slug); err != nil {
			return err
		}
		again, err := p.picture(ctx, a)
		if err != nil {
			return err
		}
		if then, now := p.start(start), p.start(again); then != now {
			p.problem("reset does not return to the start:\n%s", difference(then, now))
		}
	}
	return p.kit.Stop(ctx, p.lab.Slug)
}

// starter must not pass anything that gives points, and checking it must change nothing.
func (p *proof) starter(ctx context.Context) error {
	p.say("starter")
	a, err := p.kit.Status(p.lab.Slug)
	if err != nil {
		return err
	}
	before, err := p.picture(ctx, a)
	if err != nil {
		return err
	}
	g, err := p.check(ctx)
	if err != nil {
		return err
	}
	for _, checks := range g.seeds {
		for _, c := range checks {
			if c.Status == report.Pass && c.MaxScore > 0 {
				p.problem("the starter passes %s", c.ID)
			}
			p.told("the starter", c)
		}
	}
	after, err := p.picture(ctx, a)
	if err == nil && !p.lab.NeedsDocker() && after != before {
		p.problem("checking changes what the learner has:\n%s", difference(before.things(), after.things()))
	}
	return err
}

// solution must pass everything on every seed, twice.
func (p *proof) solution(ctx context.Context) error {
	p.say("solution")
	var out strings.Builder
	if err := p.kit.Solve(ctx, p.lab.Slug, &out); err != nil {
		p.problem("%v\n%s", err, out.String())
		return nil
	}
	var verdicts []string
	for range 2 {
		g, err := p.check(ctx)
		if err != nil {
			return err
		}
		for _, checks := range g.seeds {
			for _, c := range checks {
				if c.Status != report.Pass {
					p.problem("the solution does not pass %s on seed %d: %s", c.ID, c.Seed, describe(c))
				}
			}
		}
		verdicts = append(verdicts, summary(g))
	}
	if verdicts[0] != verdicts[1] {
		p.problem("checking the solution twice gives two verdicts: %s, then %s", verdicts[0], verdicts[1])
	}
	return nil
}

// wrong must fail its own check on every seed, and no other.
func (p *proof) wrong(ctx context.Context, mistake string) error {
	p.say("wrong/" + mistake)
	_, a, e, c, err := p.kit.running(ctx, p.lab.Slug)
	if err != nil {
		return err
	}
	var out strings.Builder
	if err := p.kit.apply(ctx, e, p.lab, "wrong/"+mistake, p.kit.Place(e, c, a.Env), a.Dir, &out); err != nil {
		p.problem("%v\n%s", err, out.String())
		return nil
	}
	g, err := p.check(ctx)
	if err != nil {
		return err
	}
	want := p.lab.Wrong[mistake]
	for _, checks := range g.seeds {
		for _, c := range checks {
			switch {
			case c.ID == want && c.Status != report.Fail:
				p.problem("wrong/%s: %s should fail on seed %d: %s", mistake, c.ID, c.Seed, describe(c))
			case c.ID != want && c.Status != report.Pass && c.Status != report.Blocked:
				p.problem("wrong/%s: only %s should fail, but on seed %d: %s", mistake, want, c.Seed, describe(c))
			}
			p.told("wrong/"+mistake, c)
		}
	}
	return nil
}

// told holds a failed check to having a sentence in both languages with all its places filled.
func (p *proof) told(who string, c report.Check) {
	if c.Status != report.Fail {
		return
	}
	for _, lang := range Langs {
		o, ok := p.lab.Text(lang).Outcome(c.ID, c.Outcome)
		if !ok {
			p.problem("%s: %s.md has no heading ## check:%s/%s", who, lang, c.ID, c.Outcome)
			continue
		}
		if left := placeholder.FindString(fill(o.Message+o.Hint, c.Params)); left != "" {
			p.problem("%s: %s.md: check:%s/%s has the place %s, and check.star gives no value for it", who, lang, c.ID, c.Outcome, left)
		}
	}
}

func (p *proof) check(ctx context.Context) (*grading, error) {
	l, a, e, c, err := p.kit.running(ctx, p.lab.Slug)
	if err != nil {
		return nil, err
	}
	if !l.NeedsDocker() {
		return p.kit.grade(ctx, l, e, c, a, nil)
	}
	before, err := p.picture(ctx, a)
	if err != nil {
		return nil, err
	}
	g, err := p.kit.grade(ctx, l, e, c, a, nil)
	if err != nil {
		return nil, err
	}
	p.say(fmt.Sprintf("  checked live in %.1f s", g.result.Duration))
	if g.result.Left != "" {
		p.problem("checking leaves things changed: %s", g.result.Left)
	}
	after, err := p.picture(ctx, a)
	if err == nil && after.things() != before.things() {
		p.problem("checking changes what the learner has:\n%s", difference(before.things(), after.things()))
	}
	return g, err
}

func describe(c report.Check) string {
	s := c.ID + " is " + string(c.Status)
	if c.Outcome != "" {
		s += fmt.Sprintf(" (%s) %v", c.Outcome, c.Params)
	}
	return s
}

func summary(g *grading) string {
	var all []string
	for _, checks := range g.seeds {
		for _, c := range checks {
			all = append(all, describe(c))
		}
	}
	return strings.Join(all, "; ")
}
