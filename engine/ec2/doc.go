// Package ec2 emulates Amazon Elastic Compute Cloud: instances, their disks, their network and their firewall.
//
// Emulated: the default network of every region, VPCs, subnets, internet gateways, route tables; security groups with
// their rules; instances from launch to termination, with user data, tags, roles, metadata options, protection and
// types; key pairs; EBS volumes, snapshots and images; Spot instances and their interruption; filters, pages, dry runs.
// The operations are the table in service.go; missing.go names those of AWS that are not here, and whatever parameter
// this package does not declare is refused by name.
//
// What an instance is made of runs elsewhere ([Machines]): handlers change rows, rows become jobs of machines after the
// commit, and what comes of a job changes the row again (lifecycle.go). Nothing is simulated in between: an instance is
// pending until its machine says that it is ready.
//
// Different from AWS, on purpose:
//   - Every image runs haneul's own small Linux userland. The public images have names as on AWS, and ids of their own,
//     the same in every region.
//   - Packets do not leave a VPC. Internet gateways, routes and MapPublicIpOnLaunch decide whether an instance has a public
//     address, which is one of 198.18.0.0/15; they do not route. Network ACLs and IPv6 do not exist; rules about IPv6 are
//     kept and have no effect. VPC attributes are remembered only.
//   - Attaching a volume to a running instance, or detaching it, restarts the instance, which empties its instance
//     store. A mere reboot keeps it, as on AWS, unless the instance hangs, is paused or has lost its network: then it is
//     stopped and started. A volume is ready to use at /mnt/<device>, /dev/sdf at /mnt/sdf; an instance store is at
//     /mnt/ephemeral0.
//   - A root disk is one with its machine: it has a volume id, cannot be detached or kept, and its snapshots become images
//     only. CreateImage does not reboot; the machine is held still.
//   - A modified volume has its new size and speed at once; the states of its modification follow the cloud's clock, in the
//     two seconds that AWS takes for an empty volume (limits.go). Sizes, IOPS and credits are not enforced by EC2.
//   - While a zone is out of order (a fault of the kind outage), its instances are gone for good, launches and starts there have no
//     capacity, and launches that name no zone go to one that is up. AWS brings instances with EBS roots back afterwards.
//   - What cannot be reached fails both status checks, and a reboot heals it; on AWS the system's check needs a stop.
//   - Metadata tokens are required by default (IMDSv2), as in accounts opened today.
//   - Role credentials last an hour; those of AWS about six.
//   - A persistent Spot request does not launch a new instance. Spot prices do not exist.
//   - Private addresses are given out from the lowest; AWS draws them.
//   - Key pairs follow from the cloud's seed: they are for labs.
//   - Refusals by IAM have no encoded authorization message.
//
// Reference: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/
package ec2
