package tui

import (
	"haneul/cmd/haneul/tui/screen"
	"haneul/lessons/render"
)

// help lists the keys of the screen it was asked on, then what works everywhere, then the commands.
func (a *App) help(below screen.Screen, width int) []string {
	t := a.env.Theme
	var out []string
	section := func(title string, keys []screen.Key) {
		if len(out) > 0 {
			out = append(out, "")
		}
		out = append(out, t.Accent.And(render.Bold).Paint(title), "")
		for _, k := range keys {
			out = append(out, row(t, a.sign(k.Press), k.Does, 14, width)...)
		}
	}
	key := func(press, does string) screen.Key { return screen.Key{Press: press, Does: a.env.T(does)} }
	section(below.Title(), below.Help())
	section(a.env.T("help.everywhere"), []screen.Key{
		key("L", "key.lang"), key("?", "help.title"), key(":", "key.command"), key("esc", "key.back"), key("↑↓ j k", "key.move"),
		key("space b", "key.page"), key("g G", "key.ends"), key("q", "key.quit-home"),
	})
	section(a.env.T("help.commands"), []screen.Key{
		key(":advance 5m", "help.advance"), key(":freeze", "help.freeze"), key(":resume", "help.resume"),
		key(":fault", "help.fault"), key(":fault error sqs.SendMessage count=3", "help.fault-add"), key(":fault clear", "help.fault-clear"),
		key(":lab", "help.lab"), key(":open dead-letters", "help.open"), key(":glossary", "glossary.title"), key(":lang en", "key.lang"),
		key(":ascii", "help.ascii"), key(":contrast", "help.contrast"), key(":still", "help.still"), key(":mouse", "help.mouse"), key(":q", "key.quit"),
	})
	return out
}

// row sets a term and its explanation; a long term has the line to itself.
func row(t *render.Theme, term, text string, at, width int) []string {
	if width < 40 {
		at = 4
	}
	lines := render.Wrap(text, "", max(8, width-at-2))
	pad := render.Pad("", at+2)
	var out []string
	if render.Width(term) > at {
		out = append(out, t.Fit("  "+t.Accent.Paint(term), width), pad+lines[0])
	} else {
		out = append(out, render.Pad("  "+t.Accent.Paint(term), at+2)+lines[0])
	}
	for _, l := range lines[1:] {
		out = append(out, pad+l)
	}
	return out
}

func (a *App) glossary(width int) []string {
	t := a.env.Theme
	terms, err := a.env.Course.Glossary()
	if err != nil {
		return render.Wrap(a.env.Sentence(err), t.Bad, width)
	}
	var out []string
	for _, term := range terms {
		out = append(out, render.Wrap(term.Term.In(a.env.Lang), t.Accent.And(render.Bold), width)...)
		for _, l := range a.env.Render.Inline(term.Text.In(a.env.Lang), "", width-2) {
			out = append(out, "  "+l)
		}
		out = append(out, "")
	}
	return out
}

func (a *App) faultsPage(width int) []string {
	t := a.env.Theme
	var out []string
	if len(a.clock.faults) == 0 {
		out = render.Wrap(a.env.T("fault.none"), t.Dim, width)
	}
	for _, f := range a.clock.faults {
		out = append(out, row(t, f.ID, describe(f), 12, width)...)
	}
	return append(append(out, ""), render.Wrap(a.env.T("command.fault"), t.Dim, width)...)
}
