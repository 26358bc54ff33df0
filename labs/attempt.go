package labs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"haneul/engine/admin"
	"haneul/labs/report"
)

// Attempt is where a learner stands in a lab. It is kept in a file of its own in the data folder.
type Attempt struct {
	Lab      string            `json:"lab"`
	Active   bool              `json:"active"`
	Cloud    string            `json:"cloud"`
	Dir      string            `json:"dir"`
	Endpoint string            `json:"endpoint"` // the engine's at the time of setup
	Env      map[string]string `json:"env"`      // what setup gave
	Seed     uint64            `json:"seed"`     // of every grading
	Started  time.Time         `json:"started"`  // on the wall clock
	Opened   time.Time         `json:"opened"`   // when start was last asked for: the latest is the current lab
	Hints    int               `json:"hints"`    // shown so far
	Passed   bool              `json:"passed"`   // once is enough
	Last     *report.Result    `json:"last,omitempty"`
}

// ErrNotStarted is the error for a lab that has no running attempt.
var ErrNotStarted = errors.New("the lab is not started")

func (k *Kit) attemptFile(slug string) string { return filepath.Join(k.Data, "labs", slug+".json") }

// Status is where the learner stands; an attempt that was never made is the zero Attempt with the lab's name.
func (k *Kit) Status(slug string) (Attempt, error) {
	if _, err := k.Lab(slug); err != nil {
		return Attempt{}, err
	}
	return k.readAttempt(slug)
}

func (k *Kit) readAttempt(slug string) (Attempt, error) {
	file := k.attemptFile(slug)
	b, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return Attempt{Lab: slug}, nil
	}
	if err != nil {
		return Attempt{}, err
	}
	a := Attempt{}
	if err := json.Unmarshal(b, &a); err != nil || a.Lab != slug {
		return Attempt{}, k.mend(slug)
	}
	return a, nil
}

// spareFile is where the same record is kept once more.
func (k *Kit) spareFile(slug string) string { return k.attemptFile(slug) + ".copy" }

// mend moves a damaged record aside and puts its copy in its place, and says so.
func (k *Kit) mend(slug string) error {
	file := k.attemptFile(slug)
	e := &DamagedError{Path: file + ".damaged"}
	if err := os.Rename(file, e.Path); err != nil {
		return err
	}
	var a Attempt
	b, err := os.ReadFile(k.spareFile(slug))
	if err == nil && json.Unmarshal(b, &a) == nil && a.Lab == slug {
		e.Mended = writeFileAtomic(file, b) == nil
	}
	return e
}

// DamagedError says that a file of ours could not be read and was moved aside.
type DamagedError struct {
	Path   string
	Mended bool // its copy took its place; else trying again starts afresh
}

func (e *DamagedError) Error() string {
	if e.Mended {
		return "the record of this lab was damaged; it was moved to " + e.Path + ", its copy took its place, and nothing is lost"
	}
	return "the record of this lab is damaged, and so is its copy; it was moved to " + e.Path + ", and the lab begins anew"
}

// save keeps a record twice: without it, a lab's cloud could not be told from one that a start left unfinished.
func (k *Kit) save(a Attempt) error {
	b, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	b = append(b, '\n')
	return errors.Join(writeFileAtomic(k.attemptFile(a.Lab), b), writeFileAtomic(k.spareFile(a.Lab), b))
}

// Current is the lab that was started or carried on with last and not stopped, "" if there is none.
func (k *Kit) Current() string { return k.latest(func(Attempt) bool { return true }) }

// Unfinished is the one of those that are not passed yet.
func (k *Kit) Unfinished() string { return k.latest(func(a Attempt) bool { return !a.Passed }) }

// latest is the active lab that was opened last, of those that count.
func (k *Kit) latest(counts func(Attempt) bool) string {
	files, err := filepath.Glob(k.attemptFile("*"))
	if err != nil {
		return ""
	}
	var latest Attempt
	for _, f := range files {
		var a Attempt
		b, err := os.ReadFile(f)
		if err != nil || json.Unmarshal(b, &a) != nil || !a.Active || !counts(a) {
			continue
		}
		if latest.Lab == "" || a.Opened.After(latest.Opened) {
			latest = a
		}
	}
	return latest.Lab
}

// running is the active attempt at a lab with its cloud, in the engine as it is now.
func (k *Kit) running(ctx context.Context, slug string) (*Lab, Attempt, Engine, admin.Cloud, error) {
	l, err := k.Lab(slug)
	if err != nil {
		return nil, Attempt{}, Engine{}, admin.Cloud{}, err
	}
	a, err := k.readAttempt(slug)
	if err == nil && !a.Active {
		err = fmt.Errorf("%s: %w", slug, ErrNotStarted)
	}
	if err != nil {
		return l, a, Engine{}, admin.Cloud{}, err
	}
	e, err := k.Engine(ctx)
	if err != nil {
		return l, a, e, admin.Cloud{}, err
	}
	c, err := e.Admin.Cloud(ctx, a.Cloud)
	if code(err) == "NoSuchCloud" {
		err = fmt.Errorf("%s: its cloud is gone: %w", slug, ErrNotStarted)
	}
	a.Env = rebase(a.Env, a.Endpoint, e.Endpoint)
	return l, a, e, c, err
}

// newSeed draws a seed that fits every JSON reader.
func newSeed() uint64 { return 1 + rand.Uint64N(1<<31) }
