package ec2

import (
	"slices"
	"strings"

	"haneul/engine/emu"
)

// zone is an availability zone. Its id is the same in every account; AWS shuffles the names.
type zone struct{ name, id string }

// regionsKnown are the regions of the course with the prefix of their zone ids and the letters of their zones.
var regionsKnown = []struct{ name, short, letters string }{
	{"ap-northeast-1", "apne1", "acd"}, {"ap-northeast-2", "apne2", "abcd"}, {"ap-northeast-3", "apne3", "abc"},
	{"ap-south-1", "aps1", "abc"}, {"ap-southeast-1", "apse1", "abc"}, {"ap-southeast-2", "apse2", "abc"},
	{"ca-central-1", "cac1", "abd"}, {"eu-central-1", "euc1", "abc"}, {"eu-north-1", "eun1", "abc"}, {"eu-west-1", "euw1", "abc"},
	{"eu-west-2", "euw2", "abc"}, {"eu-west-3", "euw3", "abc"}, {"sa-east-1", "sae1", "abc"},
	{"us-east-1", "use1", "abcdef"}, {"us-east-2", "use2", "abc"}, {"us-west-1", "usw1", "ac"}, {"us-west-2", "usw2", "abcd"},
}

// zonesOf lists a region's zones; a region that AWS added later has three.
func zonesOf(region string) (zones []zone) {
	short, letters := region, "abc"
	for _, r := range regionsKnown {
		if r.name == region {
			short, letters = r.short, r.letters
		}
	}
	for i, l := range letters {
		zones = append(zones, zone{region + string(l), short + "-az" + string(rune('1'+i))})
	}
	return zones
}

// zoneKnown reports whether a zone is one of the regions of the course.
func zoneKnown(name string) bool {
	for _, r := range regionsKnown {
		if letter, ok := strings.CutPrefix(name, r.name); ok && len(letter) == 1 && strings.Contains(r.letters, letter) {
			return true
		}
	}
	return false
}

// zonesUp are the names of a region's zones that are not down.
func zonesUp(c *emu.Call) (names []string) {
	for _, z := range zonesOf(c.Region) {
		if !c.Down(z.name) {
			names = append(names, z.name)
		}
	}
	return names
}

func zoneIn(region, name string) (zone, bool) {
	for _, z := range zonesOf(region) {
		if z.name == name || z.id == name {
			return z, true
		}
	}
	return zone{}, false
}

// DescribeAvailabilityZonesInput chooses zones by name or id.
type DescribeAvailabilityZonesInput struct {
	onAll
	dry
	Filters              []Filter `query:"Filter"`
	ZoneNames            []string `query:"ZoneName"`
	ZoneIds              []string `query:"ZoneId"`
	AllAvailabilityZones bool
}

// DescribeAvailabilityZonesOutput lists the zones of the call's region.
type DescribeAvailabilityZonesOutput struct {
	AvailabilityZones []AvailabilityZone `query:"availabilityZoneInfo"`
}

// AvailabilityZone is one zone; all are available, but for those that an outage has taken.
type AvailabilityZone struct {
	State              string `query:"zoneState"`
	OptInStatus        string
	Messages           []AvailabilityZoneMessage `query:"messageSet"`
	RegionName         string
	ZoneName           string
	ZoneId             string
	GroupName          string
	NetworkBorderGroup string
	ZoneType           string
}

// AvailabilityZoneMessage is a remark about a zone.
type AvailabilityZoneMessage struct{ Message string }

func (s *Service) describeAvailabilityZones(c *emu.Call, in *DescribeAvailabilityZonesInput) (*DescribeAvailabilityZonesOutput, error) {
	for _, name := range append(slices.Clone(in.ZoneNames), in.ZoneIds...) {
		if _, ok := zoneIn(c.Region, name); !ok {
			return nil, invalidValue("Invalid availability zone: [%s]", name)
		}
	}
	var all []AvailabilityZone
	for _, z := range zonesOf(c.Region) {
		if len(in.ZoneNames)+len(in.ZoneIds) == 0 || slices.Contains(in.ZoneNames, z.name) || slices.Contains(in.ZoneIds, z.id) {
			state, messages := "available", []AvailabilityZoneMessage{}
			if c.Down(z.name) {
				state, messages = "unavailable", []AvailabilityZoneMessage{{"The zone is down on purpose, until its fault is cleared."}}
			}
			all = append(all, AvailabilityZone{State: state, OptInStatus: "opt-in-not-required", Messages: messages,
				RegionName: c.Region, ZoneName: z.name, ZoneId: z.id, GroupName: c.Region, NetworkBorderGroup: c.Region, ZoneType: "availability-zone"})
		}
	}
	all, err := filtered(in.Filters, all, func(z *AvailabilityZone, name string) ([]string, bool) {
		switch name {
		case "zone-name":
			return oneOf(z.ZoneName)
		case "zone-id":
			return oneOf(z.ZoneId)
		case "region-name":
			return oneOf(z.RegionName)
		case "state":
			return oneOf(z.State)
		case "zone-type":
			return oneOf(z.ZoneType)
		case "group-name":
			return oneOf(z.GroupName)
		case "opt-in-status":
			return oneOf(z.OptInStatus)
		}
		return nil, false
	})
	return &DescribeAvailabilityZonesOutput{all}, err
}

// DescribeRegionsInput chooses regions by name.
type DescribeRegionsInput struct {
	onAll
	dry
	Filters     []Filter `query:"Filter"`
	RegionNames []string `query:"RegionName"`
	AllRegions  bool
}

// DescribeRegionsOutput lists regions.
type DescribeRegionsOutput struct {
	Regions []Region `query:"regionInfo"`
}

// Region is one region. Its endpoint is AWS's: this cloud answers for every region at its own address.
type Region struct {
	Endpoint    string `query:"regionEndpoint"`
	RegionName  string
	OptInStatus string
}

func (s *Service) describeRegions(_ *emu.Call, in *DescribeRegionsInput) (*DescribeRegionsOutput, error) {
	var all []Region
	for _, r := range regionsKnown {
		if len(in.RegionNames) == 0 || slices.Contains(in.RegionNames, r.name) {
			all = append(all, Region{"ec2." + r.name + ".amazonaws.com", r.name, "opt-in-not-required"})
		}
	}
	for _, name := range in.RegionNames {
		if !slices.ContainsFunc(all, func(r Region) bool { return r.RegionName == name }) {
			return nil, invalidValue("Invalid region: [%s]", name)
		}
	}
	all, err := filtered(in.Filters, all, func(r *Region, name string) ([]string, bool) {
		switch name {
		case "region-name":
			return oneOf(r.RegionName)
		case "endpoint":
			return oneOf(r.Endpoint)
		case "opt-in-status":
			return oneOf(r.OptInStatus)
		}
		return nil, false
	})
	return &DescribeRegionsOutput{all}, err
}

// DescribeAccountAttributesInput chooses attributes by name.
type DescribeAccountAttributesInput struct {
	onAll
	dry
	AttributeNames []string `query:"attributeName"`
}

// DescribeAccountAttributesOutput lists attributes of the account in this region.
type DescribeAccountAttributesOutput struct {
	AccountAttributes []AccountAttribute `query:"accountAttributeSet"`
}

// AccountAttribute is an attribute with its values.
type AccountAttribute struct {
	AttributeName   string
	AttributeValues []AccountAttributeValue `query:"attributeValueSet"`
}

// AccountAttributeValue is one value.
type AccountAttributeValue struct{ AttributeValue string }

func (s *Service) describeAccountAttributes(c *emu.Call, in *DescribeAccountAttributesInput) (*DescribeAccountAttributesOutput, error) {
	n := s.network(c)
	standard := n.defaultVPC()
	if standard == "" {
		standard = "none"
	}
	out := &DescribeAccountAttributesOutput{AccountAttributes: []AccountAttribute{}}
	for _, a := range [][2]string{{"default-vpc", standard}, {"max-instances", "20"}, {"supported-platforms", "VPC"}, {"vpc-max-security-groups-per-interface", "5"}} {
		if len(in.AttributeNames) == 0 || slices.ContainsFunc(in.AttributeNames, func(n string) bool { return strings.EqualFold(n, a[0]) }) {
			out.AccountAttributes = append(out.AccountAttributes, AccountAttribute{a[0], []AccountAttributeValue{{a[1]}}})
		}
	}
	return out, nil
}
