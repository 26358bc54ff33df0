package sqs

import "haneul/engine/emu"

// ListMessageMoveTasksInput names a source queue and how many tasks to list: 1 to 10, else 1.
type ListMessageMoveTasksInput struct {
	SourceArn  string `is:"required"`
	MaxResults *int64
}

// Resource implements [emu.Input].
func (in *ListMessageMoveTasksInput) Resource(*emu.Call) string { return in.SourceArn }

// ListMessageMoveTasksOutput holds the most recent tasks, the youngest first.
type ListMessageMoveTasksOutput struct {
	Results []ListMessageMoveTasksResultEntry `query:"ListMessageMoveTasksResultEntry,flat"`
}

// ListMessageMoveTasksResultEntry is a task. Its handle is shown while it can be cancelled; StartedTimestamp is in
// milliseconds since 1970.
type ListMessageMoveTasksResultEntry struct {
	TaskHandle                        string
	Status                            string
	SourceArn                         string
	DestinationArn                    string
	MaxNumberOfMessagesPerSecond      *int64
	ApproximateNumberOfMessagesMoved  int64
	ApproximateNumberOfMessagesToMove *int64
	FailureReason                     string
	StartedTimestamp                  int64
}

func (s *service) listMessageMoveTasks(c *emu.Call, in *ListMessageMoveTasksInput) (*ListMessageMoveTasksOutput, error) {
	k, _, err := s.sourceOf(c, in.SourceArn, "SourceArn")
	if err != nil {
		return nil, err
	}
	most := 1
	if in.MaxResults != nil {
		if *in.MaxResults < 1 || *in.MaxResults > maxMoveResults {
			return nil, invalid("Value for parameter MaxResults is invalid. Reason: You must enter a number that's between 1 and 10.")
		}
		most = int(*in.MaxResults)
	}
	out := &ListMessageMoveTasksOutput{}
	s.newest(k, func(_ moveKey, m move) bool {
		out.Results = append(out.Results, m.show(in.SourceArn))
		return len(out.Results) < most
	})
	return out, nil
}

func (m move) show(source string) ListMessageMoveTasksResultEntry {
	e := ListMessageMoveTasksResultEntry{
		Status: m.Status, SourceArn: source, DestinationArn: m.Destination, FailureReason: m.Reason,
		ApproximateNumberOfMessagesMoved: m.Moved, ApproximateNumberOfMessagesToMove: &m.ToMove,
		StartedTimestamp: int64(m.Started / emu.Millisecond),
	}
	if m.Rate != 0 {
		e.MaxNumberOfMessagesPerSecond = &m.Rate
	}
	if m.Status == moveRunning {
		e.TaskHandle = taskHandle{m.ID, source}.String()
	}
	return e
}
