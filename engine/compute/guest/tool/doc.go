// Package tool is what the guest's commands have in common: a call with its streams, options as GNU programs read them,
// lines of files, and errors in the words people know.
package tool
