package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"haneul/cmd/haneul/daemon"
	"haneul/content"
	"haneul/labs"
)

// runPurge stops the engine and removes everything haneul ever wrote: clouds, progress, logs, copies of itself, and the
// labs' folders in the workspace.
func runPurge(ctx context.Context, s *session) error {
	h, err := s.home()
	if err != nil {
		return err
	}
	if home := s.getenv("HANEUL_HOME"); home != "" && filepath.Dir(s.paths.data) == filepath.Clean(s.userHome()) {
		return fail("purge-home", "path", home)
	}
	there := s.written()
	if len(there) == 0 {
		s.tell("cli.purge.nothing")
		return nil
	}
	s.hint("cli.purge.list")
	for _, path := range there {
		fmt.Fprintln(s.Stderr, "  "+path)
	}
	if err := s.confirm("cli.purge.confirm"); err != nil {
		return err
	}
	if err := h.Stop(ctx); err != nil && !errors.Is(err, daemon.ErrNotRunning) {
		return s.engineError(err)
	}
	errs := []error{h.PurgeMachines(ctx)}
	for _, path := range there {
		errs = append(errs, removeAll(path))
	}
	s.removeEmptyParents()
	_ = os.Remove(s.paths.workspace) // only if it is empty now: the rest is the learner's own
	if home := s.getenv("HANEUL_HOME"); home != "" {
		_ = os.Remove(home)
	}
	if err := errors.Join(errs...); err != nil {
		return &failure{code: exitFailed, key: "cli.error.purge", cause: err}
	}
	s.tell("cli.purge.done")
	return nil
}

// removeEmptyParents removes what a new home did not have before us, such as ~/.local/share, if nobody else uses it.
func (s *session) removeEmptyParents() {
	home := s.userHome()
	for _, path := range []string{s.paths.data, s.paths.state, s.paths.cache} {
		for dir := filepath.Dir(path); home != "" && strings.HasPrefix(dir, home+string(filepath.Separator)); dir = filepath.Dir(dir) {
			if os.Remove(dir) != nil {
				break
			}
		}
	}
}

// written lists what there is to remove. The workspace may be a folder that holds other things too (a clone of haneul,
// say), so there only the labs' own folders are ours.
func (s *session) written() (paths []string) {
	ours := []string{s.paths.data, s.paths.state, s.paths.cache}
	for _, kept := range []string{".before-reset", ".before-solve"} {
		ours = append(ours, filepath.Join(s.paths.workspace, kept))
	}
	for _, dir := range append(ours, s.labFolders()...) {
		if _, err := os.Lstat(dir); err == nil && !slices.Contains(paths, dir) {
			paths = append(paths, dir)
		}
	}
	return paths
}

// labFolders are the folders of labs that were ever started.
func (s *session) labFolders() (dirs []string) {
	records, _ := filepath.Glob(filepath.Join(s.paths.data, "labs", "*.json"))
	for _, file := range records {
		var a labs.Attempt
		if b, err := os.ReadFile(file); err == nil && json.Unmarshal(b, &a) == nil && filepath.Dir(a.Dir) == s.paths.workspace {
			dirs = append(dirs, a.Dir)
		}
	}
	if len(dirs) == 0 {
		return nil
	}
	entries, _ := fs.ReadDir(content.FS, "labs") // records that were lost
	for _, e := range entries {
		dirs = append(dirs, filepath.Join(s.paths.workspace, e.Name()))
	}
	return dirs
}

// removeAll removes a folder, also one in which a script took away the right to write.
func removeAll(dir string) error {
	if os.RemoveAll(dir) == nil {
		return nil
	}
	_ = filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			_ = os.Chmod(path, 0o700)
		}
		return nil
	})
	return os.RemoveAll(dir)
}
