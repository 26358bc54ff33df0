// Package compute says what an instance is made of, whatever runs it: a [Runtime] gives VPCs, network interfaces,
// instances and volumes. It holds no machinery and imports none, so that services can name these things.
//
// Rooms behind it: docker is the runtime, guest the program inside, tunnel what the two say to each other.
//
// An instance is two containers, as a Kubernetes pod is. The [ENI] holds the network namespace with its address, the
// security groups, the metadata service and the tunnel; the instance joins that namespace without any capability, so
// root inside cannot change its own firewall. One gateway a VPC stands for everything outside: probes, forwards and
// load balancers dial from it, and so meet the firewall.
package compute
