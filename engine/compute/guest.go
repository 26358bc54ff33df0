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
	// PowerSocket is where the ENI tells init to boot, and where init tells that it has. A machine may be started long before
	// it is known whose it will be: until then it stands by here. It is an abstract socket, which the network namespace that
	// both share has one of.
	PowerSocket = "@haneul-power"
	PowerOn     = "on"
)

// EnvEndpoint is in the environment of everything in an instance. What is an instance's own is not: its name is in
// /etc/hostname, which belongs to the ENI, and its id in the metadata.
const EnvEndpoint = "AWS_ENDPOINT_URL"
