package sqs

import (
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
)

// receipt is one receive of one message: what a receipt handle stands for.
type receipt struct {
	Box, N int64
	Nth    int64 // the message's count of receives at that time
}

// receiptSize is three version bytes, three numbers and a checksum; AWS's handles begin with AQEB, too.
const receiptSize = 3 + 8*3 + 4

// handle writes a receipt as clients see it: 44 characters of base64.
func (r receipt) handle() string {
	var raw [receiptSize]byte
	b := append(raw[:0], 1, 1, 1)
	b = binary.BigEndian.AppendUint64(b, scramble(uint64(r.Box)))
	b = binary.BigEndian.AppendUint64(b, scramble(uint64(r.N)))
	b = binary.BigEndian.AppendUint64(b, scramble(uint64(r.Nth)^uint64(r.N)<<20))
	b = binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b))
	return base64.StdEncoding.EncodeToString(b)
}

// readHandle is the reverse of handle; false for anything that handle did not write.
func readHandle(s string) (r receipt, ok bool) {
	b, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != receiptSize || b[0] != 1 || b[1] != 1 || b[2] != 1 {
		return r, false
	}
	body, sum := b[:receiptSize-4], binary.BigEndian.Uint32(b[receiptSize-4:])
	if crc32.ChecksumIEEE(body) != sum {
		return r, false
	}
	r.Box = int64(unscramble(binary.BigEndian.Uint64(b[3:])))
	r.N = int64(unscramble(binary.BigEndian.Uint64(b[11:])))
	r.Nth = int64(unscramble(binary.BigEndian.Uint64(b[19:])) ^ uint64(r.N)<<20)
	return r, true
}

// scramble makes small numbers look like the opaque bytes they are meant to be. It is no secret.
func scramble(x uint64) uint64 { return (x ^ 0x6861_6e65_756c_5351) * 0x9e37_79b9_7f4a_7c15 }

// unscramble multiplies by the inverse of scramble's odd factor modulo 2⁶⁴.
func unscramble(x uint64) uint64 { return x*0xf1de_83e1_9937_733d ^ 0x6861_6e65_756c_5351 }
