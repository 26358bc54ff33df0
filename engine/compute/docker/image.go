package docker

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/containerd/errdefs"
	"github.com/docker/docker/api/types/filters"
	"github.com/docker/docker/api/types/image"

	"haneul/engine/compute/guest/rootfs"
)

// repository is what the guest image is called; its tag is the hash of what is in it.
const repository = "haneul/guest"

// EnsureImage builds and imports the guest unless the engine has it, and names it. It is done once a process.
func (r *Runtime) EnsureImage(ctx context.Context) (string, error) {
	r.imaging.Lock()
	defer r.imaging.Unlock()
	if r.image != "" {
		return r.image, nil
	}
	d, err := r.docker(ctx)
	if err != nil {
		return "", err
	}
	program, err := r.guest(ctx, d.arch)
	if err != nil {
		return "", fmt.Errorf("the guest program: %w", err)
	}
	files, err := rootfs.Tar(program)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(files)
	ref := repository + ":" + hex.EncodeToString(sum[:6])
	if _, err := d.ImageInspect(ctx, ref); err == nil {
		r.image = ref
		return ref, nil
	} else if !errdefs.IsNotFound(err) {
		return "", err
	}
	if err := r.importImage(ctx, d, ref, files); err != nil {
		return "", fmt.Errorf("importing the guest image: %w", full(err))
	}
	r.image = ref
	go r.dropOldImages(d, ref)
	return ref, nil
}

func (r *Runtime) importImage(ctx context.Context, d *engine, ref string, files []byte) error {
	defer r.step("import")()
	answer, err := d.ImageImport(ctx, image.ImportSource{Source: bytes.NewReader(files), SourceName: "-"}, ref, image.ImportOptions{
		Platform: "linux/" + d.arch,
		Changes:  []string{`ENTRYPOINT ["` + rootfs.Program + `"]`, "ENV PATH=/usr/local/bin:/bin", "LABEL " + labelGuest + "=1"},
	})
	if err != nil {
		return err
	}
	defer answer.Close()
	return readProgress(answer)
}

// readProgress reads a stream of progress, which may end in an error.
func readProgress(r io.Reader) error {
	for d := json.NewDecoder(r); ; {
		var m struct{ Error string }
		switch err := d.Decode(&m); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case m.Error != "":
			return errors.New(m.Error)
		}
	}
}

// keepImages is how long an image of another version of the guest is kept.
const keepImages = 24 * time.Hour

// dropOldImages removes guests of other versions that nobody uses; Docker refuses for those that are in use.
func (r *Runtime) dropOldImages(d *engine, current string) {
	all, err := guests(r.life, d)
	if err != nil {
		return
	}
	for _, i := range all {
		for _, ref := range i.RepoTags {
			if ref != current && time.Since(time.Unix(i.Created, 0)) > keepImages {
				_, _ = d.ImageRemove(r.life, ref, image.RemoveOptions{})
			}
		}
	}
}

// guests lists the guest images there are, of every installation. An image made from an instance has inherited their label,
// and is not one of them.
func guests(ctx context.Context, d *engine) ([]image.Summary, error) {
	all, err := d.ImageList(ctx, image.ListOptions{Filters: filters.NewArgs(filters.Arg("label", labelGuest))})
	return slices.DeleteFunc(all, func(i image.Summary) bool { return i.Labels[labelOwner] != "" }), err
}

// forgetImage makes the next EnsureImage look again: somebody has removed the image.
func (r *Runtime) forgetImage() {
	r.imaging.Lock()
	r.image = ""
	r.imaging.Unlock()
}

// errNoGuest is why a program that was neither built here nor released cannot run instances.
var errNoGuest = errors.New("this haneul holds none and its source is not here: use a release, or run it from a clone with Go installed")
