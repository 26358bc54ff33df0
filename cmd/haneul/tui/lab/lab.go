// Package lab is the screen where a lab is done: instructions, a console, the resources as they appear, the checks. From 100 cells
// on they stand side by side; in a narrower terminal each is a tab.
package lab

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/engine/admin"
	"haneul/labs/report"
	"haneul/lessons"
	"haneul/lessons/markdown"
)

// Wide is from where on the panes stand side by side; from Broad on in three columns.
const (
	Wide  = 100
	Broad = 150
)

type pane int

const (
	guide pane = iota
	console
	things
	checks
	panes // how many
)

// Lab is the screen.
type Lab struct {
	env  *screen.Env
	lab  *lessons.Lab
	info *screen.LabInfo
	doc  *markdown.Doc
	err  error

	pane    pane
	scrolls [panes]widget.Scroll
	heights [panes]int // as last drawn
	wide    bool

	console    prompt
	find       *widget.Find // in the guide
	findAt     [2]int       // cell of its cursor in the guide, as last drawn
	guideLines []string     // as last drawn
	resources  []admin.Resource
	sights     []*admin.Sight       // the instances among them
	picked     string               // the chosen instance's id
	showPicked bool                 // it is to be brought into view
	spin       widget.Work          // while an instance is on its way to another state
	since      map[string]time.Time // when a resource was first seen, by ARN
	hints      []*markdown.Doc
	hintsLeft  int
	jumpHint   bool // the guide is to show the last hint
	grade      *screen.Grade

	work    widget.Work
	job     *screen.Stream // start, reset, solve or check under way
	jobKind string
	done    int // checks done
	total   int
	known   map[string]report.Status // of the grading under way
	left    pane                     // where the keys were when it began
	trouble string                   // why a start did not come about
	confirm string                   // what y confirms: "reset" or "solve"
	shown   bool                     // on top: then the resources are polled
	polls   int
}

// New opens a lab.
func New(env *screen.Env, slug string) *Lab {
	return &Lab{env: env, lab: env.Course.Lab(slug), since: map[string]time.Time{}, hintsLeft: -1}
}

type (
	loaded struct {
		slug string
		info screen.LabInfo
		err  error
	}
	found struct {
		slug string
		list []admin.Resource
		err  error
	}
	poll struct {
		slug string
		n    int
	}
	hinted struct {
		slug string
		text string
		left int
		err  error
	}
)

func (l *Lab) Init() tea.Cmd {
	l.shown = true
	return l.load()
}

func (l *Lab) Title() string { return l.lab.Title.In(l.env.Lang) }

// Place is the lab's cloud.
func (l *Lab) Place() screen.Place { return screen.Place{Lab: l.lab.Slug} }

// Typing says that the console has the keys.
func (l *Lab) Typing() bool {
	return l.find.Open() || l.pane == console && l.started() && l.confirm == ""
}

func (l *Lab) started() bool { return l.info != nil && l.info.Started }

func (l *Lab) load() tea.Cmd {
	backend, ctx, slug, lang := l.env.Backend, l.env.Context, l.lab.Slug, l.env.Lang
	return func() tea.Msg {
		info, err := backend.Lab(ctx, slug, lang)
		return loaded{slug, info, err}
	}
}

// Busy says that ctrl+c ends something here.
func (l *Lab) Busy() bool { return l.job != nil || l.console.stream != nil }

func (l *Lab) Help() []screen.Key {
	t := l.env.T
	var keys []screen.Key
	key := func(press, does string) { keys = append(keys, screen.Key{Press: press, Does: t(does)}) }
	switch {
	case l.confirm != "":
		key("y", "key.yes")
		key("n", "key.no")
	case l.job != nil:
		key("^C", "key.cancel")
	case l.info == nil:
	case !l.started():
		key("⏎", "key.start")
		key("↑↓", "key.scroll")
	case l.find.Open():
		key("⏎", "key.find")
		key("esc", "key.close")
	case l.Typing() && l.console.edit.Searching():
		key("^R", "key.further")
		key("⏎", "key.run")
		key("esc", "key.close")
	case l.Typing():
		key("^G", "key.pane")
		key("⇥", "key.complete")
		key("^C", "key.cancel")
		keys = append(keys, screen.Key{Press: "check", Does: t("key.check")}, screen.Key{Press: "hint", Does: t("key.hint")})
	case l.pane == things && l.chosen() != nil:
		key("⏎", "key.open")
		key("e", "key.enter")
		key("w", "key.reach")
		key("↑↓", "key.pick")
		key("^G", "key.pane")
		key("c", "key.check")
	default:
		key("^G", "key.pane")
		if l.pane == guide {
			key("/", "key.find")
		}
		key("c", "key.check")
		key("h", "key.hint")
		key("r", "key.reset")
		key("!", "key.shell")
	}
	return keys
}

func (l *Lab) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case loaded:
		return l, l.onLoaded(msg)
	case found:
		return l, l.onFound(msg)
	case poll:
		return l, l.onPoll(msg)
	case hinted:
		return l, l.onHint(msg)
	case shellReady:
		return l, l.onShell(msg)
	case handedBack:
		return l, l.onBack(msg)
	case completed:
		l.onCompleted(msg)
	case screen.Output:
		return l, l.onOutput(msg)
	case screen.Ended:
		return l, l.onEnded(msg)
	case widget.Tick:
		return l, tea.Batch(l.work.On(msg), l.console.work.On(msg), l.spin.On(msg))
	case screen.Relang:
		l.trouble = "" // it was said in the other language
		return l, l.load()
	case screen.Shown:
		l.shown = true
		return l, l.startPolling()
	case screen.ClockMoved:
		return l, l.look()
	case screen.Covered:
		l.shown = false
		l.spin.End()
	case screen.Leave:
		l.shown = false
		l.cancel()
	case screen.Wheel:
		l.wheel(msg.Lines)
	case tea.PasteMsg:
		switch {
		case l.find.Open():
			l.find.Edit.Insert(msg.Content)
		case l.Typing():
			l.console.edit.Insert(msg.Content)
		}
	case tea.KeyPressMsg:
		return l, l.press(msg)
	}
	return l, nil
}

func (l *Lab) cancel() {
	if l.job != nil {
		l.job.Cancel()
	}
	if l.console.stream != nil {
		l.console.stream.Cancel()
	}
}

func (l *Lab) onLoaded(m loaded) tea.Cmd {
	if m.slug != l.lab.Slug {
		return nil
	}
	l.err = m.err
	if m.err != nil {
		return nil
	}
	first := l.info == nil || !l.info.Started
	l.info, l.doc = &m.info, markdown.Parse([]byte(m.info.Text), 1)
	if first && m.info.Started {
		place := l.Place()
		return tea.Batch(l.startPolling(), func() tea.Msg { return screen.ClockMoved{Place: place} })
	}
	return nil
}

func (l *Lab) onHint(m hinted) tea.Cmd {
	if m.slug != l.lab.Slug {
		return nil
	}
	if m.err != nil {
		return screen.Say(l.env.Sentence(m.err), true)
	}
	if strings.TrimSpace(m.text) == "" {
		return screen.Say(l.env.T("lab.no-hint"), false)
	}
	l.hints = append(l.hints, markdown.Parse([]byte(m.text), 1))
	l.hintsLeft, l.jumpHint = m.left, true
	if !l.wide {
		l.pane = guide
	}
	return nil
}
