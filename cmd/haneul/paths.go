package main

import (
	"path/filepath"
	"runtime"
)

// paths are the folders haneul writes to, and nothing else.
type paths struct {
	data      string // clouds, progress, the engine's state file
	state     string // logs
	cache     string // copies of the engine's program
	workspace string // the learner's own files, one folder a lab
}

// findPaths follows each system's customs; HANEUL_HOME puts everything under one folder.
func findPaths(getenv func(string) string) paths {
	if home := getenv("HANEUL_HOME"); home != "" {
		if abs, err := filepath.Abs(home); err == nil {
			home = abs
		}
		return paths{
			data: filepath.Join(home, "data"), state: filepath.Join(home, "state"),
			cache: filepath.Join(home, "cache"), workspace: filepath.Join(home, "workspace"),
		}
	}
	home := userHome(getenv)
	p := paths{workspace: filepath.Join(home, "haneul")}
	or := func(variable string, fallback ...string) string {
		base := getenv(variable)
		if !filepath.IsAbs(base) { // the XDG specification: ignore relative paths
			base = filepath.Join(append([]string{home}, fallback...)...)
		}
		return filepath.Join(base, "haneul")
	}
	switch runtime.GOOS {
	case "darwin":
		p.data = filepath.Join(home, "Library", "Application Support", "haneul")
		p.state = filepath.Join(home, "Library", "Logs", "haneul")
		p.cache = filepath.Join(home, "Library", "Caches", "haneul")
	case "windows":
		base := or("LocalAppData", "AppData", "Local")
		p.data, p.state, p.cache = filepath.Join(base, "data"), filepath.Join(base, "state"), filepath.Join(base, "cache")
	default:
		p.data = or("XDG_DATA_HOME", ".local", "share")
		p.state = or("XDG_STATE_HOME", ".local", "state")
		p.cache = or("XDG_CACHE_HOME", ".cache")
	}
	return p
}

// clouds is where the clouds of the engine live.
func (p paths) clouds() string { return filepath.Join(p.data, "clouds") }

// engineState is the file through which commands find the engine.
func (p paths) engineState() string { return filepath.Join(p.data, "engine.json") }

// engineLog is what the engine has to say.
func (p paths) engineLog() string { return filepath.Join(p.state, "engine.log") }

// userHome is the learner's home folder, "" if the environment does not say.
func userHome(getenv func(string) string) string {
	if runtime.GOOS == "windows" {
		return getenv("USERPROFILE")
	}
	return getenv("HOME")
}

func (s *session) userHome() string { return userHome(s.getenv) }
