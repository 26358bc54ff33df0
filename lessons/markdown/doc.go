// Package markdown reads the markdown of lessons and labs into a small tree of blocks that a terminal can draw and a lint can
// compare.
//
// It is CommonMark with tables (parsed by goldmark) plus what the course adds: headings with explicit ids, callouts
// (`> [!NOTE]`), and four executable fences — try, quiz, then-now, diagram. Emphasis works beside Korean particles, which
// CommonMark's flanking rule forbids.
package markdown

// Doc is one parsed text.
type Doc struct{ Blocks []Block }

// Block is one of the pointer types below. Line is where it starts in its file, counted from 1.
type Block interface{ Line() int }

type at int

func (a at) Line() int { return int(a) }

// Span is a run of text in one style. A hard line break is a span with Break set and no text.
type Span struct {
	Text               string
	Bold, Italic, Code bool
	URL                string
	Break              bool
}

type (
	// Heading has Level 1 to 6; ID is "" when the heading carries no {#id}.
	Heading struct {
		at
		Level int
		ID    string
		Text  []Span
	}
	Paragraph struct {
		at
		Text []Span
	}
	// List holds its items as lists of blocks. Start is the first number of an ordered list. A tight list has no
	// blank lines between items.
	List struct {
		at
		Ordered, Tight bool
		Start          int
		Items          [][]Block
	}
	// Quote is a block quote; Kind is "note", "tip" or "warning" for a callout and "" otherwise.
	Quote struct {
		at
		Kind   string
		Blocks []Block
	}
	// Code is an ordinary fence, or an indented block, which has no Lang.
	Code struct {
		at
		Lang, Text string
		Indented   bool
	}
	// Try is a command the reader can run in place. Number counts the try fences of a text from 1.
	Try struct {
		at
		Number  int
		Command string
	}
	// Quiz marks the place of a question of quiz.yaml.
	Quiz struct {
		at
		ID string
	}
	// ThenNow sets what a document says beside what is true today.
	ThenNow struct {
		at     `yaml:"-"`
		Claim  string `yaml:"claim"`
		Now    string `yaml:"now"`
		Source string `yaml:"source"`
		AsOf   string `yaml:"as_of"`
		Doc    string `yaml:"doc"`
	}
	// Diagram is boxes and arrows between them, as data.
	Diagram struct {
		at     `yaml:"-"`
		Boxes  []Box   `yaml:"boxes"`
		Arrows []Arrow `yaml:"arrows"`
	}
	// Table has one row of head cells and any number of body rows, each as wide as the head.
	Table struct {
		at
		Align []Align
		Head  [][]Span
		Rows  [][][]Span
	}
	Rule struct{ at }
	// HTML is raw markup, which the lint refuses and a terminal shows as it is.
	HTML struct {
		at
		Text string
	}
	// Broken is a fence whose body could not be read.
	Broken struct {
		at
		Kind, Reason, Text string
	}
)

// Box is a node of a diagram.
type Box struct {
	ID    string `yaml:"id"`
	Label string `yaml:"label"`
}

// Arrow joins two boxes by id; Label may be empty.
type Arrow struct {
	From  string `yaml:"from"`
	To    string `yaml:"to"`
	Label string `yaml:"label"`
}

// Align is the alignment of a table column.
type Align int

const (
	Left Align = iota
	Center
	Right
)
