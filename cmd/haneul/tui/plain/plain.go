// Package plain is the app as text: numbered lines and a prompt, for screen readers, pipes and terminals that cannot draw. It says
// everything the screens show, one thing after another, and needs no TTY.
package plain

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"haneul/cmd/haneul/tui/screen"
	"haneul/lessons"
	"haneul/lessons/render"
)

// errQuit ends the app from anywhere, errBack leaves one menu.
var (
	errQuit = errors.New("quit")
	errBack = errors.New("back")
)

type app struct {
	env   *screen.Env
	lines chan string // closed at the end of the input
	out   io.Writer
}

// Run shows the course until the input ends or q is typed. open is a place to start at, nil for the course map.
func Run(env *screen.Env, in io.Reader, out io.Writer, open any) error {
	a := &app{env, make(chan string), out}
	go a.read(in)
	if n := env.Progress.Notice(); n != nil {
		a.say(a.t(n.Key, "path", n.Path))
	}
	var err error
	switch p := open.(type) {
	case screen.Lesson:
		err = a.lesson(env.Course.Lesson(p.Slug))
	case screen.Lab:
		err = a.lab(env.Course.Lab(p.Slug))
	}
	if err == nil || errors.Is(err, errBack) {
		err = a.home()
	}
	if errors.Is(err, errQuit) || errors.Is(err, errBack) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// read hands over one line at a time, so that the end of the program need not wait for one.
func (a *app) read(in io.Reader) {
	defer close(a.lines)
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		select {
		case a.lines <- lines.Text():
		case <-a.env.Context.Done():
			return
		}
	}
}

func (a *app) t(key string, pairs ...any) string { return a.env.T(key, pairs...) }

func (a *app) say(lines ...string) {
	for _, l := range lines {
		fmt.Fprintln(a.out, l)
	}
}

// ask prints a prompt and reads a line. b and q mean the same everywhere.
func (a *app) ask(prompt string) (string, error) {
	fmt.Fprint(a.out, "\n"+prompt+"\n> ")
	var line string
	select {
	case text, ok := <-a.lines:
		if !ok {
			a.say("")
			return "", io.EOF
		}
		line = strings.TrimSpace(text)
	case <-a.env.Context.Done():
		return "", errQuit
	}
	switch line {
	case "q", "ㅂ", ":q":
		return "", errQuit
	case "b", "ㅠ":
		return "", errBack
	case "L", "ㅣ":
		a.env.Lang = a.env.Lang.Other()
		ui := a.env.Course.UI(a.env.Lang)
		a.env.Render = render.New(a.env.Theme, func(key string) string { return ui.T(key) })
		return "", nil
	}
	return line, nil
}

// choose lists labels and returns the index that was picked.
func (a *app) choose(title, prompt string, labels []string) (int, error) {
	for {
		a.say("", title, "")
		for i, l := range labels {
			a.say(fmt.Sprintf("%3d. %s", i+1, l))
		}
		line, err := a.ask(prompt)
		if err != nil {
			return 0, err
		}
		if n, err := strconv.Atoi(line); err == nil && n >= 1 && n <= len(labels) {
			return n - 1, nil
		}
		if line == "" { // the language changed, or nothing was typed: the caller lists again
			return -1, nil
		}
		a.say(a.t("plain.no-such"))
	}
}

func (a *app) home() error {
	for {
		var labels []string
		var open []func() error
		if l := a.underWay(); l != nil {
			labels = append(labels, a.t("home.continue")+": "+a.t("home.lab")+" "+l.Title.In(a.env.Lang)+a.labState(l))
			open = append(open, func() error { return a.lab(l) })
		}
		for _, m := range a.env.Course.Modules {
			labels, open = append(labels, m.Title.In(a.env.Lang)+a.state(m)), append(open, func() error { return a.module(m) })
		}
		i, err := a.choose(a.env.Course.Title.In(a.env.Lang)+". "+a.t("home.motto"), a.t("plain.choose"), labels)
		if err != nil {
			return err
		}
		if i < 0 {
			continue
		}
		if err := open[i](); err != nil && !errors.Is(err, errBack) {
			return err
		}
	}
}

// underWay is the lab to go on with: started, and not passed yet. It is nil if there is none.
func (a *app) underWay() *lessons.Lab {
	l := a.env.Course.Lab(a.env.Backend.Current(a.env.Context))
	if l == nil || a.env.Progress.Lab(l.Slug).Passed {
		return nil
	}
	return l
}

// state is how much of a module is done, as words.
func (a *app) state(m *lessons.Module) string {
	read, written := 0, 0
	for _, l := range m.Lessons {
		if !l.Planned {
			written++
		}
		if a.env.Progress.Lesson(l.Slug).Read {
			read++
		}
	}
	if written == 0 {
		return " (" + a.t("home.planned") + ")"
	}
	return fmt.Sprintf(" (%s %d/%d)", a.t("home.read"), read, len(m.Lessons))
}

func (a *app) module(m *lessons.Module) error {
	for {
		var labels []string
		var open []func() error
		for _, l := range m.Lessons {
			labels, open = append(labels, l.Title.In(a.env.Lang)+a.lessonState(l)), append(open, func() error { return a.lesson(l) })
			for _, lab := range l.Labs {
				labels = append(labels, a.t("home.lab")+": "+lab.Title.In(a.env.Lang)+a.labState(lab))
				open = append(open, func() error { return a.lab(lab) })
			}
		}
		i, err := a.choose(m.Title.In(a.env.Lang), a.t("plain.choose-back"), labels)
		if err != nil {
			return err
		}
		if i < 0 {
			continue
		}
		if err := open[i](); err != nil && !errors.Is(err, errBack) {
			return err
		}
	}
}

func (a *app) lessonState(l *lessons.Lesson) string {
	switch p := a.env.Progress.Lesson(l.Slug); {
	case l.Planned:
		return " (" + a.t("home.planned") + ")"
	case p.Read:
		return " (" + a.t("home.read") + ")"
	case p.Percent > 0:
		return fmt.Sprintf(" (%d%%)", p.Percent)
	}
	return ""
}

func (a *app) labState(l *lessons.Lab) string {
	switch p := a.env.Progress.Lab(l.Slug); {
	case l.Planned:
		return " (" + a.t("home.planned") + ")"
	case p.Passed:
		return " (" + a.t("check.pass") + ")"
	case p.Max > 0:
		return fmt.Sprintf(" (%d/%d)", p.Score, p.Max)
	}
	return ""
}
