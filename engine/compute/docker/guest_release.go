//go:build release

package docker

import (
	"context"
	"embed"

	"github.com/klauspost/compress/zstd"
)

//go:generate go run ./pack

// dist holds a guest for every architecture, put there by `go generate` before a release is built.
//
//go:embed dist/guest-amd64.zst dist/guest-arm64.zst
var dist embed.FS

// guest unpacks the guest program of a release.
func (r *Runtime) guest(_ context.Context, arch string) ([]byte, error) {
	packed, err := dist.ReadFile("dist/guest-" + arch + ".zst")
	if err != nil {
		return nil, errNoGuest
	}
	d, err := zstd.NewReader(nil)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return d.DecodeAll(packed, nil)
}
