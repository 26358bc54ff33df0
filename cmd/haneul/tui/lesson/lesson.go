// Package lesson is the reader: contents, text and questions of one lesson, with commands that run where they stand.
package lesson

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"haneul/cmd/haneul/tui/screen"
	"haneul/cmd/haneul/tui/widget"
	"haneul/lessons"
)

// Wide is from where on the contents stand beside the text.
const Wide = 100

type pane int

const (
	contents pane = iota
	text
	questions
)

// Lesson is the screen.
type Lesson struct {
	env     *screen.Env
	lesson  *lessons.Lesson
	text    *lessons.LessonText
	quiz    *lessons.Quiz
	err     error
	heading string  // to go to once the text is there
	keep    *anchor // to stay at in another width or language

	pane   pane
	scroll widget.Scroll
	side   widget.Scroll
	entry  int // chosen line of the contents
	focus  int // the stop that enter acts on; -1 none

	tries   map[int]*try
	running *try
	work    widget.Work
	answers map[string]*answer
	active  *answer // the question that has the keys
	find    *widget.Find

	width, height int    // of the text, as last drawn: keys act on what is shown
	page          layout // as last drawn
	wide          bool   // contents beside the text
	saved         string // heading last recorded
}

// New opens a lesson, at a heading if one is given, else where it was left.
func New(env *screen.Env, slug, heading string) *Lesson {
	l := &Lesson{env: env, lesson: env.Course.Lesson(slug), heading: heading, pane: text, focus: -1, tries: map[int]*try{}, answers: map[string]*answer{}}
	if heading == "" {
		if p := env.Progress.Lesson(slug); !p.Read {
			l.heading = p.Heading
		}
	}
	return l
}

// loaded brings the text of a lesson.
type loaded struct {
	slug string
	text *lessons.LessonText
	quiz *lessons.Quiz
	err  error
}

func (l *Lesson) Init() tea.Cmd { return l.load() }

func (l *Lesson) load() tea.Cmd {
	course, slug, lang := l.env.Course, l.lesson.Slug, l.env.Lang
	return func() tea.Msg {
		t, err := course.Text(slug, lang)
		if err != nil {
			return loaded{slug: slug, err: err}
		}
		q, err := course.Quiz(slug)
		return loaded{slug, t, q, err}
	}
}

func (l *Lesson) Title() string { return l.lesson.Title.In(l.env.Lang) }

// Place is the lesson's own cloud.
func (l *Lesson) Place() screen.Place { return screen.Place{Lesson: l.lesson.Slug} }

func (l *Lesson) Typing() bool {
	return l.find.Open() || l.active != nil && l.active.q.Kind == lessons.Number
}

// Busy says that a command is running, which ctrl+c ends.
func (l *Lesson) Busy() bool { return l.running != nil }

func (l *Lesson) Help() []screen.Key {
	t := l.env.T
	keys := []screen.Key{}
	key := func(press, does string) { keys = append(keys, screen.Key{Press: press, Does: t(does)}) }
	switch {
	case l.find.Open():
		key("⏎", "key.find")
		key("esc", "key.close")
	case l.active != nil:
		if l.active.answered {
			key("⏎", "key.again")
		} else if l.active.q.Kind == lessons.Multi {
			key("space", "key.pick")
			key("⏎", "key.answer")
		} else {
			key("⏎", "key.answer")
		}
		key("esc", "key.back")
	case l.running != nil:
		key("^C", "key.cancel")
		key("↑↓", "key.scroll")
	case l.pane != text:
		key("↑↓", "key.move")
		key("⏎", "key.open")
		key("→", "key.text")
	default:
		if l.focus >= 0 {
			key("⏎", l.page.stopAt(l.focus).does())
		}
		key("space", "key.page")
		key("tab", "key.next-stop")
		key("←", "key.contents")
		key("/", "key.find")
	}
	return keys
}

func (l *Lesson) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case loaded:
		if msg.slug == l.lesson.Slug {
			l.text, l.quiz, l.err = msg.text, msg.quiz, msg.err
			l.page = layout{}
		}
	case screen.Relang:
		if l.heading == "" {
			l.keep = l.page.anchorAt(l.scroll.Top)
		}
		l.active = nil
		return l, l.load()
	case screen.Output:
		return l, l.output(msg)
	case screen.Ended:
		return l, l.ended(msg)
	case widget.Tick:
		return l, l.work.On(msg)
	case screen.Covered:
		return l, l.record()
	case screen.Leave:
		if l.running != nil {
			l.running.stream.Cancel()
		}
		return l, l.record()
	case screen.Wheel:
		if l.pane == text && l.text != nil {
			l.scroll.Top = max(0, l.scroll.Top+msg.Lines)
			l.scroll.Clamp(len(l.page.lines), l.height)
			l.refocus()
			return l, l.recordHeading()
		}
	case tea.PasteMsg:
		l.paste(msg.Content)
	case tea.KeyPressMsg:
		return l, l.press(msg)
	}
	return l, nil
}

func (l *Lesson) paste(s string) {
	switch {
	case l.find.Open():
		l.find.Edit.Insert(s)
	case l.active != nil:
		l.active.paste(s)
	}
}

func (l *Lesson) press(k tea.KeyPressMsg) tea.Cmd {
	if l.text == nil {
		return l.leaveOn(screen.Name(k))
	}
	switch {
	case l.find.Open():
		l.typeFind(k)
		return nil
	case l.active != nil:
		return l.pressQuiz(k)
	}
	key := screen.Name(k)
	if key == "ctrl+c" && l.running != nil {
		l.running.stream.Cancel()
		return nil
	}
	switch key {
	case "left", "1":
		l.toPane(contents)
		return nil
	case "3":
		l.toPane(questions)
		return nil
	case "right", "2":
		if l.pane == contents && key == "right" && !l.wide {
			l.toPane(text)
		} else if key == "right" && l.pane == text {
			l.toPane(questions)
		} else {
			l.toPane(text)
		}
		return nil
	case "/":
		l.find = &widget.Find{}
		l.pane = text
		return nil
	case "n", "N":
		if l.find != nil {
			l.nextMatch(key == "N")
		}
		return nil
	}
	if l.pane != text {
		return l.pressSide(key)
	}
	return l.pressText(key)
}

func (l *Lesson) leaveOn(key string) tea.Cmd {
	if key == "esc" || key == "backspace" {
		return screen.Close
	}
	return nil
}

func (l *Lesson) pressText(key string) tea.Cmd {
	switch key {
	case "tab":
		l.step(1)
	case "shift+tab":
		l.step(-1)
	case "enter":
		return l.act()
	case "esc":
		if l.find != nil {
			l.find = nil
			return nil
		}
		return screen.Close
	default:
		if l.scroll.Move(key, l.height) {
			l.scroll.Clamp(len(l.page.lines), l.height)
			l.refocus()
			return l.recordHeading()
		}
	}
	return nil
}

// step moves the focus to the next or previous stop and brings it into view.
func (l *Lesson) step(by int) {
	to := l.focus + by
	if l.focus < 0 {
		to = l.page.firstStop(l.scroll.Top)
	}
	if to < 0 || to >= len(l.page.stops) {
		return
	}
	l.focus = to
	l.show(l.page.stops[to].from, l.page.stops[to].to)
}

// show scrolls lines into view with a little air around them.
func (l *Lesson) show(from, to int) {
	l.scroll.Show(max(0, from-2), to+2, l.height)
	l.scroll.Clamp(len(l.page.lines), l.height)
}

// refocus keeps the focus on a stop that is in view.
func (l *Lesson) refocus() {
	in := func(s stop) bool { return s.from >= l.scroll.Top && s.from < l.scroll.Top+l.height }
	if l.focus >= 0 && l.focus < len(l.page.stops) && in(l.page.stops[l.focus]) {
		return
	}
	l.focus = -1
	for i, s := range l.page.stops {
		if in(s) {
			l.focus = i
			return
		}
	}
}

// act does what the focused stop offers.
func (l *Lesson) act() tea.Cmd {
	if l.focus < 0 {
		return nil
	}
	switch s := l.page.stopAt(l.focus); {
	case s.try != nil:
		return l.run(s.try)
	case s.question != nil:
		l.active = l.answerOf(s.question)
		l.show(s.from, s.to)
	case s.to_ != nil:
		return screen.Open(s.to_)
	}
	return nil
}

// recordHeading saves the position when another section has been reached.
func (l *Lesson) recordHeading() tea.Cmd {
	h := l.page.headingAt(l.scroll.Top)
	if h == l.saved && !l.atEnd() {
		return nil
	}
	return l.record()
}

func (l *Lesson) atEnd() bool { return l.scroll.Top+l.height >= len(l.page.lines) }

func (l *Lesson) record() tea.Cmd {
	if l.text == nil || len(l.page.lines) == 0 {
		return nil
	}
	l.saved = l.page.headingAt(l.scroll.Top)
	r := lessons.LessonRecord{Heading: l.saved, Read: l.atEnd(), Percent: min(100, (l.scroll.Top+l.height)*100/len(l.page.lines))}
	slug := l.lesson.Slug
	if old := l.env.Progress.Lesson(slug); old.Heading == r.Heading && old.Read == r.Read && old.Percent >= r.Percent && time.Since(old.At) < time.Minute {
		return nil
	}
	return l.env.Save(func(p *lessons.Progress) { p.SetLesson(slug, r) })
}
