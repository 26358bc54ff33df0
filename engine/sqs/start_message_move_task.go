package sqs

import "haneul/engine/emu"

// StartMessageMoveTaskInput names a dead-letter queue, where its messages are to go ("" for where each came from), and how
// many a second at most.
type StartMessageMoveTaskInput struct {
	SourceArn                    string `is:"required"`
	DestinationArn               string
	MaxNumberOfMessagesPerSecond *int64
}

// Resource implements [emu.Input].
func (in *StartMessageMoveTaskInput) Resource(*emu.Call) string { return in.SourceArn }

// StartMessageMoveTaskOutput holds the handle by which the task can be cancelled.
type StartMessageMoveTaskOutput struct{ TaskHandle string }

func (s *service) startMessageMoveTask(c *emu.Call, in *StartMessageMoveTaskInput) (*StartMessageMoveTaskOutput, error) {
	k, q, err := s.sourceOf(c, in.SourceArn, "SourceArn")
	if err != nil {
		return nil, err
	}
	if err := s.checkMove(c, in, &q); err != nil {
		return nil, err
	}
	running := false
	s.newest(k, func(_ moveKey, m move) bool { running = m.Next != 0; return !running })
	switch {
	case running:
		return nil, invalid("There is already a task running. Only one active task is allowed for a source queue arn at a given time.")
	case s.active.Len() >= maxActiveMoves:
		e := emu.Errorf("RequestThrottled", "The maximum number of active message movement tasks is %d.", maxActiveMoves)
		e.Status = 403
		return nil, e
	}
	m := move{
		ID: c.NewID(), Status: moveRunning, Destination: in.DestinationArn,
		ToMove: int64(s.count(q.Box).visible), Started: c.Now,
	}
	if in.MaxNumberOfMessagesPerSecond != nil {
		m.Rate = *in.MaxNumberOfMessagesPerSecond
	}
	m.Next = c.Now + m.pause()
	s.moves.Put(moveKey{k, c.Seq()}, m)
	s.trimMoves(k)
	return &StartMessageMoveTaskOutput{taskHandle{m.ID, in.SourceArn}.String()}, nil
}

// checkMove checks what a task needs: a dead-letter queue as source, a fitting destination, and the permissions to read
// from the one and write to the other.
func (s *service) checkMove(c *emu.Call, in *StartMessageMoveTaskInput, q *queue) error {
	first, ok := s.sources.First(sourceKey{DeadLetter: in.SourceArn})
	if !ok || first.DeadLetter != in.SourceArn {
		return invalid("Source queue must be configured as a Dead Letter Queue.")
	}
	if n := in.MaxNumberOfMessagesPerSecond; n != nil && (*n < 1 || *n > maxMoveRate) {
		return invalid("Value for parameter MaxNumberOfMessagesPerSecond is invalid. Reason: You must enter a number that's between 1 and 500.")
	}
	targets := s.targets(c, in)
	if in.DestinationArn != "" {
		if in.DestinationArn == in.SourceArn {
			return invalid("Source queue arn and destination queue arn cannot be the same.")
		}
		_, to, err := s.sourceOf(c, in.DestinationArn, "DestinationArn")
		if err != nil {
			return err
		}
		if to.FIFO != q.FIFO {
			return invalid("The source queue and destination queue must be of the same queue type.")
		}
	}
	for _, action := range []string{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"} {
		if err := c.Allow(action, in.SourceArn); err != nil {
			return err
		}
	}
	for _, arn := range targets {
		if err := c.Allow("sqs:SendMessage", arn); err != nil {
			return err
		}
	}
	return nil
}

// targets lists where the messages may go.
func (s *service) targets(c *emu.Call, in *StartMessageMoveTaskInput) (arns []string) {
	if in.DestinationArn != "" {
		return []string{in.DestinationArn}
	}
	s.sources.From(sourceKey{DeadLetter: in.SourceArn}, func(x sourceKey) bool {
		if x.DeadLetter != in.SourceArn {
			return false
		}
		arns = append(arns, x.Source.arn(c))
		return true
	})
	return arns
}

// trimMoves forgets tasks that are too old to be listed.
func (s *service) trimMoves(source queueKey) {
	var old []moveKey
	n := 0
	s.newest(source, func(k moveKey, _ move) bool {
		if n++; n > maxMoveResults {
			old = append(old, k)
		}
		return true
	})
	for _, k := range old {
		s.moves.Delete(k)
	}
}
