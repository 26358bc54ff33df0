//go:build !windows

package main

// systemLanguage is the language of the system where the environment does not say.
func systemLanguage() string { return "" }
