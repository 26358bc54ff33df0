// Package eni is what runs beside an instance, in the container that holds its network: `guest eni` sets the address, the
// firewall and the metadata service as the runtime tells it through the tunnel, `guest gateway` does the same for the
// first address of a VPC and speaks for everything outside, `guest tunnel` joins its standard streams to either,
// `guest copy` copies a volume.
//
// The instance shares the network namespace but nothing else: it cannot reach the socket of the tunnel, a process or a
// capability of this program. What it must reach (metadata, DNS, the cloud) it reaches through redirected addresses.
package eni
