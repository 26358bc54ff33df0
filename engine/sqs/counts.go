package sqs

import "math"

// counts are a box's messages by what can be done with them.
type counts struct{ visible, inFlight, delayed int }

func (s *service) count(id int64) counts {
	visible := s.line.Rank(messageKey{id, math.MaxInt64}) - s.line.Rank(messageKey{id, math.MinInt64})
	return counts{visible: visible, inFlight: s.countHidden(id, true), delayed: s.countHidden(id, false)}
}

func (s *service) countHidden(id int64, inFlight bool) int {
	return s.hidden.Rank(hiddenKey{id, inFlight, math.MaxInt64, 0}) - s.hidden.Rank(hiddenKey{id, inFlight, math.MinInt64, 0})
}

// inFlight counts the messages that were received and are neither deleted nor visible again.
func (s *service) inFlight(id int64) int { return s.countHidden(id, true) }
