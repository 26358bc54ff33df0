package sqs

import (
	"encoding/base64"
	"encoding/json"

	"haneul/engine/emu"
)

// States of a message move task. A task is over in the last three.
const (
	moveRunning    = "RUNNING"
	moveCancelling = "CANCELLING"
	moveCancelled  = "CANCELLED"
	moveCompleted  = "COMPLETED"
	moveFailed     = "FAILED"
)

// Why a task fails. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/troubleshooting-dlq-redrive.html
const (
	reasonNoQueue  = "AWS.SimpleQueueService.NonExistentQueue"
	reasonNoSource = "CouldNotDetermineMessageSource"
)

// taskHandle is what the client's handle holds: base64 of this as JSON, as on AWS.
type taskHandle struct {
	TaskID    string `json:"taskId"`
	SourceArn string `json:"sourceArn"`
}

func (h taskHandle) String() string {
	b, err := json.Marshal(h)
	if err != nil {
		return "" // not reached: strings always have a form
	}
	return base64.StdEncoding.EncodeToString(b)
}

func readTaskHandle(s string) (h taskHandle, ok bool) {
	b, err := base64.StdEncoding.DecodeString(s)
	return h, err == nil && json.Unmarshal(b, &h) == nil && h.TaskID != "" && h.SourceArn != ""
}

// moveStep is the pause between two steps of a task that moves more than one message in that time.
const moveStep = 100 * emu.Millisecond

// rate is the task's pace in messages a second.
func (m *move) rate() int64 {
	if m.Rate == 0 {
		return maxMoveRate
	}
	return m.Rate
}

func (m *move) pause() emu.Time { return max(moveStep, emu.Second/emu.Time(m.rate())) }

// moveOn makes the next step of a task.
func (s *service) moveOn(c *emu.Call, k moveKey) {
	m, _ := s.moves.Get(k)
	q, ok := s.queues.Get(k.Source)
	switch {
	case m.Status == moveCancelling:
		m.end(moveCancelled, "")
	case !ok:
		m.end(moveFailed, reasonNoQueue)
	case c.Now >= m.Started+maxMoveDuration:
		m.end(moveFailed, "The task ran for more than 36 hours.")
	default:
		s.moveSome(c, k, &q, &m)
	}
	s.moves.Put(k, m)
}

func (m *move) end(status, reason string) { m.Status, m.Reason, m.Next = status, reason, 0 }

// moveSome moves as many messages as the rate has room for by now, those in line first.
func (s *service) moveSome(c *emu.Call, k moveKey, q *queue, m *move) {
	quota := min(int64((c.Now-m.Started)/emu.Millisecond)*m.rate()/1000, m.ToMove) - m.Moved
	list := s.available(q.Box, int(quota))
	for i, x := range list {
		if reason := s.moveOne(c, x, m.Destination, firstNumber(c)+int64(i)); reason != "" {
			m.end(moveFailed, reason)
			return
		}
		m.Moved++
	}
	if m.Moved >= m.ToMove || int64(len(list)) < quota {
		m.end(moveCompleted, "")
		return
	}
	m.Next = c.Now + m.pause()
}

// moveOne moves a message, which is new where it arrives: it gets an id, a time and a count of its own.
func (s *service) moveOne(c *emu.Call, k messageKey, destination string, n int64) (failure string) {
	m, _ := s.messages.Get(k)
	if destination == "" {
		if m.More == nil || m.More.Source == "" {
			return reasonNoSource
		}
		destination = m.More.Source
	}
	_, to, ok := s.byARN(c, destination)
	if !ok {
		return reasonNoQueue
	}
	s.remove(k, &m)
	moved := message{ID: c.NewID(), Body: m.Body, MD5: m.MD5, Sender: m.Sender, Sent: c.Now, Visible: c.Now}
	if m.More != nil {
		extra := *m.More
		extra.Source, extra.Earlier = "", 0
		moved.More = &extra
	}
	s.store(&to, n, moved)
	c.Note("Moved", m.ID)
	c.Note("MessageId", moved.ID)
	c.Wake(to.topic())
	return ""
}

// newest visits a source queue's tasks, the youngest first, until f returns false. f must not change tasks.
func (s *service) newest(source queueKey, f func(moveKey, move) bool) {
	s.moves.From(moveKey{source, 1<<63 - 1}, func(k moveKey, m move) bool { return k.Source == source && f(k, m) })
}

// sourceOf is the queue that an ARN in a request names; whose names the parameter.
func (s *service) sourceOf(c *emu.Call, arn, whose string) (queueKey, queue, error) {
	k, account, ok := parseARN(arn)
	if !ok {
		return k, queue{}, malformedARN(whose)
	}
	q, ok := s.queues.Get(k)
	if !ok || account != c.Account || k.Region != c.Region {
		return k, q, noSuchResource(whose)
	}
	return k, q, nil
}
