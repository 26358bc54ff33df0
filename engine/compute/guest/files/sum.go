//go:build linux

package files

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"strings"

	"haneul/engine/compute/guest/tool"
)

// Sum is md5sum, sha1sum and sha256sum [-c].
func Sum(c *tool.Call) int {
	o, err := tool.Parse(c.Args, "cbt", "check=c", "binary=b", "text=t", "quiet=b", "status=b")
	if err != nil {
		return c.Fail(1, "%v", err)
	}
	digest := func(r io.Reader) (string, error) {
		var h hash.Hash
		switch c.Name {
		case "md5sum":
			h = md5.New()
		case "sha1sum":
			h = sha1.New()
		default:
			h = sha256.New()
		}
		_, err := io.Copy(h, r)
		return fmt.Sprintf("%x", h.Sum(nil)), err
	}
	bad := 0
	code := c.EachFile(o.Args, func(name string, r io.Reader) error {
		if !o.Has('c') {
			d, err := digest(r)
			if err == nil {
				c.Printf("%s  %s\n", d, name)
			}
			return err
		}
		for l := c.Lines(r); l.Next(); {
			want, file, ok := strings.Cut(string(l.Text), "  ")
			if !ok {
				continue
			}
			verdict := "FAILED open or read"
			if f, err := c.Open(file); err == nil {
				verdict = "OK"
				if d, err := digest(f); err != nil || d != want {
					verdict = "FAILED"
				}
				f.Close()
			} else {
				c.Warn("%s: %s", file, tool.Reason(err))
			}
			if verdict != "OK" {
				bad++
			}
			c.Printf("%s: %s\n", file, verdict)
		}
		return nil
	})
	if bad > 0 {
		return c.Fail(1, "WARNING: %d computed checksum did NOT match", bad)
	}
	return code
}
