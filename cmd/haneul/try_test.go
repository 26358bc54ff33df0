package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"haneul/cmd/haneul/daemon"
	"haneul/cmd/haneul/tui/screen"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
	"haneul/lessons"
	"haneul/lessons/markdown"
)

// testSession is a session in a home of its own, whose engine ends with the test.
func testSession(t *testing.T, args ...string) *session {
	t.Helper()
	home := freshHome(t)
	var out bytes.Buffer
	s := newSession(&Program{
		Args: args, Environ: append(os.Environ(), "HANEUL_HOME="+home, "LC_ALL=C.UTF-8"), Dir: t.TempDir(),
		Executable: os.Executable, Stdout: &out, Stderr: &out,
	})
	s.flags = s.flagSet(command{})
	s.say("home.title")
	return s
}

// passing is what a slower reader sees differently: the time, the names that are drawn after something fell due by itself, how
// much was left to fall due when the clock was moved, and what machines draw while they boot: ids, public addresses, keys,
// how long it took.
var passing = regexp.MustCompile(`\d{4}-\d\d-\d\d[T ][\d:.+Z]+|\d\d:\d\d:\d\d\.\d+|\b1[6-9]\d{8}(\d{3})?\b` +
	`|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\bAQEB[\w+/=]+|\beyJ[\w+/=]+|happened: \d+` +
	`|\b(i|vol|snap|sg|sgr)-[0-9a-f]{17}\b|\b198\.1[89]\.\d+\.\d+\b|\bASIA[A-Z0-9]{16}\b|after \d+ ?(m?s|milliseconds)\b`)

// TestEveryTry runs every command of every lesson, in both languages, as the reader runs them: each is understood, both
// languages end alike, and a second reader sees what the first saw.
func TestEveryTry(t *testing.T) {
	s := testSession(t)
	for _, slug := range lessonsWith(t, s.course, false) {
		everyTry(t, s, slug)
	}
}

// TestEveryTryOnMachines is TestEveryTry for the lessons that boot instances, on a home of the test's own: what it has on
// Docker has an owner nobody else has, and all of it is gone at the end.
func TestEveryTryOnMachines(t *testing.T) {
	if testing.Short() {
		t.Skip("boots machines")
	}
	s := testSession(t)
	s.Environ = append(s.Environ, "HANEUL_AWS=builtin") // the real CLI takes a second to start, and there are hundreds of calls
	h, err := s.home()
	if err != nil {
		t.Fatal(err)
	}
	r := dockertest.New(t, docker.Options{Owner: h.Owner()}) // sweeps and looks for what is left, after:
	t.Cleanup(func() {
		ctx := context.Background()
		if err := h.Stop(ctx); err != nil && !errors.Is(err, daemon.ErrNotRunning) {
			t.Error(err)
		}
		for quiet, rounds := 0, 0; quiet < 5 && rounds < 100; quiet, rounds = quiet+1, rounds+1 { // what Docker was asked for as the engine left may come up to a second later
			if left, err := r.Left(ctx); err != nil || len(left) > 0 {
				_ = r.SweepAll(ctx)
				quiet = 0
			}
			time.Sleep(200 * time.Millisecond)
		}
	})
	for _, slug := range lessonsWith(t, s.course, true) {
		everyTry(t, s, slug)
	}
}

// lessonsWith are the written lessons whose commands boot instances, or the others.
func lessonsWith(t *testing.T, c *lessons.Course, machines bool) (slugs []string) {
	t.Helper()
	for _, l := range c.Lessons() {
		if l.Planned {
			continue
		}
		text, err := c.Text(l.Slug, lessons.EN)
		if err != nil {
			t.Fatal(err)
		}
		boots := false
		markdown.Walk(text.Doc.Blocks, func(block markdown.Block) {
			try, ok := block.(*markdown.Try)
			boots = boots || ok && strings.Contains(try.Command, "aws ec2 run-instances")
		})
		if boots == machines {
			slugs = append(slugs, l.Slug)
		}
	}
	return slugs
}

// everyTry reads a lesson twice in each language.
func everyTry(t *testing.T, s *session, slug string) {
	k, err := s.kit()
	if err != nil {
		t.Fatal(err)
	}
	t.Run(slug, func(t *testing.T) {
		t.Parallel() // a lesson on long polling waits
		b := newBackend(s, k)
		defer b.close()
		codes := map[lessons.Lang][]int{}
		for _, lang := range lessons.Langs {
			var first string
			for round := range 2 {
				b.forget(screen.Place{Lesson: slug})
				out, ends := readLesson(t, b, slug, lang)
				if out = passing.ReplaceAllString(out, "PASSING"); round == 1 && out != first {
					t.Errorf("%s: the second reader sees something else:\n%s\nfirst:\n%s", lang, out, first)
				}
				first, codes[lang] = out, ends
			}
		}
		if ko, en := codes[lessons.KO], codes[lessons.EN]; len(ko) != len(en) {
			t.Errorf("%d commands in Korean, %d in English", len(ko), len(en))
		} else {
			for i := range ko {
				if ko[i] != en[i] {
					t.Errorf("command %d ends with %d in Korean, %d in English", i+1, ko[i], en[i])
				}
			}
		}
	})
}

// readLesson runs a lesson's commands in order.
func readLesson(t *testing.T, b *backend, slug string, lang lessons.Lang) (all string, codes []int) {
	t.Helper()
	text, err := b.s.course.Text(slug, lang)
	if err != nil {
		t.Fatal(err)
	}
	markdown.Walk(text.Doc.Blocks, func(block markdown.Block) {
		try, ok := block.(*markdown.Try)
		if !ok {
			return
		}
		var out bytes.Buffer
		code, err := b.Try(context.Background(), slug, try.Command, &out)
		if err != nil {
			t.Fatalf("%s: %s\n%v", lang, try.Command, err)
		}
		said := strings.ReplaceAll(out.String(), "haneul: connect to ", "ssh: connect to ") // a closed door is something to see
		for _, bad := range []string{"command not found", "usage: ", "haneul: "} {
			if strings.Contains(said, bad) {
				t.Errorf("%s: %s\n%s", lang, try.Command, out.String())
			}
		}
		all += out.String()
		codes = append(codes, code)
	})
	return all, codes
}

// TestBackendLab does a lab as the app does.
func TestBackendLab(t *testing.T) {
	s := testSession(t)
	k, err := s.kit()
	if err != nil {
		t.Fatal(err)
	}
	b := newBackend(s, k)
	defer b.close()
	ctx, lab := context.Background(), "dead-letters"
	if _, err := b.Exec(ctx, lab, "true", &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "haneul lab start") {
		t.Errorf("a lab that is not started: %v", err)
	}
	if err := b.Start(ctx, lab); err != nil {
		t.Fatal(err)
	}
	info, err := b.Lab(ctx, lab, lessons.KO)
	if err != nil || !info.Started || info.Text == "" || len(info.Checks) == 0 {
		t.Fatalf("%+v, %v", info, err)
	}
	var out bytes.Buffer
	for _, line := range []string{"x=1", "echo $x $HANEUL_CLOUD; pwd", "aws sqs list-queues --output text", "clock"} {
		if code, err := b.Exec(ctx, lab, line, &out); code != 0 || err != nil {
			t.Errorf("%s: %d, %v\n%s", line, code, err, out.String())
		}
	}
	if got := out.String(); !strings.Contains(got, "1 dead-letters\n") || !strings.Contains(got, filepath.Base(info.Workspace)) {
		t.Errorf("%s", got)
	}
	if got := b.Complete(ctx, lab, "aws sqs rec"); len(got) != 1 || got[0] != "receive-message" {
		t.Errorf("completions: %v", got)
	}
	place := screen.Place{Lab: lab}
	if k, err := b.Freeze(ctx, place); err != nil || !k.Frozen {
		t.Errorf("%+v, %v", k, err)
	}
	cmd, err := b.Shell(lab, "aws sqs list-queues --output text")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := cmd.Output(); err != nil {
		t.Errorf("%s, %v", got, err)
	}
	if err := b.Reset(ctx, lab); err != nil {
		t.Fatal(err)
	}
	if k, err := b.Clock(ctx, place); err != nil || k.Frozen {
		t.Errorf("%+v, %v", k, err)
	}
}
