package ec2

import (
	"slices"
	"strconv"
	"strings"

	"haneul/engine/emu"
)

// typeInfo is an instance type: what its machines get.
type typeInfo struct {
	name    string
	vcpus   int64
	memory  int64 // MiB
	arch    string
	store   int64 // GB of instance store, 0 for none
	network string
	burst   bool
	free    bool
}

const (
	x86 = "x86_64"
	arm = "arm64"
)

// instanceTypes are the types of the course, in AWS's figures: https://aws.amazon.com/ec2/instance-types/ (November 2026).
var instanceTypes = []typeInfo{
	{"c5.large", 2, 4096, x86, 0, "Up to 10 Gigabit", false, false},
	{"c5.xlarge", 4, 8192, x86, 0, "Up to 10 Gigabit", false, false},
	{"c6i.large", 2, 4096, x86, 0, "Up to 12.5 Gigabit", false, false},
	{"c6i.xlarge", 4, 8192, x86, 0, "Up to 12.5 Gigabit", false, false},
	{"c7g.large", 2, 4096, arm, 0, "Up to 12.5 Gigabit", false, false},
	{"c7g.xlarge", 4, 8192, arm, 0, "Up to 12.5 Gigabit", false, false},
	{"c7i.large", 2, 4096, x86, 0, "Up to 12.5 Gigabit", false, false},
	{"m5.large", 2, 8192, x86, 0, "Up to 10 Gigabit", false, false},
	{"m5.xlarge", 4, 16384, x86, 0, "Up to 10 Gigabit", false, false},
	{"m5.2xlarge", 8, 32768, x86, 0, "Up to 10 Gigabit", false, false},
	{"m5d.large", 2, 8192, x86, 75, "Up to 10 Gigabit", false, false},
	{"m5d.xlarge", 4, 16384, x86, 150, "Up to 10 Gigabit", false, false},
	{"m6i.large", 2, 8192, x86, 0, "Up to 12.5 Gigabit", false, false},
	{"m6i.xlarge", 4, 16384, x86, 0, "Up to 12.5 Gigabit", false, false},
	{"m6i.2xlarge", 8, 32768, x86, 0, "Up to 12.5 Gigabit", false, false},
	{"m7g.medium", 1, 4096, arm, 0, "Up to 12.5 Gigabit", false, false},
	{"m7g.large", 2, 8192, arm, 0, "Up to 12.5 Gigabit", false, false},
	{"m7i.large", 2, 8192, x86, 0, "Up to 12.5 Gigabit", false, false},
	{"r5.large", 2, 16384, x86, 0, "Up to 10 Gigabit", false, false},
	{"r6g.2xlarge", 8, 65536, arm, 0, "Up to 10 Gigabit", false, false},
	{"r6i.large", 2, 16384, x86, 0, "Up to 12.5 Gigabit", false, false},
	{"t2.micro", 1, 1024, x86, 0, "Low to Moderate", true, true},
	{"t2.small", 1, 2048, x86, 0, "Low to Moderate", true, false},
	{"t2.medium", 2, 4096, x86, 0, "Low to Moderate", true, false},
	{"t3.nano", 2, 512, x86, 0, "Up to 5 Gigabit", true, false},
	{"t3.micro", 2, 1024, x86, 0, "Up to 5 Gigabit", true, true},
	{"t3.small", 2, 2048, x86, 0, "Up to 5 Gigabit", true, false},
	{"t3.medium", 2, 4096, x86, 0, "Up to 5 Gigabit", true, false},
	{"t3.large", 2, 8192, x86, 0, "Up to 5 Gigabit", true, false},
	{"t3.xlarge", 4, 16384, x86, 0, "Up to 5 Gigabit", true, false},
	{"t3.2xlarge", 8, 32768, x86, 0, "Up to 5 Gigabit", true, false},
	{"t4g.nano", 2, 512, arm, 0, "Up to 5 Gigabit", true, false},
	{"t4g.micro", 2, 1024, arm, 0, "Up to 5 Gigabit", true, false},
	{"t4g.small", 2, 2048, arm, 0, "Up to 5 Gigabit", true, false},
	{"t4g.medium", 2, 4096, arm, 0, "Up to 5 Gigabit", true, false},
}

func typeNamed(name string) (typeInfo, bool) {
	i := slices.IndexFunc(instanceTypes, func(t typeInfo) bool { return t.name == name })
	if i < 0 {
		return typeInfo{}, false
	}
	return instanceTypes[i], true
}

// cores is the physical cores behind the vCPUs: Graviton and T2 have no hyperthreads.
func (t *typeInfo) cores() int64 {
	if t.arch == arm || strings.HasPrefix(t.name, "t2.") {
		return t.vcpus
	}
	return (t.vcpus + 1) / 2
}

func (t *typeInfo) hypervisor() string {
	if strings.HasPrefix(t.name, "t2.") {
		return "xen"
	}
	return "nitro"
}

// DescribeInstanceTypesInput chooses types.
type DescribeInstanceTypesInput struct {
	onAll
	dry
	InstanceTypes []string `query:"InstanceType"`
	Filters       []Filter `query:"Filter"`
	paging
}

// DescribeInstanceTypesOutput is a page of types.
type DescribeInstanceTypesOutput struct {
	InstanceTypes []InstanceTypeInfo `query:"instanceTypeSet"`
	NextToken     string
}

// InstanceTypeInfo is a type on the wire, as far as it means something here.
type InstanceTypeInfo struct {
	InstanceType                                                                                        string
	CurrentGeneration, FreeTierEligible, BareMetal                                                      bool
	SupportedUsageClasses, SupportedRootDeviceTypes, SupportedVirtualizationTypes                       []string
	Hypervisor                                                                                          string
	ProcessorInfo                                                                                       ProcessorInfo
	VCpuInfo                                                                                            VCpuInfo
	MemoryInfo                                                                                          MemoryInfo
	InstanceStorageSupported                                                                            bool
	InstanceStorageInfo                                                                                 *InstanceStorageInfo
	EbsInfo                                                                                             EbsInfo
	NetworkInfo                                                                                         NetworkInfo
	HibernationSupported, BurstablePerformanceSupported, DedicatedHostsSupported, AutoRecoverySupported bool
}

// ProcessorInfo is the sort of processor.
type ProcessorInfo struct{ SupportedArchitectures []string }

// VCpuInfo is how many processors there are.
type VCpuInfo struct{ DefaultVCpus, DefaultCores, DefaultThreadsPerCore int64 }

// MemoryInfo is the memory.
type MemoryInfo struct{ SizeInMiB int64 }

// InstanceStorageInfo is the instance store.
type InstanceStorageInfo struct {
	TotalSizeInGB int64
	Disks         []DiskInfo
	NvmeSupport   string
}

// DiskInfo is the disks of an instance store.
type DiskInfo struct {
	SizeInGB, Count int64
	Type            string
}

// EbsInfo is how a type reaches its volumes.
type EbsInfo struct{ EbsOptimizedSupport, EncryptionSupport, NvmeSupport string }

// NetworkInfo is how a type reaches the network.
type NetworkInfo struct {
	NetworkPerformance                                  string
	MaximumNetworkInterfaces, Ipv4AddressesPerInterface int64
	Ipv6Supported                                       bool
}

func showType(t typeInfo) InstanceTypeInfo {
	out := InstanceTypeInfo{InstanceType: t.name, CurrentGeneration: true, FreeTierEligible: t.free,
		SupportedUsageClasses: []string{"on-demand", "spot"}, SupportedRootDeviceTypes: []string{"ebs"}, SupportedVirtualizationTypes: []string{"hvm"},
		Hypervisor: t.hypervisor(), ProcessorInfo: ProcessorInfo{[]string{t.arch}}, VCpuInfo: VCpuInfo{t.vcpus, t.cores(), t.vcpus / t.cores()},
		MemoryInfo: MemoryInfo{t.memory}, InstanceStorageSupported: t.store > 0, EbsInfo: EbsInfo{"default", "supported", "required"},
		NetworkInfo: NetworkInfo{t.network, 1, 1, false}, BurstablePerformanceSupported: t.burst}
	if t.store > 0 {
		out.InstanceStorageInfo = &InstanceStorageInfo{t.store, []DiskInfo{{t.store, 1, "ssd"}}, "required"}
	}
	return out
}

func (s *Service) describeInstanceTypes(_ *emu.Call, in *DescribeInstanceTypesInput) (*DescribeInstanceTypesOutput, error) {
	var unknown []string
	for _, name := range in.InstanceTypes {
		if _, ok := typeNamed(name); !ok {
			unknown = append(unknown, name)
		}
	}
	if len(unknown) > 0 {
		return nil, fail("InvalidInstanceType", "The following supplied instance types do not exist: [%s]", strings.Join(unknown, ", "))
	}
	var all []typeInfo
	for _, t := range instanceTypes {
		if len(in.InstanceTypes) == 0 || slices.Contains(in.InstanceTypes, t.name) {
			all = append(all, t)
		}
	}
	all, err := filtered(in.Filters, all, typeValue)
	if err != nil {
		return nil, err
	}
	all, next, err := page(in.paging, kind{}, nil, all, func(t typeInfo) string { return t.name })
	out := make([]InstanceTypeInfo, len(all))
	for i, t := range all {
		out[i] = showType(t)
	}
	return &DescribeInstanceTypesOutput{out, next}, err
}

func typeValue(t *typeInfo, name string) ([]string, bool) {
	switch name {
	case "instance-type":
		return oneOf(t.name)
	case "current-generation":
		return oneOf("true")
	case "free-tier-eligible":
		return oneOf(yes(t.free))
	case "processor-info.supported-architecture":
		return oneOf(t.arch)
	case "vcpu-info.default-vcpus":
		return oneOf(strconv.FormatInt(t.vcpus, 10))
	case "memory-info.size-in-mib":
		return oneOf(strconv.FormatInt(t.memory, 10))
	case "instance-storage-supported":
		return oneOf(yes(t.store > 0))
	case "burstable-performance-supported":
		return oneOf(yes(t.burst))
	case "bare-metal", "hibernation-supported":
		return oneOf("false")
	case "hypervisor":
		return oneOf(t.hypervisor())
	case "supported-usage-class":
		return []string{"on-demand", "spot"}, true
	case "supported-root-device-type":
		return oneOf("ebs")
	}
	return nil, false
}

// DescribeInstanceTypeOfferingsInput asks where types are offered: everywhere.
type DescribeInstanceTypeOfferingsInput struct {
	onAll
	dry
	LocationType string   `is:"enum=region|availability-zone|availability-zone-id|outpost"`
	Filters      []Filter `query:"Filter"`
	paging
}

// DescribeInstanceTypeOfferingsOutput is a page of offerings.
type DescribeInstanceTypeOfferingsOutput struct {
	InstanceTypeOfferings []InstanceTypeOffering `query:"instanceTypeOfferingSet"`
	NextToken             string
}

// InstanceTypeOffering says that a type is offered at a location.
type InstanceTypeOffering struct{ InstanceType, LocationType, Location string }

func (s *Service) describeInstanceTypeOfferings(c *emu.Call, in *DescribeInstanceTypeOfferingsInput) (*DescribeInstanceTypeOfferingsOutput, error) {
	where, places := in.LocationType, []string{c.Region}
	switch where {
	case "":
		where = "region"
	case "availability-zone", "availability-zone-id":
		places = nil
		for _, z := range zonesOf(c.Region) {
			if where == "availability-zone" {
				places = append(places, z.name)
			} else {
				places = append(places, z.id)
			}
		}
	case "outpost":
		places = nil
	}
	var all []InstanceTypeOffering
	for _, t := range instanceTypes {
		for _, place := range places {
			all = append(all, InstanceTypeOffering{t.name, where, place})
		}
	}
	all, err := filtered(in.Filters, all, func(o *InstanceTypeOffering, name string) ([]string, bool) {
		switch name {
		case "instance-type":
			return oneOf(o.InstanceType)
		case "location":
			return oneOf(o.Location)
		}
		return nil, false
	})
	if err != nil {
		return nil, err
	}
	all, next, err := page(in.paging, kind{}, nil, all, func(o InstanceTypeOffering) string { return o.InstanceType + "/" + o.Location })
	return &DescribeInstanceTypeOfferingsOutput{all, next}, err
}
