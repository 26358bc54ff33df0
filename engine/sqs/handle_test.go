package sqs

import (
	"math"
	"testing"
)

func TestHandles(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range []receipt{{}, {1, 2, 3}, {2, 1, 3}, {1, 2, 4}, {math.MaxInt64, math.MaxInt64, math.MaxInt64}} {
		h := r.handle()
		if got, ok := readHandle(h); !ok || got != r || seen[h] || h[:4] != "AQEB" {
			t.Errorf("%+v became %s became %+v", r, h, got)
		}
		seen[h] = true
	}
}

func FuzzReadHandle(f *testing.F) {
	f.Add(receipt{1, 2, 3}.handle())
	f.Add("garbage")
	f.Fuzz(func(t *testing.T, s string) {
		if r, ok := readHandle(s); ok && r.handle() != s {
			t.Errorf("%q and %q are one receipt", s, r.handle())
		}
	})
}

func FuzzParseURL(f *testing.F) {
	for _, s := range []string{"http://127.0.0.1:4566/111122223333/q", "q", "/", "://", "https://sqs..amazonaws.com/1/2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if a := parseURL(s); a.valid && a.name == "" {
			t.Errorf("%q is taken for a queue's address", s)
		}
	})
}
