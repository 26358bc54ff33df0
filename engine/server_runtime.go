package engine

import (
	"errors"
	"net/http"

	"haneul/engine/admin"
	"haneul/engine/compute"
)

// runtime says what instances would run on.
func (h *Host) runtime(r *http.Request) (any, error) {
	if h.options.Runtime == nil {
		return nil, refuse(409, admin.NoRuntime, "instances need Docker, and this engine was started without it: install Docker (or start it), then run haneul doctor")
	}
	caps, err := h.options.Runtime.Info(r.Context())
	switch {
	case errors.Is(err, compute.ErrNoRuntime):
		return nil, refuse(409, admin.NoRuntime, "%s", err)
	case err != nil:
		return nil, err
	}
	return admin.Runtime{Name: caps.Name, Notices: caps.Notices}, nil
}
