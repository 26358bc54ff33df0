package markdown

import (
	"strings"
	"testing"
)

// show writes spans in a readable form: bold as <b>, italic as <i>, code as `…`.
func show(spans []Span) string {
	var s strings.Builder
	for _, sp := range spans {
		t := sp.Text
		switch {
		case sp.Break:
			t = "⏎"
		case sp.Code:
			t = "`" + t + "`"
		}
		if sp.Italic {
			t = "<i>" + t + "</i>"
		}
		if sp.Bold {
			t = "<b>" + t + "</b>"
		}
		if sp.URL != "" {
			t += "(" + sp.URL + ")"
		}
		s.WriteString(t)
	}
	return s.String()
}

func TestEmphasisBesideKorean(t *testing.T) {
	for src, want := range map[string]string{
		`**"단어"**는 굵다`:               `<b>"단어"</b>는 굵다`,
		`**굵게**는`:                    `<b>굵게</b>는`,
		`**마크다운(Markdown)**을 쓴다`:     `<b>마크다운(Markdown)</b>을 쓴다`,
		"**`aws s3`**를 친다":           "<b>`aws s3`</b>를 친다",
		`**100%**까지`:                 `<b>100%</b>까지`,
		`**「서브넷」**은 *기울임*도`:          `<b>「서브넷」</b>은 <i>기울임</i>도`,
		`앞에서**"인용"**을`:               `앞에서<b>"인용"</b>을`,
		`2 * 3 * 4`:                  `2 * 3 * 4`,
		`a**"b"**c`:                  `a**"b"**c`, // not beside CJK: CommonMark's rule stands
		`[문서](https://example.com)를`: `문서(https://example.com)를`,
		"한 줄\n다음 줄":                  `한 줄 다음 줄`,
		"한 줄\\\n다음 줄":                `한 줄⏎다음 줄`,
		`\*별\* &amp; &#27;[31m`:      `*별* & [31m`,
	} {
		p, ok := Parse([]byte(src), 1).Blocks[0].(*Paragraph)
		if !ok {
			t.Errorf("%q is not a paragraph", src)
		} else if got := show(p.Text); got != want {
			t.Errorf("%q\n got %s\nwant %s", src, got, want)
		}
	}
}

const everything = `## 제목 {#intro}

문단

> [!TIP]
> 첫 문장
> 둘째

` + "```try\naws sqs list-queues\n```\n\n```quiz id=q1\n```\n\n```json\n{}\n```\n\n" +
	"```then-now\nclaim: 옛말\nnow: 지금\nsource: https://example.com\nas_of: 2026-11-01\ndoc: S1\n```\n\n" +
	"```diagram\nboxes: [{id: a, label: 가}, {id: b, label: 나}]\narrows: [{from: a, to: b, label: 보냄}]\n```\n\n" + `
| 하나 | 둘 |
|---|--:|
| 1 | 2 |

1. 첫째

   둘째 문단
2. 다음

---
` + "```then-now\n: [\n```\n"

func TestBlocks(t *testing.T) {
	blocks := Parse([]byte(everything), 5).Blocks
	if len(blocks) != 12 {
		t.Fatalf("%d blocks: %#v", len(blocks), blocks)
	}
	if h := blocks[0].(*Heading); h.ID != "intro" || show(h.Text) != "제목" || h.Line() != 5 {
		t.Errorf("%+v", h)
	}
	if q := blocks[2].(*Quote); q.Kind != "tip" || show(q.Blocks[0].(*Paragraph).Text) != "첫 문장 둘째" || q.Line() != 9 {
		t.Errorf("%+v line %d", q, q.Line())
	}
	if x := blocks[3].(*Try); x.Number != 1 || x.Command != "aws sqs list-queues" || x.Line() != 13 {
		t.Errorf("%+v", x)
	}
	if x := blocks[4].(*Quiz); x.ID != "q1" || x.Line() != 17 {
		t.Errorf("%+v line %d", x, x.Line())
	}
	if x := blocks[6].(*ThenNow); x.Claim != "옛말" || x.AsOf != "2026-11-01" || x.Doc != "S1" {
		t.Errorf("%+v", x)
	}
	if x := blocks[7].(*Diagram); len(x.Boxes) != 2 || x.Arrows[0] != (Arrow{"a", "b", "보냄"}) {
		t.Errorf("%+v", x)
	}
	if x := blocks[8].(*Table); len(x.Head) != 2 || len(x.Rows) != 1 || x.Align[1] != Right {
		t.Errorf("%+v", x)
	}
	if x := blocks[9].(*List); !x.Ordered || len(x.Items) != 2 || len(x.Items[0]) != 2 {
		t.Errorf("%+v", x)
	}
	if x := blocks[11].(*Broken); x.Kind != "then-now" || x.Reason == "" {
		t.Errorf("%+v", x)
	}
}
