package sqs

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// checkTags checks the tags of one request.
func checkTags(tags map[string]string) error {
	if len(tags) > maxTags {
		return invalid("Too many tags added for queue.")
	}
	for _, key := range slices.Sorted(maps.Keys(tags)) {
		switch value := tags[key]; {
		case key == "" || len([]rune(key)) > maxTagKey:
			return invalid("Tag keys must be between 1 and 128 characters in length.")
		case strings.HasPrefix(strings.ToLower(key), "aws:"):
			return invalid("Tag keys cannot start with aws:")
		case !isTagText(key):
			return invalid("Tag keys may only contain unicode letters, digits, whitespace, or one of these symbols: _ . : / = + - @")
		case len([]rune(value)) > maxTagValue:
			return invalid("Tag values must be between 0 and 256 characters in length.")
		case !isTagText(value):
			return invalid("Tag values may only contain unicode letters, digits, whitespace, or one of these symbols: _ . : / = + - @'")
		}
	}
	return nil
}

func isTagText(s string) bool {
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsSpace(r) && !strings.ContainsRune("_.:/=+-@", r) {
			return false
		}
	}
	return true
}
