package engine

import (
	"errors"
	"net/http"
	"net/netip"

	"haneul/engine/admin"
	"haneul/engine/compute"
	"haneul/engine/ec2"
)

// runtime says what instances would run on.
func (h *Host) runtime(r *http.Request) (any, error) {
	if h.options.Runtime == nil {
		return nil, refuse(409, admin.NoRuntime, "instances need Docker, and this engine was started without it: install Docker (or start it), then run haneul doctor")
	}
	caps, err := h.options.Runtime.Info(r.Context())
	return admin.Runtime{Name: caps.Name, Notices: caps.Notices}, noRuntime(err)
}

// prepareRuntime makes the image that instances start from.
func (h *Host) prepareRuntime(r *http.Request) (any, error) {
	h.used.hold()
	defer h.used.release()
	if _, err := h.runtime(r); err != nil {
		return nil, err
	}
	_, err := h.options.Runtime.EnsureImage(r.Context())
	return nil, noRuntime(err)
}

// warm begins to make what the first instance in a cloud's default VPC needs.
func (h *Host) warm(x *hosted, _ *http.Request) (any, error) {
	if x.machines == nil {
		return nil, nil
	}
	id, cidr := ec2.DefaultVPC(x.Account(), x.Region())
	network, err := netip.ParsePrefix(cidr)
	if err != nil {
		return nil, err
	}
	x.machines.warm(h.watching.life, compute.VPC{Cloud: x.Name(), ID: id, CIDR: network}, h.options.Log)
	return nil, nil
}

func noRuntime(err error) error {
	if errors.Is(err, compute.ErrNoRuntime) {
		return refuse(409, admin.NoRuntime, "%s", err)
	}
	return err
}
