package tui

import (
	"haneul/cmd/haneul/tui/home"
	"haneul/cmd/haneul/tui/instance"
	"haneul/cmd/haneul/tui/lab"
	"haneul/cmd/haneul/tui/lesson"
	"haneul/cmd/haneul/tui/page"
	"haneul/cmd/haneul/tui/result"
	"haneul/cmd/haneul/tui/screen"
)

// screenFor is the screen that shows a place; nil if there is no such lesson or lab.
func (a *App) screenFor(place any) screen.Screen {
	switch p := place.(type) {
	case screen.Home:
		return home.New(a.env)
	case screen.Lesson:
		if l := a.env.Course.Lesson(p.Slug); l != nil && !l.Planned {
			return lesson.New(a.env, p.Slug, p.Heading)
		}
	case screen.Lab:
		if l := a.env.Course.Lab(p.Slug); l != nil && !l.Planned {
			return lab.New(a.env, p.Slug)
		}
	case screen.Instance:
		return instance.New(a.env, p)
	case screen.Result:
		return result.New(a.env, p.Grade)
	case screen.Page:
		switch p.Kind {
		case screen.GlossaryPage:
			return page.New(a.env, "glossary.title", a.glossary)
		case screen.FaultsPage:
			return page.New(a.env, "fault.title", a.faultsPage)
		default:
			below := a.top()
			return page.New(a.env, "help.title", func(width int) []string { return a.help(below, width) })
		}
	}
	return nil
}

// shows tells whether a lab is the screen on top already.
func (a *App) shows(place any) bool {
	p, ok := place.(screen.Lab)
	l, same := a.top().(*lab.Lab)
	return ok && same && l.Place().Lab == p.Slug
}

// replaces tells whether a new screen takes the place of the one on top.
func (a *App) replaces(s screen.Screen) bool {
	switch s.(type) {
	case *lesson.Lesson:
		_, same := a.top().(*lesson.Lesson)
		return same
	case *result.Result:
		_, same := a.top().(*result.Result)
		return same
	}
	return false
}
