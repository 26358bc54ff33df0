package docker_test

import (
	"testing"

	"haneul/engine/compute/docker"
	"haneul/engine/compute/docker/dockertest"
)

func TestCheck(t *testing.T) {
	if err := dockertest.New(t, docker.Options{}).Check(t.Context()); err != nil {
		t.Error(err)
	}
}
