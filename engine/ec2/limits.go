package ec2

import "haneul/engine/emu"

// Facts of AWS, from its documentation as of November 2026 unless a comment says otherwise.
const (
	maxTags         = 50    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html
	maxTagKey       = 128   // characters
	maxTagValue     = 256   // characters
	maxUserData     = 16384 // bytes, before base64
	maxVPCs         = 5     // a region; https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
	maxSubnets      = 200   // a VPC
	maxRules        = 60    // a security group, each direction
	maxGroups       = 5     // an interface
	minVPCPrefix    = 28
	maxVPCPrefix    = 16
	reservedPerNet  = 5  // the first four addresses of a subnet, and the last
	standardVCPUs   = 32 // Running On-Demand Standard instances of an account that has grown a little; new ones have 5
	spotVCPUs       = 32
	spotNotice      = 2 * emu.Minute
	keptTerminated  = emu.Hour        // a terminated instance is shown for about an hour
	credentialsSoon = 10 * emu.Minute // role credentials are replaced this long before they expire
	defaultPage     = 1000
)

// Modifications of a volume: https://docs.aws.amazon.com/ebs/latest/userguide/ebs-modify-volume.html. Until January 2026 AWS
// made one wait six hours after each; since then the next may begin as soon as the one before is completed, four times in any
// 24 hours: https://aws.amazon.com/about-aws/whats-new/2026/01/amazon-ebs-up-to-four-volume-modifications/
const (
	maxModifications   = 4
	modificationWindow = 24 * emu.Hour
)

// What takes time on AWS and nothing here. Machines boot, stop and are copied as fast as they really do.
const (
	checksTime     = "ec2.status-checks"
	modifyingTime  = "ec2.volume-modifying"
	optimizingTime = "ec2.volume-optimizing"
)

var modelled = []emu.Modelled{
	// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/monitoring-system-instance-status-check.html
	{Name: checksTime, AWS: "a few minutes"},
	// Of an empty volume, September 2026.
	{Name: modifyingTime, Default: emu.Second, AWS: "some seconds"},
	{Name: optimizingTime, Default: emu.Second, AWS: "about six hours a TiB that is in use"},
}
