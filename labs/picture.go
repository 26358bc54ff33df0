package labs

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"haneul/engine/admin"
)

// picture is what a learner has: the files, the cloud's resources, and how long its journal is.
type picture struct {
	files, resources string
	seq              uint64
}

// things are the files and resources, one a line.
func (p picture) things() string { return p.files + p.resources }

func (p *proof) picture(ctx context.Context, a Attempt) (pic picture, err error) {
	err = filepath.WalkDir(a.Dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		info, infoErr := d.Info()
		if err = errors.Join(err, infoErr); err == nil {
			rel, _ := filepath.Rel(a.Dir, path)
			pic.files += fmt.Sprintf("%s %s %x\n", info.Mode(), rel, sha256.Sum256(b))
		}
		return err
	})
	if err != nil {
		return pic, err
	}
	rs, err := p.engine.Admin.Resources(ctx, a.Cloud)
	if err != nil {
		return pic, err
	}
	for _, r := range rs {
		if slices.Contains(r.State, admin.Note{Key: "State", Value: "terminated"}) {
			continue // an instance that is shown for another hour
		}
		pic.resources += fmt.Sprintf("%s %s %v\n", r.Kind, r.ARN, r.State)
	}
	entries, err := p.engine.Admin.Journal(ctx, a.Cloud, 0, 0)
	if n := len(entries); n > 0 {
		pic.seq = entries[n-1].Seq
	}
	return pic, err
}

// ids are those of machines and what belongs to them. They follow from the cloud's seed and the order of calls, and a machine
// that is ready a little later changes the order.
var ids = regexp.MustCompile(`\b(i|vol|sg|subnet|eni)-[0-9a-f]{17}\b`)

// start is what a lab begins with, comparable with the start after a reset.
func (p *proof) start(pic picture) string {
	if !p.lab.NeedsDocker() {
		return pic.things()
	}
	lines := strings.Split(ids.ReplaceAllString(pic.things(), "$1"), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// difference lists the lines that only one of two pictures has.
func difference(before, after string) string {
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	var lines []string
	for _, line := range a {
		if !slices.Contains(b, line) {
			lines = append(lines, "  - "+line)
		}
	}
	for _, line := range b {
		if !slices.Contains(a, line) {
			lines = append(lines, "  + "+line)
		}
	}
	return strings.Join(lines, "\n")
}
