package codec

import (
	"fmt"
	"strconv"
)

// Problem says where input could not be read and why. Path names members as declared, elements by their number from 1:
// "Entries.2.DelaySeconds"; it is empty for the whole. Reason is a sentence without a full stop.
type Problem struct{ Path, Reason string }

func (p *Problem) Error() string {
	if p.Path == "" {
		return p.Reason
	}
	return p.Path + ": " + p.Reason
}

func problem(format string, args ...any) *Problem {
	return &Problem{Reason: fmt.Sprintf(format, args...)}
}

// in puts a step in front of the path; decoders call it on the way out, so that a good input pays nothing for paths.
func (p *Problem) in(step string) *Problem {
	if p.Path == "" {
		p.Path = step
	} else {
		p.Path = step + "." + p.Path
	}
	return p
}

func (p *Problem) at(i int) *Problem { return p.in(strconv.Itoa(i + 1)) }

// maxDepth bounds nesting in everything decoded: input is not trusted, and no AWS shape comes near it.
const maxDepth = 64

func tooDeep() *Problem { return problem("nested more than %d levels deep", maxDepth) }
