package sqs

import "haneul/engine/emu"

// CancelMessageMoveTaskInput names a running task.
type CancelMessageMoveTaskInput struct {
	TaskHandle string `is:"required"`
}

// Resource implements [emu.Input].
func (in *CancelMessageMoveTaskInput) Resource(*emu.Call) string {
	if h, ok := readTaskHandle(in.TaskHandle); ok {
		return h.SourceArn
	}
	return "*"
}

// CancelMessageMoveTaskOutput tells how many messages had been moved. They are not moved back.
type CancelMessageMoveTaskOutput struct{ ApproximateNumberOfMessagesMoved int64 }

// cancelMessageMoveTask stops a task before its next step.
func (s *service) cancelMessageMoveTask(c *emu.Call, in *CancelMessageMoveTaskInput) (*CancelMessageMoveTaskOutput, error) {
	h, ok := readTaskHandle(in.TaskHandle)
	if !ok {
		return nil, invalid("Value for parameter TaskHandle is invalid.")
	}
	source, _, err := s.sourceOf(c, h.SourceArn, "SourceArn")
	if err != nil {
		return nil, err
	}
	var found moveKey
	var m move
	s.newest(source, func(k moveKey, x move) bool {
		if x.ID == h.TaskID {
			found, m = k, x
		}
		return m.ID == ""
	})
	switch {
	case m.ID == "":
		return nil, notFound("Task does not exist.")
	case m.Status != moveRunning:
		return nil, invalid("Only active tasks can be cancelled.")
	}
	m.Status, m.Next = moveCancelling, c.Now+moveStep
	s.moves.Put(found, m)
	return &CancelMessageMoveTaskOutput{m.Moved}, nil
}
