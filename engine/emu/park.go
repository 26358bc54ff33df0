package emu

import (
	"cmp"
	"context"
	"time"
)

// parked is a call that waits. The goroutine it keeps is its client's; the kernel holds nothing but this.
type parked struct {
	arrival
	topic    string
	deadline Time
	key      retryKey // when to try again, and its place in line
	done     chan outcome
}

// retryKey orders parked calls by the moment at which to try again, then by arrival.
type retryKey struct {
	at   Time
	line uint64
}

func (a retryKey) Compare(b retryKey) int {
	return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.line, b.line))
}

// next is the moment to try again if nobody wakes the topic.
func (w *WaitError) next(now Time) Time {
	if w.Retry > now && w.Retry < w.Deadline {
		return w.Retry
	}
	return w.Deadline
}

// park puts a call at the end of its topic's line.
func (c *Cloud) park(call *Call, w *WaitError) *parked {
	c.parkings++
	p := &parked{arrival: call.arrival, key: retryKey{line: c.parkings}, done: make(chan outcome, 1)}
	c.enqueue(p, call, w)
	c.busy.Add(-1)
	return p
}

// enqueue puts a call into its topic's line, where its number says.
func (c *Cloud) enqueue(p *parked, call *Call, w *WaitError) {
	p.arrival, p.topic, p.deadline, p.key.at = call.arrival, w.Topic, w.Deadline, w.next(call.Now)
	line := append(c.lines[p.topic], p)
	for i := len(line) - 1; i > 0 && line[i-1].key.line > p.key.line; i-- {
		line[i-1], line[i] = line[i], line[i-1]
	}
	c.lines[p.topic] = line
	c.retries.put(p.key, p)
	c.poke()
}

// dequeue takes a call out of its line; false if it is not in it any more.
func (c *Cloud) dequeue(p *parked) bool {
	if _, waits := c.retries.delete(p.key); !waits {
		return false
	}
	line := c.lines[p.topic]
	for i := range line {
		if line[i] == p {
			line = removeAt(line, i)
			break
		}
	}
	if c.lines[p.topic] = line; len(line) == 0 {
		delete(c.lines, p.topic)
	}
	return true
}

// retry tries a parked call again and reports whether it is answered; if not, it keeps its place in line.
func (c *Cloud) retry(p *parked, now Time) bool {
	call, err := c.try(p.arrival, now)
	c.dequeue(p)
	if w, waits := err.(*WaitError); waits {
		c.enqueue(p, call, w)
		return false
	}
	c.busy.Add(1)
	p.done <- c.answer(call, err)
	return true
}

// wake tries the calls that wait on topics again, each line in order until one goes on waiting. What those calls wake in
// turn comes after them.
func (c *Cloud) wake(topics []string, now Time) {
	c.woken = append(c.woken, topics...)
	if c.waking {
		return
	}
	c.waking = true
	for i := 0; i < len(c.woken); i++ {
		topic := c.woken[i]
		for len(c.lines[topic]) > 0 {
			if p := c.lines[topic][0]; !c.retry(p, now) && p.topic == topic {
				break
			}
		}
	}
	c.woken, c.waking = c.woken[:0], false
}

// await blocks the client's goroutine until its parked call is answered or the client hangs up.
func (c *Cloud) await(ctx context.Context, p *parked) outcome {
	arrived := time.Now()
	patience := time.NewTimer(0)
	defer patience.Stop()
	for {
		select {
		case res := <-p.done:
			return res
		case <-ctx.Done():
			return c.drop(p, &Error{Code: "RequestTimeout", Message: "The caller went away.", Status: 408})
		case <-c.life.Done():
			return c.drop(p, c.closedError())
		case <-patience.C:
			patience.Reset(c.losePatience(p, time.Since(arrived)))
		}
	}
}

// losePatience ends a wait that has lasted its length in wall time if the clock stands still: who froze the clock still gets
// an answer. It returns when to look again.
func (c *Cloud) losePatience(p *parked, waited time.Duration) time.Duration {
	const look = 100 * time.Millisecond
	c.mu.Lock()
	defer c.mu.Unlock()
	left := time.Duration(p.deadline-p.started) - waited
	if _, waits := c.retries.get(p.key); !waits || left > 0 || !c.clock.still() {
		return max(left, look)
	}
	p.patience = p.deadline
	c.retry(p, c.now())
	return look
}

// drop forgets a parked call whose client has gone. If it was answered in the same moment, the answer stands.
func (c *Cloud) drop(p *parked, err error) outcome {
	c.mu.Lock()
	waited := c.dequeue(p)
	if waited {
		c.busy.Add(1)
	}
	c.mu.Unlock()
	if !waited {
		return <-p.done
	}
	return outcome{Response: Response{Err: err}}
}
