// Package screen is what every screen of the app is, and what it may use: a screen takes messages, draws itself into a size it
// is given, and names its keys. It asks for another screen by a message with a place; it never imports one. It does no input or
// output in Update: that happens in a command, which answers with a message.
package screen

import (
	tea "charm.land/bubbletea/v2"
)

// Screen is one page of the app.
type Screen interface {
	Init() tea.Cmd
	Update(msg tea.Msg) (Screen, tea.Cmd)
	// View draws into width × height cells: at most height lines, none wider than width.
	View(width, height int) Frame
	// Title is the screen's part of the breadcrumbs.
	Title() string
	// Help lists the keys that do something now, the most useful first.
	Help() []Key
	// Typing says that letters are text now, so that the app leaves them to the screen.
	Typing() bool
}

// Frame is a drawn screen.
type Frame struct {
	Lines []string
	// The cursor's cell, if Cursor is set. It is the terminal's real cursor, so that a syllable being composed by an input
	// method appears in the right place.
	Cursor bool
	X, Y   int
}

// Key is a line of help: what to press, what it does.
type Key struct{ Press, Does string }

// Clouded is a screen that shows a cloud: its clock stands in the header, and `:` commands for clock and faults apply to it.
type Clouded interface{ Place() Place }

// Place says whose cloud is meant. One of the two is set.
type Place struct{ Lesson, Lab string }

// Where screens can lead.
type (
	Home   struct{}
	Lesson struct{ Slug, Heading string }
	Lab    struct{ Slug string }
	Result struct{ Grade Grade }
	// Instance is an instance of a lab's cloud. Enter logs in to it at once.
	Instance struct {
		Lab, ID string
		Tab     InstanceTab
		Enter   bool
	}
	Page struct{ Kind PageKind }
)

// PageKind names a page of text.
type PageKind int

const (
	HelpPage PageKind = iota
	GlossaryPage
	FaultsPage
)

// InstanceTab is a part of an instance's screen.
type InstanceTab int

const (
	OutputTab InstanceTab = iota
	ReachTab
)

// Messages between screens and the app.
type (
	// Push opens a place on top of this screen.
	Push struct{ To any }
	// Pop closes this screen.
	Pop struct{}
	// Shown tells a screen that it is on top again.
	Shown struct{}
	// Said shows a sentence in the bottom line until the next key.
	Said struct {
		Text string
		Bad  bool
	}
	// Relang tells every screen that the language changed.
	Relang struct{}
	// ClockMoved tells that a cloud's clock was changed, or that its time should be read again.
	ClockMoved struct{ Place Place }
	// Covered tells a screen that another one is on top of it: what runs goes on.
	Covered struct{}
	// Wheel is the mouse's wheel: lines to scroll, upwards if negative.
	Wheel struct{ Lines int }
	// Leave asks a screen to tidy up before it is closed: cancel what runs, record the position.
	Leave struct{}
)

// Open is the command that pushes a place.
func Open(to any) tea.Cmd { return func() tea.Msg { return Push{to} } }

// Close is the command that pops this screen.
func Close() tea.Msg { return Pop{} }

// Say is the command that shows a sentence.
func Say(text string, bad bool) tea.Cmd { return func() tea.Msg { return Said{text, bad} } }

// Command asks the app to run a line as if it had been typed after a colon.
type Command struct{ Line string }
