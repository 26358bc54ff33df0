package sqs

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"haneul/engine/emu"
)

// TestInvariants runs random scripts and checks after each step what state.go promises.
func TestInvariants(t *testing.T) {
	scripts := 150
	if testing.Short() {
		scripts = 20
	}
	for seed := range scripts {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			w := newWorld(t)
			p := newScript(w, uint64(seed))
			for range 120 {
				p.step()
				w.check()
			}
		})
	}
}

// script is a random program over two standard and two FIFO queues, each pair a queue and its dead-letter queue.
type script struct {
	*world
	*rand.Rand
	urls    []string
	handles map[string][]string
}

func newScript(w *world, seed uint64) *script {
	p := &script{world: w, Rand: rand.New(rand.NewPCG(seed, 0)), handles: map[string][]string{}}
	for _, suffix := range []string{"", ".fifo"} {
		a := attrs{}
		if suffix != "" {
			a = attrs{"FifoQueue": "true", "ContentBasedDeduplication": "true"}
		}
		dead := w.create("dead"+suffix, a)
		a["RedrivePolicy"], a["MessageRetentionPeriod"] = w.redrive(dead, 1+p.IntN(3)), "120"
		p.urls = append(p.urls, w.create("q"+suffix, a), dead)
	}
	return p
}

func (p *script) step() {
	url := p.urls[p.IntN(len(p.urls))]
	seconds := int64(p.IntN(40))
	switch p.IntN(10) {
	case 0, 1, 2:
		in := &SendMessageInput{QueueUrl: url, MessageBody: fmt.Sprint(p.IntN(50))}
		if isFIFOName(url) {
			in.MessageGroupId = ptr(fmt.Sprint("g", p.IntN(3)))
		} else if p.IntN(3) == 0 {
			in.DelaySeconds = &seconds
		}
		try[SendMessageOutput](p.world, "SendMessage", in)
	case 3, 4, 5:
		in := &ReceiveMessageInput{QueueUrl: url, MaxNumberOfMessages: ptr(1 + p.Int64N(10))}
		if p.IntN(2) == 0 {
			in.VisibilityTimeout = &seconds
		}
		if isFIFOName(url) && p.IntN(2) == 0 {
			in.ReceiveRequestAttemptId = fmt.Sprint("a", p.IntN(3))
		}
		if out, err := try[ReceiveMessageOutput](p.world, "ReceiveMessage", in); err == nil {
			for _, m := range out.Messages {
				p.handles[url] = append(p.handles[url], m.ReceiptHandle)
			}
		}
	case 6:
		if h := p.handles[url]; len(h) > 0 {
			try[emu.NoOutput](p.world, "DeleteMessage", &DeleteMessageInput{QueueUrl: url, ReceiptHandle: h[p.IntN(len(h))]})
		}
	case 7:
		if h := p.handles[url]; len(h) > 0 {
			try[emu.NoOutput](p.world, "ChangeMessageVisibility", &ChangeMessageVisibilityInput{QueueUrl: url, ReceiptHandle: h[p.IntN(len(h))], VisibilityTimeout: &seconds})
		}
	case 8:
		p.after(time.Duration(p.Int64N(int64(30 * time.Second))))
	case 9:
		p.rarely(url, seconds)
	}
}

func (p *script) rarely(url string, seconds int64) {
	switch p.IntN(5) {
	case 0:
		try[emu.NoOutput](p.world, "PurgeQueue", &PurgeQueueInput{QueueUrl: url})
	case 1:
		p.set(url, attrs{"MessageRetentionPeriod": fmt.Sprint(60 + seconds)})
	case 2:
		p.set(url, attrs{"DelaySeconds": fmt.Sprint(seconds / 4)})
	default:
		dead := p.urls[1+2*p.IntN(2)]
		try[StartMessageMoveTaskOutput](p.world, "StartMessageMoveTask", &StartMessageMoveTaskInput{SourceArn: p.arn(dead), MaxNumberOfMessagesPerSecond: ptr(1 + seconds)})
	}
}

// check holds the tables to their invariants.
func (w *world) check() {
	w.Helper()
	w.get("q", "QueueArn") // what is due runs first
	now, s := w.Now(), w.tables
	due := map[int64]emu.Time{}
	s.boxes.All(func(k boxKey, b box) bool {
		due[int64(k)] = b.Due
		if b.Due != 0 && b.Due <= now && !b.Gone {
			w.Errorf("box %d was due at %v", k, b.Due)
		}
		return true
	})
	soon := func(what string, id int64, at emu.Time) {
		if at <= now || due[id] == 0 || due[id] > at {
			w.Errorf("%s of box %d ends at %v, the box is due at %v, it is %v", what, id, at, due[id], now)
		}
	}
	heads := map[groupKey]group{}
	s.queues.All(func(_ queueKey, q queue) bool {
		s.messages.From(messageKey{Box: q.Box}, func(k messageKey, m message) bool {
			if k.Box != q.Box {
				return false
			}
			soon("a message", k.Box, expiry(m.Sent, q.kept()))
			if m.Hidden {
				soon("hiding", k.Box, m.Visible)
			} else if m.Visible > now {
				w.Errorf("visible before its time: %+v", m)
			}
			if !q.FIFO {
				return true
			}
			g := groupKey{k.Box, m.More.Group}
			if _, ok := heads[g]; !ok {
				heads[g] = group{Lane: m.More.Lane, Head: k.N, Open: !m.Hidden, Since: m.Visible}
			} else if heads[g].Lane != m.More.Lane {
				w.Errorf("two lanes of one group: %+v", m)
			}
			return true
		})
		s.groups.From(groupKey{Box: q.Box}, func(k groupKey, g group) bool {
			if k.Box == q.Box && heads[k] != g {
				w.Errorf("group %v is %+v, want %+v", k, g, heads[k])
			}
			delete(heads, k)
			return k.Box == q.Box
		})
		return true
	})
	s.dedups.All(func(k dedupKey, d dedup) bool {
		if s.live(k.Box) {
			soon("a memory", k.Box, expiry(d.Sent, dedupWindow))
		}
		return true
	})
	if len(heads) > 0 {
		w.Errorf("groups without a row: %v", heads)
	}
}

// live reports whether a box is not given up.
func (s *service) live(id int64) bool {
	b, ok := s.boxes.Get(boxKey(id))
	return ok && !b.Gone
}
