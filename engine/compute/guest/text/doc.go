// Package text is the commands that turn text into text: cat, head, tail, wc, sort, uniq, cut, tr, tee, grep, sed, awk,
// jq, seq and their kin. They behave as Debian's in the C locale: bytes, except that wc -m, sed and tr know UTF-8.
package text
