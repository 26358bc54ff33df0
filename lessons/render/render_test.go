package render

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"haneul/lessons/markdown"
)

func words(key string) string {
	return map[string]string{
		"note.note": "참고", "note.tip": "도움말", "note.warning": "주의",
		"then-now.then": "문서", "then-now.now": "지금", "then-now.source": "출처",
	}[key]
}

// sample holds every block once, in Korean that has to wrap.
const sample = "## 대기열이 하는 일 {#what}\n\n" +
	"메시지를 받았다고 해서 **대기열**에서 사라지지는 않습니다. `VisibilityTimeout`만큼, 기본 30초 동안 다른 작업자에게 *보이지 않을* 뿐입니다. " +
	"그 사이에 지우지 않으면 **\"다시\"**는 나타납니다. [표시 제한 시간](https://docs.aws.amazon.com/ko_kr/AWSSimpleQueueService/)을 보십시오.\n\n" +
	"- 첫째 항목은 길어서 줄바꿈이 되어야 하고 들여쓰기가 유지되어야 합니다\n  - 하위 항목도 충분히 길어서 줄이 바뀌면 들여쓰기를 맞춥니다\n- 둘째\n\n" +
	"9. 아홉째\n\n   둘째 문단입니다.\n\n   ```sh\n   aws sqs list-queues --queue-name-prefix orders\n   ```\n10. 열째\n\n" +
	"> [!WARNING]\n> 지우지 않으면 같은 일을 두 번 하게 됩니다. 작업은 두 번 해도 결과가 같아야 합니다.\n>\n> 둘째 문단.\n\n" +
	"> 인용한 글입니다.\n\n" +
	"| 이름 | 뜻 | 기본값 |\n|---|---|--:|\n| `VisibilityTimeout` | 받은 메시지가 보이지 않는 시간 | 30초 |\n| `MessageRetentionPeriod` | 지우지 않은 메시지를 보관하는 시간 | 4일 |\n\n" +
	"```try\n# 대기열을 만듭니다\naws sqs create-queue --queue-name orders --attributes VisibilityTimeout=60,MessageRetentionPeriod=86400\n```\n\n" +
	"```quiz id=q1\n```\n\n```json\n{\"QueueUrl\": \"http://localhost:4566/000000000000/orders\", \"한글\": [1, true]}\n```\n\n" +
	"```then-now\nclaim: 메시지 하나의 크기는 **256 KiB**까지입니다.\nnow: 1 MiB까지입니다.\nsource: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html\nas_of: 2026-11-01\ndoc: S2\n```\n\n" +
	"```diagram\nboxes: [{id: p, label: 주문 서버}, {id: q, label: 대기열}, {id: w, label: 작업자}]\narrows: [{from: p, to: q, label: 보냄}, {from: q, to: w}]\n```\n\n---\n\n" +
	"가상사설클라우드네트워크구성요소인서브넷라우팅테이블인터넷게이트웨이를이해하는것이매우중요합니다(정말로)그러므로반드시읽어야합니다.\n"

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".golden")
	if os.Getenv("UPDATE") != "" {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
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

func stripped(lines []string) string {
	return ansi.Strip(strings.Join(lines, "\n")) + "\n"
}

func TestGolden(t *testing.T) {
	doc := markdown.Parse([]byte(sample), 1)
	for _, width := range []int{76, 40, 24} {
		golden(t, fmt.Sprintf("sample-%d", width), stripped(New(Dark(), words).Lines(doc, width)))
	}
	ascii := Mono()
	ascii.Glyphs = ASCII
	golden(t, "sample-ascii", stripped(New(ascii, words).Lines(doc, 60)))
	golden(t, "sample-plain", strings.Join(Plain(doc, words, func(id string) []string { return []string{"? " + id} }), "\n")+"\n")
}

func TestThemes(t *testing.T) {
	doc := markdown.Parse([]byte(sample), 1)
	want := stripped(New(Dark(), words).Lines(doc, 60))
	if got := stripped(New(Light(), words).Lines(doc, 60)); got != want {
		t.Error("a light theme changes more than colours")
	}
	for _, l := range New(Mono(), words).Lines(doc, 60) {
		if strings.Contains(l, "\x1b[3") && !strings.Contains(l, "\x1b[3m") {
			t.Errorf("colour without colour: %q", l)
		}
	}
}

// fits checks what every drawing promises: no line wider than asked, styles closed, no blanks at the end.
func fits(t *testing.T, lines []string, width int) {
	t.Helper()
	for i, l := range lines {
		switch {
		case Width(l) > width:
			t.Fatalf("width %d: line %d has %d cells: %q", width, i, Width(l), l)
		case strings.ContainsAny(ansi.Strip(l), "\n\r\x1b"):
			t.Fatalf("line %d is more than a line: %q", i, l)
		case strings.Contains(l, "\x1b[") && !strings.Contains(l[strings.LastIndex(l, "\x1b["):], "\x1b[m"):
			t.Fatalf("line %d leaves a style open: %q", i, l)
		}
	}
}

func TestEveryLineFits(t *testing.T) {
	doc := markdown.Parse([]byte(sample), 1)
	for width := 1; width <= 130; width++ {
		fits(t, New(Dark(), words).Lines(doc, width), width)
	}
}

// keeps checks that a text is drawn without losing or changing anything but blanks: Glamour and its word wrap resolve escapes,
// and would do so a second time.
func keeps(t *testing.T, doc *markdown.Doc, width int) {
	t.Helper()
	r := New(Dark(), words)
	for _, b := range r.Blocks(doc, width) {
		want := ""
		switch src := b.Source.(type) {
		case *markdown.Heading, *markdown.Paragraph:
			want = markdown.Plain(markdown.Spans(src))
		case *markdown.Code:
			want = src.Text
		default:
			continue
		}
		got, want := dense(stripped(b.Lines)), dense(want)
		if got != want {
			t.Fatalf("width %d\n got %q\nwant %q", width, got, want)
		}
	}
}

// dense is a text without blanks and continuation signs.
func dense(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "↪", "")), "")
}

func TestTextStaysAsItIs(t *testing.T) {
	src := "`&lt;b&gt;` \\\\ \\* \\d `C:\\*` &amp;amp; R&D **`\\_`는** [a&amp;lt=1](https://x.kr/?a=1&lt=2) `--queue-url` 2026-11-20 {{text}}"
	doc := markdown.Parse([]byte(src+"\n\n## "+src+"\n"), 1)
	for width := 20; width < 100; width++ {
		keeps(t, doc, width)
	}
	lines := New(Dark(), words).Lines(markdown.Parse([]byte("| `C:\\*` | &amp;lt; |\n|-|-|\n| [`\\\\&`](https://x.kr) | **\\\\** |"), 1), 40)
	if got := stripped(lines); got != " C:\\* │ &lt;\n──────┼──────\n \\\\&  │ \\\n" {
		t.Errorf("%q", got)
	}
	lines = New(Dark(), words).Lines(markdown.Parse([]byte("어떤 [아주 긴 이름의 문서](https://x.kr/?a=1&lt=2)를 봅니다. 옵션 `--queue-name`을 씁니다."), 1), 24)
	if got := strings.Join(lines, "\n"); !strings.Contains(got, "문서\x1b]8;;\a\x1b[m를") || !strings.Contains(got, "8;;https://x.kr/?a=1&lt=2\a") {
		t.Errorf("%q", got)
	}
}

// A table keeps its words at every width, also where it fits but for the lines between its columns.
func TestTablesKeepTheirWords(t *testing.T) {
	table := markdown.Parse([]byte("| 능력 | In the service | Without it |\n|---|:-:|--:|\n| 통신 | takes questions, sends answers | nobody can reach it |\n"+
		"| `Compute-1` | compares scores and picks | it can only dump the whole list |\n"), 1)
	sorted := func(s string) []string {
		words := strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(" \n│─┼•:", c) })
		slices.Sort(words)
		return slices.Compact(words)
	}
	want := sorted(stripped(New(Dark(), words).Lines(table, 200)))
	for width := 20; width < 100; width++ {
		if got := sorted(stripped(New(Dark(), words).Lines(table, width))); !slices.Equal(got, want) {
			t.Fatalf("width %d: %q, want %q", width, got, want)
		}
	}
}

func FuzzRender(f *testing.F) {
	f.Add(sample, 40)
	f.Add("> > > - 1. **가\"*\n| a | b |\n|-|-|\n| `c|d` | \x1b[31m |", 20)
	f.Add("```diagram\nboxes: [{id: a, label: b}]\narrows: [{from: a, to: a}]\n```", 20)
	f.Add("&#27;[2J [x](javascript:&#7;\x07) ![👩‍💻🇰🇷](y)\n\n\tcode\n", 21)
	f.Fuzz(func(t *testing.T, src string, width int) {
		width = 20 + (width&0x7fffffff)%120
		if len(src) > 20_000 {
			return
		}
		doc := markdown.Parse([]byte(src), 1)
		fits(t, New(Dark(), words).Lines(doc, width), width)
		keeps(t, doc, width)
		ascii := Mono()
		ascii.Glyphs = ASCII
		fits(t, New(ascii, words).Lines(doc, width), width)
		for _, l := range Plain(doc, words, nil) {
			if strings.ContainsAny(l, "\n\r\x1b") {
				t.Fatalf("plain line %q", l)
			}
		}
	})
}

// lesson is about 300 lines of source.
func lesson() []byte {
	return []byte(strings.Repeat(sample, 300/strings.Count(sample, "\n")+1))
}

func BenchmarkLesson(b *testing.B) {
	src := lesson()
	b.ReportMetric(float64(strings.Count(string(src), "\n")), "lines")
	for b.Loop() {
		New(Dark(), words).Lines(markdown.Parse(src, 1), 80)
	}
}

func BenchmarkScroll(b *testing.B) {
	doc, r := markdown.Parse(lesson(), 1), New(Dark(), words)
	for b.Loop() {
		r.Blocks(doc, 80)
	}
}
