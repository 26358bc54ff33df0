package ec2

import (
	"strings"

	"haneul/engine/codec"
	"haneul/engine/emu"
)

// Codes are those of https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html. The texts are in
// testdata/errors.tsv, each with how far it is known to be AWS's; a test holds the two together.

func fail(code, format string, args ...any) *emu.Error { return emu.Errorf(code, format, args...) }

func invalidValue(format string, args ...any) *emu.Error {
	return fail("InvalidParameterValue", format, args...)
}

func invalidCombination(format string, args ...any) *emu.Error {
	return fail("InvalidParameterCombination", format, args...)
}

func missingParameter(name string) *emu.Error {
	return fail("MissingParameter", "The request must contain the parameter %s", name)
}

// notEmulated is for what AWS has and this cloud has not, inside an operation that it has.
func notEmulated(format string, args ...any) *emu.Error {
	return fail("NotEmulated", "haneul does not emulate "+format+".", args...)
}

// otherRequest is for a client token that came with another request before; operations word it differently.
func otherRequest(sentence string) *emu.Error {
	return fail("IdempotentParameterMismatch", "%s", sentence)
}

func dryRunSucceeded() *emu.Error {
	return &emu.Error{Code: "DryRunOperation", Message: "Request would have succeeded, but DryRun flag is set.", Status: 412}
}

// kind is a sort of resource, as ids and errors name it.
type kind struct {
	prefix   string // of ids
	code     string // InvalidVpcID
	noun     string // "The vpc ID 'vpc-1' does not exist"
	resource string // in ARNs and tag specifications
	sentence string // of NotFound, with the id; "" for the usual one
}

var (
	kindVPC      = kind{"vpc", "InvalidVpcID", "vpc", "vpc", ""}
	kindSubnet   = kind{"subnet", "InvalidSubnetID", "subnet", "subnet", ""}
	kindGateway  = kind{"igw", "InvalidInternetGatewayID", "internetGateway", "internet-gateway", ""}
	kindRoutes   = kind{"rtb", "InvalidRouteTableID", "routeTable", "route-table", ""}
	kindGroup    = kind{"sg", "InvalidGroup", "security group", "security-group", "The security group '%s' does not exist"}
	kindRule     = kind{"sgr", "InvalidSecurityGroupRuleId", "security group rule", "security-group-rule", ""}
	kindKeyPair  = kind{"key", "InvalidKeyPair", "key pair", "key-pair", "The key pair '%s' does not exist"}
	kindVolume   = kind{"vol", "InvalidVolume", "volume", "volume", "The volume '%s' does not exist."}
	kindSnapshot = kind{"snap", "InvalidSnapshot", "snapshot", "snapshot", "The snapshot '%s' does not exist."}
	kindImage    = kind{"ami", "InvalidAMIID", "image", "image", "The image id '[%s]' does not exist"}
	kindInstance = kind{"i", "InvalidInstanceID", "instance", "instance", ""}
	kindSpot     = kind{"sir", "InvalidSpotInstanceRequestID", "spot instance request", "spot-instances-request", "The spot instance request ID '%s' does not exist"}
)

func (k kind) notFound(id string) *emu.Error {
	if k.sentence != "" {
		return fail(k.code+".NotFound", k.sentence, id)
	}
	return fail(k.code+".NotFound", "The %s ID '%s' does not exist", k.noun, id)
}

// malformed is for what has not the form of an id. EC2 names the prefix that it expects where there is another one.
func (k kind) malformed(id string) *emu.Error {
	prefixed := strings.HasPrefix(id, k.prefix+"-")
	code := k.code
	switch k.prefix {
	case "vol":
		return invalidValue("Value (%s) for parameter %s is invalid. Expected: 'vol-...'.", id, "volumeId")
	case "snap":
		if prefixed {
			return fail("InvalidSnapshotID.Malformed", "Value ( %s ) for parameter SNAPSHOT is invalid. ", id)
		}
		return invalidValue("Value (%s) for parameter %s is invalid. Expected: 'snap-...'.", id, "snapshotId")
	case "key":
		return invalidValue("Invalid value '%s' for keyPairId.", id)
	case "sg":
		code = "InvalidGroupId"
	case "igw":
		code = "InvalidInternetGatewayId"
	case "rtb":
		code = "InvalidRouteTableId"
	}
	if prefixed || k.prefix == "i" {
		return fail(code+".Malformed", "Invalid id: \"%s\"", id)
	}
	return fail(code+".Malformed", "Invalid id: \"%s\" (expecting \"%s-...\")", id, k.prefix)
}

// missing is the error for an id that names nothing.
func (k kind) missing(id string) *emu.Error {
	if !validID(k.prefix, id) {
		return k.malformed(id)
	}
	return k.notFound(id)
}

func (k kind) inUse(id string) *emu.Error {
	return fail("DependencyViolation", "The %s '%s' has dependencies and cannot be deleted.", k.noun, id)
}

// mention says whether a call has something to say about an attribute.
type mention struct {
	name  string
	given bool
}

// oneAttribute refuses none and several.
func oneAttribute(all ...mention) error {
	var given []string
	for _, a := range all {
		if a.given {
			given = append(given, a.name)
		}
	}
	switch len(given) {
	case 0:
		return invalidCombination("No attributes specified.")
	case 1:
		return nil
	}
	return invalidCombination("Fields for multiple attribute types specified: %s", strings.Join(given, ", "))
}

// noInstances names all the ids that are missing at once, as only instances do.
func noInstances(ids []string) *emu.Error {
	if len(ids) == 1 {
		return kindInstance.notFound(ids[0])
	}
	return fail("InvalidInstanceID.NotFound", "The instance IDs '%s' do not exist", strings.Join(ids, ", "))
}

func incorrectState(format string, args ...any) *emu.Error {
	return fail("IncorrectInstanceState", format, args...)
}

func notPermitted(format string, args ...any) *emu.Error {
	return fail("OperationNotPermitted", format, args...)
}

// cannotRun is the answer when nothing can run instances here. The code is AWS's for having no machine to give; the
// sentence is the runtime's own and says what to do. AWS gives it status 500, upon which clients try again; here that
// would not help.
func cannotRun(why string) *emu.Error {
	return &emu.Error{Code: "InsufficientInstanceCapacity", Message: why}
}

// noCapacity is the answer of a zone that is down. As AWS's, it has status 500: clients try again by themselves, and give up.
func noCapacity(kind, zone string, others []string) *emu.Error {
	choose := ""
	if len(others) > 0 {
		choose = " You can currently get " + kind + " capacity by not specifying an Availability Zone in your request or choosing " + strings.Join(others, ", ") + "."
	}
	return &emu.Error{Code: "InsufficientInstanceCapacity", Status: 500, Message: "We currently do not have sufficient " + kind +
		" capacity in the Availability Zone you requested (" + zone + "). Our system will be working on provisioning additional capacity." + choose}
}

// invalid words broken constraints as EC2 does.
func invalid(found []codec.Violation) *emu.Error {
	v := found[0]
	name := v.Path[strings.LastIndex(v.Path, ".")+1:]
	if v.Missing {
		return missingParameter(name)
	}
	if v.Field.Enum != nil {
		name = strings.ToLower(name[:1]) + name[1:]
		if name == "keyType" || name == "keyFormat" { // younger than the rest, and checked by what other services have
			return invalidValue("1 validation error detected: Value %s at '%s' failed to satisfy constraint: %s", v.Value, name, v.Constraint)
		}
		return invalidValue("Value (%s) for parameter %s is invalid.", strings.Trim(v.Value, "'"), name)
	}
	if v.Field.Min != nil && strings.Contains(v.Constraint, "greater") {
		return invalidValue("Value ( %s ) for parameter %s is invalid. Expecting a value greater than %d.", strings.Trim(v.Value, "'"), name, *v.Field.Min)
	}
	return invalidValue("Value ( %s ) for parameter %s is invalid. %s.", strings.Trim(v.Value, "'"), name, v.Constraint)
}
