package ec2

// Sight is an instance as the lab screen shows it: what whoever stands beside the cloud sees, its disks, and what its
// security groups let through. It is the Detail of an instance's resource, so that looking leaves no record in the journal.
type Sight struct {
	ID, Name, Region, Zone, Type, State, Reason, Note string
	VPC, IP, PublicIP                                 string
	KeyName, PublicKey                                string
	Spot                                              bool
	Groups                                            []GroupIdentifier
	Disks                                             []Disk
	Rules                                             []Allowed // groups as peers are their members' addresses
}

// Disk is an EBS volume of an instance beside its root disk.
type Disk struct {
	ID, Name string
	State    string // of the attachment: attaching, attached, detaching
	Size     int64  // GiB
	Path     string // where the machine finds it
}

func (s *Service) sight(k key, i *instance) Sight {
	x := Sight{ID: k.ID, Name: tagOf(i.Tags, "Name"), Region: k.Region, Zone: i.Zone, Type: i.Type, State: i.State, Reason: i.Reason.Message, Note: i.Note,
		VPC: i.VPC, IP: i.IP, PublicIP: i.PublicIP, KeyName: i.KeyName, PublicKey: i.PublicKey, Spot: i.Spot != "", Groups: s.identifiers(k.Region, i.Groups)}
	if i.State == terminated {
		return x // its addresses may be another's by now
	}
	for _, id := range i.Volumes {
		if v, ok := s.volumes.Get(key{k.Region, id}); ok && !v.Root {
			x.Disks = append(x.Disks, Disk{ID: id, Name: tagOf(v.Tags, "Name"), State: v.Attachment, Size: v.Size, Path: mountPath(v.Device)})
		}
	}
	x.Rules = s.firewall(k.Region, i)
	return x
}
