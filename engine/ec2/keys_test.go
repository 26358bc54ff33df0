package ec2_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// checkPrivateKey asks ssh-keygen whether a private key is one, and that of a public key.
func checkPrivateKey(t *testing.T, private, public string) {
	t.Helper()
	keygen, err := exec.LookPath("ssh-keygen")
	if err != nil {
		t.Skip("ssh-keygen is not installed")
	}
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte(private+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(keygen, "-y", "-f", path).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s\n%s", err, out, private)
	}
	got, want := strings.Fields(string(out)), strings.Fields(public)
	if len(got) < 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("the private key is of\n%s\nnot of\n%s", out, public)
	}
}
