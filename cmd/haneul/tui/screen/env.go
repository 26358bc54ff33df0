package screen

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"haneul/lessons"
	"haneul/lessons/render"
)

// Env is what all screens share. Only the app changes it, in its own Update; screens read it when they draw.
type Env struct {
	Context  context.Context // ends with the program
	Course   *lessons.Course
	Progress *lessons.Progress
	Backend  Backend
	Lang     lessons.Lang
	Theme    *render.Theme
	Render   *render.Renderer
	Still    bool           // reduced motion: nothing on screen moves by itself
	Zone     *time.Location // of times on screen
	Home     string         // the learner's home folder, shown as ~
}

// T is a word of the interface.
func (e *Env) T(key string, pairs ...any) string { return e.Course.UI(e.Lang).T(key, pairs...) }

// Save records progress outside Update and says so if it could not be kept.
func (e *Env) Save(change func(*lessons.Progress)) tea.Cmd {
	words := e.Course.UI(e.Lang)
	return func() tea.Msg {
		before := e.Progress.Notice()
		change(e.Progress)
		if n := e.Progress.Notice(); n != nil && before == nil {
			return Said{words.T(n.Key, "path", n.Path), true}
		}
		return nil
	}
}

// Path is a file's path as a learner would write it.
func (e *Env) Path(path string) string {
	if rest, ok := strings.CutPrefix(path, e.Home); ok && e.Home != "" && (rest == "" || os.IsPathSeparator(rest[0])) {
		return "~" + rest
	}
	return path
}

// Sentence is an error whose text is for the learner as it is.
type Sentence string

func (s Sentence) Error() string { return string(s) }

// Sentence is an error as something to show.
func (e *Env) Sentence(err error) string {
	var s Sentence
	if errors.As(err, &s) {
		return string(s)
	}
	return e.T("app.error", "error", err.Error())
}
