// Package instance is the screen of one instance of a lab: what it is, what it has printed, and who may talk to it.
package instance

import (
	"context"
	"errors"
	"os/exec"
	"time"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/reach"
	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/engine/admin"
)

// Instance is the screen.
type Instance struct {
	env   *screen.Env
	where screen.Instance

	sight  *admin.Sight   // nil until it was seen
	all    []*admin.Sight // of the lab
	gone   bool           // it was looked for and is not there
	output string
	lines  int // of the output, as last drawn
	err    error

	tab     screen.InstanceTab
	scrolls [2]widget.Scroll
	heights [2]int
	free    bool // the output was scrolled back: it no longer follows its end
	notice  string

	work  widget.Work // while it is on its way to another state
	shown bool        // on top: then it is looked at again and again
	looks int
	enter bool // log in as soon as the screen is there
}

// New opens an instance's screen.
func New(env *screen.Env, where screen.Instance) *Instance {
	return &Instance{env: env, where: where, tab: where.Tab, enter: where.Enter}
}

// interval is how often the instance is looked at.
const interval = time.Second

type (
	seen struct {
		where  screen.Instance
		list   []admin.Resource
		err    error
		output string
		silent bool // there is no machine that could have printed something
	}
	again struct {
		where screen.Instance
		n     int
	}
	ready struct {
		where screen.Instance
		cmd   *exec.Cmd
		err   error
	}
	back struct {
		where     screen.Instance
		err       error
		complaint string
	}
)

func (i *Instance) Init() tea.Cmd {
	i.shown = true
	cmd := i.watch()
	if i.enter {
		i.enter = false
		return tea.Batch(cmd, i.connect())
	}
	return cmd
}

func (i *Instance) Title() string {
	if i.sight != nil {
		return reach.Name(i.sight)
	}
	return i.where.ID
}

// Place is the lab's cloud.
func (i *Instance) Place() screen.Place { return screen.Place{Lab: i.where.Lab} }

func (i *Instance) Typing() bool { return false }

func (i *Instance) Help() []screen.Key {
	t := i.env.T
	keys := []screen.Key{{Press: "tab", Does: t("key.pane")}, {Press: "↑↓", Does: t("key.scroll")}}
	if i.sight != nil && i.sight.State == "running" {
		keys = append([]screen.Key{{Press: "e", Does: t("key.enter")}}, keys...)
	}
	if i.free {
		keys = append(keys, screen.Key{Press: "G", Does: t("key.follow")})
	}
	return keys
}

func (i *Instance) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case seen:
		return i, i.onSeen(msg)
	case again:
		if msg.where == i.where && msg.n == i.looks && i.shown {
			return i, tea.Batch(i.look(), i.next())
		}
	case ready:
		return i, i.onReady(msg)
	case back:
		return i, i.onBack(msg)
	case widget.Tick:
		return i, i.work.On(msg)
	case screen.Shown:
		i.shown = true
		return i, i.watch()
	case screen.Leave, screen.Covered:
		i.shown = false
		i.work.End()
	case screen.Wheel:
		i.scroll(func(s *widget.Scroll) { s.Top = max(0, s.Top+msg.Lines) })
	case tea.KeyPressMsg:
		return i, i.press(msg)
	}
	return i, nil
}

func (i *Instance) press(k tea.KeyPressMsg) tea.Cmd {
	i.notice = ""
	switch key := screen.Name(k); key {
	case "esc", "backspace":
		return screen.Close
	case "tab", "right", "left", "shift+tab", "ctrl+g":
		i.tab = 1 - i.tab
	case "1", "o":
		i.tab = screen.OutputTab
	case "2", "w":
		i.tab = screen.ReachTab
	case "e", "enter":
		return i.connect()
	default:
		i.scroll(func(s *widget.Scroll) { s.Move(key, i.heights[i.tab]) })
	}
	return nil
}

// scroll moves the part in view. The output follows its end until it is scrolled back, and again from when the end is reached.
func (i *Instance) scroll(move func(*widget.Scroll)) {
	s := &i.scrolls[i.tab]
	before := s.Top
	move(s)
	if i.tab == screen.OutputTab {
		i.free = s.Top < before || i.free && s.Top+i.heights[i.tab] < i.lines
	}
}

// watch looks at once, and then again and again as long as the screen is shown.
func (i *Instance) watch() tea.Cmd {
	i.looks++
	return tea.Batch(i.look(), i.next())
}

func (i *Instance) next() tea.Cmd {
	m := again{i.where, i.looks}
	return tea.Tick(interval, func(time.Time) tea.Msg { return m })
}

func (i *Instance) look() tea.Cmd {
	backend, ctx, place, where := i.env.Backend, i.env.Context, i.Place(), i.where
	return func() tea.Msg {
		ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
		defer cancel()
		m := seen{where: where}
		if m.list, m.err = backend.Resources(ctx, place); m.err != nil {
			return m
		}
		var err error
		m.output, err = backend.Output(ctx, place, where.ID)
		m.silent = err != nil
		return m
	}
}

// onSeen keeps the old picture when the engine did not answer, and the last words of an instance whose machine is gone.
func (i *Instance) onSeen(m seen) tea.Cmd {
	if m.where != i.where {
		return nil
	}
	if i.err = m.err; m.err != nil {
		return nil
	}
	i.all, i.gone = screen.Sights(m.list), true
	for _, s := range i.all {
		if s.ID == i.where.ID {
			i.sight, i.gone = s, false
		}
	}
	if !m.silent {
		i.output = m.output
	}
	switch moving := i.sight != nil && !i.gone && screen.Moving(i.sight); {
	case moving && !i.work.Busy():
		return i.work.Begin("", time.Now())
	case !moving:
		i.work.End()
	}
	return nil
}

// connect logs in, in the terminal's place.
func (i *Instance) connect() tea.Cmd {
	if i.sight != nil && i.sight.State != "running" {
		return screen.Say(i.env.T("instance.not-running"), true)
	}
	backend, where := i.env.Backend, i.where
	return func() tea.Msg {
		cmd, err := backend.Connect(where.Lab, where.ID)
		return ready{where, cmd, err}
	}
}

func (i *Instance) onReady(m ready) tea.Cmd {
	switch {
	case m.where != i.where:
		return nil
	case m.err != nil:
		return screen.Say(i.env.Sentence(m.err), true)
	}
	return screen.HandOver(m.cmd, false, func(err error, complaint string) tea.Msg { return back{m.where, err, complaint} })
}

// unreachable is what haneul connect leaves with when it did not get in, or was cut off.
const unreachable = 255

// onBack says why a login did not come about; how the learner's own last command there ended is not our business.
func (i *Instance) onBack(m back) tea.Cmd {
	if m.where != i.where {
		return nil
	}
	var exit *exec.ExitError
	switch {
	case m.err == nil:
	case !errors.As(m.err, &exit):
		i.notice = i.env.Sentence(m.err)
	case exit.ExitCode() == unreachable || exit.ExitCode() < 3 && m.complaint != "":
		i.notice = m.complaint
	}
	place := i.Place()
	return tea.Batch(i.look(), func() tea.Msg { return screen.ClockMoved{Place: place} })
}
