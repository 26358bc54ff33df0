package docker

import (
	"context"
	"fmt"

	"github.com/docker/docker/api/types/container"
)

// Check tries the part of Docker that differs most between machines: a throw-away ENI sets a firewall. It says why security
// groups cannot be enforced here; then labs that need them must refuse, for nothing may pass unfiltered.
func (r *Runtime) Check(ctx context.Context) error {
	d, err := r.docker(ctx)
	if err != nil {
		return err
	}
	image, err := r.EnsureImage(ctx)
	if err != nil {
		return err
	}
	config, host := eniShape(image, kindENI, r.labels("", kindHelper, "check"))
	host.NetworkMode = container.NetworkMode("bridge")
	id, err := d.create(ctx, config, host, "", d.discard)
	if err != nil {
		return err
	}
	defer r.remove(context.WithoutCancel(ctx), d, id)
	if err := r.start(ctx, d, id); err != nil {
		return fmt.Errorf("security groups cannot be enforced on this machine: %w", err)
	}
	return nil
}
