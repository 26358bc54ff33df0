package sqs

import (
	"strconv"

	"haneul/engine/emu"
)

// resources lists the queues with their counts, for a screen.
func (s *service) resources(account string) func(emu.Time) []emu.Resource {
	return func(emu.Time) (list []emu.Resource) {
		s.queues.All(func(k queueKey, q queue) bool {
			n := s.count(q.Box)
			r := emu.Resource{
				Kind: "queue", Name: k.Name, Region: k.Region, ARN: "arn:aws:sqs:" + k.Region + ":" + account + ":" + k.Name,
				State: []emu.Note{
					{Key: "visible", Value: strconv.Itoa(n.visible)},
					{Key: "in flight", Value: strconv.Itoa(n.inFlight)},
					{Key: "delayed", Value: strconv.Itoa(n.delayed)},
				},
			}
			if q.DeadLetter != "" {
				r.State = append(r.State, emu.Note{Key: "dead letters to", Value: q.DeadLetter},
					emu.Note{Key: "after receives", Value: strconv.FormatInt(q.MaxReceives, 10)})
			}
			list = append(list, r)
			return true
		})
		return list
	}
}
