package lessons

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/goccy/go-yaml"
)

// UI is the words of the interface in one language.
type UI struct {
	lang  Lang
	words map[string]string
}

// UI reads ui.LANG.yaml, once. If it is unreadable every word is its key: the program stays usable and the lint says why.
func (c *Course) UI(lang Lang) *UI {
	c.mu.Lock()
	defer c.mu.Unlock()
	if u, ok := c.ui[lang]; ok {
		return u
	}
	u := &UI{lang: lang}
	if b, err := fs.ReadFile(c.fsys, uiFile(lang)); err == nil {
		_ = yaml.Unmarshal(b, &u.words)
	}
	c.ui[lang] = u
	return u
}

func uiFile(lang Lang) string { return "ui." + string(lang) + ".yaml" }

// Lang is the language of these words.
func (u *UI) Lang() Lang { return u.lang }

// T is the sentence for key, its {name} placeholders filled from name, value pairs. An unknown key is shown as itself.
func (u *UI) T(key string, pairs ...any) string {
	s, ok := u.words[key]
	if !ok {
		return key
	}
	if len(pairs) == 0 {
		return s
	}
	old := make([]string, 0, len(pairs))
	for i := 0; i+1 < len(pairs); i += 2 {
		old = append(old, fmt.Sprintf("{%v}", pairs[i]), fmt.Sprint(pairs[i+1]))
	}
	return strings.NewReplacer(old...).Replace(s)
}

// Has tells whether key exists.
func (u *UI) Has(key string) bool { _, ok := u.words[key]; return ok }

// T is UI(lang).T: for callers that say one sentence.
func (c *Course) T(lang Lang, key string, pairs ...any) string { return c.UI(lang).T(key, pairs...) }
