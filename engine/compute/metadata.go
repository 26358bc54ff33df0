package compute

// Metadata is what the instance metadata service answers. Paths are derived from it as AWS arranges them.
type Metadata struct {
	// Disabled: HttpEndpoint is "disabled", everything is 403. TokenOptional: HttpTokens is "optional", IMDSv1 works too.
	Disabled      bool `json:"disabled,omitempty"`
	TokenOptional bool `json:"tokenOptional,omitempty"`

	Account        string   `json:"account,omitempty"`
	Region         string   `json:"region,omitempty"`
	Zone           string   `json:"zone,omitempty"`   // ap-northeast-2a
	ZoneID         string   `json:"zoneId,omitempty"` // apne2-az1
	InstanceID     string   `json:"instanceId,omitempty"`
	InstanceType   string   `json:"instanceType,omitempty"`
	ImageID        string   `json:"imageId,omitempty"`
	ReservationID  string   `json:"reservationId,omitempty"`
	LaunchIndex    int      `json:"launchIndex,omitempty"`
	LifeCycle      string   `json:"lifeCycle,omitempty"` // on-demand, spot
	LaunchedAt     string   `json:"launchedAt,omitempty"`
	PrivateIP      string   `json:"privateIp,omitempty"`
	PrivateDNS     string   `json:"privateDns,omitempty"`
	PublicIP       string   `json:"publicIp,omitempty"`
	PublicDNS      string   `json:"publicDns,omitempty"`
	MAC            string   `json:"mac,omitempty"` // "" for the interface's own
	InterfaceID    string   `json:"interfaceId,omitempty"`
	VPCID          string   `json:"vpcId,omitempty"`
	VPCCIDR        string   `json:"vpcCidr,omitempty"`
	SubnetID       string   `json:"subnetId,omitempty"`
	SubnetCIDR     string   `json:"subnetCidr,omitempty"`
	SecurityGroups []string `json:"securityGroups,omitempty"` // names
	GroupIDs       []string `json:"groupIds,omitempty"`
	KeyName        string   `json:"keyName,omitempty"`
	PublicKey      string   `json:"publicKey,omitempty"` // OpenSSH format
	// Tags are shown only if InstanceMetadataTags is enabled.
	Tags []Tag `json:"tags,omitempty"`
	// BlockDevices are mapping names: ami=/dev/xvda, ebs1=/dev/sdf.
	BlockDevices []Tag `json:"blockDevices,omitempty"`

	UserData []byte `json:"userData,omitempty"` // not base64

	Role *Role `json:"role,omitempty"`
	// SpotAction announces an interruption; nil while there is none.
	SpotAction *SpotAction `json:"spotAction,omitempty"`

	// Hosts are names the instance can resolve, beside its own and those of its VPC's addresses.
	Hosts map[string]string `json:"hosts,omitempty"`
}

// Tag is a name with a value.
type Tag struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

// Role is the instance profile's role with its current credentials. Times are RFC 3339, on the cloud's clock.
type Role struct {
	Name        string `json:"name"`
	ProfileARN  string `json:"profileArn"`
	ProfileID   string `json:"profileId"`
	AccessKeyID string `json:"accessKeyId"`
	Secret      string `json:"secret"`
	Token       string `json:"token"`
	LastUpdated string `json:"lastUpdated"`
	Expiration  string `json:"expiration"`
}

// SpotAction is what happens to a Spot instance, and when (RFC 3339).
type SpotAction struct {
	Action string `json:"action"` // terminate, stop, hibernate
	Time   string `json:"time"`
}
