package emu

import (
	"encoding/binary"
	"encoding/hex"
)

// Request ids are a function of a cloud's seed and a call's number, and can be turned back into the number: the journal
// neither stores them nor needs an index to find one.

const (
	highBits = 1<<60 - 1 // of a UUID's first word, without its version
	lowBits  = 1<<62 - 1 // of its second, without its variant
)

// requestID is a version 4 UUID: a hash of the number, and the number itself hidden behind a hash of that.
func (c *Cloud) requestID(seq uint64) string {
	low := mix(c.seed, seq) & lowBits
	high := (seq ^ mix(^c.seed, low)) & highBits
	return formatUUID(high>>12<<16|high&0xfff, low)
}

// numberOf is the number of the call with a request id, if this cloud made the id.
func (c *Cloud) numberOf(requestID string) (seq uint64, ok bool) {
	var raw [16]byte
	if !parseUUID(&raw, requestID) {
		return 0, false
	}
	word, low := binary.BigEndian.Uint64(raw[:8]), binary.BigEndian.Uint64(raw[8:])&lowBits
	high := word>>16<<12 | word&0xfff
	seq = (high ^ mix(^c.seed, low)) & highBits
	return seq, c.requestID(seq) == requestID
}

// dashes are the places of a UUID's hyphens in its text.
var dashes = [...]int{8, 13, 18, 23}

// formatUUID sets the version and the variant and writes the text.
func formatUUID(high, low uint64) string {
	high = high&^0xf000 | 0x4000
	low = low&lowBits | 1<<63
	var raw [16]byte
	binary.BigEndian.PutUint64(raw[:8], high)
	binary.BigEndian.PutUint64(raw[8:], low)
	var text [36]byte
	hex.Encode(text[:8], raw[:4])
	hex.Encode(text[9:13], raw[4:6])
	hex.Encode(text[14:18], raw[6:8])
	hex.Encode(text[19:23], raw[8:10])
	hex.Encode(text[24:], raw[10:])
	for _, i := range dashes {
		text[i] = '-'
	}
	return string(text[:])
}

func parseUUID(raw *[16]byte, s string) bool {
	if len(s) != 36 {
		return false
	}
	var digits [32]byte
	n := 0
	for i := range len(s) {
		if s[i] != '-' && n < len(digits) {
			digits[n] = s[i]
			n++
		}
	}
	_, err := hex.Decode(raw[:], digits[:])
	return n == len(digits) && err == nil
}

// mix is the finaliser of splitmix64 over two words.
func mix(a, b uint64) uint64 {
	z := a + b*0x9e37_79b9_7f4a_7c15
	z = (z ^ z>>30) * 0xbf58_476d_1ce4_e5b9
	z = (z ^ z>>27) * 0x94d0_49bb_1331_11eb
	return z ^ z>>31
}
