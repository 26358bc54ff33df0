package markdown

import (
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/yuin/goldmark/ast"
)

// fence turns a fenced block into what its info string asks for. `try`, `quiz`, `then-now` and `diagram` are the course's own;
// any other word is the language of ordinary code.
func (b *builder) fence(n *ast.FencedCodeBlock) Block {
	body := b.lines(n)
	info := ""
	pos := b.line(max(0, n.Pos()))
	if n.Info != nil {
		info = strings.TrimSpace(string(n.Info.Segment.Value(b.src)))
		pos = b.line(n.Info.Segment.Start)
	}
	word, rest, _ := strings.Cut(info, " ")
	switch word {
	case "try":
		b.tries++
		return &Try{at: pos, Number: b.tries, Command: body}
	case "quiz":
		id, ok := strings.CutPrefix(strings.TrimSpace(rest), "id=")
		if !ok || id == "" {
			return &Broken{at: pos, Kind: word, Reason: "a quiz fence needs id=NAME", Text: info}
		}
		return &Quiz{at: pos, ID: id}
	case "then-now":
		t := &ThenNow{}
		if err := decode(body, t); err != nil {
			return &Broken{at: pos, Kind: word, Reason: err.Error(), Text: body}
		}
		t.at = pos
		return t
	case "diagram":
		d := &Diagram{}
		if err := decode(body, d); err != nil {
			return &Broken{at: pos, Kind: word, Reason: err.Error(), Text: body}
		}
		d.at = pos
		return d
	}
	return &Code{at: pos, Lang: word, Text: body}
}

// decode reads the yaml body of a fence. A YAML library handed hostile text may panic; one broken fence must not take the
// page with it.
func decode(body string, into any) (err error) {
	defer func() {
		if recover() != nil {
			err = errUnreadable
		}
	}()
	return yaml.UnmarshalWithOptions([]byte(body), into, yaml.Strict())
}

type parseError string

func (e parseError) Error() string { return string(e) }

const errUnreadable = parseError("not readable as YAML")
