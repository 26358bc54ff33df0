package sqs

import (
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"haneul/engine/emu"
)

// MessageAttributeValue is a typed value: String, Number or Binary, with an optional label behind a dot.
type MessageAttributeValue struct {
	DataType         string
	StringValue      *string
	BinaryValue      []byte
	StringListValues []string `query:"StringListValue,flat"` // reserved by AWS: always an error
	BinaryListValues [][]byte `query:"BinaryListValue,flat"` // reserved by AWS: always an error
}

// readAttributes checks a message's attributes and returns them in order of name.
func readAttributes(values map[string]MessageAttributeValue) ([]attribute, error) {
	if n := len(values); n > maxAttributes {
		return nil, invalid("Number of message attributes [%d] exceeds the allowed maximum [%d].", n, maxAttributes)
	}
	var list []attribute
	for _, name := range sortedNames(values) {
		if err := checkAttributeName(name); err != nil {
			return nil, err
		}
		a, err := values[name].read(name, "(user)")
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// readTrace checks the system attributes, of which there is one.
func readTrace(values map[string]MessageAttributeValue) (string, error) {
	const header = "AWSTraceHeader"
	for _, name := range sortedNames(values) {
		if name != header {
			return "", invalid("Message system attribute name '%s' is invalid.", name)
		}
	}
	v, ok := values[header]
	if !ok {
		return "", nil
	}
	a, err := v.read(header, "system")
	if err == nil && a.Type != "String" {
		err = invalid("The type of message system attribute '%s' must be String.", header)
	}
	return a.Text, err
}

func checkAttributeName(name string) error {
	lower := strings.ToLower(name)
	switch {
	case name == "":
		return invalid("The request must contain non-empty message (user) attribute names.")
	case len(name) >= maxAttributeName:
		return invalid("Message (user) attribute name must be shorter than 256 bytes.")
	case strings.HasPrefix(lower, "aws.") || strings.HasPrefix(lower, "amazon."):
		return invalid("You can't use message attribute names beginning with 'AWS.' or 'Amazon'. These strings are reserved for internal use.")
	case name[0] == '.':
		return invalid("Message (user) attribute name must not begin with character '.'.")
	case name[len(name)-1] == '.':
		return invalid("Message (user) attribute name must not end with character '.'.")
	case strings.Contains(name, ".."):
		return invalid("Message (user) attribute name must not have successive '.' characters.")
	case strings.ContainsFunc(name, func(r rune) bool { return !isNameRune(r) }):
		return invalid("Message (user) attributes name can only contain upper and lower score characters, digits, periods, hyphens and underscores. ")
	}
	return nil
}

// isNameRune reports whether an attribute's name may hold r. AWS takes accented letters, which it does not document.
func isNameRune(r rune) bool {
	return r == '.' || r < 0x80 && isWord(string(r)) || r >= 0xC0 && r <= 0x17F
}

// read checks one attribute; sort is "(user)" or "system".
func (v MessageAttributeValue) read(name, sort string) (a attribute, err error) {
	base, _, _ := strings.Cut(v.DataType, ".")
	text := ""
	if v.StringValue != nil {
		text = *v.StringValue
	}
	switch {
	case v.StringListValues != nil || v.BinaryListValues != nil:
		return a, legacy("UnsupportedOperation", "Message attribute list values in SendMessage operation are not supported.")
	case v.DataType == "":
		return a, invalid("The message %s attribute '%s' must contain a non-empty message attribute type.", sort, name)
	case base != "String" && base != "Number" && base != "Binary":
		return a, invalid("The type of message %s attribute '%s' is invalid. You must use only the following supported type prefixes: Binary, Number, String.", sort, name)
	case len(v.DataType) >= maxAttributeName:
		return a, invalid("Message %s attribute type must be shorter than 256 bytes.", sort)
	case text == "" && len(v.BinaryValue) == 0:
		return a, invalid("Message %s attribute '%s' must contain a non-empty value of type '%s'.", sort, name, base)
	case text != "" && len(v.BinaryValue) > 0:
		return a, invalid("Message %s attribute '%s' must have a single value.", sort, name)
	case base == "Binary" && text != "":
		return a, invalid("Message %s attribute '%s' with type 'Binary' must use field 'Binary'.", sort, name)
	case base != "Binary" && text == "":
		return a, invalid("Message %s attribute '%s' with type '%s' must use field 'String'.", sort, name, base)
	case base == "Number" && !isNumber(text):
		return a, invalid("Can't cast the value of message %s attribute '%s' to a number.", sort, name)
	}
	if err := checkText(text); err != nil {
		return a, err
	}
	return attribute{name, v.DataType, text, v.BinaryValue}, nil
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return (err == nil || strings.Contains(err.Error(), "range")) && !strings.ContainsAny(s, "xX_iInN")
}

// checkText refuses what XML 1.0 cannot carry. API_SendMessage.
func checkText(s string) *emu.Error {
	for _, r := range s {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return emu.Errorf("InvalidMessageContents", "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF")
		}
	}
	if !utf8.ValidString(s) {
		return emu.Errorf("InvalidMessageContents", "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF")
	}
	return nil
}

// wire is the attribute as clients see it.
func (a attribute) wire() MessageAttributeValue {
	if a.Binary != nil {
		return MessageAttributeValue{DataType: a.Type, BinaryValue: a.Binary}
	}
	return MessageAttributeValue{DataType: a.Type, StringValue: &a.Text}
}

// size is what the attribute adds to the message's size.
func (a attribute) size() int { return len(a.Name) + len(a.Type) + len(a.Text) + len(a.Binary) }

// How the digest marks a value's transport.
const (
	stringMark = 1
	binaryMark = 2
)

// digest is the MD5 of attributes in order of name: each part preceded by its length, each value by its transport.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
// It is "" for none.
func digest(list []attribute) string {
	if len(list) == 0 {
		return ""
	}
	var b []byte
	part := func(s string) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	for _, a := range list {
		part(a.Name)
		part(a.Type)
		if a.Binary != nil {
			b = append(b, binaryMark)
			part(string(a.Binary))
		} else {
			b = append(b, stringMark)
			part(a.Text)
		}
	}
	return md5Hex(b)
}

// traceDigest is the digest of the system attributes.
func traceDigest(trace string) string {
	if trace == "" {
		return ""
	}
	return digest([]attribute{{Name: "AWSTraceHeader", Type: "String", Text: trace}})
}

func md5Hex(b []byte) string {
	sum := md5.Sum(b)
	return hex.EncodeToString(sum[:])
}

// chosen is the attributes that a receive asks for: by name, by prefix ("foo.*"), or all ("All", ".*", "*").
func chosen(list []attribute, names []string) (some []attribute) {
	for _, a := range list {
		if slices.ContainsFunc(names, func(name string) bool { return asksFor(name, a.Name) }) {
			some = append(some, a)
		}
	}
	return some
}

func asksFor(pattern, name string) bool {
	if pattern == "All" || pattern == "*" {
		return true
	}
	if prefix, ok := strings.CutSuffix(pattern, ".*"); ok {
		return strings.HasPrefix(name, prefix)
	}
	return pattern == name
}

func sortedNames(values map[string]MessageAttributeValue) []string {
	if len(values) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(values))
}
