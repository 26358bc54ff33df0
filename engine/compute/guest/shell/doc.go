// Package shell is the guest's sh: mvdan.cc/sh's interpreter, with what a machine needs beside it. `cmd &` is a process of
// its own that outlives the shell, $! is its number, exec replaces the shell, and at a terminal there are line editing,
// history and completion.
//
// The interpreter runs `cmd &` as a goroutine, which would die with the script and have no number to kill. Such statements
// are therefore rewritten before they run: a child shell gets the statement's text, the variables and the functions.
// Signals other than EXIT and ERR cannot be trapped, and there is no job control (fg, bg).
package shell
