package render

// Style is the parameters of an SGR sequence, such as "1;38;2;95;184;255"; "" paints nothing.
type Style string

// Paint writes s in the style and closes it.
func (st Style) Paint(s string) string {
	if st == "" || s == "" {
		return s
	}
	return "\x1b[" + string(st) + "m" + s + "\x1b[m"
}

// And adds another style to this one.
func (st Style) And(o Style) Style {
	switch {
	case st == "":
		return o
	case o == "":
		return st
	}
	return st + ";" + o
}

// Styles that need no colour.
const (
	Bold      Style = "1"
	Italic    Style = "3"
	Underline Style = "4"
	Reverse   Style = "7"
)

// Theme is everything that differs between a dark, a light, a high-contrast and a colourless terminal. There is one accent;
// good, bad and warn never stand alone, a word or a sign always says the same.
type Theme struct {
	Accent, Dim, Good, Bad, Warn, Code, Selected Style
	Comment, String, Key                         Style // in code
	QuoteCode                                    bool  // code spans keep their backticks, because no colour marks them
	Glyphs                                       Glyphs
}

// Glyphs are the signs that some terminals draw too wide, each with a plain stand-in in the ASCII set.
type Glyphs struct {
	Bullet, Arrow, Continue, Bar, Check, Cross, Full, Empty, Dot, Up, Down, Pointer, Crumb, Ellipsis, Open, Half, Enter string
	Spinner                                                                                                             []string
	box                                                                                                                 string // 16 runes by the sides a line leaves to: up 1, down 2, left 4, right 8
	round                                                                                                               string // the four corners of a box, from the top left, clockwise
	head                                                                                                                string // arrow heads: right, down
}

var (
	// Unicode is the usual set.
	Unicode = Glyphs{
		Bullet: "•", Arrow: "→", Continue: "↪", Bar: "▎", Check: "✓", Cross: "✗", Full: "━", Empty: "─", Dot: "·",
		Up: "↑", Down: "↓", Pointer: "▸", Crumb: "›", Ellipsis: "…", Open: "○", Half: "◐", Enter: "⏎",
		Spinner: []string{"⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"},
		box:     " ╵╷│╴┘┐┤╶└┌├─┴┬┼", round: "╭╮╯╰", head: "▶▼",
	}
	// ASCII is for terminals that draw ambiguous signs two cells wide, and for fonts that lack them.
	ASCII = Glyphs{
		Bullet: "-", Arrow: "->", Continue: ">", Bar: "|", Check: "v", Cross: "x", Full: "#", Empty: ".", Dot: "-",
		Up: "^", Down: "v", Pointer: ">", Crumb: ">", Ellipsis: "...", Open: "o", Half: "%", Enter: "enter:",
		Spinner: []string{"|", "/", "-", "\\"},
		box:     " |||-+++-+++-+++", round: "++++", head: ">v",
	}
)

// Dark is for light letters on a dark ground, the usual terminal.
func Dark() *Theme {
	return &Theme{
		Accent: "38;2;112;192;255", Dim: "38;2;128;139;153", Good: "38;2;134;207;148", Bad: "38;2;240;138;132", Warn: "38;2;229;192;110",
		Code: "38;2;166;212;250", Selected: "1;38;2;112;192;255",
		Comment: "3;38;2;128;139;153", String: "38;2;160;205;160", Key: "38;2;150;190;225",
		Glyphs: Unicode,
	}
}

// Light is for dark letters on a light ground.
func Light() *Theme {
	return &Theme{
		Accent: "38;2;0;103;178", Dim: "38;2;102;112;124", Good: "38;2;20;117;53", Bad: "38;2;184;36;36", Warn: "38;2;143;92;0",
		Code: "38;2;10;84;140", Selected: "1;38;2;0;103;178",
		Comment: "3;38;2;102;112;124", String: "38;2;36;110;50", Key: "38;2;10;84;140",
		Glyphs: Unicode,
	}
}

// Contrast uses the terminal's own strongest colours, no grey, and reverse video for what is selected.
func Contrast() *Theme {
	return &Theme{
		Accent: "1;96", Good: "1;92", Bad: "1;91", Warn: "1;93", Code: "1", Selected: "1;7", Key: "1", Glyphs: Unicode, QuoteCode: true,
	}
}

// Mono has no colour at all (NO_COLOR): bold, underline and reverse carry the difference.
func Mono() *Theme {
	return &Theme{Accent: "1", Selected: "7", QuoteCode: true, Glyphs: Unicode}
}

// Vertical is the thin upright line.
func (g Glyphs) Vertical() string { return g.line(up | down) }
