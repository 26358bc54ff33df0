// Package page is a screen of text to scroll through: the help, the glossary, the faults in force.
package page

import (
	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
)

// Page is the screen. Draw is called with the width whenever it is shown, so that it follows the language.
type Page struct {
	env    *screen.Env
	title  string // key of its name
	draw   func(width int) []string
	scroll widget.Scroll
	height int
}

// New makes a page.
func New(env *screen.Env, title string, draw func(width int) []string) *Page {
	return &Page{env: env, title: title, draw: draw}
}

func (p *Page) Init() tea.Cmd { return nil }

func (p *Page) Title() string { return p.env.T(p.title) }

func (p *Page) Typing() bool { return false }

func (p *Page) Help() []screen.Key {
	return []screen.Key{{Press: "↑↓", Does: p.env.T("key.scroll")}, {Press: "esc", Does: p.env.T("key.back")}}
}

func (p *Page) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case screen.Wheel:
		p.scroll.Top = max(0, p.scroll.Top+msg.Lines)
	case tea.KeyPressMsg:
		switch key := screen.Name(msg); key {
		case "esc", "enter", "backspace", "?":
			return p, screen.Close
		default:
			p.scroll.Move(key, p.height)
		}
	}
	return p, nil
}

func (p *Page) View(width, height int) screen.Frame {
	p.height = height
	lines := p.draw(min(width, 84))
	for i, l := range lines {
		lines[i] = p.env.Theme.Fit(l, width)
	}
	return screen.Frame{Lines: p.scroll.Window(lines, height)}
}
