package docker

import (
	"fmt"
	"net/netip"
	"strings"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/api/types/filters"

	"haneul/engine/compute"
)

// Labels on everything that is made.
const (
	labelGuest = "haneul.guest" // on the guest image only: it belongs to no cloud
	labelOwner = "haneul.owner" // the installation
	labelCloud = "haneul.cloud"
	labelKind  = "haneul.kind"
	labelID    = "haneul.id"
	labelVPC   = "haneul.vpc"
	labelCIDR  = "haneul.cidr"
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
	l := map[string]string{labelOwner: r.o.Owner, labelCloud: cloud, labelKind: kind}
	if id != "" {
		l[labelID] = id
	}
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

// instanceName is what Docker calls an instance's container. Labels are for ever, and a warm machine is made before it is
// known whose it will be; so the name is where Docker keeps which instance it is, and at which address: after a crash,
// [Runtime.identity] reads that from it.
func (r *Runtime) instanceName(cloud, id string, a compute.Address) string {
	return fmt.Sprintf("%s_%s_%d", r.name(cloud, id), a.IP, a.Subnet.Bits())
}

// identity is which instance a container is, also one that rebuild is about to put in another's place. A machine that stands
// by is none yet.
func (r *Runtime) identity(labels map[string]string, name string) (id string, a compute.Address, ok bool) {
	name = strings.TrimSuffix(strings.TrimPrefix(name, "/"), nextSuffix)
	rest, ours := strings.CutPrefix(name, r.name(labels[labelCloud], ""))
	parts := strings.Split(rest, "_")
	if !ours || len(parts) != 3 || labels[labelKind] != kindInstance {
		return "", a, false
	}
	at, err := netip.ParsePrefix(parts[1] + "/" + parts[2])
	return parts[0], compute.Address{Subnet: at.Masked(), IP: at.Addr()}, err == nil
}

// warmPrefix begins the name of a machine that stands by, after that of its cloud.
const warmPrefix = "warm-"

// standsBy reports whether a container in a list is a machine that stands by.
func (r *Runtime) standsBy(c container.Summary) bool {
	return len(c.Names) > 0 && strings.HasPrefix(c.Names[0], "/"+r.name(c.Labels[labelCloud], warmPrefix))
}

// which is identity, of a container in a list.
func (r *Runtime) which(c container.Summary) (id string, a compute.Address, ok bool) {
	if len(c.Names) == 0 {
		return "", a, false
	}
	return r.identity(c.Labels, c.Names[0])
}
