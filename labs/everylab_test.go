package labs

import (
	"context"
	"net"
	"os"
	"strings"
	"testing"

	"haneul/content"
	"haneul/engine"
	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
)

// TestMain lets the test program be the grader's process.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == GradeCommand {
		os.Exit(GradeProcess(context.Background(), content.FS, os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// kit is one that grades with this test program.
func kit(t testing.TB) *Kit {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &Kit{
		Content: content.FS, Home: t.TempDir(), Data: t.TempDir(), Course: "haneul", Version: "test", Executable: exe,
		Environ: os.Environ(),
		Private: func() (Engine, func(), error) { return withMachines(t) },
	}
}

// withMachines is an engine with real machines. The test skips where no Docker answers.
func withMachines(t testing.TB) (Engine, func(), error) {
	t.Helper()
	var host *engine.Host
	r := dockertest.New(t, docker.Options{Warm: -1, Cloud: func(_ docker.Origin, c net.Conn) { host.Answer(c) }})
	host, err := engine.Open(engine.HostOptions{Token: PrivateToken, Runtime: r})
	if err != nil {
		return Engine{}, nil, err
	}
	return Serve(host)
}

// TestEveryLab holds every lab of the course to what a lab promises.
func TestEveryLab(t *testing.T) {
	if testing.Short() {
		t.Skip("grades every lab many times")
	}
	slugs, err := Slugs(content.FS)
	if err != nil {
		t.Fatal(err)
	}
	for _, slug := range slugs {
		t.Run(slug, func(t *testing.T) {
			for _, p := range Lint(content.FS, slug) {
				t.Error(p)
			}
			problems, err := kit(t).Prove(t.Context(), slug, func(what string) { t.Log(what) })
			if err != nil {
				t.Fatal(err)
			}
			if len(problems) > 0 {
				t.Error(strings.Join(problems, "\n"))
			}
		})
	}
}
