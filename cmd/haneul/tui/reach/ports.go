package reach

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Span is a protocol and a range of its ports. The protocol -1 is all of them, and a range from -1 all ports.
type Span struct {
	Protocol string
	From, To int64
}

// Ports is what may be used: spans in order, none of them touching another.
type Ports []Span

const every = "-1"

// ported reports whether a protocol has ports.
func ported(protocol string) bool { return protocol == "tcp" || protocol == "udp" }

// whole is the span with its ends spelled out. Types and codes of ICMP are not told apart.
func (s Span) whole() Span {
	if !ported(s.Protocol) {
		return Span{s.Protocol, -1, -1}
	}
	if s.From < 0 {
		return Span{s.Protocol, 0, 65535}
	}
	return s
}

// All reports whether everything may be used.
func (p Ports) All() bool { return len(p) == 1 && p[0].Protocol == every }

// tidy sorts spans, joins those that touch, and drops what is covered by all protocols.
func (p Ports) tidy() Ports {
	if slices.ContainsFunc(p, func(s Span) bool { return s.Protocol == every }) {
		return Ports{{every, -1, -1}}
	}
	for i := range p {
		p[i] = p[i].whole()
	}
	slices.SortFunc(p, func(a, b Span) int {
		return cmp.Or(strings.Compare(a.Protocol, b.Protocol), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	var out Ports
	for _, s := range p {
		if n := len(out) - 1; n >= 0 && out[n].Protocol == s.Protocol && s.From <= out[n].To+1 {
			out[n].To = max(out[n].To, s.To)
			continue
		}
		out = append(out, s)
	}
	return out
}

// and is what both let through.
func (p Ports) and(q Ports) (both Ports) {
	for _, a := range p {
		for _, b := range q {
			switch {
			case a.Protocol == every:
				both = append(both, b)
			case b.Protocol == every:
				both = append(both, a)
			case a.Protocol == b.Protocol && max(a.From, b.From) <= min(a.To, b.To):
				both = append(both, Span{a.Protocol, max(a.From, b.From), min(a.To, b.To)})
			}
		}
	}
	return both.tidy()
}

// Text is the ports on one line, such as "tcp 22, 80, 8000-8100, icmp"; all and none are the words for everything and nothing.
func (p Ports) Text(all, none string) string {
	if len(p) == 0 {
		return none
	}
	if p.All() {
		return all
	}
	var parts []string
	last := ""
	for _, s := range p {
		word := s.Protocol
		switch {
		case !ported(s.Protocol) || s.From == 0 && s.To == 65535:
		case s.From == s.To:
			word = fmt.Sprintf("%s %d", s.Protocol, s.From)
		default:
			word = fmt.Sprintf("%s %d-%d", s.Protocol, s.From, s.To)
		}
		if s.Protocol == last {
			word = strings.TrimPrefix(word, last+" ")
		}
		last = s.Protocol
		parts = append(parts, word)
	}
	return strings.Join(parts, ", ")
}
