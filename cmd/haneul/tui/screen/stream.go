package screen

import (
	"context"
	"sync"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
)

// Stream carries the output of something that runs into the app, in order. The screen calls Next after every message.
type Stream struct {
	Cancel context.CancelFunc

	mu   sync.Mutex
	buf  []byte
	more chan struct{}
	end  *Ended
}

// Output is what was written since the last message.
type Output struct {
	From *Stream
	Text string
}

// Ended is a stream's last message.
type Ended struct {
	From  *Stream
	Code  int
	Err   error
	Value any // what the work returned, if anything
}

// Run starts work whose writes to the stream become Output messages. The command delivers the first message.
func Run(parent context.Context, work func(ctx context.Context, s *Stream) (code int, value any, err error)) (*Stream, tea.Cmd) {
	ctx, cancel := context.WithCancel(parent)
	s := &Stream{Cancel: cancel, more: make(chan struct{}, 1)}
	return s, func() tea.Msg {
		go func() {
			defer cancel()
			code, value, err := work(ctx, s)
			s.mu.Lock()
			s.end = &Ended{s, code, err, value}
			s.mu.Unlock()
			s.wake()
		}()
		return s.Next()
	}
}

// maxPending bounds what waits to be drawn; a program that prints without end loses the oldest of it.
const maxPending = 1 << 20

// Write adds output. It never fails and never waits.
func (s *Stream) Write(p []byte) (int, error) {
	s.mu.Lock()
	s.buf = append(s.buf, p...)
	if n := len(s.buf) - maxPending; n > 0 {
		s.buf = append(s.buf[:0], s.buf[n:]...)
	}
	s.mu.Unlock()
	s.wake()
	return len(p), nil
}

func (s *Stream) wake() {
	select {
	case s.more <- struct{}{}:
	default:
	}
}

// Next waits for more: it is the command to return after an Output.
func (s *Stream) Next() tea.Msg {
	for range s.more {
		s.mu.Lock()
		end, n := s.end, len(s.buf)
		if end == nil {
			n = whole(s.buf)
		}
		text := string(s.buf[:n])
		s.buf = append(s.buf[:0], s.buf[n:]...)
		s.mu.Unlock()
		if text != "" {
			if end != nil {
				s.wake()
			}
			return Output{s, text}
		}
		if end != nil {
			return *end
		}
	}
	return nil
}

// whole is the length of b without a rune that has not arrived completely.
func whole(b []byte) int {
	for i := 1; i <= min(utf8.UTFMax, len(b)); i++ {
		if c := b[len(b)-i]; utf8.RuneStart(c) {
			if !utf8.FullRune(b[len(b)-i:]) {
				return len(b) - i
			}
			break
		}
	}
	return len(b)
}
