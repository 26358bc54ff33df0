package screen

import (
	"context"
	"io"
	"os/exec"
	"time"

	"haneul/engine/admin"
	"haneul/labs/report"
	"haneul/lessons"
)

// Backend is the world behind the screens: the engine and the labs. Every method may take long and is called outside Update.
type Backend interface {
	// Speak chooses the language of errors from now on. It does not wait.
	Speak(lang lessons.Lang)

	// Try runs the command of a try fence in the lesson's own cloud. Output is written as it appears; code is the exit code.
	Try(ctx context.Context, lesson, command string, out io.Writer) (code int, err error)

	// Lab reads a lab's texts and where it stands; it starts nothing.
	Lab(ctx context.Context, slug string, lang lessons.Lang) (LabInfo, error)
	// Current is the lab that was started or carried on with last and not stopped, rather one that is not passed yet; "" if there
	// is none.
	Current(ctx context.Context) string
	Start(ctx context.Context, slug string) error
	Reset(ctx context.Context, slug string) error
	// Solve puts the sample solution into the workspace and applies it.
	Solve(ctx context.Context, slug string, out io.Writer) error
	// Hint gives the next hint; text is markdown, left is how many remain after it.
	Hint(ctx context.Context, slug string, lang lessons.Lang) (text string, left int, err error)
	// Check grades. step is called as checks are done.
	Check(ctx context.Context, slug string, step func(report.Step)) (Grade, error)

	// Exec runs a line in the lab's shell, whose variables and folder last from line to line.
	Exec(ctx context.Context, slug, line string, out io.Writer) (code int, err error)
	// Complete lists what the last word of a line could become.
	Complete(ctx context.Context, slug, line string) []string
	// Shell prepares the learner's own shell, or a line in it, with the lab's environment, to be given the terminal.
	Shell(slug, line string) (*exec.Cmd, error)

	Resources(ctx context.Context, p Place) ([]admin.Resource, error)
	// Output is what an instance has printed so far.
	Output(ctx context.Context, p Place, instance string) (string, error)
	// Connect prepares a login to an instance of a lab, to be given the terminal.
	Connect(slug, instance string) (*exec.Cmd, error)
	Clock(ctx context.Context, p Place) (admin.Clock, error)
	Advance(ctx context.Context, p Place, d time.Duration) (admin.Clock, error)
	Freeze(ctx context.Context, p Place) (admin.Clock, error)
	Resume(ctx context.Context, p Place) (admin.Clock, error)
	Faults(ctx context.Context, p Place) ([]admin.Fault, error)
	AddFault(ctx context.Context, p Place, f admin.Fault) (admin.Fault, error)
	// ClearFaults removes one fault, or all if id is "".
	ClearFaults(ctx context.Context, p Place, id string) error
}

// LabInfo is a lab in one language.
type LabInfo struct {
	Title     string
	Minutes   int
	Docker    bool   // needs Docker
	Live      bool   // is graded on the learner's own cloud, in real time
	Text      string // instructions, markdown
	Checks    []LabCheck
	Words     report.Sentences // about its checks
	Started   bool
	Workspace string // folder with the learner's files, "" before the start
}

// LabCheck is one requirement of a lab.
type LabCheck struct {
	ID, Title string
	Points    int
}

// Grade is a grading with the sentences of both languages, so that a switch of language needs no second grading.
type Grade struct {
	Result *report.Result
	Words  map[lessons.Lang]report.Sentences
}

// In is the result with its sentences in a language.
func (g Grade) In(lang lessons.Lang) *report.Result {
	if s := g.Words[lang]; s != nil {
		return g.Result.In(s)
	}
	return g.Result
}
