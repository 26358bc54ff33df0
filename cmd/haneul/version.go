package main

import (
	"context"
	_ "embed"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/pflag"

	"haneul/cmd/haneul/daemon"
)

//go:embed licenses.txt
var licenses string

func machineCommands() []command {
	return []command{
		{name: "doctor", flags: doctorFlags, run: runDoctor},
		{name: "purge", flags: yesFlag, run: runPurge},
		{name: "version", flags: versionFlags, run: runVersion},
	}
}

func versionFlags(f *pflag.FlagSet) {
	f.Bool("licenses", false, "")
	jsonFlag(f)
}

// versionReport says which program this is.
type versionReport struct {
	Version  string `json:"version"`
	Build    string `json:"build"`
	Revision string `json:"revision,omitempty"`
	Go       string `json:"go"`
	OS       string `json:"os"`
	Arch     string `json:"arch"`
}

func (s *session) version() versionReport {
	v := versionReport{Version: "devel", Go: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH}
	if exe, err := s.Executable(); err == nil {
		v.Build, _ = daemon.BuildID(exe)
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return v
	}
	if info.Main.Version != "" && info.Main.Version != "(devel)" {
		v.Version = info.Main.Version
	}
	for _, set := range info.Settings {
		if set.Key == "vcs.revision" {
			v.Revision = set.Value
		}
	}
	return v
}

func runVersion(_ context.Context, s *session) error {
	if s.bool("licenses") {
		fmt.Fprint(s.Stdout, licenses)
		return nil
	}
	v := s.version()
	return s.report(v, func() {
		fmt.Fprintf(s.Stdout, "haneul %s (build %s, %s, %s/%s)\n", v.Version, v.Build, v.Go, v.OS, v.Arch)
	})
}
