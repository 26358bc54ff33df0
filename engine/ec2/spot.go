package ec2

import (
	"slices"

	"haneul/engine/emu"
)

// A Spot instance runs until a fault interrupts it (reports.go): prices do not move here, and capacity does not run out.

// requestSpot makes the request behind a Spot instance.
func (s *Service) requestSpot(c *emu.Call, l *launchPlan, id string, i *instance) string {
	t, _ := typeNamed(i.Type)
	r := spotRequest{Instance: id, MaxPrice: l.spot.MaxPrice, Persistent: l.spot.SpotInstanceType == "persistent", Behavior: "terminate",
		State: "active", Status: "fulfilled", Message: "Your Spot request is fulfilled.", Created: second(c), Updated: second(c), ValidUntil: l.spot.ValidUntil,
		Zone: i.Zone, Spec: LaunchSpecification{SecurityGroups: s.identifiers(c.Region, i.Groups), ImageId: i.Image, InstanceType: t.name, KeyName: i.KeyName,
			Placement: SpotPlacement{i.Zone}, SubnetId: i.Subnet}, Tags: l.spotTags}
	if l.spot.InstanceInterruptionBehavior != "" {
		r.Behavior = l.spot.InstanceInterruptionBehavior
	}
	sir := newID(c, "sir")
	s.spots.Put(key{c.Region, sir}, r)
	return sir
}

func (s *Service) persistent(region string, i *instance) bool {
	r, _ := s.spots.Get(key{region, i.Spot})
	return r.Persistent
}

// spotBehavior is what an interruption does to an instance.
func (s *Service) spotBehavior(region string, i *instance) string {
	r, _ := s.spots.Get(key{region, i.Spot})
	return r.Behavior
}

// spotEnded closes the request of an instance that is no more.
func (s *Service) spotEnded(c *emu.Call, k key, i *instance) {
	sir := key{k.Region, i.Spot}
	r, ok := s.spots.Get(sir)
	if !ok {
		return
	}
	switch {
	case r.State == "cancelled":
		r.Status, r.Message = "request-canceled-and-instance-terminated", "Your Spot request was canceled, and the instance was terminated."
	case i.Reason == bySpot:
		r.State, r.Status, r.Message = "closed", "instance-terminated-no-capacity", "Your instance was terminated because there is no longer enough Spot capacity available for that instance type."
	case r.Persistent: // AWS would launch another one
		r.State, r.Status, r.Message = "disabled", "instance-terminated-by-user", "Your instance was terminated. haneul does not launch another one."
	default:
		r.State, r.Status, r.Message = "closed", "instance-terminated-by-user", "Your instance was terminated by the user."
	}
	r.Updated = c.Now - c.Now%emu.Second
	s.spots.Put(sir, r)
}

// SpotInstanceRequest is a request on the wire.
type SpotInstanceRequest struct {
	CreateTime                                                          emu.Time
	InstanceId                                                          string
	LaunchSpecification                                                 LaunchSpecification
	LaunchedAvailabilityZone, ProductDescription, SpotInstanceRequestId string
	SpotPrice, State                                                    string
	Status                                                              SpotInstanceStatus
	Tags                                                                []Tag `query:"tagSet"`
	Type                                                                string
	ValidUntil                                                          emu.Time
	InstanceInterruptionBehavior                                        string
}

// SpotInstanceStatus says how a request fares.
type SpotInstanceStatus struct {
	Code, Message string
	UpdateTime    emu.Time
}

// LaunchSpecification is what a Spot instance was launched with.
type LaunchSpecification struct {
	SecurityGroups                 []GroupIdentifier `query:"groupSet"`
	ImageId, InstanceType, KeyName string
	Placement                      SpotPlacement
	SubnetId                       string
}

// SpotPlacement is where a Spot instance was launched.
type SpotPlacement struct{ AvailabilityZone string }

func showSpot(r row[spotRequest]) SpotInstanceRequest {
	kind := "one-time"
	if r.V.Persistent {
		kind = "persistent"
	}
	return SpotInstanceRequest{r.V.Created, r.V.Instance, r.V.Spec, r.V.Zone, "Linux/UNIX", r.ID, r.V.MaxPrice, r.V.State,
		SpotInstanceStatus{r.V.Status, r.V.Message, r.V.Updated}, list(r.V.Tags), kind, r.V.ValidUntil, r.V.Behavior}
}

// DescribeSpotInstanceRequestsInput chooses requests.
type DescribeSpotInstanceRequestsInput struct {
	onAll
	dry
	Filters                []Filter `query:"Filter"`
	SpotInstanceRequestIds []string `query:"SpotInstanceRequestId"`
	paging
}

// DescribeSpotInstanceRequestsOutput is a page of requests.
type DescribeSpotInstanceRequestsOutput struct {
	SpotInstanceRequests []SpotInstanceRequest `query:"spotInstanceRequestSet"`
	NextToken            string
}

func (s *Service) describeSpotInstanceRequests(c *emu.Call, in *DescribeSpotInstanceRequestsInput) (*DescribeSpotInstanceRequestsOutput, error) {
	found, next, err := described(kindSpot, in.SpotInstanceRequestIds, in.Filters, in.paging, rows(s.spots, c.Region), func(r *row[spotRequest], name string) ([]string, bool) {
		switch name {
		case "spot-instance-request-id":
			return oneOf(r.ID)
		case "instance-id":
			return oneOf(r.V.Instance)
		case "state":
			return oneOf(r.V.State)
		case "status-code":
			return oneOf(r.V.Status)
		case "launch.instance-type":
			return oneOf(r.V.Spec.InstanceType)
		case "launched-availability-zone":
			return oneOf(r.V.Zone)
		case "type":
			return oneOf(showSpot(*r).Type)
		}
		return tagged(name, r.V.Tags)
	})
	return &DescribeSpotInstanceRequestsOutput{shown(found, showSpot), next}, err
}

// CancelSpotInstanceRequestsInput cancels requests. Their instances run on, as on AWS.
type CancelSpotInstanceRequestsInput struct {
	dry
	SpotInstanceRequestIds []string `query:"SpotInstanceRequestId" is:"required"`
}

// Resource implements [emu.Input].
func (in *CancelSpotInstanceRequestsInput) Resource(c *emu.Call) string {
	return arn(c, kindSpot.resource, first(in.SpotInstanceRequestIds))
}

// CancelSpotInstanceRequestsOutput tells what was cancelled.
type CancelSpotInstanceRequestsOutput struct {
	CancelledSpotInstanceRequests []CancelledSpotInstanceRequest `query:"spotInstanceRequestSet"`
}

// CancelledSpotInstanceRequest is a request that was cancelled.
type CancelledSpotInstanceRequest struct{ SpotInstanceRequestId, State string }

func (s *Service) cancelSpotInstanceRequests(c *emu.Call, in *CancelSpotInstanceRequestsInput) (*CancelSpotInstanceRequestsOutput, error) {
	if err := allowOthers(c, "CancelSpotInstanceRequests", kindSpot.resource, in.SpotInstanceRequestIds); err != nil {
		return nil, err
	}
	all, err := chosen(kindSpot, in.SpotInstanceRequestIds, rows(s.spots, c.Region))
	if err != nil {
		return nil, err
	}
	out := &CancelSpotInstanceRequestsOutput{CancelledSpotInstanceRequests: []CancelledSpotInstanceRequest{}}
	for _, r := range slices.Clone(all) {
		if r.V.State == "active" || r.V.State == "disabled" || r.V.State == "open" {
			r.V.State, r.V.Status, r.V.Message = "cancelled", "request-canceled-and-instance-running", "Your Spot request was canceled while your instance is still running."
			r.V.Updated = second(c)
			s.spots.Put(key{c.Region, r.ID}, r.V)
		}
		out.CancelledSpotInstanceRequests = append(out.CancelledSpotInstanceRequests, CancelledSpotInstanceRequest{r.ID, "cancelled"})
	}
	return out, nil
}
