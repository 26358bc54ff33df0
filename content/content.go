// Package content holds everything a learner reads and an instructor edits. It is data only: the Go side is this one embed.
package content

import "embed"

// FS is the content folder as it was when the program was built.
//
//go:embed *.yaml all:lessons all:labs
var FS embed.FS
