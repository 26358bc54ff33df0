package widget

import (
	"testing"

	tea "charm.land/bubbletea/v2"
)

func press(e *Editor, keys ...any) {
	for _, k := range keys {
		switch k := k.(type) {
		case string:
			for _, r := range k {
				e.Press(tea.KeyPressMsg{Code: r, Text: string(r)})
			}
		case rune:
			e.Press(tea.KeyPressMsg{Code: k})
		case tea.KeyPressMsg:
			e.Press(k)
		}
	}
}

func ctrl(r rune) tea.KeyPressMsg { return tea.KeyPressMsg{Code: r, Mod: tea.ModCtrl} }

func TestEditor(t *testing.T) {
	for _, c := range []struct {
		keys  []any
		text  string
		x     int
		width int
	}{
		{[]any{"aws sqs"}, "aws sqs", 7, 40},
		{[]any{"한글"}, "한글", 4, 40},                                         // two cells a syllable
		{[]any{"한글", tea.KeyLeft}, "한글", 2, 40},                            // one step a syllable
		{[]any{"한글", tea.KeyLeft, "x"}, "한x글", 3, 40},                      //
		{[]any{"\u1112", "\u1161", "\u11ab"}, "\u1112\u1161\u11ab", 2, 40}, // 한 as three jamo is one syllable
		{[]any{"한글", tea.KeyBackspace}, "한", 2, 40},                        //
		{[]any{"a 한글 b", ctrl('w')}, "a 한글 ", 7, 40},                       //
		{[]any{"a 한글", ctrl('a'), ctrl('k'), "z", ctrl('y')}, "za 한글", 7, 40},
		{[]any{"ab", ctrl('u'), "c"}, "c", 1, 40},
		{[]any{"가나다라마"}, "<라마", 5, 7}, // only the end fits
		{[]any{"가나다"}, "가나다", 6, 7},   // all of it does
		{[]any{"abcdef"}, "<def", 4, 5},
		{[]any{"abcdef", tea.KeyLeft, tea.KeyLeft}, "<cde", 3, 4},
		{[]any{"가나다"}, "다", 2, 3}, // no room for the mark
		{[]any{"가나다라마", ctrl('a')}, "가나다", 0, 7},
	} {
		var e Editor
		press(&e, c.keys...)
		text, x := e.View(c.width)
		if text != c.text || x != c.x {
			t.Errorf("%v: %q at %d, want %q at %d", c.keys, text, x, c.text, c.x)
		}
	}
}

func TestHistory(t *testing.T) {
	var e Editor
	for _, s := range []string{"one", "둘", "둘", " "} {
		press(&e, s)
		e.Take()
	}
	press(&e, "draft", tea.KeyUp)
	if e.Text() != "둘" {
		t.Error(e.Text())
	}
	press(&e, tea.KeyUp, tea.KeyUp)
	if e.Text() != "one" {
		t.Error(e.Text())
	}
	press(&e, tea.KeyDown, tea.KeyDown, tea.KeyDown)
	if e.Text() != "draft" {
		t.Error(e.Text())
	}
}

func TestHistorySearch(t *testing.T) {
	var e Editor
	for _, s := range []string{"aws sqs list-queues", "echo 하나", "aws ec2 describe-instances"} {
		press(&e, s)
		e.Take()
	}
	esc := tea.KeyPressMsg{Code: tea.KeyEscape}
	press(&e, "draft", ctrl('r'), "aws")
	if e.Text() != "aws ec2 describe-instances" || !e.Searching() {
		t.Error(e.Text())
	}
	press(&e, ctrl('r'))
	if e.Text() != "aws sqs list-queues" {
		t.Error(e.Text())
	}
	press(&e, ctrl('r')) // no older one
	if e.Text() != "aws sqs list-queues" {
		t.Error(e.Text())
	}
	press(&e, esc)
	if e.Text() != "draft" || e.Searching() {
		t.Error(e.Text())
	}
	press(&e, ctrl('r'), "하", tea.KeyLeft) // takes the match and moves
	if e.Text() != "echo 하나" || e.Searching() || e.at != len(e.cells)-1 {
		t.Error(e.Text(), e.at)
	}
	press(&e, ctrl('u'), ctrl('r'), "zzz")
	if e.Press(tea.KeyPressMsg{Code: tea.KeyEnter}) || e.Searching() {
		t.Error("enter belongs to whoever runs the line")
	}
}

func TestPasteIsOneLine(t *testing.T) {
	var e Editor
	e.Insert("a\nb\x1b[2Jc")
	if e.Text() != "a b[2Jc" {
		t.Errorf("%q", e.Text())
	}
	e.Set("")
	e.Insert("aws sqs \\\n    list-queues\\\r\n--output text")
	if e.Text() != "aws sqs list-queues --output text" {
		t.Errorf("a command over three lines became %q", e.Text())
	}
}
