package tui

import (
	"fmt"
	"image/color"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/content"
	"haneul/lessons"
	"haneul/lessons/render"
)

// course is the small course of testdata with the app's real words.
func course(t testing.TB) *lessons.Course {
	t.Helper()
	all := fstest.MapFS{}
	dir := os.DirFS("testdata/course")
	err := fs.WalkDir(dir, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(dir, path)
		all[path] = &fstest.MapFile{Data: b}
		return err
	})
	for _, ui := range []string{"ui.ko.yaml", "ui.en.yaml"} {
		b, _ := fs.ReadFile(content.FS, ui)
		all[ui] = &fstest.MapFile{Data: b}
	}
	if err != nil {
		t.Fatal(err)
	}
	c, err := lessons.Load(all)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func options(t testing.TB, f *fake, lang lessons.Lang) Options {
	f.course = course(t)
	return Options{Course: f.course, Progress: lessons.OpenProgress(""), Backend: f, Lang: lang, Zone: time.FixedZone("KST", 9*3600)}
}

// driver runs the model without a terminal: it presses keys and runs what they ask for, ticks aside.
type driver struct {
	t    testing.TB
	app  *App
	wait time.Duration // for a command's answer; ticks take longer and are dropped
}

func drive(t testing.TB, o Options, width, height int) *driver {
	d := &driver{t, NewApp(t.Context(), o), 120 * time.Millisecond}
	d.app.Update(tea.WindowSizeMsg{Width: width, Height: height})
	d.do(d.app.Init())
	d.frame()
	return d
}

func (d *driver) send(msg tea.Msg) {
	if msg == nil {
		return
	}
	v := reflect.ValueOf(msg)
	if v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]() { // a batch or a sequence
		for i := range v.Len() {
			d.do(v.Index(i).Interface().(tea.Cmd))
		}
		return
	}
	switch msg.(type) {
	case widget.Tick, tea.QuitMsg:
		return
	}
	_, cmd := d.app.Update(msg)
	d.do(cmd)
}

// do runs a command, unless it is one that waits on purpose.
func (d *driver) do(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	got := make(chan tea.Msg, 1)
	go func() { got <- cmd() }()
	select {
	case msg := <-got:
		d.send(msg)
	case <-time.After(d.wait):
	}
}

// keys presses keys: words like "enter", "tab", "esc", else the letters themselves.
func (d *driver) keys(names ...string) *driver {
	special := map[string]tea.KeyPressMsg{
		"enter": {Code: tea.KeyEnter}, "esc": {Code: tea.KeyEscape}, "tab": {Code: tea.KeyTab}, "up": {Code: tea.KeyUp}, "down": {Code: tea.KeyDown},
		"left": {Code: tea.KeyLeft}, "right": {Code: tea.KeyRight}, "end": {Code: tea.KeyEnd}, "pgdown": {Code: tea.KeyPgDown}, "space": {Code: tea.KeySpace, Text: " "},
		"ctrl+g": {Code: 'g', Mod: tea.ModCtrl}, "ctrl+c": {Code: 'c', Mod: tea.ModCtrl}, "ctrl+r": {Code: 'r', Mod: tea.ModCtrl}, "backspace": {Code: tea.KeyBackspace},
	}
	for _, n := range names {
		if k, ok := special[n]; ok {
			d.send(k)
			d.frame()
			continue
		}
		for _, r := range n {
			d.send(tea.KeyPressMsg{Code: r, Text: string(r)})
			d.frame()
		}
	}
	return d
}

// frame draws and checks that everything fits.
func (d *driver) frame() string {
	d.t.Helper()
	lines, cursor := d.app.frame(d.app.width, d.app.height)
	if len(lines) > d.app.height {
		d.t.Fatalf("%d lines in a terminal of %d", len(lines), d.app.height)
	}
	for i, l := range lines {
		if render.Width(l) > d.app.width {
			d.t.Fatalf("%dx%d: line %d has %d cells: %q", d.app.width, d.app.height, i, render.Width(l), ansi.Strip(l))
		}
	}
	if cursor != nil && (cursor.X < 0 || cursor.X >= d.app.width || cursor.Y < 0 || cursor.Y >= d.app.height) {
		d.t.Fatalf("%dx%d: the cursor is at %d,%d", d.app.width, d.app.height, cursor.X, cursor.Y)
	}
	return ansi.Strip(strings.Join(lines, "\n")) + "\n"
}

func (d *driver) sees(words ...string) {
	d.t.Helper()
	f := d.frame()
	for _, w := range words {
		if !strings.Contains(f, w) {
			d.t.Errorf("no %q in\n%s", w, f)
		}
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "frames", name+".golden")
	if os.Getenv("UPDATE") != "" {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s differs; UPDATE=1 go test rewrites it\nwant:\n%s\ngot:\n%s", path, want, got)
	}
}

// tours are the ways to each screen.
var tours = []struct {
	name string
	keys []string
}{
	{"instances", []string{"enter", "3"}}, // tours whose names begin with instance are in a lab that has some
	{"instance-output", []string{"enter", "3", "enter"}},
	{"instance-reach", []string{"enter", "3", "w"}},
	{"instance-reach-closed", []string{"enter", "3", "down", "w"}},
	{"instance-booting", []string{"enter", "3", "down", "down", "o"}},
	{"instance-guide-find", []string{"enter", "1", "/", "orders"}},
	{"home", nil},
	{"home-lab", nil}, // with a lab under way
	{"home-module", []string{"down", "down", "enter"}},
	{"home-find", []string{"/", "fifo"}},
	{"lesson", []string{"enter"}},
	{"lesson-try", []string{"enter", "enter"}},
	{"lesson-quiz", []string{"enter", "tab", "enter", "enter"}},
	{"lesson-contents", []string{"enter", "left", "down"}},
	{"lesson-end", []string{"enter", "end"}},
	{"lab", []string{":", "open letters", "enter"}},
	{"lab-console", []string{":", "open letters", "enter", "enter", "enter", "echo 안녕", "enter", "fail", "enter", "aws sqs"}},
	{"lab-checks", []string{":", "open letters", "enter", "enter", "c", "esc", "4", "h"}},
	{"result", []string{":", "open letters", "enter", "enter", "c"}},
	{"clock", []string{":", "open letters", "enter", "enter", ":", "advance 2h30m", "enter", ":", "fault error sqs.SendMessage count=3", "enter"}},
	{"faults", []string{":", "open letters", "enter", "enter", ":", "fault latency sqs for=2s", "enter", ":", "fault", "enter"}},
	{"help", []string{"enter", "?"}},
	{"glossary", []string{":", "glossary", "enter"}},
}

// along are the options of a tour.
func along(t testing.TB, tour string, lang lessons.Lang) Options {
	f := &fake{live: strings.HasPrefix(tour, "instance")}
	if tour == "home-lab" {
		f.current = "letters"
	}
	o := options(t, f, lang)
	if strings.HasPrefix(tour, "instance") {
		o.Open = screen.Lab{Slug: "letters"}
	}
	o.Still = true
	return o
}

func TestScreens(t *testing.T) {
	for _, tour := range tours {
		for _, lang := range lessons.Langs {
			for _, size := range [][2]int{{80, 24}, {120, 40}} {
				name := fmt.Sprintf("%s-%s-%dx%d", tour.name, lang, size[0], size[1])
				t.Run(name, func(t *testing.T) {
					d := drive(t, along(t, tour.name, lang), size[0], size[1]).keys(tour.keys...)
					golden(t, name, d.frame())
				})
			}
		}
	}
}

// TestEverySize draws every screen in every size a terminal may have.
func TestEverySize(t *testing.T) {
	for _, tour := range tours {
		d := drive(t, along(t, tour.name, lessons.KO), 80, 24).keys(tour.keys...)
		for _, w := range []int{1, 8, 20, 33, 59, 60, 80, 99, 100, 120, 149, 150, 200} {
			for _, h := range []int{1, 2, 5, 9, 12, 24, 60} {
				d.app.Update(tea.WindowSizeMsg{Width: w, Height: h})
				d.frame()
			}
		}
	}
}

func TestLanguageAnywhere(t *testing.T) {
	for _, tour := range tours {
		d := drive(t, along(t, tour.name, lessons.KO), 80, 24).keys(tour.keys...)
		if d.app.top().Typing() || d.app.line != nil {
			continue
		}
		d.keys("L")
		if d.app.env.Lang != lessons.EN {
			t.Errorf("%s: L did not switch", tour.name)
		}
		d.frame()
		d.keys("ㅣ") // the same key with Hangul input on
		if d.app.env.Lang != lessons.KO {
			t.Errorf("%s: ㅣ did not switch back", tour.name)
		}
	}
}

func TestTryRunsAndStops(t *testing.T) {
	f := &fake{block: make(chan struct{})}
	d := drive(t, options(t, f, lessons.EN), 100, 40).keys("enter", "enter")
	d.sees("QueueUrl")
	if len(f.ran) != 1 {
		t.Fatal(f.ran)
	}
	d.keys("ctrl+c") // ends the command, not the app
	time.Sleep(20 * time.Millisecond)
	d.sees("QueueUrl")
}

// TestTryTallerThanTheWindow: what a command printed is in view, also where the command and its output do not both fit.
func TestTryTallerThanTheWindow(t *testing.T) {
	d := drive(t, options(t, &fake{}, lessons.EN), 80, 12).keys("enter", "tab")
	d.keys("enter")
	time.Sleep(20 * time.Millisecond)
	d.sees("QueueUrl", "}")
}

func TestQuizIsMarkedAndKept(t *testing.T) {
	o := options(t, &fake{}, lessons.EN)
	d := drive(t, o, 80, 40).keys("enter", "tab", "enter", "down", "enter")
	d.sees("✓ Right", "Its hiding time is over.")
	if a, ok := o.Progress.Answer("queues", "again"); !ok || !a.Right {
		t.Errorf("%+v", a)
	}
	d.keys("esc", "tab", "enter", "31", "enter")
	d.sees("✗ Think again")
	d.keys("enter", "30", "enter", "esc")
	if a, _ := o.Progress.Answer("queues", "seconds"); !a.Right {
		t.Errorf("%+v", a)
	}
	again := drive(t, o, 80, 40).keys("enter", "end")
	again.sees("✓ Right")
}

// TestLabUnderWay: the map and :lab lead back to a lab that is not passed yet, also one started in another terminal meanwhile.
func TestLabUnderWay(t *testing.T) {
	f := &fake{}
	o := options(t, f, lessons.EN)
	d := drive(t, o, 80, 24).keys(":", "lab", "enter")
	d.sees("No lab is under way.")
	d.keys("enter")
	f.current = "letters"
	d.keys("esc")
	d.sees("Continue  Lab Dead letters and redrive")
	d.keys("up", "up", "enter")
	d.sees("after three")
	d.keys("esc", "down", "enter", ":", "lab", "enter", ":", "lab", "enter")
	d.sees("Home › Why queues › Dead letters and redrive  ") // there once
	o.Progress.SetLab("letters", 100, 100, true)
	d.keys("esc", "esc")
	if strings.Contains(d.frame(), "Continue  Lab") {
		t.Errorf("a passed lab is offered\n%s", d.frame())
	}
}

// TestLeftBehind: what a grading could not put back stands above its checks.
func TestLeftBehind(t *testing.T) {
	f := &fake{left: "i-0abc still runs"}
	d := drive(t, options(t, f, lessons.EN), 80, 24).keys(":", "open letters", "enter", "enter", "c")
	d.sees("i-0abc still runs")
	if shown := d.frame(); strings.Index(shown, "i-0abc") > strings.Index(shown, "Every good order") {
		t.Errorf("below the checks:\n%s", shown)
	}
}

func TestReadingIsRemembered(t *testing.T) {
	o := options(t, &fake{}, lessons.KO)
	drive(t, o, 80, 24).keys("enter", "space", "space", "esc")
	if p := o.Progress.Lesson("queues"); p.Heading == "" || p.Percent == 0 || p.Read {
		t.Errorf("%+v", p)
	}
	drive(t, o, 80, 24).keys("enter", "end", "esc").sees("1/4")
}

func TestConsole(t *testing.T) {
	f := &fake{}
	d := drive(t, options(t, f, lessons.EN), 120, 40).keys(":", "open letters", "enter", "enter", "enter", "aws sqs create-q", "tab")
	d.sees("lab$ aws sqs create-queue")
	d.keys("enter", "tab")
	d.sees("aws  check")
	if strings.Contains(d.frame(), "lab$ lab$") {
		t.Error("an empty line is shown with two prompts")
	}
	d.keys("aws sqs re", "tab")
	d.sees("receive-message  remove-permission")
	d.keys("esc", "r", "n", "r", "y")
	if got := strings.Join(f.ran, ";"); got != "aws sqs create-queue ;reset" {
		t.Error(got)
	}
}

// TestTerminalPrograms: a line with a program that needs the terminal gets it, wherever it stands.
func TestTerminalPrograms(t *testing.T) {
	f := &fake{}
	d := drive(t, options(t, f, lessons.EN), 80, 24).keys(":", "open letters", "enter", "enter", "2")
	d.keys("cd src && vi a", "enter", "haneul connect web", "enter", "haneul connect web date", "enter")
	d.keys("ssh root@198.18.0.1", "enter")
	d.sees("haneul connect <instance>")
	if got := strings.Join(f.ran, ";"); got != "shell cd src && vi a;shell haneul connect web;haneul connect web date" {
		t.Error(got)
	}
}

func TestHistorySearchInTheConsole(t *testing.T) {
	f := &fake{}
	d := drive(t, options(t, f, lessons.EN), 80, 24).keys(":", "open letters", "enter", "enter", "2", "echo one", "enter", "echo two", "enter", "ls", "enter")
	d.keys("ctrl+r", "ech")
	d.sees("history ech › echo two")
	d.keys("ctrl+r", "enter")
	if got := f.ran[len(f.ran)-1]; got != "echo one" {
		t.Error(f.ran)
	}
}

func TestInstances(t *testing.T) {
	f := &fake{live: true}
	o := options(t, f, lessons.EN)
	o.Open = screen.Lab{Slug: "letters"}
	d := drive(t, o, 80, 24).keys("enter", "3", "down", "down", "e")
	d.sees("You can only enter an instance that is running.")
	d.keys("up", "e")
	d.sees("nothing answers here", "맛집 DB i-0bbbbbbbbbbbbbbbb")
	if got := strings.Join(f.ran, ";"); got != "connect i-0bbbbbbbbbbbbbbbb" {
		t.Error(got)
	}
	d.keys("esc")
	d.sees("▸ 맛집 DB")
}

// TestOutputFollows: the end of the output is in view, until it is scrolled back, and again from G on.
func TestOutputFollows(t *testing.T) {
	f := &fake{live: true}
	o := options(t, f, lessons.EN)
	o.Open = screen.Lab{Slug: "letters"}
	d := drive(t, o, 80, 24).keys("enter", "3", "enter")
	more := func(s string) {
		f.boot("running", s)
		d.keys("w", "esc") // its screen is opened anew
		d.keys("enter")
	}
	more(strings.Repeat("line\n", 50) + "first end\n")
	d.sees("first end")
	d.keys("g")
	d.sees("haneul guest", "G Follow")
	d.keys("G")
	d.sees("first end")
}

// TestNoDocker: what a lab lacks stands where the lab is read, in one sentence.
func TestNoDocker(t *testing.T) {
	for _, lang := range lessons.Langs {
		f := &fake{live: true}
		o := options(t, f, lang)
		o.Open = screen.Lab{Slug: "letters"}
		said := f.course.UI(lang).T("lab.no-docker")
		f.refuse = screen.Sentence(said)
		d := drive(t, o, 80, 24).keys("enter")
		if shown := strings.Join(strings.Fields(d.frame()), " "); !strings.Contains(shown, "✗ "+said) {
			t.Errorf("no %q in\n%s", said, d.frame())
		}
		f.refuse = nil
		d.keys("enter")
		if strings.Contains(d.frame(), "✗") {
			t.Errorf("still there:\n%s", d.frame())
		}
	}
}

func TestFaultOnAnInstance(t *testing.T) {
	f := &fake{live: true}
	o := options(t, f, lessons.EN)
	o.Open = screen.Lab{Slug: "letters"}
	drive(t, o, 80, 24).keys("enter", ":", "fault kill i-0aa", "enter", ":", "fault outage ap-northeast-2a", "enter")
	if len(f.faults) != 2 || f.faults[0].ARN != "i-0aa" || f.faults[1].Zone != "ap-northeast-2a" {
		t.Errorf("%+v", f.faults)
	}
}

func TestWheel(t *testing.T) {
	o := options(t, &fake{}, lessons.EN)
	d := drive(t, o, 80, 12).keys("enter")
	top := d.frame()
	d.send(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	if d.frame() == top {
		t.Error("the wheel scrolls nothing")
	}
	d.send(tea.MouseWheelMsg{Button: tea.MouseWheelUp})
	if d.frame() != top {
		t.Error("it does not scroll back")
	}
	if d.app.View().MouseMode != tea.MouseModeNone {
		t.Error("the mouse is taken from the terminal unasked")
	}
	d.keys(":", "mouse", "enter")
	if d.app.View().MouseMode != tea.MouseModeCellMotion {
		t.Error("the mouse was asked for")
	}
}

func TestGradeIsKept(t *testing.T) {
	o := options(t, &fake{}, lessons.EN)
	d := drive(t, o, 80, 24).keys(":", "open letters", "enter", "enter", "c")
	d.sees("50/100 points", "[failed] Only poison", "12:03:11 sqs:ReceiveMessage orders")
	if p := o.Progress.Lab("letters"); p.Score != 50 || p.Passed {
		t.Errorf("%+v", p)
	}
}

func TestDamagedProgressIsSaid(t *testing.T) {
	path := filepath.Join(t.TempDir(), "progress.json")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	o := options(t, &fake{}, lessons.KO)
	o.Progress = lessons.OpenProgress(path)
	drive(t, o, 120, 24).sees("진도 파일이 깨져")
}

// TestWordsExist finds every word the app asks for by a literal key.
func TestWordsExist(t *testing.T) {
	ui := course(t).UI(lessons.KO)
	found := 0
	for _, root := range []string{".", "../../../lessons/render"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			b, err := os.ReadFile(path)
			for _, m := range wordKey.FindAllStringSubmatch(string(b), -1) {
				found++
				if !ui.Has(m[1]) {
					t.Errorf("%s asks for %q, which ui.ko.yaml lacks", path, m[1])
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 150 {
		t.Errorf("only %d keys found: the pattern is out of date", found)
	}
}

func TestScreensDoNotImportScreens(t *testing.T) {
	screens := []string{"home", "lesson", "lab", "instance", "result", "page", "plain"}
	for _, s := range screens {
		files, _ := filepath.Glob(s + "/*.go")
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, other := range screens {
				if other != s && strings.Contains(string(b), `"haneul/cmd/haneul/tui/`+other+`"`) {
					t.Errorf("%s imports %s", file, other)
				}
			}
		}
	}
}

var wordKey = regexp.MustCompile(`"((?:app|check|clock|command|fault|find|glossary|help|home|instance|key|lab|lesson|note|plain|progress|quiz|reach|result|then-now|unit)\.[a-z][a-z.-]*[a-z])"`)

// TestASCII finds signs that a terminal may draw two cells wide.
func TestASCII(t *testing.T) {
	for _, tour := range tours {
		o := along(t, tour.name, lessons.EN)
		o.ASCII = true
		frame := drive(t, o, 120, 40).keys(tour.keys...).frame()
		for _, r := range frame {
			if r > 0x7e && !unicode.Is(unicode.Hangul, r) {
				t.Errorf("%s: %q in\n%s", tour.name, r, frame)
				break
			}
		}
	}
}

func TestPositionSurvives(t *testing.T) {
	d := drive(t, options(t, &fake{}, lessons.KO), 80, 12).keys("enter", "pgdown", "pgdown", "pgdown", "pgdown")
	d.sees("다시 나타납니다")
	d.app.Update(tea.WindowSizeMsg{Width: 66, Height: 12})
	d.sees("다시 나타납니다")
	d.keys("L")
	d.sees("It comes back")
	d.app.Update(tea.WindowSizeMsg{Width: 120, Height: 12})
	d.sees("It comes back")
}

func TestLightTerminal(t *testing.T) {
	d := drive(t, options(t, &fake{}, lessons.KO), 80, 24)
	d.send(tea.BackgroundColorMsg{Color: color.White})
	if d.app.env.Theme.Accent != render.Light().Accent {
		t.Error("still dark")
	}
}

// TestRandomKeys presses keys without sense in terminals that change size: nothing may panic, everything must fit.
func TestRandomKeys(t *testing.T) {
	names := []string{"enter", "enter", "enter", "esc", "tab", "tab", "up", "down", "down", "left", "right", "end", "pgdown", "space", "ctrl+g", "ctrl+c", "backspace"}
	letters := []rune("LnN/:?gGjkchrSy1234ㅓㅣ한aw qeo3")
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 7))
		d := drive(t, options(t, &fake{started: seed%2 == 0, live: seed%3 == 0}, lessons.Langs[seed%2]), 80, 24)
		d.wait = time.Millisecond
		if seed%4 > 1 {
			d.keys(":", "open letters", "enter")
		}
		for range 200 {
			switch n := r.IntN(40); {
			case n == 0:
				d.app.Update(tea.WindowSizeMsg{Width: 1 + r.IntN(180), Height: 1 + r.IntN(60)})
				d.frame()
			case n < 24:
				d.keys(names[r.IntN(len(names))])
			default:
				d.keys(string(letters[r.IntN(len(letters))]))
			}
		}
	}
}

// BenchmarkScroll is one key and one frame in the longest lesson of the course.
func BenchmarkScroll(b *testing.B) {
	c, err := lessons.Load(content.FS)
	if err != nil {
		b.Fatal(err)
	}
	o := options(b, &fake{}, lessons.KO)
	o.Course, o.Open = c, screen.Lesson{Slug: "why-queues"}
	d := drive(b, o, 120, 40)
	keys := []tea.KeyPressMsg{{Code: tea.KeyPgDown}, {Code: tea.KeyPgUp}}
	for i := 0; b.Loop(); i++ {
		d.app.Update(keys[i/8%2])
		d.app.View()
	}
}
