// Package lessons is the course as Go: it loads what is under content/, holds it to its rules, and keeps the learner's progress.
//
// Load reads course.yaml; a lesson's text, its quiz and the words of the interface are read when first asked for, so that a
// command which shows none of them pays for none. Lint holds every file to the rules of the format and keeps both languages
// in step. lessons/markdown parses, lessons/render draws.
//
// The package knows neither screens nor labs. A lab appears here only as a slug and a title on the course map.
package lessons
