// Package sed is the stream editor: a parser (parse.go) and a machine (run.go). All of POSIX's commands and GNU's usual
// additions: -E, -i, -s, -z, first~step, addr,+n, 0,/re/, s///Ieg with \U \L \u \l \E, Q, F, a i c on one line.
package sed
