package policy

// Cache keeps compiled documents by their text. It is not safe for concurrent use: whoever owns it has a lock. It is
// a memory of a pure function, not state: losing it changes no answer.
type Cache struct {
	documents map[string]*Document
}

// cacheSize bounds a cache; a cloud has far fewer policies.
const cacheSize = 4096

var nothing = &Document{}

// Document compiles text, or returns it compiled. A text that does not parse grants and denies nothing: it was refused
// when somebody tried to store it.
func (c *Cache) Document(text string) *Document {
	if d := c.documents[text]; d != nil {
		return d
	}
	d, err := compileText(text)
	if err != nil {
		d = nothing
	}
	if c.documents == nil || len(c.documents) >= cacheSize {
		c.documents = make(map[string]*Document)
	}
	c.documents[text] = d
	return d
}
