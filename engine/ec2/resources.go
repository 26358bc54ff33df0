package ec2

import (
	"strconv"

	"haneul/engine/emu"
)

// resources lists instances, volumes and the security groups that somebody made, as the lab screen shows them.
func (s *Service) resources(account string) func(emu.Time) []emu.Resource {
	return func(emu.Time) (out []emu.Resource) {
		arn := func(k key, kind string) string {
			return "arn:aws:ec2:" + k.Region + ":" + account + ":" + kind + "/" + k.ID
		}
		s.instances.All(func(k key, i instance) bool {
			out = append(out, emu.Resource{Kind: "instance", Name: named(k.ID, i.Tags), ARN: arn(k, "instance"), Region: k.Region, State: instanceNotes(&i), Detail: s.sight(k, &i)})
			return true
		})
		s.volumes.All(func(k key, v volume) bool {
			if !v.Root {
				out = append(out, emu.Resource{Kind: "volume", Name: named(k.ID, v.Tags), ARN: arn(k, "volume"), Region: k.Region, State: []emu.Note{
					{Key: "State", Value: v.State}, {Key: "GiB", Value: strconv.FormatInt(v.Size, 10)}, {Key: "Instance", Value: v.Instance}}})
			}
			return true
		})
		s.groups.All(func(k key, g group) bool {
			if g.Name != "default" {
				out = append(out, emu.Resource{Kind: "security-group", Name: g.Name, ARN: arn(k, "security-group"), Region: k.Region, State: groupNotes(&g)})
			}
			return true
		})
		return out
	}
}

func named(id string, tags []Tag) string {
	if name := tagOf(tags, "Name"); name != "" {
		return name
	}
	return id
}

func instanceNotes(i *instance) []emu.Note {
	notes := []emu.Note{{Key: "State", Value: i.State}, {Key: "Type", Value: i.Type}, {Key: "Zone", Value: i.Zone}, {Key: "PrivateIp", Value: i.IP}}
	for _, g := range i.Groups {
		notes = append(notes, emu.Note{Key: "Group", Value: g})
	}
	if i.Reason.Message != "" {
		notes = append(notes, emu.Note{Key: "Reason", Value: i.Reason.Message})
	}
	if i.Note != "" {
		notes = append(notes, emu.Note{Key: "Note", Value: i.Note})
	}
	return notes
}

// groupNotes say who may come in.
func groupNotes(g *group) (notes []emu.Note) {
	for _, r := range g.Rules {
		if !r.Egress {
			notes = append(notes, emu.Note{Key: "Allows", Value: r.String()})
		}
	}
	return notes
}
