//go:build linux

package files

import (
	"errors"
	"io"
	"strings"

	"haneul/engine/compute/guest/tool"
)

// xargsWords splits standard input: at blanks with quotes understood, at NULs, at a character, or with -I into lines.
func xargsWords(c *tool.Call, o *tool.Options) (out []string, err error) {
	b, err := io.ReadAll(c.Stdin)
	if err != nil {
		return nil, err
	}
	s := string(b)
	end := ""
	switch {
	case o.Has('0'):
		end = "\x00"
	case o.Has('d'):
		end = strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\0`, "\x00").Replace(o.Str('d', ""))
	case o.Has('I'):
		for line := range strings.Lines(s) {
			if line = strings.TrimLeft(strings.TrimSuffix(line, "\n"), " \t"); line != "" {
				out = append(out, line)
			}
		}
		return out, nil
	}
	if end != "" {
		if s = strings.TrimSuffix(s, end); s != "" {
			out = strings.Split(s, end)
		}
		return out, nil
	}
	var w strings.Builder
	inside, quote := false, byte(0)
	for i := 0; i < len(s); i++ {
		switch ch := s[i]; {
		case quote != 0:
			if ch == quote {
				quote = 0
			} else {
				w.WriteByte(ch)
			}
		case ch == '\'' || ch == '"':
			quote, inside = ch, true
		case ch == '\\' && i+1 < len(s):
			i++
			w.WriteByte(s[i])
			inside = true
		case ch == ' ' || ch == '\t' || ch == '\n':
			if inside {
				out = append(out, w.String())
				w.Reset()
			}
			inside = false
		default:
			w.WriteByte(ch)
			inside = true
		}
	}
	if quote != 0 {
		return nil, errors.New("unmatched quote; by default quotes are special to xargs unless you use the -0 option")
	}
	if inside {
		out = append(out, w.String())
	}
	return out, nil
}
