// Package widget is what the screens are made of: a line editor, scrolling, panes, bars, a clock for things that take a while.
package widget
