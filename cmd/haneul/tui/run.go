package tui

import (
	"context"
	"errors"
	"io"
	"os"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"

	"haneul/cmd/haneul/tui/plain"
)

// Terminal is where the app runs.
type Terminal struct {
	In      io.Reader
	Out     io.Writer
	Environ []string
}

// Run shows the app until it is left. Without a terminal, with TERM=dumb or with Plain it is a menu of numbered lines instead.
func Run(ctx context.Context, t Terminal, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	app := NewApp(ctx, o)
	if o.Plain || !drawable(t) {
		return plain.Run(app.env, t.In, t.Out, o.Open)
	}
	options := []tea.ProgramOption{tea.WithContext(ctx), tea.WithInput(t.In), tea.WithOutput(t.Out), tea.WithEnvironment(t.Environ)}
	if o.NoColor { // bubbletea would take NO_COLOR=yes for no
		options = append(options, tea.WithColorProfile(colorprofile.ASCII))
	}
	_, err := tea.NewProgram(app, options...).Run()
	if errors.Is(err, tea.ErrInterrupted) || ctx.Err() != nil {
		return nil
	}
	return err
}

// drawable tells whether screens can be drawn: both ends are a terminal that is not dumb.
func drawable(t Terminal) bool {
	in, ok1 := t.In.(*os.File)
	out, ok2 := t.Out.(*os.File)
	if !ok1 || !ok2 || !term.IsTerminal(in.Fd()) || !term.IsTerminal(out.Fd()) {
		return false
	}
	for _, kv := range t.Environ {
		if kv == "TERM=dumb" {
			return false
		}
	}
	return true
}
