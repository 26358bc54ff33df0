package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write licenses.txt anew")

// TestLicenses holds licenses.txt to what is linked into the program on any system.
func TestLicenses(t *testing.T) {
	want := collectLicenses(t)
	if *update {
		if err := os.WriteFile("licenses.txt", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := os.ReadFile("licenses.txt"); err != nil || string(b) != want {
		t.Error("licenses.txt is not what is linked in; mend it: go test ./cmd/haneul -run TestLicenses -update")
	}
}

// collectLicenses writes every licence once, below the modules that are under it.
func collectLicenses(t *testing.T) string {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	modules := map[string]string{"Go": strings.TrimSpace(string(root))} // name to folder
	for _, system := range []string{"linux", "darwin", "windows"} {
		cmd := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{.Path}} {{.Dir}}{{end}}", ".")
		cmd.Env = append(os.Environ(), "GOOS="+system, "CGO_ENABLED=0")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(out)) {
			if name, dir, ok := strings.Cut(strings.TrimSpace(line), " "); ok && name != "haneul" {
				modules[name] = dir
			}
		}
	}
	under := map[string][]string{} // text to names
	for name, dir := range modules {
		text := licenseIn(t, dir)
		if text == "" {
			t.Errorf("%s has no licence in %s", name, dir)
		}
		under[text] = append(under[text], name)
	}
	var parts []string
	for text, names := range under {
		slices.Sort(names)
		parts = append(parts, strings.Join(names, "\n")+"\n\n"+text)
	}
	slices.SortFunc(parts, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) })
	rule := "\n" + strings.Repeat("-", 80) + "\n\n"
	return "haneul is under the Apache License 2.0. It contains the software below.\n" + rule + strings.Join(parts, rule)
}

func licenseIn(t *testing.T, dir string) string {
	var all string
	for _, pattern := range []string{"LICENSE*", "COPYING*", "NOTICE*"} {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if strings.HasSuffix(f, ".docs") { // of a module's documents, which are not linked in
				continue
			}
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all += fmt.Sprintln(strings.TrimSpace(strings.ReplaceAll(string(b), "\r\n", "\n")))
		}
	}
	return all
}
