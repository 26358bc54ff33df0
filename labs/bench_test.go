package labs

import (
	"io"
	"testing"
)

// BenchmarkStart is `lab start` with the engine up: a cloud, setup in a process of its own, the workspace. Target: 0.3 s.
func BenchmarkStart(b *testing.B) {
	k, _ := runningKit(b)
	for b.Loop() {
		if _, err := k.Reset(b.Context(), "dead-letters"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkGrade grades the solution of each lab on all its seeds with the built-in aws. Target for dead-letters: 3 s.
func BenchmarkGrade(b *testing.B) {
	for _, slug := range []string{"dead-letters", "fifo"} {
		b.Run(slug, func(b *testing.B) {
			k, _ := runningKit(b)
			if err := k.Solve(b.Context(), slug, io.Discard); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				r, err := k.Check(b.Context(), slug, nil)
				if err != nil || r.Score != 100 {
					b.Fatalf("%+v %v", r, err)
				}
			}
		})
	}
}
