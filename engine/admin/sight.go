package admin

// Sight is an instance with its disks and with what its security groups let through, as the lab screen shows it.
type Sight struct {
	Instance
	Disks []Disk `json:"disks,omitempty"`
	Rules []Rule `json:"rules,omitempty"`
}

// Disk is an EBS volume of an instance beside its root disk.
type Disk struct {
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"` // of its Name tag
	State string `json:"state"`          // of its attachment: attaching, attached, detaching
	Size  int64  `json:"size_gib"`
	Path  string `json:"path"` // where the instance finds it
}

// Rule lets traffic through, into an instance or out of it. What no rule lets through is dropped.
type Rule struct {
	Egress   bool     `json:"egress,omitempty"`
	Protocol string   `json:"protocol"` // tcp, udp, icmp, a number, or -1 for all
	From     int64    `json:"from"`     // ports, or type and code; -1 for any
	To       int64    `json:"to"`
	Peers    []string `json:"peers"` // as CIDR; a group as its members' addresses
}
