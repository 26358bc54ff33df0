package labs

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"
)

// Limits of a lab's folder: a course pack may come from a stranger.
const (
	maxFile  = 1 << 20
	maxFiles = 1000
)

var (
	slug    = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	envName = regexp.MustCompile(`^[A-Z][A-Z0-9_]*$`)
)

// Pack opens a content folder that an author is working in. Links that lead out of it are not followed.
func Pack(dir string) (fs.FS, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	return root.FS(), nil // the root stays open as long as the program runs
}

// Slugs lists the labs of a content folder.
func Slugs(content fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(content, "labs")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var slugs []string
	for _, e := range entries {
		if e.IsDir() && slug.MatchString(e.Name()) {
			slugs = append(slugs, e.Name())
		}
	}
	return slugs, err
}

// ErrNoLab is the error for a slug without a folder.
var ErrNoLab = errors.New("there is no such lab")

// Load reads one lab of a content folder. What it returns can be started and graded; [Lint] says what an author should
// still mend.
func Load(content fs.FS, name string) (*Lab, error) {
	if !slug.MatchString(name) {
		return nil, fmt.Errorf("%q: %w", name, ErrNoLab)
	}
	dir, err := fs.Sub(content, path.Join("labs", name))
	if err != nil {
		return nil, err
	}
	l := &Lab{Slug: name, FS: dir, texts: map[Lang]*LabText{}}
	b, err := readFile(dir, "lab.yaml")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%q: %w", name, ErrNoLab)
	}
	if err != nil {
		return nil, err
	}
	if err := yaml.UnmarshalWithOptions(b, l, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("labs/%s/lab.yaml: %w", name, err)
	}
	if l.Seeds == 0 {
		if l.Seeds = 2; l.NeedsDocker() {
			l.Seeds = 1
		}
	}
	if err := l.valid(); err != nil {
		return nil, fmt.Errorf("labs/%s/lab.yaml: %w", name, err)
	}
	if l.SHA256, err = fingerprint(dir); err != nil {
		return nil, fmt.Errorf("labs/%s: %w", name, err)
	}
	for _, lang := range Langs {
		b, err := readFile(dir, string(lang)+".md")
		if err != nil {
			return nil, fmt.Errorf("labs/%s: %w", name, err)
		}
		l.texts[lang] = parseText(string(b))
	}
	return l, nil
}

// valid holds lab.yaml to what the rest of the package relies on.
func (l *Lab) valid() error {
	if l.Seeds < 1 || l.Seeds > 10 {
		return fmt.Errorf("seeds is %d; use 1 to 10", l.Seeds)
	}
	if l.NeedsDocker() && l.Seeds != 1 {
		return errors.New("seeds: a lab with instances is graded live, once; leave seeds out")
	}
	if len(l.Checks) == 0 {
		return errors.New("a lab needs at least one check")
	}
	known := map[string]bool{}
	for _, c := range l.Checks {
		if !slug.MatchString(c.ID) || known[c.ID] {
			return fmt.Errorf("check id %q is not a word of a–z and -, or is used twice", c.ID)
		}
		if c.Points < 0 {
			return fmt.Errorf("check %s has %d points", c.ID, c.Points)
		}
		for _, need := range c.Needs {
			if !known[need] {
				return fmt.Errorf("check %s needs %q, which is not a check above it", c.ID, need)
			}
		}
		known[c.ID] = true
	}
	for name, w := range l.Workers {
		if !slug.MatchString(name) {
			return fmt.Errorf("worker %q: a name is a word of a–z and -", name)
		}
		if len(w.Argv) == 0 {
			w.Argv = []string{name}
			l.Workers[name] = w
		}
		if !filepath.IsLocal(w.Argv[0]) {
			return fmt.Errorf("worker %s: %q leaves the workspace", name, w.Argv[0])
		}
		for k := range w.Env {
			if !envName.MatchString(k) {
				return fmt.Errorf("worker %s: %q is no name for a variable", name, k)
			}
		}
	}
	for mistake, check := range l.Wrong {
		if !slug.MatchString(mistake) || !known[check] {
			return fmt.Errorf("wrong: %q is to fail %q, which is not a check", mistake, check)
		}
	}
	for _, p := range l.Protected {
		if _, err := path.Match(p, ""); err != nil || !fs.ValidPath(p) || p == "." || strings.ContainsAny(path.Dir(p), "*?[") {
			return fmt.Errorf("protected: %q is not a path, or a pattern in its last part", p)
		}
	}
	return nil
}

// readFile reads a file of a lab, up to a size no lab needs.
func readFile(dir fs.FS, name string) ([]byte, error) {
	info, err := fs.Stat(dir, name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > maxFile {
		return nil, fmt.Errorf("%s is not a file of at most %d bytes", name, maxFile)
	}
	return fs.ReadFile(dir, name)
}

// fingerprint is the SHA-256 over the names and bytes of all files of the folder.
func fingerprint(dir fs.FS) (string, error) {
	sum, n := sha256.New(), 0
	err := fs.WalkDir(dir, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if n++; n > maxFiles {
			return fmt.Errorf("more than %d files", maxFiles)
		}
		b, err := readFile(dir, name)
		if err != nil {
			return err
		}
		fmt.Fprintf(sum, "%s %d\n", name, len(b))
		sum.Write(b)
		return nil
	})
	return hex.EncodeToString(sum.Sum(nil)), err
}

// protects reports whether the grader brings this file itself. A pattern that names a folder covers all of it.
func (l *Lab) protects(name string) bool {
	for _, p := range l.Protected {
		for part := name; part != "." && part != "/"; part = path.Dir(part) {
			if ok, _ := path.Match(p, part); ok {
				return true
			}
		}
	}
	return false
}
