package docker

import (
	"strings"

	"github.com/docker/docker/api/types/filters"
)

// Labels on everything that is made.
const (
	labelGuest  = "haneul.guest" // on the guest image only: it belongs to no cloud
	labelOwner  = "haneul.owner" // the installation
	labelCloud  = "haneul.cloud"
	labelKind   = "haneul.kind"
	labelID     = "haneul.id"
	labelVPC    = "haneul.vpc"
	labelCIDR   = "haneul.cidr"
	labelSubnet = "haneul.subnet"
	labelIP     = "haneul.ip"
	labelHost   = "haneul.hostname"
	labelLab    = "haneul.lab"
	labelDisk   = "haneul.disk" // bytes
)

// Kinds of things.
const (
	kindVPC      = "vpc"
	kindGateway  = "gateway"
	kindENI      = "eni"
	kindInstance = "instance"
	kindVolume   = "volume"
	kindImage    = "image"
	kindHelper   = "helper"
)

func (r *Runtime) labels(cloud, kind, id string, more ...string) map[string]string {
	l := map[string]string{labelOwner: r.o.Owner, labelCloud: cloud, labelKind: kind, labelID: id}
	for i := 0; i+1 < len(more); i += 2 {
		l[more[i]] = more[i+1]
	}
	return l
}

// labelled selects what has these labels (name, value, …) and is ours.
func (r *Runtime) labelled(pairs ...string) filters.Args {
	f := filters.NewArgs(filters.Arg("label", labelOwner+"="+r.o.Owner))
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Add("label", pairs[i]+"="+pairs[i+1])
	}
	return f
}

// name is what Docker calls a thing: unique on the engine, readable in docker ps.
func (r *Runtime) name(cloud, id string) string {
	return strings.Join([]string{"haneul", r.o.Owner, cloud, id}, "-")
}
