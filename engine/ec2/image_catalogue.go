package ec2

import (
	"strings"

	"haneul/engine/emu"
)

// publicImage is an image that every account may launch. Whatever its name, its machines run haneul's guest, a small Linux
// userland of its own: names, owners and root devices are as on AWS, so that commands written for AWS find what they
// look for. Ids are the same in every region, and never change; AWS's differ by region and change with every release.
type publicImage struct {
	id, name, description, arch, owner, alias, root string
	size                                            int64 // GiB
	created                                         string
	parameter                                       string // in SSM's public parameters
}

const (
	amazon    = "137112412989"
	canonical = "099720109477"
)

var catalogue = []publicImage{
	{"ami-02023000000000064", "al2023-ami-2023.9.20251110.1-kernel-6.12-arm64", "Amazon Linux 2023 AMI (haneul's guest)", arm, amazon, "amazon", "/dev/xvda", 8,
		"2025-11-10T00:00:00.000Z", "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"},
	{"ami-02023000000000086", "al2023-ami-2023.9.20251110.1-kernel-6.12-x86_64", "Amazon Linux 2023 AMI (haneul's guest)", x86, amazon, "amazon", "/dev/xvda", 8,
		"2025-11-10T00:00:00.000Z", "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"},
	{"ami-02404000000000064", "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-arm64-server-20251022", "Canonical, Ubuntu, 24.04, arm64 noble image (haneul's guest)", arm, canonical, "", "/dev/sda1", 8,
		"2025-10-22T00:00:00.000Z", "/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id"},
	{"ami-02404000000000086", "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20251022", "Canonical, Ubuntu, 24.04, amd64 noble image (haneul's guest)", x86, canonical, "", "/dev/sda1", 8,
		"2025-10-22T00:00:00.000Z", "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"},
}

// asImage is a public image in the form of the account's own.
func (p *publicImage) asImage() image {
	return image{Name: p.name, Description: p.description, Arch: p.arch, State: available, Root: p.root,
		Disks: []disk{{Device: p.root, Snapshot: fixedID("snap", p.id), Type: "gp3", Size: p.size}}}
}

// theImage finds an image by id, or by the public parameter that names the latest one.
func (s *Service) theImage(c *emu.Call, id string) (found image, actual string, err error) {
	name, byName := strings.CutPrefix(id, "resolve:ssm:")
	name = strings.Replace(name, "kernel-6.1-", "kernel-default-", 1)
	for i := range catalogue {
		if p := &catalogue[i]; p.id == id || byName && p.parameter == name {
			return p.asImage(), p.id, nil
		}
	}
	if byName {
		return image{}, "", invalidValue("Error resolving SSM parameter '%s': haneul knows only those of its own public images, which describe-images lists", name)
	}
	found, err = s.ownImage(c, id)
	return found, id, err
}

// public reports whether an image is of the catalogue: its machines start from the guest alone.
func public(id string) bool {
	for i := range catalogue {
		if catalogue[i].id == id {
			return true
		}
	}
	return false
}
