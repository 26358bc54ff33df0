package daemon

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
)

// BuildID tells builds of this program apart. It is made of the id that the Go linker leaves near the beginning of every
// program, which depends on all that was compiled into it: reading the whole file would cost every command 30 ms.
func BuildID(executable string) (string, error) {
	f, err := os.Open(executable)
	if err != nil {
		return "", err
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, 64<<10))
	if err != nil {
		return "", err
	}
	id := linkerID(head)
	if id == nil {
		info, err := f.Stat()
		if err != nil {
			return "", err
		}
		id = fmt.Appendf(nil, "%d %d", info.Size(), info.ModTime().UnixNano())
	}
	sum := sha256.Sum256(id)
	return hex.EncodeToString(sum[:8]), nil
}

// linkerID finds the linker's id: a note in ELF files, a marked string at the start of the code elsewhere.
func linkerID(head []byte) []byte {
	note := []byte("\x04\x00\x00\x00Go\x00\x00")
	if i := bytes.Index(head, note); i >= 4 {
		size := int(head[i-4]) | int(head[i-3])<<8
		if from := i + len(note); from+size <= len(head) {
			return head[from : from+size]
		}
	}
	mark := []byte("\xff Go build ID: \"")
	if i := bytes.Index(head, mark); i >= 0 {
		rest := head[i+len(mark):]
		if end := bytes.IndexByte(rest, '"'); end >= 0 {
			return rest[:end]
		}
	}
	return nil
}
