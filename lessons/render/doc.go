// Package render draws the course in a terminal: markdown blocks become lines that fit a width.
//
// Glamour draws the leaves, which are paragraphs, headings, tables and the text inside everything else, and Chroma finds the words
// of code. This package draws what holds them: lists, quotes, callouts, code with its continuation signs, then-now boxes, diagrams
// and questions. Leaves reach Glamour as nodes made from the spans of package markdown, not as source: so emphasis works beside
// Korean particles, no escape is resolved twice and no control character gets through.
//
// Korean is wrapped at spaces, never inside a word (어절) that fits a line. No line has trailing blanks, every line closes the
// styles it opens, and a line of code that is too long continues after a ↪, so that what is copied stays recognisable.
package render
