package docker

import (
	"errors"
	"fmt"
	"strings"
)

var errFull = errors.New("no room is left on Docker's disk (docker system df shows what is on it)")

// full makes what Docker says when there is no room left something a person can act on.
func full(err error) error {
	if err == nil || errors.Is(err, errFull) || !strings.Contains(err.Error(), "no space left on device") {
		return err
	}
	return fmt.Errorf("%w: %w", errFull, err)
}
