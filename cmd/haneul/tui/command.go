package tui

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
	"haneul/engine/admin"
	"haneul/lessons"
)

// pressLine handles a key while the `:` line is open.
func (a *App) pressLine(k tea.KeyPressMsg) tea.Cmd {
	switch k.String() {
	case "esc", "ctrl+c":
		a.line = nil
	case "backspace":
		if a.line.Text() == "" {
			a.line = nil
			return nil
		}
		a.line.Press(k)
	case "enter":
		text := a.line.Text()
		a.line = nil
		return a.command(text)
	default:
		a.line.Press(k)
	}
	return nil
}

// command runs a line typed after a colon.
func (a *App) command(text string) tea.Cmd {
	words := strings.Fields(text)
	if len(words) == 0 {
		return nil
	}
	name, args := words[0], words[1:]
	if name == "clock" && len(args) > 0 { // as in a shell
		name, args = args[0], args[1:]
	}
	switch name {
	case "q", "quit", "exit":
		return a.quit()
	case "home":
		return a.goHome()
	case "lang":
		lang := a.env.Lang.Other()
		if len(args) > 0 {
			lang = lessons.Lang(args[0])
		}
		if lang != lessons.KO && lang != lessons.EN {
			return a.refuse("command.lang")
		}
		return a.speak(lang)
	case "help":
		return a.push(screen.Page{Kind: screen.HelpPage})
	case "glossary":
		return a.push(screen.Page{Kind: screen.GlossaryPage})
	case "open":
		return a.openSlug(args)
	case "lab":
		return a.openLab(args)
	case "ascii", "contrast", "still", "mouse":
		return a.toggle(name)
	case "advance", "freeze", "resume", "fault":
		return a.cloudCommand(name, args)
	}
	return screen.Say(a.env.T("command.unknown", "name", name), true)
}

func (a *App) refuse(key string) tea.Cmd { return screen.Say(a.env.T(key), true) }

func (a *App) goHome() tea.Cmd {
	var cmds []tea.Cmd
	for len(a.stack) > 1 {
		cmds = append(cmds, a.pop())
	}
	return tea.Batch(cmds...)
}

// openSlug opens a lesson or a lab by its slug; a lab wins where both have it.
func (a *App) openSlug(args []string) tea.Cmd {
	if len(args) == 1 {
		if l := a.env.Course.Lab(args[0]); l != nil && !l.Planned {
			return a.push(screen.Lab{Slug: args[0]})
		}
		if l := a.env.Course.Lesson(args[0]); l != nil && !l.Planned {
			return a.push(screen.Lesson{Slug: args[0]})
		}
	}
	return a.refuse("command.open")
}

// openLab opens a lab by its slug, or the one that is under way.
func (a *App) openLab(args []string) tea.Cmd {
	if len(args) > 0 {
		return a.openSlug(args)
	}
	backend, ctx, none := a.env.Backend, a.env.Context, a.env.T("command.no-lab")
	return func() tea.Msg {
		if slug := backend.Current(ctx); slug != "" {
			return screen.Push{To: screen.Lab{Slug: slug}}
		}
		return screen.Said{Text: none, Bad: true}
	}
}

// toggle switches one side of the look and remembers it.
func (a *App) toggle(name string) tea.Cmd {
	on := map[string]*bool{"ascii": &a.look.ascii, "contrast": &a.look.contrast, "still": &a.env.Still, "mouse": &a.look.mouse}[name]
	*on = !*on
	a.dress()
	value := map[bool]string{true: "on", false: "off"}[*on]
	return tea.Batch(a.env.Save(func(p *lessons.Progress) { p.SetSetting(name, value) }), screen.Say(a.env.T("command."+name+"-"+value), false))
}

// cloudCommand is one that acts on the cloud of the screen.
func (a *App) cloudCommand(name string, args []string) tea.Cmd {
	place, ok := a.place()
	if !ok {
		return a.refuse("command.no-cloud")
	}
	b := a.env.Backend
	switch name {
	case "advance":
		if len(args) != 1 {
			return a.refuse("command.advance")
		}
		d, err := admin.ParseDuration(args[0])
		if err != nil || d <= 0 {
			return a.refuse("command.advance")
		}
		span := a.span(d)
		return a.act(place, func(ctx context.Context, w *lessons.UI) (string, error) {
			c, err := b.Advance(ctx, place, d)
			return w.T("clock.advanced", "span", span, "n", c.Steps), err
		})
	case "freeze":
		return a.act(place, func(ctx context.Context, w *lessons.UI) (string, error) {
			_, err := b.Freeze(ctx, place)
			return w.T("clock.froze"), err
		})
	case "resume":
		return a.act(place, func(ctx context.Context, w *lessons.UI) (string, error) {
			_, err := b.Resume(ctx, place)
			return w.T("clock.resumed"), err
		})
	}
	return a.fault(place, args)
}

// act does something to a cloud outside Update, says how it went, and has the clock read again.
func (a *App) act(p screen.Place, f func(context.Context, *lessons.UI) (string, error)) tea.Cmd {
	parent, words := a.env.Context, a.env.Course.UI(a.env.Lang)
	return tea.Sequence(func() tea.Msg {
		ctx, cancel := context.WithTimeout(parent, 30*time.Second)
		defer cancel()
		said, err := f(ctx, words)
		if err != nil {
			return screen.Said{Text: words.T("app.error", "error", err.Error()), Bad: true}
		}
		return screen.Said{Text: said}
	}, func() tea.Msg { return screen.ClockMoved{Place: p} })
}

// fault handles :fault, :fault clear [ID] and :fault KIND [SERVICE[.OPERATION]] [key=value …].
func (a *App) fault(p screen.Place, args []string) tea.Cmd {
	b := a.env.Backend
	if len(args) == 0 || args[0] == "list" {
		return tea.Sequence(func() tea.Msg { return screen.ClockMoved{Place: p} }, screen.Open(screen.Page{Kind: screen.FaultsPage}))
	}
	if args[0] == "clear" {
		id := ""
		if len(args) > 1 {
			id = args[1]
		}
		return a.act(p, func(ctx context.Context, w *lessons.UI) (string, error) {
			return w.T("fault.cleared"), b.ClearFaults(ctx, p, id)
		})
	}
	f, err := parseFault(args)
	if err != nil {
		return screen.Say(a.env.T("command.fault"), true)
	}
	return a.act(p, func(ctx context.Context, w *lessons.UI) (string, error) {
		added, err := b.AddFault(ctx, p, f)
		return w.T("fault.added", "fault", describe(added)), err
	})
}

// parseFault reads `error sqs.SendMessage code=InternalError count=3`, `latency sqs ms=2000 rate=0.5`, `duplicate`.
func parseFault(args []string) (f admin.Fault, err error) {
	switch f.Kind = args[0]; f.Kind {
	case "error", "latency", "throttle", "duplicate", "reorder", "kill", "interrupt", "outage":
	default:
		return f, fmt.Errorf("no fault %q", f.Kind)
	}
	for _, arg := range args[1:] {
		key, value, isPair := strings.Cut(arg, "=")
		switch {
		case !isPair && f.Kind == "outage":
			f.Zone = arg
			continue
		case !isPair && (f.Kind == "kill" || f.Kind == "interrupt"):
			f.ARN = arg
			continue
		case !isPair:
			f.Service, f.Operation, _ = strings.Cut(arg, ".")
			continue
		}
		switch key {
		case "code":
			f.Code = value
		case "arn":
			f.ARN = value
		case "zone":
			f.Zone = value
		case "count":
			f.Count, err = strconv.ParseInt(value, 10, 64)
		case "rate":
			f.Rate, err = strconv.ParseFloat(value, 64)
		case "for":
			var d time.Duration
			d, err = admin.ParseDuration(value)
			f.LatencyMS = d.Milliseconds()
		default:
			err = fmt.Errorf("no setting %q", key)
		}
		if err != nil {
			return f, err
		}
	}
	return f, nil
}

// describe is a fault in the words it is typed with.
func describe(f admin.Fault) string {
	s := f.Kind
	if f.Service != "" {
		s += " " + f.Service
		if f.Operation != "" {
			s += "." + f.Operation
		}
	}
	if f.ARN != "" {
		s += " arn=" + f.ARN
	}
	if f.Zone != "" {
		s += " zone=" + f.Zone
	}
	if f.Code != "" {
		s += " code=" + f.Code
	}
	if f.LatencyMS > 0 {
		s += " for=" + (time.Duration(f.LatencyMS) * time.Millisecond).String()
	}
	if f.Count > 0 {
		s += fmt.Sprintf(" count=%d", f.Count)
	}
	if f.Rate > 0 {
		s += fmt.Sprintf(" rate=%g", f.Rate)
	}
	return s
}
