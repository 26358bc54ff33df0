package compute

// What runtime and guest agreed on. The guest's program is the entrypoint of every container: `guest init` is PID 1 of an
// instance, `guest eni` and `guest gateway` hold networks, `guest tunnel` is run beside them.
const (
	// Ready is the line that init, eni and gateway print on standard output when they may be used. One that cannot
	// start prints [Failed], a blank and the reason.
	Ready  = "READY"
	Failed = "FAILED"
	// RebootSignal makes init start the machine again in place: SIGRTMIN+5, as systemd has it. Nothing else means that much,
	// and Docker passes it by number.
	RebootSignal = 39
	// MetadataAddress and CloudAddress answer in every instance on port 80: the metadata service, and this cloud's API.
	MetadataAddress = "169.254.169.254"
	CloudAddress    = "169.254.170.254"
	// ResolverAddress answers DNS.
	ResolverAddress = "169.254.169.253"
)

// The environment of an instance's PID 1, and so of everything in it, also of a shell that comes later. The UTS name
// belongs to the ENI, which was made before it had an address; HOSTNAME and /etc/hostname are right.
const (
	EnvHostname = "HOSTNAME"         // ip-172-31-5-10
	EnvEndpoint = "AWS_ENDPOINT_URL" // http://169.254.170.254
	EnvInstance = "HANEUL_INSTANCE"  // i-0abc…
)
