package screen

import (
	tea "charm.land/bubbletea/v2"
)

// jamo is where the letters of the two-set Hangul keyboard are: with Korean input on, pressing j sends ㅓ. Shift changes only
// five of them, so ㅣ stands for L, which switches the language, and no screen uses l.
var jamo = map[string]string{
	"ㅂ": "q", "ㅈ": "w", "ㄷ": "e", "ㄱ": "r", "ㅅ": "t", "ㅛ": "y", "ㅕ": "u", "ㅑ": "i", "ㅐ": "o", "ㅔ": "p",
	"ㅁ": "a", "ㄴ": "s", "ㅇ": "d", "ㄹ": "f", "ㅎ": "g", "ㅗ": "h", "ㅓ": "j", "ㅏ": "k", "ㅣ": "L",
	"ㅋ": "z", "ㅌ": "x", "ㅊ": "c", "ㅍ": "v", "ㅠ": "b", "ㅜ": "n", "ㅡ": "m",
	"ㅃ": "Q", "ㅉ": "W", "ㄸ": "E", "ㄲ": "R", "ㅆ": "T", "ㅒ": "O", "ㅖ": "P",
}

// Name is the key of a press as screens bind it: bubbletea's name, jamo turned into the letter on the same key, the keys of vi
// and the arrows alike.
func Name(k tea.KeyPressMsg) string {
	s := k.String()
	if latin, ok := jamo[s]; ok {
		s = latin
	}
	switch s {
	case "j":
		return "down"
	case "k":
		return "up"
	case "space":
		return " "
	}
	return s
}
