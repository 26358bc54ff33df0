package engine

import (
	"haneul/engine/admin"
	"haneul/engine/ec2"
)

// sightOf is the detail of a resource that is an instance, nil for any other.
func sightOf(detail any) *admin.Sight {
	s, ok := detail.(ec2.Sight)
	if !ok {
		return nil
	}
	x := &admin.Sight{Instance: admin.Instance{ID: s.ID, Name: s.Name, Region: s.Region, Zone: s.Zone, Type: s.Type, State: s.State, Reason: s.Reason, Note: s.Note,
		VPC: s.VPC, PrivateIP: s.IP, PublicIP: s.PublicIP, KeyName: s.KeyName, PublicKey: s.PublicKey, Spot: s.Spot}}
	for _, g := range s.Groups {
		x.Groups = append(x.Groups, admin.Note{Key: g.GroupId, Value: g.GroupName})
	}
	for _, d := range s.Disks {
		x.Disks = append(x.Disks, admin.Disk(d))
	}
	for _, r := range s.Rules {
		x.Rules = append(x.Rules, admin.Rule{Egress: r.Egress, Protocol: r.Protocol, From: r.From, To: r.To, Peers: r.Peers})
	}
	return x
}
