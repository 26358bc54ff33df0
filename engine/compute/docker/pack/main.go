// Command pack builds the guest for every architecture and compresses it, for a haneul built with -tags release.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/klauspost/compress/zstd"

	"haneul/engine/compute/guest/rootfs"
)

func main() {
	for _, arch := range []string{"amd64", "arm64"} {
		if err := pack(arch); err != nil {
			fmt.Fprintln(os.Stderr, "pack:", err)
			os.Exit(1)
		}
	}
}

func pack(arch string) error {
	if err := os.MkdirAll("dist", 0o755); err != nil {
		return err
	}
	program := filepath.Join("dist", "guest-"+arch)
	defer os.Remove(program)
	cmd := exec.Command("go", rootfs.Build(program)...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH="+arch)
	cmd.Stderr = os.Stderr
	if err := cmd.Run(); err != nil {
		return err
	}
	b, err := os.ReadFile(program)
	if err != nil {
		return err
	}
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
	if err != nil {
		return err
	}
	return os.WriteFile(program+".zst", z.EncodeAll(b, nil), 0o644)
}
