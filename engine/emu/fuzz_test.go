package emu

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// FuzzJournal opens whatever bytes as a journal and as a snapshot: it may be refused, and must not panic, hang, or be
// different when it is opened again.
func FuzzJournal(f *testing.F) {
	dir := f.TempDir()
	c, _ := newToy(f, Options{Seed: 1, Log: func(string, ...any) {}})
	if err := c.Open(dir, JournalOptions{Build: "test"}); err != nil {
		f.Fatal(err)
	}
	scribble(c, rand.New(rand.NewPCG(1, 1)), 5)
	snapshot(f, c)
	c.Close()
	for _, suffix := range []string{segmentSuffix, snapshotSuffix} {
		paths, _ := filepath.Glob(dir + "/*" + suffix)
		b, _ := os.ReadFile(paths[0])
		f.Add(b, false)
		f.Add(b[:len(b)-3], true)
	}
	f.Fuzz(func(t *testing.T, b []byte, reseal bool) {
		if reseal {
			resealAll(b)
		}
		there := t.TempDir()
		for _, suffix := range []string{segmentSuffix, snapshotSuffix} {
			path := filepath.Join(there, fileName(0, suffix))
			os.WriteFile(path, b, 0o600)
			recovered(t, there)
			os.Remove(path)
		}
	})
}

// recovered reads a directory, and if it is sound once more: a tail is cut by then, and nothing else may differ.
func recovered(t *testing.T, dir string) {
	var clouds [2]*Cloud
	for i := range clouds {
		c, _ := newToy(t, Options{Seed: 1, Log: func(string, ...any) {}})
		d := &disk{dir: dir, options: JournalOptions{Build: "test"}}
		r, err := c.recover(d)
		if err != nil {
			return
		}
		if err := r.cutTail(c.log); err != nil {
			t.Fatal(err)
		}
		for j := range d.kept {
			d.kept[j].records(0, func(r *record) bool { c.show(r); return true })
		}
		clouds[i] = c
	}
	same(t, clouds[0], clouds[1])
}

// resealAll gives every frame a checksum that fits, so that fuzzing gets past it.
func resealAll(b []byte) {
	for n := frameLength(b); n > frameHead && n <= int64(len(b)); n = frameLength(b) {
		sealFrame(b[:n])
		b = b[n:]
	}
}

func FuzzFrames(f *testing.F) {
	f.Add([]byte("\x01\x00\x00\x00abcdx"), int64(3))
	f.Fuzz(func(t *testing.T, b []byte, at int64) {
		resealAll(b)
		r := &frameReader{file: bytes.NewReader(b), size: int64(len(b))}
		for {
			payload, err := r.next()
			if err == io.EOF {
				break
			}
			if err != nil {
				r.soundAfter()
				break
			}
			if payload[0] == frameTransaction {
				parseTransaction(payload)
			}
		}
	})
}
