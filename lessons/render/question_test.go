package render

import (
	"strings"
	"testing"

	"haneul/lessons"
)

func TestQuestions(t *testing.T) {
	text := func(s string) lessons.Text { return lessons.Text{KO: s, EN: s} }
	multi := &lessons.Question{
		ID: "q1", Kind: lessons.Multi, Prompt: text("**받은** 메시지를 지우지 않으면 어떻게 됩니까? 맞는 것을 모두 고르십시오."),
		Options: []lessons.Option{
			{Key: "a", Text: text("`VisibilityTimeout`이 지나면 다시 나타난다"), Why: text("숨어 있을 뿐 사라지지 않습니다.")},
			{Key: "b", Text: text("바로 사라진다"), Why: text("지우는 것은 `DeleteMessage`입니다.")},
			{Key: "c", Text: text("보관 기간이 지나면 사라진다"), Why: text("기본 보관 기간은 4일입니다.")},
		},
		Answer: []string{"a", "c"},
	}
	number := &lessons.Question{ID: "q2", Kind: lessons.Number, Prompt: text("기본값은 몇 초입니까?"), Unit: text("초"), Answer: []string{"30"}, Why: text("기본값은 30초입니다.")}
	r := New(Mono(), func(k string) string {
		return map[string]string{"quiz.title": "퀴즈", "quiz.multi": "여럿", "quiz.right": "정답", "quiz.wrong": "오답", "quiz.answer": "답:"}[k]
	})
	var all []string
	for _, q := range []Question{
		{Question: multi, Lang: lessons.KO, Cursor: -1},
		{Question: multi, Lang: lessons.KO, Cursor: 1, Picked: []string{"a"}},
		{Question: multi, Lang: lessons.KO, Cursor: 1, Picked: []string{"a", "b"}, Answered: true},
		{Question: multi, Lang: lessons.KO, Cursor: 1, Picked: []string{"a", "c"}, Answered: true},
		{Question: number, Lang: lessons.KO, Cursor: 0, Picked: []string{"3"}},
		{Question: number, Lang: lessons.KO, Cursor: 0, Picked: []string{"30"}, Answered: true},
	} {
		for _, width := range []int{20, 48} {
			lines := r.Question(q, width)
			fits(t, lines, width)
			if width == 48 {
				all = append(all, stripped(lines))
			}
		}
	}
	golden(t, "questions", strings.Join(all, "\n"))
}
