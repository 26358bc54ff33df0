package tui

import (
	"context"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/page"
	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/lessons"
	"haneul/lessons/render"
)

// Options is what the app is made of, and how it looks.
type Options struct {
	Course   *lessons.Course
	Progress *lessons.Progress
	Backend  screen.Backend
	Lang     lessons.Lang
	Open     any  // a place to start at above home, e.g. screen.Lab{Slug: "fifo"}; nil for home
	NoColor  bool // NO_COLOR is set to anything
	ASCII    bool // no signs that a terminal may draw two cells wide
	Contrast bool // high contrast
	Still    bool // reduced motion
	Plain    bool // linear text, also without a terminal
	Zone     *time.Location
}

// App is the bubbletea model.
type App struct {
	env    *screen.Env
	look   look
	stack  []screen.Screen
	width  int
	height int
	said   screen.Said
	line   *widget.Editor // the `:` line, while it is open
	clock  clock
	alive  map[screen.Place]bool // clouds something was done in
	start  any
}

// look is what the theme follows from.
type look struct{ noColor, ascii, contrast, light, mouse bool }

// NewApp makes the model. ctx ends with the program.
func NewApp(ctx context.Context, o Options) *App {
	a := &App{
		look:  look{noColor: o.NoColor, ascii: o.ASCII || o.Progress.Setting("ascii") == "on", contrast: o.Contrast || o.Progress.Setting("contrast") == "on"},
		start: o.Open,
		alive: map[screen.Place]bool{},
	}
	a.look.mouse = o.Progress.Setting("mouse") == "on"
	zone := o.Zone
	if zone == nil {
		zone = time.Local
	}
	a.env = &screen.Env{
		Context: ctx, Course: o.Course, Progress: o.Progress, Backend: o.Backend, Lang: o.Lang, Zone: zone,
		Still: o.Still || o.Progress.Setting("still") == "on",
	}
	a.env.Home, _ = os.UserHomeDir() // without one, paths stay as they are
	a.dress()
	a.stack = []screen.Screen{a.screenFor(screen.Home{})}
	return a
}

// dress makes the theme and the renderer anew, after the look or the language changed.
func (a *App) dress() {
	t := render.Dark()
	switch {
	case a.look.noColor:
		t = render.Mono()
	case a.look.contrast:
		t = render.Contrast()
	case a.look.light:
		t = render.Light()
	}
	if a.look.ascii {
		t.Glyphs = render.ASCII
	}
	a.env.Theme = t
	ui := a.env.Course.UI(a.env.Lang)
	a.env.Render = render.New(t, func(key string) string { return ui.T(key) })
}

func (a *App) Init() tea.Cmd {
	cmds := []tea.Cmd{a.top().Init()}
	if !a.look.noColor && !a.look.contrast {
		cmds = append(cmds, tea.RequestBackgroundColor)
	}
	if n := a.env.Progress.Notice(); n != nil {
		cmds = append(cmds, screen.Say(a.env.T(n.Key, "path", n.Path), true))
	}
	if a.start != nil {
		cmds = append(cmds, screen.Open(a.start))
	}
	return tea.Batch(cmds...)
}

func (a *App) top() screen.Screen { return a.stack[len(a.stack)-1] }

func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		a.width, a.height = msg.Width, msg.Height
		return a, nil
	case tea.BackgroundColorMsg:
		if light := !msg.IsDark(); light != a.look.light {
			a.look.light = light
			a.dress()
		}
		return a, nil
	case tea.KeyPressMsg:
		return a, a.press(msg)
	case tea.MouseWheelMsg:
		switch msg.Button {
		case tea.MouseWheelUp:
			return a, a.toTop(screen.Wheel{Lines: -wheel})
		case tea.MouseWheelDown:
			return a, a.toTop(screen.Wheel{Lines: wheel})
		}
		return a, nil
	case tea.PasteMsg:
		if a.line != nil {
			a.line.Insert(msg.Content)
			return a, nil
		}
		return a, a.toTop(msg)
	case screen.Push:
		return a, a.push(msg.To)
	case screen.Pop:
		return a, a.pop()
	case screen.Said:
		a.said = msg
		return a, nil
	case screen.Command:
		return a, a.command(msg.Line)
	case clockRead:
		a.onClock(msg)
		return a, nil
	case screen.ClockMoved:
		a.alive[msg.Place] = true
		return a, tea.Batch(a.readClock(msg.Place), a.toAll(msg))
	}
	return a, a.toAll(msg)
}

// wheel is how many lines a notch of the mouse's wheel scrolls.
const wheel = 3

// toTop hands a message to the screen that is shown.
func (a *App) toTop(msg tea.Msg) tea.Cmd {
	i := len(a.stack) - 1
	s, cmd := a.stack[i].Update(msg)
	a.stack[i] = s
	return cmd
}

// toAll hands a message to every screen: what a command brings back may be for one that is covered.
func (a *App) toAll(msg tea.Msg) tea.Cmd {
	var cmds []tea.Cmd
	for i := range a.stack {
		s, cmd := a.stack[i].Update(msg)
		a.stack[i] = s
		cmds = append(cmds, cmd)
	}
	return tea.Batch(cmds...)
}

func (a *App) press(k tea.KeyPressMsg) tea.Cmd {
	if a.line != nil {
		return a.pressLine(k)
	}
	a.said = screen.Said{}
	key := screen.Name(k)
	if key == "ctrl+c" {
		if b, ok := a.top().(interface{ Busy() bool }); a.top().Typing() || ok && b.Busy() {
			return a.toTop(k)
		}
		return a.quit()
	}
	if a.top().Typing() {
		return a.toTop(k)
	}
	switch key {
	case "L":
		return a.speak(a.env.Lang.Other())
	case "?":
		if _, ok := a.top().(*page.Page); !ok {
			return a.push(screen.Page{Kind: screen.HelpPage})
		}
	case ":":
		a.line = &widget.Editor{}
		return nil
	case "q":
		if len(a.stack) == 1 {
			return a.quit()
		}
		return a.pop()
	}
	return a.toTop(k)
}

// quit lets every screen tidy up, waits for what they save, and leaves.
func (a *App) quit() tea.Cmd {
	return tea.Sequence(a.toAll(screen.Leave{}), tea.Quit)
}

// push opens a place. A lesson that leads to the next one is replaced by it, so that the way back stays short.
func (a *App) push(to any) tea.Cmd {
	s := a.screenFor(to)
	if s == nil || a.shows(to) {
		return nil
	}
	a.said = screen.Said{}
	var leave tea.Cmd
	if a.replaces(s) {
		leave = a.toTop(screen.Leave{})
		a.stack = a.stack[:len(a.stack)-1]
	} else {
		leave = a.toTop(screen.Covered{})
	}
	a.stack = append(a.stack, s)
	return tea.Batch(leave, s.Init(), a.readClockOfTop())
}

func (a *App) pop() tea.Cmd {
	if len(a.stack) == 1 {
		return nil
	}
	leave := a.toTop(screen.Leave{})
	a.stack = a.stack[:len(a.stack)-1]
	return tea.Batch(leave, a.toTop(screen.Shown{}), a.readClockOfTop())
}

// speak switches the language everywhere, at once, and remembers it.
func (a *App) speak(lang lessons.Lang) tea.Cmd {
	a.env.Lang = lang
	a.env.Backend.Speak(lang)
	a.dress()
	return tea.Batch(a.toAll(screen.Relang{}), a.env.Save(func(p *lessons.Progress) { p.SetSetting("lang", string(lang)) }))
}
