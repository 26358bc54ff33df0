// Package tui is the app in the terminal. [App] keeps a stack of screens and what is around them: breadcrumbs and clock at the top,
// keys at the bottom, the `:` line, the language. Each screen is a package of its own that knows package screen and no other screen;
// one asks for another by a message with a place, and place.go knows which screen shows which place.
//
// Nothing here knows the engine: the app reaches the world through screen.Backend.
package tui
