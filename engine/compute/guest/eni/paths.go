//go:build linux

package eni

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"haneul/engine/compute"
)

// metadataPaths lays metadata out as AWS does; what is empty is not there.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html
func metadataPaths(d compute.Metadata) map[string]string {
	p := map[string]string{}
	set := func(path, value string) {
		if value != "" {
			p["meta-data/"+path] = value
		}
	}
	set("ami-id", d.ImageID)
	set("ami-launch-index", strconv.Itoa(d.LaunchIndex))
	set("hostname", d.PrivateDNS)
	set("instance-action", "none")
	set("instance-id", d.InstanceID)
	set("instance-life-cycle", d.LifeCycle)
	set("instance-type", d.InstanceType)
	set("local-hostname", d.PrivateDNS)
	set("local-ipv4", d.PrivateIP)
	set("mac", d.MAC)
	set("placement/availability-zone", d.Zone)
	set("placement/availability-zone-id", d.ZoneID)
	set("placement/region", d.Region)
	set("profile", "default-hvm")
	set("public-hostname", d.PublicDNS)
	set("public-ipv4", d.PublicIP)
	set("reservation-id", d.ReservationID)
	set("security-groups", strings.Join(d.SecurityGroups, "\n"))
	set("services/domain", "amazonaws.com")
	set("services/partition", "aws")
	for _, t := range d.BlockDevices {
		set("block-device-mapping/"+t.Key, t.Value)
	}
	for _, t := range d.Tags {
		set("tags/instance/"+t.Key, t.Value)
	}
	if d.KeyName != "" {
		set("public-keys", "0="+d.KeyName)
		set("public-keys/0/openssh-key", d.PublicKey)
	}
	interfacePaths(d, set)
	rolePaths(d, set)
	if s := d.SpotAction; s != nil {
		set("spot/instance-action", fmt.Sprintf(`{"action":%q,"time":%q}`, s.Action, s.Time))
		if s.Action == "terminate" {
			set("spot/termination-time", s.Time)
		}
	}
	if len(d.UserData) > 0 {
		p["user-data"] = string(d.UserData)
	}
	if doc := identity(d); doc != "" {
		p["dynamic/instance-identity/document"] = doc
	}
	return p
}

func interfacePaths(d compute.Metadata, set func(path, value string)) {
	if d.MAC == "" {
		return
	}
	at := "network/interfaces/macs/" + d.MAC + "/"
	set(at+"device-number", "0")
	set(at+"interface-id", d.InterfaceID)
	set(at+"local-hostname", d.PrivateDNS)
	set(at+"local-ipv4s", d.PrivateIP)
	set(at+"mac", d.MAC)
	set(at+"owner-id", d.Account)
	set(at+"public-hostname", d.PublicDNS)
	set(at+"public-ipv4s", d.PublicIP)
	set(at+"security-group-ids", strings.Join(d.GroupIDs, "\n"))
	set(at+"security-groups", strings.Join(d.SecurityGroups, "\n"))
	set(at+"subnet-id", d.SubnetID)
	set(at+"subnet-ipv4-cidr-block", d.SubnetCIDR)
	set(at+"vpc-id", d.VPCID)
	set(at+"vpc-ipv4-cidr-block", d.VPCCIDR)
	set(at+"vpc-ipv4-cidr-blocks", d.VPCCIDR)
}

func rolePaths(d compute.Metadata, set func(path, value string)) {
	r := d.Role
	if r == nil {
		return
	}
	set("iam/info", indented(struct {
		Code, LastUpdated  string
		InstanceProfileArn string
		InstanceProfileID  string `json:"InstanceProfileId"`
	}{"Success", r.LastUpdated, r.ProfileARN, r.ProfileID}))
	set("iam/security-credentials/"+r.Name, indented(struct {
		Code, LastUpdated, Type            string
		AccessKeyID                        string `json:"AccessKeyId"`
		SecretAccessKey, Token, Expiration string
	}{"Success", r.LastUpdated, "AWS-HMAC", r.AccessKeyID, r.Secret, r.Token, r.Expiration}))
}

// identity is the document AWS signs; this one has no signature.
func identity(d compute.Metadata) string {
	if d.InstanceID == "" {
		return ""
	}
	return indented(struct {
		Account  string `json:"accountId"`
		Arch     string `json:"architecture"`
		Zone     string `json:"availabilityZone"`
		Image    string `json:"imageId"`
		Instance string `json:"instanceId"`
		Type     string `json:"instanceType"`
		Pending  string `json:"pendingTime"`
		IP       string `json:"privateIp"`
		Region   string `json:"region"`
		Version  string `json:"version"`
	}{d.Account, arch(), d.Zone, d.ImageID, d.InstanceID, d.InstanceType, d.LaunchedAt, d.PrivateIP, d.Region, "2017-09-30"})
}

func indented(v any) string {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return ""
	}
	return string(b)
}
