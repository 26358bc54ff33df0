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
	maxVolumeSize   = 16384 // GiB, gp2 and gp3; gp3 grows to 65,536 since 2025, which this cloud does not follow
	minVPCPrefix    = 28
	maxVPCPrefix    = 16
	reservedPerNet  = 5  // the first four addresses of a subnet, and the last
	standardVCPUs   = 32 // Running On-Demand Standard instances of an account that has grown a little; new ones have 5
	spotVCPUs       = 32
	modifyInterval  = 6 * emu.Hour // between two modifications of a volume
	spotNotice      = 2 * emu.Minute
	keptTerminated  = emu.Hour        // a terminated instance is shown for about an hour
	credentialsSoon = 10 * emu.Minute // role credentials are replaced this long before they expire
	defaultPage     = 1000
)
