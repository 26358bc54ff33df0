// Package home is the course map: modules with their progress, and the lessons and labs of the one that is chosen. In a wide
// terminal both lists stand side by side, in a narrow one the second opens over the first.
package home

import (
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/lessons"
)

// Wide is from where on both lists are shown.
const Wide = 100

// Home is the screen.
type Home struct {
	env    *screen.Env
	rows   []row        // what to go on with first, then the modules
	lab    *lessons.Lab // under way and not passed yet, nil if there is none
	module int          // index of rows
	inside bool         // the second list has the keys
	item   int          // in it
	find   *widget.Editor
	found  int
	list   widget.Scroll
	side   widget.Scroll
}

// row is a module, or the offer to go on where one left off: in a lab, or with a lesson.
type row struct {
	module *lessons.Module
	lab    *lessons.Lab
	next   *lessons.Lesson
}

// item is a lesson or a lab.
type item struct {
	lesson *lessons.Lesson
	lab    *lessons.Lab
}

// New opens the map at what to go on with.
func New(env *screen.Env) *Home {
	h := &Home{env: env}
	h.rows = h.entries()
	return h
}

func (h *Home) entries() (rows []row) {
	if h.lab != nil {
		rows = append(rows, row{lab: h.lab})
	}
	if next := Next(h.env); next != nil {
		rows = append(rows, row{next: next})
	}
	for _, m := range h.env.Course.Modules {
		rows = append(rows, row{module: m})
	}
	return rows
}

// Next is the lesson to go on with: of those begun and not read yet, the one last opened; without any, the first not read.
func Next(env *screen.Env) *lessons.Lesson {
	var first, last *lessons.Lesson
	var opened time.Time
	for _, l := range env.Course.Lessons() {
		p := env.Progress.Lesson(l.Slug)
		if l.Planned || p.Read {
			continue
		}
		if p.Percent > 0 && (last == nil || p.At.After(opened)) {
			last, opened = l, p.At
		}
		if first == nil {
			first = l
		}
	}
	if last != nil {
		return last
	}
	return first
}

func (h *Home) Init() tea.Cmd { return h.reread }

func (h *Home) Title() string { return h.env.T("home.title") }

func (h *Home) Typing() bool { return h.find != nil }

func (h *Home) Help() []screen.Key {
	t := h.env.T
	switch {
	case h.find != nil:
		return []screen.Key{{Press: "↑↓", Does: t("key.move")}, {Press: "⏎", Does: t("key.open")}, {Press: "esc", Does: t("key.close")}}
	case h.inside:
		return []screen.Key{{Press: "↑↓", Does: t("key.move")}, {Press: "⏎", Does: t("key.open")}, {Press: "←", Does: t("key.modules")}, {Press: "/", Does: t("key.find")}}
	}
	return []screen.Key{{Press: "↑↓", Does: t("key.move")}, {Press: "⏎", Does: t("key.open")}, {Press: "/", Does: t("key.find")}, {Press: ":", Does: t("key.command")}}
}

func (h *Home) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case screen.Shown:
		return h, h.reread
	case reread:
		h.refresh(msg.lab)
	case tea.PasteMsg:
		if h.find != nil {
			h.find.Insert(msg.Content)
		}
	case tea.KeyPressMsg:
		if h.find != nil {
			return h, h.search(msg)
		}
		return h, h.press(screen.Name(msg))
	}
	return h, nil
}

// reread is what may have changed while the map was not in view.
type reread struct{ lab string }

// reread takes in what was done meanwhile, also in another terminal: a check that was recorded, a lab that was started.
func (h *Home) reread() tea.Msg {
	h.env.Progress.Refresh()
	return reread{h.env.Backend.Current(h.env.Context)}
}

// refresh brings the offers up to date and stays at the same row; on an offer, at the first.
func (h *Home) refresh(lab string) {
	at := h.rows[h.module].module
	if h.lab = h.env.Course.Lab(lab); h.lab != nil && h.env.Progress.Lab(lab).Passed {
		h.lab = nil
	}
	h.rows = h.entries()
	h.module = max(0, slices.IndexFunc(h.rows, func(r row) bool { return at != nil && r.module == at }))
}

func (h *Home) press(key string) tea.Cmd {
	switch key {
	case "/":
		h.find, h.found = &widget.Editor{}, 0
	case "up", "down":
		h.move(key)
	case "home", "g":
		h.jump(0)
	case "end", "G":
		h.jump(1 << 30)
	case "left", "esc", "h":
		if h.inside {
			h.inside = false
			return nil
		}
	case "right", "tab":
		if len(h.items()) > 0 {
			h.inside = true
		}
	case "enter", " ":
		switch r := h.rows[h.module]; {
		case r.lab != nil:
			return h.open(item{lab: r.lab})
		case r.next != nil:
			return h.open(item{lesson: r.next})
		}
		if !h.inside {
			h.inside, h.item = true, 0
			return nil
		}
		return h.open(h.items()[h.item])
	}
	return nil
}

func (h *Home) move(key string) {
	step := 1
	if key == "up" {
		step = -1
	}
	if h.inside {
		h.item = clamp(h.item+step, len(h.items()))
		return
	}
	h.jump(h.module + step)
}

func (h *Home) jump(to int) {
	if h.inside {
		h.item = clamp(to, len(h.items()))
		return
	}
	h.module, h.item = clamp(to, len(h.rows)), 0
	h.side.Top = 0
}

func clamp(i, n int) int { return max(0, min(i, n-1)) }

// open goes to a lesson or lab, or says that it is not written yet.
func (h *Home) open(i item) tea.Cmd {
	switch {
	case i.lab != nil && i.lab.Planned, i.lab == nil && i.lesson.Planned:
		return screen.Say(h.env.T("home.planned-long"), false)
	case i.lab != nil:
		return screen.Open(screen.Lab{Slug: i.lab.Slug})
	}
	return screen.Open(screen.Lesson{Slug: i.lesson.Slug})
}

// items lists what the chosen module holds: each lesson, then its labs.
func (h *Home) items() []item {
	r := h.rows[h.module]
	if r.module == nil {
		return nil
	}
	return itemsOf(r.module.Lessons)
}

func itemsOf(list []*lessons.Lesson) []item {
	var out []item
	for _, l := range list {
		out = append(out, item{lesson: l})
		for _, lab := range l.Labs {
			out = append(out, item{l, lab})
		}
	}
	return out
}

// search handles a key of the find line: it filters all lessons and labs by title.
func (h *Home) search(k tea.KeyPressMsg) tea.Cmd {
	matches := h.matches()
	switch k.String() {
	case "esc", "ctrl+c":
		h.find = nil
	case "up":
		h.found = clamp(h.found-1, len(matches))
	case "down":
		h.found = clamp(h.found+1, len(matches))
	case "enter":
		if len(matches) == 0 {
			return nil
		}
		h.find = nil
		return h.open(matches[h.found])
	default:
		h.find.Press(k)
		h.found = 0
	}
	return nil
}

// matches lists the lessons and labs whose title in either language, or slug, holds what was typed.
func (h *Home) matches() []item {
	want := strings.ToLower(strings.TrimSpace(h.find.Text()))
	var out []item
	for _, i := range itemsOf(h.env.Course.Lessons()) {
		title, slug := i.lesson.Title, i.lesson.Slug
		if i.lab != nil {
			title, slug = i.lab.Title, i.lab.Slug
		}
		if strings.Contains(strings.ToLower(title.KO+"\n"+title.EN+"\n"+slug), want) {
			out = append(out, i)
		}
	}
	return out
}
