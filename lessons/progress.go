package lessons

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Progress is what a learner has done: one JSON file, written whole and atomically. Several processes may hold it at once (the
// app in one terminal, `haneul check` in another): each write merges with what is on disk, the later record of a thing winning,
// and what was once read or passed staying so.
type Progress struct {
	mu     sync.Mutex
	path   string
	data   record
	notice *Notice
	now    func() time.Time
}

// record is the file. Maps are keyed by slug; answers by "lesson/question".
type record struct {
	Version  int                      `json:"version"`
	Lessons  map[string]LessonRecord  `json:"lessons"`
	Answers  map[string]AnswerRecord  `json:"answers"`
	Labs     map[string]LabRecord     `json:"labs"`
	Settings map[string]SettingRecord `json:"settings"`
}

// LessonRecord is how far a lesson was read. Heading is the id of the section last seen.
type LessonRecord struct {
	Heading string    `json:"heading,omitempty"`
	Percent int       `json:"percent"`
	Read    bool      `json:"read"`
	At      time.Time `json:"at"`
}

// AnswerRecord is the last answer to a quiz question.
type AnswerRecord struct {
	Answer []string  `json:"answer"`
	Right  bool      `json:"right"`
	At     time.Time `json:"at"`
}

// LabRecord is the last grade of a lab; Passed stays once it was reached.
type LabRecord struct {
	Passed bool      `json:"passed"`
	Score  int       `json:"score"`
	Max    int       `json:"max"`
	At     time.Time `json:"at"`
}

// SettingRecord is a choice of the learner, such as the language.
type SettingRecord struct {
	Value string    `json:"value"`
	At    time.Time `json:"at"`
}

// Notice says what went wrong with the file, as a key of the interface's words: "progress.corrupt" (Path is where the broken
// file went) or "progress.unsaved" (Path is the file that cannot be written). The learner goes on either way.
type Notice struct {
	Key  string
	Path string
	Err  error
}

// OpenProgress reads the file at path; a missing one is an empty record. An unreadable one is renamed to
// path.corrupt-<time> and Notice says so. It returns no error: progress is never a reason not to learn.
func OpenProgress(path string) *Progress {
	p := &Progress{path: path, now: time.Now, data: empty()}
	p.reload()
	return p
}

func empty() record {
	return record{
		Version: 1, Lessons: map[string]LessonRecord{}, Answers: map[string]AnswerRecord{},
		Labs: map[string]LabRecord{}, Settings: map[string]SettingRecord{},
	}
}

// Notice is the trouble found so far, nil if none.
func (p *Progress) Notice() *Notice {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.notice
}

// Refresh takes in what other processes have written since.
func (p *Progress) Refresh() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.reload()
}

// Lesson is how far a lesson was read; the zero value when it was not.
func (p *Progress) Lesson(slug string) LessonRecord {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.data.Lessons[slug]
}

// Answer is the last answer to a question of a lesson.
func (p *Progress) Answer(lesson, question string) (AnswerRecord, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	a, ok := p.data.Answers[lesson+"/"+question]
	return a, ok
}

// Lab is the last grade of a lab.
func (p *Progress) Lab(slug string) LabRecord {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.data.Labs[slug]
}

// Setting is a choice of the learner, "" if never made.
func (p *Progress) Setting(name string) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.data.Settings[name].Value
}

// SetLesson records how far a lesson was read; Read sticks and Percent never falls.
func (p *Progress) SetLesson(slug string, r LessonRecord) {
	p.change(func(d *record, now time.Time) {
		old := d.Lessons[slug]
		r.At, r.Read, r.Percent = now, r.Read || old.Read, max(r.Percent, old.Percent)
		d.Lessons[slug] = r
	})
}

// SetAnswer records an answer to a question.
func (p *Progress) SetAnswer(lesson, question string, answer []string, right bool) {
	p.change(func(d *record, now time.Time) {
		d.Answers[lesson+"/"+question] = AnswerRecord{answer, right, now}
	})
}

// SetLab records a grade.
func (p *Progress) SetLab(slug string, score, max int, passed bool) {
	p.change(func(d *record, now time.Time) {
		d.Labs[slug] = LabRecord{passed || d.Labs[slug].Passed, score, max, now}
	})
}

// SetSetting records a choice.
func (p *Progress) SetSetting(name, value string) {
	p.change(func(d *record, now time.Time) { d.Settings[name] = SettingRecord{value, now} })
}

// change applies f to memory at once and writes the file. A file that cannot be written becomes a Notice.
func (p *Progress) change(f func(*record, time.Time)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f(&p.data, p.now())
	if p.path == "" {
		return
	}
	if err := p.save(); err != nil {
		p.notice = &Notice{"progress.unsaved", p.path, err}
	} else if p.notice != nil && p.notice.Key == "progress.unsaved" {
		p.notice = nil
	}
}

// save merges with the file under its lock and replaces it.
func (p *Progress) save() error {
	if err := os.MkdirAll(filepath.Dir(p.path), 0o700); err != nil {
		return err
	}
	unlock, err := lockFile(p.path + ".lock")
	if err != nil {
		return err
	}
	defer unlock()
	p.reload()
	b, err := json.MarshalIndent(p.data, "", "  ")
	if err != nil {
		return err
	}
	return replaceFile(p.path, append(b, '\n'))
}

// reload merges what is on disk into memory, setting a broken file aside.
func (p *Progress) reload() {
	if p.path == "" {
		return
	}
	b, err := os.ReadFile(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	if err != nil {
		p.notice = &Notice{"progress.unsaved", p.path, err}
		return
	}
	d := empty()
	if err = json.Unmarshal(b, &d); err == nil && d.Version != 1 {
		err = fmt.Errorf("version %d is not one this program knows", d.Version)
	}
	if err != nil {
		aside := p.path + ".corrupt-" + p.now().UTC().Format("20060102T150405Z")
		if renameErr := os.Rename(p.path, aside); renameErr != nil {
			p.notice = &Notice{"progress.unsaved", p.path, renameErr}
			return
		}
		p.notice = &Notice{"progress.corrupt", aside, err}
		return
	}
	p.data.merge(d)
}

// merge takes the later of two records of the same thing.
func (r *record) merge(o record) {
	for k, v := range o.Lessons {
		mine := r.Lessons[k]
		read, percent := mine.Read || v.Read, max(mine.Percent, v.Percent)
		if v.At.After(mine.At) {
			mine = v
		}
		mine.Read, mine.Percent = read, percent
		r.Lessons[k] = mine
	}
	for k, v := range o.Labs {
		mine := r.Labs[k]
		passed := mine.Passed || v.Passed
		if v.At.After(mine.At) {
			mine = v
		}
		mine.Passed = passed
		r.Labs[k] = mine
	}
	for k, v := range o.Answers {
		if v.At.After(r.Answers[k].At) {
			r.Answers[k] = v
		}
	}
	for k, v := range o.Settings {
		if v.At.After(r.Settings[k].At) {
			r.Settings[k] = v
		}
	}
}

// replaceFile writes b beside path and renames it over path: a reader sees the old file or the new, never half.
func replaceFile(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // after a rename there is nothing to remove
	if _, err = f.Write(b); err == nil {
		err = f.Sync()
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}
