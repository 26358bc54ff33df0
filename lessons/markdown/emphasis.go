package markdown

import (
	"unicode"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// emphasis parses * and _ as CommonMark does, except beside Korean, Chinese and Japanese characters. There the rule that a
// delimiter between punctuation and a letter neither opens nor closes is dropped: a Korean particle follows its noun without
// a space, so **"단어"**는 must be bold. https://github.com/commonmark/commonmark-spec/issues/650
type emphasis struct{}

type delimiter struct{}

func (delimiter) IsDelimiter(b byte) bool                          { return b == '*' || b == '_' }
func (delimiter) CanOpenCloser(open, close *parser.Delimiter) bool { return open.Char == close.Char }
func (delimiter) OnMatch(consumes int) ast.Node                    { return ast.NewEmphasis(consumes) }

func (emphasis) Trigger() []byte { return []byte{'*', '_'} }

func (emphasis) Parse(_ ast.Node, block text.Reader, pc parser.Context) ast.Node {
	before := block.PrecendingCharacter()
	line, segment := block.PeekLine()
	d := parser.ScanDelimiter(line, before, 1, delimiter{})
	if d == nil {
		return nil
	}
	after := ' '
	if d.OriginalLength < len(line) {
		after = util.ToRune(line, d.OriginalLength)
	}
	if line[0] == '*' && (cjk(before) || cjk(after)) {
		d.CanOpen = d.CanOpen || !util.IsSpaceRune(after)
		d.CanClose = d.CanClose || !util.IsSpaceRune(before)
	}
	d.Segment = segment.WithStop(segment.Start + d.OriginalLength)
	block.Advance(d.OriginalLength)
	pc.PushDelimiter(d)
	return d
}

func cjk(r rune) bool {
	return unicode.In(r, unicode.Hangul, unicode.Han, unicode.Hiragana, unicode.Katakana) ||
		r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xffef
}
